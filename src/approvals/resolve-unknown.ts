import { and, eq } from 'drizzle-orm'
import { firstUndone } from '../command/steps.ts'
import { type Bot, enqueue, onBehalfOf, withoutCache } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { requests } from '../db/schema.ts'
import { audit } from '../security/audit-log.ts'
import { identify } from '../security/identity.ts'
import { eligibilityOf, lacksRight, parseStoredCommand } from './approvers.ts'
import { recordRefusal } from './record-refusal.ts'
import { findRequest, isRequester, move, type Request, rowOf } from './request.ts'

/** What a person found in Quay: it happened, it did not; or run it again. */
export type Choice = 'succeeded' | 'failed' | 'running'

interface Resolved {
  id: string
  revision: string
  choice: Choice
  user: string
  reference: string
}

/** Resolves a request in state `unknown`. Only an approver who holds the permission may do so. */
export function resolveUnknown(all: Bot, resolved: Resolved): Promise<void> {
  const bot = withoutCache(onBehalfOf(all, resolved.user, 'decision'))
  return recordRefusal(bot, resolved, () => resolveAnew(bot, resolved))
}

async function resolveAnew(bot: Bot, { id, revision, choice, user, reference }: Resolved) {
  const request = await findRequest(bot.db, id)
  if (request.state !== 'unknown' || request.revision !== revision) throw new Failure('conflict', 'Someone already reported the result.')
  const { person, entitled, lacks } = await eligibilityOf(bot, request, parseStoredCommand(bot, request), user)
  if (!entitled) throw lacksRight({ lacks })
  const failure = { message: '{person} checked in Quay: it was not done.', values: { person: person.name } }
  const note = { message: '{person} checked in Quay: it was done.', values: { person: person.name } }
  const change: Record<Choice, Partial<Request>> = {
    succeeded: { failure: null, note, result: request.found?.kind === 'found' ? request.found.result : null },
    failed: { failure },
    running: { failure: null, found: null, mode: 'first', leaseUntil: null, retryAt: null },
  }
  await bot.db.transaction(async (tx) => {
    const row = await move(bot, tx, request, choice, { change: change[choice], only: eq(requests.state, 'unknown') })
    if (!row) throw new Failure('conflict', 'Someone already reported the result.')
    const outcome = choice === 'failed' ? failure : choice === 'succeeded' ? note : { message: 'Running again.', values: {} }
    await audit(bot, tx, { ...rowOf(request), person, reference, phase: 'decided', outcome })
    if (choice === 'running') await enqueue(bot, tx, 'run-request', { id })
  })
}

/** *Retry* of the failed step, by the requester or an approver. The run checks their permissions without cache. */
export function retryRequest(all: Bot, id: string, user: string, reference: string): Promise<void> {
  const bot = withoutCache(onBehalfOf(all, user, 'decision'))
  return recordRefusal(bot, { id, user, reference }, () => retryAnew(bot, id, user, reference))
}

async function retryAnew(bot: Bot, id: string, user: string, reference: string) {
  const request = await findRequest(bot.db, id)
  const person = await identify(bot, user)
  if (!(await isRequester(bot, person, request))) {
    const { entitled, lacks } = await eligibilityOf(bot, request, parseStoredCommand(bot, request), user)
    if (!entitled) throw lacksRight({ lacks })
  }
  if (firstUndone(request.steps ?? []) === undefined) throw new Failure('conflict', 'Everything is done.')
  await bot.db.transaction(async (tx) => {
    const change = { mode: 'steps' as const, leaseUntil: null, retryAt: null, note: null }
    const only = and(eq(requests.version, request.version), eq(requests.state, 'succeeded'))
    const row = await move(bot, tx, request, 'running', { change, only })
    if (!row) throw new Failure('conflict', 'This is already running.')
    await audit(bot, tx, { ...rowOf(request), person, reference, phase: 'started' })
    await enqueue(bot, tx, 'run-request', { id })
  })
}
