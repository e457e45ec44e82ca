import { and, eq, inArray } from 'drizzle-orm'
import type { Step } from '../command/command.ts'
import type { AnyRun } from '../command/run-with-retry.ts'
import { type Bot, enqueue } from '../context.ts'
import { plain } from '../core/canonical-json.ts'
import type { Sentence } from '../core/i18n.ts'
import type { StepState } from '../core/step-state.ts'
import { requests, votes } from '../db/schema.ts'
import { enqueueOffer } from '../notifications/credential-offer.ts'
import { audit } from '../security/audit-log.ts'
import { ownerOf } from '../security/identity.ts'
import { translatorFor } from '../security/language.ts'
import { seal } from '../security/secrets.ts'
import { isMine, LeaseLost } from './lease.ts'
import { move, type Request, requesterOf, rowOf } from './request.ts'
import type { Invocation } from './rules.ts'

interface Reopened {
  note: Sentence
  /** The accounts whose votes no longer count; all of them if something besides the voters has changed. */
  gone?: string[]
  facts?: unknown
  revision?: string
}

/** Sets the request back to pending, because its facts changed or it lacks approvals. */
export async function reopen(bot: Bot, request: Request, { note, gone, facts, revision }: Reopened) {
  await bot.db.transaction(async (tx) => {
    const change = { note, retryAt: null, decidedAt: null, ...(revision !== undefined && { facts, revision }) }
    const row = await move(bot, tx, request, 'pending', { change, only: eq(requests.version, request.version) })
    if (!row) return
    await enqueue(bot, tx, 'note-request', { id: request.id, note: 'reopened' })
    await tx.delete(votes).where(and(eq(votes.request, request.id), gone ? inArray(votes.account, gone) : undefined))
    await audit(bot, tx, { ...rowOf(request), person: requesterOf(request), phase: 'failed', outcome: note })
  })
}

/**
 * Stores the result of the main work, with its credentials sealed for their owner, before the follow-up steps, so that after a
 * crash the main work is not repeated.
 */
export async function keepResult(
  bot: Bot,
  request: Request,
  { command }: Invocation,
  running: AnyRun,
  result: unknown,
  steps: Step[],
): Promise<Request> {
  const revealed = command.reveals?.(result, running)
  if (!revealed && steps.length === 0) return request
  const owner = { ...running.person, id: (revealed?.account && (await ownerOf(bot, revealed.account))) || running.person.id }
  // The requester's message has the button; another owner gets a message of their own.
  const t = revealed && owner.id !== request.requester ? await translatorFor(bot, owner.id) : undefined
  return bot.db.transaction(async (tx) => {
    const secret = revealed ? { id: await seal(bot, tx, { ...revealed, person: owner }), what: revealed.what, person: owner.id } : null
    if (secret && t) await enqueueOffer(bot, tx, secret, t)
    const left = steps.map(({ name }): StepState => ({ name, state: 'left' }))
    const [row] = await tx
      .update(requests)
      .set({ result: plain(result), steps: left, secret, mode: 'steps' })
      .where(and(eq(requests.id, request.id), eq(requests.state, 'running'), isMine(request)))
      .returning()
    if (!row) throw new LeaseLost()
    return row
  })
}

interface Succeeded {
  running: AnyRun
  result: unknown
  states: StepState[]
  authority: string[]
}

/** Writes the outcome, the audit entry and the queued publication in one transaction. Throws LeaseLost if another process took over. */
export async function succeed(bot: Bot, request: Request, { running, result, states, authority }: Succeeded) {
  await bot.db.transaction(async (tx) => {
    const change = { result: plain(result), steps: states, leaseUntil: null, retryAt: null, note: null, mode: 'steps' as const }
    const row = await move(bot, tx, request, 'succeeded', { change, only: isMine(request) })
    if (!row) throw new LeaseLost()
    const right = `on the authority of ${authority.join(', ')}`
    await audit(bot, tx, { ...rowOf(request), person: running.person, phase: 'finished', right })
  })
}
