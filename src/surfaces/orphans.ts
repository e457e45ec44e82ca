import { and, desc, eq } from 'drizzle-orm'
import type { Command } from '../command/command.ts'
import { fieldsOf } from '../command/fields.ts'
import { findOrphans, type Orphan, settleOrphan } from '../command/idempotency.ts'
import { commands } from '../command/registry.ts'
import { manualCheckOf, probeOf } from '../command/run-with-retry.ts'
import { type Bot, onBehalfOf } from '../context.ts'
import { plain } from '../core/canonical-json.ts'
import { aMinute, anHour } from '../core/durations.ts'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import { slash } from '../core/slash-command.ts'
import { audit as record } from '../db/schema.ts'
import { enqueueNotice } from '../notifications/cards.ts'
import { withPriority } from '../quay/http.ts'
import { audit } from '../security/audit-log.ts'
import { identify } from '../security/identity.ts'

// Longer than any command: each call to Quay ends within 45 seconds, the wait for the rate limiter included.
const untilOrphan = 15 * aMinute

type Ending = 'happened' | 'nothing' | 'unknown'

/**
 * The `end-orphans` job resolves commands whose process died or whose outcome was never written, by the `retry` of their declaration.
 * It tells their person and writes the audit log (docs/SECURITY.md rule 34). Commands that began after `before` may still be
 * running; at the start of the only process on its database none can be.
 */
export async function endOrphans(bot: Bot, before = new Date(bot.clock() - untilOrphan)): Promise<void> {
  for (const orphan of await findOrphans(bot.db, before)) {
    await endOrphan(bot, orphan).catch((err: unknown) =>
      bot.log.warn({ err, operation: orphan.operation }, 'could not resolve an interrupted command; retrying'),
    )
  }
}

async function endOrphan(bot: Bot, orphan: Orphan) {
  const { key, team, person: id, operation, reference } = orphan
  const started = await startOf(bot, orphan)
  const { ending, result } = await lookFor(bot, orphan, started?.input)
  const name = slash(operation)
  const sentence = sentenceOf(operation, started?.input ?? {}, ending)
  const outcome = ending === 'happened' ? { result: { result: plain(result), steps: [] } } : { failure: sentence }
  await bot.db.transaction(async (tx) => {
    if (!(await settleOrphan(tx, key, outcome))) return
    const person = { id, team, name: started?.name ?? id, account: started?.account ?? undefined }
    const phase = ending === 'happened' ? 'finished' : 'failed'
    await audit(bot, tx, { reference, person, operation, input: started?.input ?? {}, phase, outcome: sentence })
    await enqueueNotice(bot, tx, id, `orphan ${key}`, sentence)
  })
  bot.metrics.orphans.inc({ operation, outcome: ending })
  bot.log.warn({ operation: name, reference, ending }, 'resolved an interrupted command')
}

/** The audit entry *started*, which has the input. */
async function startOf({ db }: Bot, { reference, operation }: Orphan) {
  const where = and(eq(record.reference, reference), eq(record.operation, operation), eq(record.phase, 'started'))
  const [row] = await db.select().from(record).where(where).orderBy(desc(record.id)).limit(1)
  return row
}

/** Probes Quay if the command has a probe. While Quay is down it waits, for up to an hour. */
async function lookFor(
  bot: Bot,
  { operation: name, person: id, createdAt, reference }: Orphan,
  input: Record<string, unknown> | undefined,
) {
  const command = commands.get(name)
  const probe = command && probeOf(command)
  const { data } = (input && command?.input.safeParse(input)) ?? {}
  if (!command || !probe || !data) return { ending: 'unknown' as const, result: undefined }
  const own = onBehalfOf(bot, id)
  try {
    const person = await identify(own, id)
    const quay = withPriority(bot.quay, { class: 'job', person: id })
    const left = await probe({ bot: own, input: data, person, log: bot.log, reference, quay })
    if (left) return { ending: 'happened' as const, result: left.result }
    // A command that is never retried leaves too little behind to conclude that nothing happened.
    return { ending: command.changes?.retry === 'never' ? ('unknown' as const) : ('nothing' as const), result: undefined }
  } catch (error) {
    if (error instanceof Failure && error.passes && bot.clock() - createdAt.getTime() < anHour) throw error
    return { ending: 'unknown' as const, result: undefined }
  }
}

/** The object of the command: the value of its first field. */
function objectOf(command: Command | undefined, input: Record<string, unknown>) {
  const [first] = command ? fieldsOf(command) : []
  const value = first && !first.secret ? input[first.name] : undefined
  return typeof value === 'string' ? value : undefined
}

function sentenceOf(name: string, input: Record<string, unknown>, ending: Ending): Sentence {
  const found = commands.get(name)
  const command = slash([name, objectOf(found, input)].filter(Boolean).join(' '))
  if (ending === 'nothing') return { message: '{command} was interrupted before it was done. Run it again.', values: { command } }
  if (ending === 'happened')
    return found?.reveals
      ? {
          message: '{command} was interrupted but done. What it would have shown you once is lost: generate it again.',
          values: { command },
        }
      : { message: '{command} was interrupted but done.', values: { command } }
  if (found?.changes?.retry === 'idempotent')
    return {
      message: '{command} was interrupted, and the result is unknown. It is safe to run it again.',
      values: { command },
    }
  const look = found && manualCheckOf(found, input)
  return {
    message:
      '{command} was interrupted, and the result is unknown. Check {how, select, command {with {look}} other {in Quay}} before you run it again.',
    values: { command, how: look === undefined ? 'self' : 'command', look: look ?? '' },
  }
}
