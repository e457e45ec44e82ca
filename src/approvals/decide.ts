import { and, eq, inArray } from 'drizzle-orm'
import { type Bot, enqueue, onBehalfOf, withoutCache } from '../context.ts'
import { Failure } from '../core/failure.ts'
import type { Db } from '../db/database.ts'
import { requests, votes } from '../db/schema.ts'
import { withPriority } from '../quay/http.ts'
import { audit } from '../security/audit-log.ts'
import { identify } from '../security/identity.ts'
import {
  allowDelegation,
  type Eligibility,
  eligibilityOf,
  lacksRight,
  neededBy,
  parseStoredCommand,
  revalidateVotes,
  rulesOf,
} from './approvers.ts'
import { pairsAmong } from './delegation/delegations.ts'
import { countAsOne, isEnough } from './enough.ts'
import { changeOf, completeFacts, readFacts, replaceFacts } from './facts.ts'
import { recordRefusal } from './record-refusal.ts'
import { findRequest, move, type Request, redraw, rowOf, tooLate, votesOn } from './request.ts'
import type { Invocation } from './rules.ts'

const outdatedNow = 'This request has changed. Review it again, then approve or deny it.'
const votedAlready = 'You already approved this. Someone else must approve it too.'

const asOne = 'You and {person} count as one approval, because of a delegation. Someone else must approve it too.'

export interface Decision {
  id: string
  /** The revision that the person saw. */
  revision: string
  decision: 'approved' | 'denied'
  reason?: string | undefined
  /** The Slack person who pressed. */
  user: string
  reference: string
}

/**
 * Records one vote. All checks of the person precede the change of the row, which decides who was first. Throws `denied` for a
 * person who may not decide, and `conflict` for a vote that is late, repeated, or based on an outdated revision.
 */
export function decide(all: Bot, decision: Decision): Promise<Request> {
  const bot = withoutCache(onBehalfOf(all, decision.user, 'decision'))
  return recordRefusal(bot, decision, () => decideAnew(bot, decision))
}

async function decideAnew(bot: Bot, { id, revision, user, ...decision }: Decision): Promise<Request> {
  const [request, given] = await Promise.all([findRequest(bot.db, id), votesOn(bot.db, id)])
  if (request.state !== 'pending') {
    // External users are told nothing, not even who decided.
    await identify(bot, user)
    throw await tooLate(bot, request)
  }
  if (request.revision !== revision) await outdated(bot, id)
  const invocation = parseStoredCommand(bot, request)
  const isApproval = decision.decision === 'approved'
  const [eligibility, { counted, gone }] = await Promise.all([
    eligibilityOf(bot, request, invocation, user),
    revalidateVotes(bot, request, invocation, isApproval ? given : []),
  ])
  if (isApproval) await checkFacts(bot, request, invocation)
  const isMine = ({ person }: Eligibility) => person.account === eligibility.person.account || person.one === eligibility.person.one
  // The row stores one vote per account, but one person may have two accounts.
  if (isApproval && counted.some(isMine)) throw new Failure('conflict', votedAlready)
  const others = counted.filter((one) => !isMine(one))
  const rules = rulesOf(bot, request, invocation)
  const needed = neededBy(rules)
  const accounts = [...others, eligibility].map(({ person }) => person.account)
  const pairs = allowDelegation(rules) ? await pairsAmong(bot, bot.db, accounts) : []
  const same = isApproval ? others.find((one) => countAsOne(one, eligibility, pairs)) : undefined
  if (same) throw new Failure('conflict', asOne, { person: same.person.name })
  if (isApproval && others.length + 1 >= needed && !isEnough([...others, eligibility], needed, pairs)) throw lacksRight(eligibility)
  const [now, done] = await bot.db.transaction(async (tx) => {
    const now = await lock(tx, id)
    if (now.state !== 'pending' || now.revision !== revision) return [now]
    await forget(
      tx,
      id,
      gone.map(({ account }) => account),
    )
    await vote(bot, tx, request, eligibility, decision)
    return [now, await settleVotes(bot, tx, request, { needed, paired: allowDelegation(rules) }, decision.decision)]
  })
  if (done) return done
  if (now.state === 'pending') await outdated(bot, id)
  throw await tooLate(bot, now)
}

/** Checks that the rendered facts are unchanged. If not, the card is published again and nothing is decided. Throws `conflict` (docs/SECURITY.md rule 30). */
async function checkFacts(bot: Bot, request: Request, invocation: Invocation) {
  // The run reports a requester who has left.
  const person = await identify(bot, request.requester).catch(ignoring('denied'))
  if (!person) return
  const quay = withPriority(bot.quay, { class: 'interactive', person: person.id, work: 'decision' })
  const facts = await readFacts(invocation.command, { bot, quay, person, input: invocation.input, log: bot.log }, true)
  const change = changeOf(request, facts)
  if (!change) return completeFacts(bot, request, facts)
  await replaceFacts(bot, request, change)
  if (change.shows === 'changes') throw new Failure('conflict', outdatedNow)
  throw new Failure('conflict', 'After an update, Quaymaster shows more of this request. Review it again, then approve or deny it.')
}

function ignoring(code: Failure['code']) {
  return (error: unknown) => {
    if (error instanceof Failure && error.code === code) return undefined
    throw error
  }
}

/** Locks the row: of several votes at the same moment the later ones wait here and then see the result of the first. */
async function lock(tx: Db, id: string): Promise<Request> {
  const [row] = await tx.select().from(requests).where(eq(requests.id, id)).for('update')
  if (!row) throw new TypeError(`request ${id} has vanished`)
  return row
}

/** As the audit log says it, for oneself and for an approver who is away. */
function outcomeOf({ decision, reason = '' }: Pick<Decision, 'decision' | 'reason'>, behalf: Eligibility['behalf']) {
  const values = { reason, ...(behalf && { approver: behalf.name }) }
  if (behalf) return { message: decision === 'approved' ? 'Approved for {approver}.' : 'Denied for {approver}: {reason}', values }
  return { message: decision === 'approved' ? 'Approved.' : 'Denied: {reason}', values }
}

async function vote(
  bot: Bot,
  tx: Db,
  request: Request,
  { person, entitled, behalf }: Eligibility,
  { decision, reason, reference }: Omit<Decision, 'id' | 'revision' | 'user'>,
) {
  const mine = and(eq(votes.request, request.id), eq(votes.account, person.account))
  // An approver can still deny; after a denial there is nothing left to decide.
  if (decision === 'denied') await tx.delete(votes).where(mine)
  const made = await tx
    .insert(votes)
    .values({
      request: request.id,
      account: person.account,
      person: person.id,
      name: person.name,
      decision,
      entitled,
      reason: reason?.trim() || null,
      behalf: behalf ?? null,
      at: new Date(bot.clock()),
    })
    .onConflictDoNothing()
    .returning({ account: votes.account })
  if (made.length === 0) throw new Failure('conflict', votedAlready)
  const outcome = outcomeOf({ decision, reason }, behalf)
  await audit(bot, tx, { ...rowOf(request), person, reference, phase: 'decided', outcome })
}

async function settleVotes(
  bot: Bot,
  tx: Db,
  request: Request,
  { needed, paired }: { needed: number; paired: boolean },
  decision: Decision['decision'],
) {
  const decidedAt = new Date(bot.clock())
  if (decision === 'denied') {
    await enqueue(bot, tx, 'note-request', { id: request.id, note: 'denied' })
    return move(bot, tx, request, 'denied', { change: { decidedAt, note: null } })
  }
  const given = await tx.select().from(votes).where(eq(votes.request, request.id))
  const standings = given.map(({ account, person, entitled, behalf }) => ({
    person: { account, one: bot.slack.aliases.get(person) ?? person },
    entitled,
    behalf,
  }))
  const accounts = given.map(({ account }) => account)
  if (!isEnough(standings, needed, paired ? await pairsAmong(bot, tx, accounts) : [])) return redraw(bot, tx, request.id) // the card shows how many more
  await enqueue(bot, tx, 'run-request', { id: request.id })
  return move(bot, tx, request, 'approved', { change: { decidedAt, note: null, mode: 'first', retryAt: null } })
}

/** Deletes the votes of these accounts. */
async function forget(tx: Db, id: string, accounts: string[]) {
  if (accounts.length > 0) await tx.delete(votes).where(and(eq(votes.request, id), inArray(votes.account, accounts)))
}

async function outdated(bot: Bot, id: string): Promise<never> {
  await bot.db.transaction((tx) => enqueue(bot, tx, 'show-request', { id }))
  throw new Failure('conflict', outdatedNow)
}
