import { auditRow } from '../command/audit-row.ts'
import type { Begun } from '../command/command.ts'
import { type Acquired, acquire, complete } from '../command/idempotency.ts'
import { type AnyRun, runWithRetry } from '../command/run-with-retry.ts'
import type { Bot } from '../context.ts'
import { plain } from '../core/canonical-json.ts'
import { track } from '../core/drain.ts'
import { aMinute } from '../core/durations.ts'
import { Failure } from '../core/failure.ts'
import type { StepState } from '../core/step-state.ts'
import type { Db } from '../db/database.ts'
import { troubleOf } from '../db/errors.ts'
import { untilWritten } from '../db/until-written.ts'
import { enqueueOffer, type SealedFor } from '../notifications/credential-offer.ts'
import { type AuditRow, audit } from '../security/audit-log.ts'
import { ownerOf } from '../security/identity.ts'
import { translatorFor } from '../security/language.ts'
import { seal } from '../security/secrets.ts'
import type { Outcome, Permitted, Shared } from './outcome.ts'

/**
 * Runs a permitted change. Its key is acquired and audit *started* written, in one transaction, before any call to Quay
 * (docs/SECURITY.md rules 13 and 15). A second arrival of the same key gets the first outcome. What Quay has done or
 * refused is reported even if the database fails afterwards; the audit entry follows when it is back.
 */
export async function executeMutation(bot: Bot, permitted: Permitted, run: AnyRun): Promise<Outcome> {
  const { name, command, person, input } = permitted
  const shared = { name, command, person, input }
  const row = auditRow(permitted)
  const claimed = await begin(bot, permitted, row)
  if (!claimed.first) return earlier(claimed, shared)
  const { result, steps } = await runWithRetry(command, run, permitted.from).catch(async (error) => {
    await orLater(bot, permitted, () => bot.db.transaction((tx) => failed(bot, tx, permitted, error, row)))
    throw error
  })
  const begun: Begun = {
    at: permitted.from?.begun.at ?? bot.clock(),
    references: [...(permitted.from?.begun.references ?? []), permitted.reference],
  }
  const outcome = { ...shared, state: 'done' as const, result: plain(result), steps, begun }
  const settled = await settledOf(bot, permitted, run, { result, steps, begun })
  const written = await orLater(bot, permitted, () => settled.write(row))
  return 'later' in written ? { ...outcome, unwritten: { what: settled.what } } : { ...outcome, secret: written.now }
}

/** Acquires the key. If the database fails during the commit, it is unknown whether the key exists; Quay was not called, so the failure is stored if it does. */
async function begin(bot: Bot, permitted: Permitted, row: Omit<AuditRow, 'phase'>) {
  const { name, person, key, reference } = permitted
  try {
    return await bot.db.transaction(async (tx) => {
      const claimed = await acquire(bot, tx, { key, person, operation: name, reference })
      if (claimed.first) await audit(bot, tx, { ...row, phase: 'started' })
      return claimed
    })
  } catch (error) {
    if (troubleOf(error)) void later(bot, permitted, () => bot.db.transaction((tx) => failed(bot, tx, permitted, error, row)))
    throw error
  }
}

// Longer than most outages of a database. What is not written by then becomes an orphan (orphans.ts).
const patience = 30 * aMinute

/** Writes the outcome now, or as soon as the database accepts it. The reply does not wait for that. */
async function orLater<Written>(
  bot: Bot,
  permitted: Permitted,
  write: () => Promise<Written>,
): Promise<{ now: Written } | { later: true }> {
  try {
    return { now: await write() }
  } catch (error) {
    if (!troubleOf(error)) throw error
    void later(bot, permitted, async () => write())
    return { later: true }
  }
}

async function later<Written>(bot: Bot, { log, name }: Permitted, write: () => Promise<Written>) {
  log.error({ operation: name }, 'the database did not accept an outcome; retrying')
  await track(bot, untilWritten(write, patience)).catch((err: unknown) =>
    log.error({ err, operation: name }, 'could not write the outcome of a command'),
  )
}

interface Done {
  result: unknown
  steps: StepState[]
  begun?: Begun
}

/** Stores the outcome in one transaction: sealed credentials, their queued message, and audit *finished*. */
async function settledOf(bot: Bot, permitted: Permitted, run: AnyRun, { result, steps, begun }: Done) {
  const revealed = permitted.command.reveals?.(result, run)
  const write = async (row: Omit<AuditRow, 'phase'>): Promise<SealedFor | undefined> => {
    const id = (revealed?.account && (await ownerOf(bot, revealed.account))) || permitted.person.id
    const owner = { ...permitted.person, id }
    const t = revealed && (await translatorFor(bot, id))
    return bot.db.transaction(async (tx) => {
      await complete(tx, permitted.key, { result: { result: plain(result), steps, begun } })
      await audit(bot, tx, { ...row, phase: 'finished' })
      if (!revealed || !t) return undefined
      const secret = { id: await seal(bot, tx, { ...revealed, person: owner }), person: id, what: revealed.what }
      await enqueueOffer(bot, tx, secret, t)
      return secret
    })
  }
  return { write, what: revealed?.what }
}

async function failed(bot: Bot, tx: Db, { key, reference }: Permitted, error: unknown, row: Omit<AuditRow, 'phase'>) {
  const bug = { message: 'Something went wrong. Contact your operator with reference {reference}.', values: { reference } }
  const failure = error instanceof Failure ? error.sentence : bug
  // If the key was not stored, there is nothing to complete.
  if (await complete(tx, key, { failure })) await audit(bot, tx, { ...row, phase: 'failed', outcome: failure })
}

/** The outcome of the first arrival. */
function earlier({ outcome, reference }: Extract<Acquired, { first: false }>, shared: Shared): Outcome {
  if (!outcome) return { ...shared, state: 'running', reference }
  if ('failure' in outcome) throw new Failure('conflict', outcome.failure.message, outcome.failure.values)
  const { result, steps, begun } = outcome.result as Done // settledOf() wrote it
  return { ...shared, state: 'done', result, steps, begun }
}
