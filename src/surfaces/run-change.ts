import { auditRow } from '../command/audit-row.ts'
import type { Begun } from '../command/command.ts'
import { type Claim, claim, settle } from '../command/idempotency.ts'
import { type AnyRun, perform } from '../command/run-with-retry.ts'
import type { Bot } from '../context.ts'
import { plain } from '../core/canonical-json.ts'
import { Failure } from '../core/failure.ts'
import type { StepState } from '../core/step-state.ts'
import type { Db } from '../db/open.ts'
import { translatorFor, wantOffer } from '../notifications/credential-offer.ts'
import { type AuditRow, audit } from '../security/audit-log.ts'
import { ownerOf } from '../security/identity.ts'
import { seal } from '../security/secrets.ts'
import type { Outcome, Permitted, Shared } from './execute.ts'

/**
 * Runs a changing entry that is permitted. It is claimed, and *started* is written, before Quay hears of it: both or
 * neither (security.md rules 13, 15). The second arrival of the same entry gets the first one's outcome.
 */
export async function change(bot: Bot, permitted: Permitted, run: AnyRun): Promise<Outcome> {
  const { name, operation, person, input, key, reference } = permitted
  const shared = { name, operation, person, input }
  const row = auditRow(permitted)
  const claimed = await bot.db.transaction(async (tx) => {
    const claimed = await claim(bot, tx, { key, person, operation: name, reference })
    if (claimed.first) await audit(bot, tx, { ...row, phase: 'started' })
    return claimed
  })
  if (!claimed.first) return earlier(claimed, shared)
  const { result, steps } = await perform(operation, run, permitted.from).catch(async (error) => {
    await bot.db.transaction((tx) => failed(bot, tx, permitted, error, row))
    throw error
  })
  const begun: Begun = {
    at: permitted.from?.begun.at ?? bot.clock(),
    references: [...(permitted.from?.begun.references ?? []), reference],
  }
  // From here on Quay has changed: a database that fails now must not make it read *failed*.
  const secret = await settled(bot, permitted, run, { result, steps, begun }, row)
  return { ...shared, state: 'done', result: plain(result), steps, begun, secret }
}

interface Done {
  result: unknown
  steps: StepState[]
  begun?: Begun
}

/** What came of it is remembered, credentials are sealed, and *finished* is written: all or nothing. */
async function settled(bot: Bot, permitted: Permitted, run: AnyRun, { result, steps, begun }: Done, row: Omit<AuditRow, 'phase'>) {
  const revealed = permitted.operation.reveals?.(result, run)
  const owner = revealed && {
    ...permitted.person,
    id: (revealed.account && (await ownerOf(bot, revealed.account))) ?? permitted.person.id,
  }
  const t = owner && (await translatorFor(bot, owner.id))
  return bot.db.transaction(async (tx) => {
    await settle(tx, permitted.key, { result: { result: plain(result), steps, begun } })
    await audit(bot, tx, { ...row, phase: 'finished' })
    if (!revealed || !owner || !t) return undefined
    const secret = { id: await seal(bot, tx, { ...revealed, person: owner }), person: owner.id, what: revealed.what }
    await wantOffer(bot, tx, secret, t)
    return secret
  })
}

async function failed(bot: Bot, tx: Db, { key, reference }: Permitted, error: unknown, row: Omit<AuditRow, 'phase'>) {
  const bug = { message: 'Something went wrong. Tell an operator the reference {reference}.', values: { reference } }
  const failure = error instanceof Failure ? error.sentence : bug
  await settle(tx, key, { failure })
  await audit(bot, tx, { ...row, phase: 'failed', outcome: failure })
}

/** What the first arrival came to. */
function earlier({ outcome, reference }: Extract<Claim, { first: false }>, shared: Shared): Outcome {
  if (!outcome) return { ...shared, state: 'running', reference }
  if ('failure' in outcome) throw new Failure('conflict', outcome.failure.message, outcome.failure.values)
  const { result, steps, begun } = outcome.result as Done // settled() wrote it
  return { ...shared, state: 'done', result, steps, begun }
}
