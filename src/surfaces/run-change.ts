import { auditRow } from '../command/audit-row.ts'
import { type Claim, claim, settle } from '../command/idempotency.ts'
import { type AnyRun, perform } from '../command/run-with-retry.ts'
import type { StepState } from '../command/steps.ts'
import type { Bot, Db } from '../context.ts'
import { track } from '../core/drain.ts'
import { aMinute } from '../core/durations.ts'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import { translator } from '../core/i18n.ts'
import { troubleOf } from '../db/errors.ts'
import { untilWritten } from '../db/until-written.ts'
import { type AuditRow, audit } from '../security/audit-log.ts'
import { ownerOf } from '../security/identity.ts'
import { seal } from '../security/secrets.ts'
import type { Outcome, Permitted, SealedFor, Shared } from './execute.ts'
import { offerCredential } from './secrets/reveal.ts'

/**
 * Runs a changing entry that is permitted. It is claimed, and *started* is written, before Quay hears of it: both or
 * neither (security.md rules 13, 15). The second arrival of the same entry gets the first one's outcome. What Quay has done
 * or refused is said as such although the database fails afterwards: then the record follows when it is back.
 */
export async function change(bot: Bot, permitted: Permitted, run: AnyRun): Promise<Outcome> {
  const { name, operation, person, input } = permitted
  const shared = { name, operation, person, input }
  const row = auditRow(permitted)
  const claimed = await begin(bot, permitted, row)
  if (!claimed.first) return earlier(claimed, shared)
  const { result, steps } = await perform(operation, run, permitted.from).catch(async (error) => {
    await orLater(bot, permitted, () => bot.db.transaction((tx) => failed(bot, tx, permitted, error, row)))
    throw error
  })
  const outcome = { ...shared, state: 'done' as const, result: plain(result), steps }
  const settled = await settledOf(bot, permitted, run, { result, steps })
  const written = await orLater(bot, permitted, () => settled.write(row), settled.tell)
  return 'later' in written ? { ...outcome, unwritten: { what: settled.what } } : { ...outcome, secret: written.now }
}

/** Claims it. When the database fails just then nobody knows whether the claim stands, and Quay has heard nothing: that is written, if it does. */
async function begin(bot: Bot, permitted: Permitted, row: Omit<AuditRow, 'phase'>) {
  const { name, person, key, reference } = permitted
  try {
    return await bot.db.transaction(async (tx) => {
      const claimed = await claim(bot, tx, { key, person, operation: name, reference })
      if (claimed.first) await audit(bot, tx, { ...row, phase: 'started' })
      return claimed
    })
  } catch (error) {
    if (troubleOf(error)) void later(bot, permitted, () => bot.db.transaction((tx) => failed(bot, tx, permitted, error, row)))
    throw error
  }
}

// Longer than a database is away for, as a rule; what is not written then, or dies with the process, ends as an orphan (orphans.ts).
const patience = 30 * aMinute

/** Writes what has happened: now, or as soon as the database takes it. Nobody has to wait for that. */
async function orLater<Written>(
  bot: Bot,
  permitted: Permitted,
  write: () => Promise<Written>,
  afterwards: (written: Written) => Promise<void> = async () => undefined,
): Promise<{ now: Written } | { later: true }> {
  try {
    return { now: await write() }
  } catch (error) {
    if (!troubleOf(error)) throw error
    void later(bot, permitted, async () => write(), afterwards)
    return { later: true }
  }
}

async function later<Written>(
  bot: Bot,
  { log, name }: Permitted,
  write: () => Promise<Written>,
  afterwards: (written: Written) => Promise<void> = async () => undefined,
) {
  log.error({ operation: name }, 'the database did not take an outcome; trying on')
  await track(bot, untilWritten(write, patience).then(afterwards)).catch((err: unknown) =>
    log.error({ err, operation: name }, 'an outcome could not be written'),
  )
}

interface Done {
  result: unknown
  steps: StepState[]
}

/** How what came of it is remembered: credentials sealed and *finished* written, all or nothing; and said where that came late. */
async function settledOf(bot: Bot, permitted: Permitted, run: AnyRun, { result, steps }: Done) {
  const revealed = permitted.operation.reveals?.(result, run)
  const write = async (row: Omit<AuditRow, 'phase'>): Promise<SealedFor | undefined> => {
    const id = (revealed?.account && (await ownerOf(bot, revealed.account))) || permitted.person.id
    const owner = { ...permitted.person, id }
    return bot.db.transaction(async (tx) => {
      await settle(tx, permitted.key, { result: { result: plain(result), steps } })
      await audit(bot, tx, { ...row, phase: 'finished' })
      return revealed && { id: await seal(bot, tx, { ...revealed, person: owner }), person: id, what: revealed.what }
    })
  }
  const tell = async (secret: SealedFor | undefined) => {
    if (secret) await offerCredential(bot, secret.person, secret.id, secret.what, translator(permitted.person.language))
  }
  return { write, tell, what: revealed?.what satisfies Sentence | undefined }
}

async function failed(bot: Bot, tx: Db, { key, reference }: Permitted, error: unknown, row: Omit<AuditRow, 'phase'>) {
  const bug = { message: 'Something went wrong. Tell an operator the reference {reference}.', values: { reference } }
  const failure = error instanceof Failure ? error.sentence : bug
  // Where its claim did not come to stand there is nothing to end.
  if (await settle(tx, key, { failure })) await audit(bot, tx, { ...row, phase: 'failed', outcome: failure })
}

/** What the first arrival came to. */
function earlier({ outcome, reference }: Extract<Claim, { first: false }>, shared: Shared): Outcome {
  if (!outcome) return { ...shared, state: 'running', reference }
  if ('failure' in outcome) throw new Failure('conflict', outcome.failure.message, outcome.failure.values)
  const { result, steps } = outcome.result as Done // settledOf() wrote it
  return { ...shared, state: 'done', result, steps }
}

/** As it may be stored and drawn: JSON, in which every credential is `[credential]`. */
export function plain(result: unknown): unknown {
  return result === undefined ? null : JSON.parse(JSON.stringify(result))
}
