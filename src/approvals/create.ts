import { and, eq } from 'drizzle-orm'
import { withoutSecrets } from '../command/audit-row.ts'
import { acquire, complete } from '../command/idempotency.ts'
import type { AnyRun } from '../command/run-with-retry.ts'
import { sealCredentials } from '../command/sealed-input.ts'
import { type Bot, enqueue, withoutCache } from '../context.ts'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import { readPattern } from '../core/pattern.ts'
import type { Rule } from '../core/policy.ts'
import { type RequestState, requests } from '../db/schema.ts'
import { findOrganization } from '../quay/organizations.ts'
import { blindSpot } from '../quay/sight.ts'
import { audit } from '../security/audit-log.ts'
import { decidedNamespaces } from './approvers.ts'
import type { Asked } from './asked.ts'
import { canBeDecided } from './candidates.ts'
import { aboutFor } from './card-context.ts'
import { readFacts } from './facts.ts'
import { findRequest, newRequestId, type Request, redraw, revisionOf, rowOf } from './request.ts'
import { sameRequests } from './story.ts'
import { nextDue } from './sweep.ts'

/** Why Quay does not show the bot who could decide it: that is the cause then, and not that there is nobody. */
async function unseen({ quay }: Bot, asked: Asked): Promise<Failure | undefined> {
  for (const namespace of decidedNamespaces(asked)) {
    const blind = blindSpot(quay, namespace, await findOrganization(quay, namespace))
    if (blind) return blind
  }
  return undefined
}

/**
 * Creates a request for a command. The parsed input is stored and never edited. The same command that arrives twice
 * creates one request. Throws `invalid` for a missing reason, and `conflict` when nobody could approve it.
 */
export async function createRequest(bot: Bot, asked: Asked, run: AnyRun): Promise<Request> {
  checkReason(asked.rule, asked.reason)
  const facts = await readFacts(asked.command, run, asked.lacks !== undefined)
  const row = rowFor(bot, asked, facts)
  await refuseRepetition(bot, row)
  if (!(await canBeDecided(withoutCache(bot), { ...row, account: row.account ?? null }, asked)))
    throw (
      (await unseen(bot, asked)) ??
      new Failure(
        'conflict',
        'No one can approve this now: too few approvers of policy “{rule}” are still in Slack, linked to Quay and have the permission. Ask an operator to name other approvers, or someone with the permission to do it in Quay.',
        {
          rule: asked.rule.name,
        },
      )
    )
  const alike = await sameRequests(bot, row)
  const about = { ...(await aboutFor(bot, asked)), ...(asked.same && { same: asked.same }) }
  const id = await bot.db.transaction(async (tx) => {
    const claimed = await acquire(bot, tx, { key: asked.key, person: asked.person, operation: asked.name, reference: asked.reference })
    if (!claimed.first) return requestIn(claimed.outcome)
    await tx.insert(requests).values({ ...row, about })
    // Whoever wants the same is shown on the other card too.
    for (const other of alike) await redraw(bot, tx, other.id)
    await complete(tx, asked.key, { result: { request: row.id } })
    await audit(bot, tx, { ...rowOf({ ...row, about } as Request), person: asked.person, phase: 'asked', right: asked.lacks?.message }) // `rowOf` reads only fields that are set here
    await enqueue(bot, tx, 'show-request', { id: row.id })
    return row.id
  })
  if (id === undefined) throw new Failure('conflict', 'This was received twice and is already in progress.')
  return findRequest(bot.db, id)
}

function requestIn(outcome: unknown) {
  const result = (outcome as { result?: { request?: string } } | undefined)?.result // createRequest wrote it
  return result?.request
}

/** Checks the reason. Throws `invalid`, with the sentence for the field. */
export function checkReason({ reason: wanted }: Rule, reason = '') {
  const problem = reasonProblem(wanted, reason.trim())
  if (problem) throw new Failure('invalid', problem.message, problem.values, { fields: { reason: problem } })
}

function reasonProblem({ required, pattern }: Rule['reason'], reason: string): Sentence | undefined {
  if (!reason && (required || pattern)) return { message: 'Enter a reason: add {example}.', values: { example: 'reason="…"' } }
  if (reason.length > 500) return { message: 'The reason can have at most 500 characters.', values: {} }
  if (pattern && !matches(pattern, reason)) return { message: 'The reason must contain {pattern}.', values: { pattern } }
}

/** An old snapshot of a rule may have a pattern that is no longer readable; then no reason matches. */
function matches(pattern: string, reason: string) {
  const read = readPattern(pattern)
  return 'test' in read && read.test(reason)
}

function rowFor(bot: Bot, { name, command, input, person, rule: live, reason, reference }: Asked, facts: unknown) {
  const id = newRequestId()
  const now = bot.clock()
  const expiresAt = new Date(now + live.expires)
  const stored = withoutSecrets(command, input)
  const rule: Rule = JSON.parse(JSON.stringify(live))
  const state: RequestState = 'pending'
  return {
    id,
    team: person.team,
    requester: person.id,
    name: person.name,
    account: person.account ?? null,
    operation: name,
    input: stored,
    sealed: sealCredentials(bot, { id, person }, command, input),
    reason: reason?.trim() || null,
    rule,
    facts,
    revision: revisionOf({ operation: name, input: stored, rule, facts }),
    state,
    reference,
    createdAt: new Date(now),
    expiresAt,
    dueAt: nextDue({ rule, createdAt: new Date(now), expiresAt, reminded: 0, escalated: false }),
  }
}

async function refuseRepetition({ db }: Bot, { team, requester, revision }: ReturnType<typeof rowFor>) {
  const same = and(
    eq(requests.team, team),
    eq(requests.requester, requester),
    eq(requests.revision, revision),
    eq(requests.state, 'pending'),
  )
  const [found] = await db.select({ id: requests.id }).from(requests).where(same)
  if (found) throw new Failure('conflict', 'You already requested this: request {id} needs approval.', { id: found.id })
}
