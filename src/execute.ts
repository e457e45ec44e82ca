import type { Logger } from 'pino'
import { type AuditRow, audit } from './audit.ts'
import type { Bot } from './bot.ts'
import { type Claim, claim, settle } from './entries.ts'
import { Failure } from './failure.ts'
import { fieldsOf } from './fields.ts'
import { identify, type Person } from './identity.ts'
import { readInput } from './input.ts'
import type { Operation, Run } from './operation.ts'
import { refuseOwn } from './own.ts'
import { dryRun, type PlannedCall, purposed } from './quay/http.ts'
import { operations } from './registry.ts'
import { checkRights, type Effective } from './rights.ts'
import type { Given } from './syntax.ts'

/** Somebody wants an operation: by words, by a modal or by a button. Everything goes through here. */
export interface Entry {
  operation: string
  given: Given
  /** The Slack user id. */
  user: string
  /** What makes this entry itself: a trigger, a view, a preview. A changing one that arrives twice is done once. */
  key: string
  reference: string
  log: Logger
  channel?: string | undefined
  reason?: string | undefined
  dryRun?: boolean
  /** The facts of the preview that the person saw and pressed. */
  confirmed?: unknown
  /** Where a paged reply goes on. */
  page?: string | undefined
}

interface Shared {
  name: string
  operation: Operation
  person: Person
  input: Record<string, unknown>
}

export type Outcome = Shared &
  (
    | { state: 'done'; result: unknown }
    /** To be looked at and pressed. `changed`: it was pressed, but what was shown is no longer so. */
    | { state: 'preview'; facts: unknown; changed: boolean }
    /** A dry run: what it would do. */
    | { state: 'planned'; calls: PlannedCall[] }
    /** The same entry came before, and its outcome is not known yet. */
    | { state: 'running'; reference: string }
  )

/**
 * The one path through the bot: who is it, what exactly do they want, may they, do it, write it down.
 * Throws a Failure for whatever a person can understand; anything else is a bug.
 */
export async function execute(bot: Bot, entry: Entry): Promise<Outcome> {
  const operation = operations.get(entry.operation)
  if (!operation) throw new TypeError(`There is no operation ${entry.operation}`)
  const fresh = operation.changes !== undefined
  const person = await identify(bot, entry.user, { fresh })
  try {
    const input = await readInput(bot, operation, entry.given, person.language)
    refuseOwn(bot, operation, input)
    const rights = await checkRights(bot, person, operation, input, { fresh })
    return await act(bot, { ...entry, name: entry.operation, operation, person, input, rights })
  } catch (error) {
    if (error instanceof Failure && error.code === 'denied') {
      await audit(bot, bot.db, {
        ...rowOf(entry, person),
        input: auditInput(operation, entry.given),
        phase: 'refused',
        outcome: error.sentence,
      })
    }
    throw error
  }
}

interface Permitted extends Omit<Entry, 'operation'>, Shared {
  rights: Effective[]
}

async function act(bot: Bot, entry: Permitted): Promise<Outcome> {
  const { name, operation, person, input } = entry
  const shared = { name, operation, person, input }
  const run = runOf(bot, entry)
  if (entry.dryRun && operation.changes) return { ...shared, state: 'planned', calls: await plannedCalls(operation, run) }
  if (operation.preview) {
    const facts = await operation.preview.read(run)
    const changed = entry.confirmed !== undefined && JSON.stringify(facts) !== JSON.stringify(entry.confirmed)
    if (entry.confirmed === undefined || changed) return { ...shared, state: 'preview', facts, changed }
  }
  if (operation.changes) return change(bot, entry, run, shared)
  const result = await operation.run(run)
  await audit(bot, bot.db, { ...permittedRow(entry), phase: 'finished' })
  return { ...shared, state: 'done', result }
}

function runOf(bot: Bot, { input, person, log, page }: Permitted): Run<Record<string, unknown>> {
  return {
    bot,
    input,
    person,
    log,
    quay: purposed(bot.quay, { class: 'interactive', person: person.id }),
    ...(page !== undefined && { page }),
  }
}

/** The same `run` with a client that sends what reads, and only writes down the rest. */
async function plannedCalls(operation: Operation, run: Run<Record<string, unknown>>) {
  const quay = dryRun(run.quay)
  await operation.run({ ...run, quay })
  return quay.planned
}

/** The entry is claimed, and *started* is written, before Quay hears of it: both or neither (security.md rules 13, 15). */
async function change(bot: Bot, entry: Permitted, run: Run<Record<string, unknown>>, shared: Shared): Promise<Outcome> {
  const row = permittedRow(entry)
  const claimed = await bot.db.transaction(async (tx) => {
    const claimed = await claim(bot, tx, { key: entry.key, person: entry.person, operation: entry.name, reference: entry.reference })
    if (claimed.first) await audit(bot, tx, { ...row, phase: 'started' })
    return claimed
  })
  if (!claimed.first) return earlier(claimed, shared)
  try {
    const result = await shared.operation.run(run)
    await finish(bot, entry.key, { result }, { ...row, phase: 'finished' })
    return { ...shared, state: 'done', result }
  } catch (error) {
    const failure =
      error instanceof Failure
        ? error.sentence
        : { message: 'Something went wrong. Tell an operator the reference {reference}.', values: { reference: entry.reference } }
    await finish(bot, entry.key, { failure }, { ...row, phase: 'failed', outcome: failure })
    throw error
  }
}

async function finish(bot: Bot, key: string, outcome: Parameters<typeof settle>[2], row: AuditRow) {
  await bot.db.transaction(async (tx) => {
    await settle(tx, key, outcome)
    await audit(bot, tx, row)
  })
}

/** What the first arrival came to. */
function earlier({ outcome, reference }: Extract<Claim, { first: false }>, shared: Shared): Outcome {
  if (!outcome) return { ...shared, state: 'running', reference }
  if ('failure' in outcome) throw new Failure('conflict', outcome.failure.message, outcome.failure.values)
  return { ...shared, state: 'done', result: outcome.result }
}

function rowOf({ operation, reference }: Pick<Entry, 'operation' | 'reference'>, person: Person): Omit<AuditRow, 'phase' | 'input'> {
  return { operation, reference, person }
}

function permittedRow({ name, reference, person, operation, input, rights }: Permitted): Omit<AuditRow, 'phase'> {
  return {
    operation: name,
    reference,
    person,
    input: auditInput(operation, input),
    right: rights.map(({ right, reason }) => `${right}: ${written(reason)}`).join(' ') || undefined,
  }
}

/** The record keeps English: it is read by people who never met the one it is about. */
function written({ message, values }: Effective['reason']) {
  return message.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** Values of the fields we know and that are no credentials; of whatever else was given the name alone (security.md rule 20). */
function auditInput(operation: Operation, given: Given): Record<string, unknown> {
  const known = new Map(fieldsOf(operation).map((field) => [field.name, field]))
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, known.has(name) && !known.get(name)?.secret ? value : '[not kept]']),
  )
}
