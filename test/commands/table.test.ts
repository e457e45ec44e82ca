import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Command } from '../../src/command/command.ts'
import { type Field, fieldsOf } from '../../src/command/fields.ts'
import { commands } from '../../src/command/registry.ts'
import { translator } from '../../src/core/i18n.ts'
import { accessGrants, hooks, subscriptions } from '../../src/db/schema.ts'
import { checkView } from '../../src/sandbox/slack/block-kit-check.ts'
import { openMemory } from '../../src/sandbox/start/memory-database.ts'
import { commandModal } from '../../src/surfaces/modals/modal.ts'
import { isCi, sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'
import { callsOf } from './table-calls.ts'
import { type Entry, table } from './table-entries.ts'
import { furnish } from './table-registry.ts'
import { asking, emergency, tableRunner } from './table-run.ts'

// What every command promises, tried for all of them on one bot; `npm test` tries of each what it does, and of one in several the rest.
// Whether each kind of account is refused as Quay would refuse it is compared in test/security/differential.test.ts; what a command does
// in full has a transcript beside this file. In CI on the embedded database; most others run on PostgreSQL.

const policy = { approvals: [asking()], default: 'run' as const, 'break-glass': [emergency()] }
const started = await startBot({ until: afterAll, policy, ...(isCi && { database: { memory: openMemory } }) })
const { quay, bot, changes } = started
const restore = furnish(quay)
const { done, commandOf } = tableRunner(started)
const canary = 'Canary-5e0f-nowhere'

const secrets = new Set([canary])
// Other tests try again and again; here one failure is enough.
bot.quay.limits.pauses = []
/** After the answer the bot takes back the notifications of a subscription that has ended. */
const takenBack = /^DELETE .*\/notification\//
let said = ''

/** Hears of each call that a person waits for. */
let counting: (() => void) | undefined
bot.quay.rateLimiter.watch((turn) => turn.class === 'interactive' && counting?.())

beforeEach(async () => {
  restore()
  // They are about permissions and notifications that the registry had before: the bot would look for them, and tell the channel.
  for (const rows of [accessGrants, subscriptions, hooks]) await bot.db.delete(rows)
  bot.cache.clear()
})

afterEach(() => {
  quay.faults(undefined)
  // Whoever looks for news among a thousand messages is slow.
  said += JSON.stringify(started.slack.workspace.messages.splice(0))
  for (const { token } of quay.registry.robots) secrets.add(token)
  for (const { password } of quay.registry.users) if (password) secrets.add(password)
})

const all = [...commands].map(([name, operation]) => ({ name, operation, entry: table[name] ?? missing(name) }))
const changing = all.filter(({ operation, entry }) => operation.changes && !entry.aboutTheBot)

function missing(name: string): Entry {
  throw new Error(`Add a line for ${name} to test/commands/table-entries.ts`)
}

test('the table has no command that is gone', () => {
  expect(Object.keys(table).filter((name) => !commands.has(name))).toEqual([])
})

describe.each(sampled(all, 6))('$name', ({ name }) => {
  test('its help is what it says of itself', async () => {
    expect(allOf(await started.alice.types(`/quay help ${name}`))).toMatchSnapshot()
  })
})

const opened = new Set(sampled(all, 6, 1))
const refused = new Set(sampled(all, 2))
const strangers = new Set(sampled(all, 6, 2))

describe.each(all)('$name', (row) => {
  const { name, operation, entry } = row

  test('its modal is one that Slack takes, with every field, in both languages', async () => {
    for (const language of ['en', 'ja'] as const) {
      const now = { operation: name, given: {}, dryRun: false }
      const modal = commandModal(started.bot, operation, now, translator(language), { everything: true })
      expect(checkView(modal, '')).toEqual([])
      expect(modal.blocks).toHaveLength(fieldsOf(operation).length + 1)
    }
    if (!opened.has(row) || !fieldsOf(operation).some(({ required }) => required)) return
    const seen = await started[entry.by].opens(`/quay ${name}`)
    expect(Object.keys(seen.fields)).toEqual(expect.arrayContaining(requiredOf(operation).map((field) => field.name)))
  })

  test('it does what it is for, and is pressed first where something goes', async () => {
    const command = await commandOf(name, entry)
    const before = changes().length
    bot.cache.clear()
    let asked = 0
    counting = () => {
      asked += 1
    }
    const reply = await done(name, entry, command)
    counting = undefined
    expect(reply.text).toMatch(entry.says)
    expect(asked, `what test/commands/table-calls.ts says that ${name} asks of Quay`).toBeLessThanOrEqual(callsOf[name] ?? 0)
    if (operation.changes && !entry.aboutTheBot) expect(changes().length).toBeGreaterThan(before)
    else if (name !== 'subscription test') expect(changes().filter((one, nth) => nth >= before && !takenBack.test(one))).toEqual([])
  })

  test.runIf(refused.has(row))('who lacks the right is refused, and so is who has no account', async () => {
    const command = await commandOf(name, entry)
    const before = changes().length
    if (strangers.has(row) && operation.permissions !== 'anyone')
      expect((await started.grace.types(command)).text).toContain('No Quay user has your e-mail address')
    const theirs = refusedOf(operation, command)
    if (theirs) expect((await started[theirs.by].types(theirs.command)).text).toMatch(/^You need (to be an? |the |)\*/)
    expect(changes().slice(before)).toEqual([])
  })
})

describe.each(sampled(all, 6, 3))('$name', ({ name, entry }) => {
  test.skipIf(entry.aboutTheBot)('Quay does not answer: it says so', async () => {
    const command = await commandOf(name, entry)
    quay.faults({ status: 503 })
    const reply = await started[entry.by].types(command)
    expect(reply.text).toBe('Quay is not available right now.')
    expect(allOf(reply)).toContain('Try again in a minute.')
  })
})

describe.each(sampled(changing, 4))('$name', ({ name, operation, entry }) => {
  test('a dry run says what it would call, and calls nothing; then the answer of the first call is lost', async () => {
    const command = await commandOf(name, entry)
    const before = changes().length
    const dry = await started[entry.by].types(`${command} --dry-run`)
    expect(dry.text).toMatch(/would make/)
    expect(changes().slice(before)).toEqual([])

    // What the bot keeps of its own it calls nothing for.
    const [, call] = /• `((?:POST|PUT|DELETE) [^ `]+)/.exec(dry.text) ?? []
    if (call === undefined) return expect(name).toMatch(/^subscri/)
    quay.faults({ cut: true, match: call, times: 1 })
    const reply = await done(name, entry, command)
    const made = changes()
      .slice(before)
      .filter((one) => one === call)
    const { retry: repeat, probe: look } = operation.changes ?? {}
    // What is never repeated is told as found, where something can be looked for; else as what nobody can know.
    const said = entry.lost ?? entry.says
    expect(reply.text).toMatch(repeat === 'never' && !look ? /result is unknown\. Check with \/quay [a-z]+ [a-z]+ \S+ before/ : said)
    expect(made.length).toBeLessThanOrEqual(repeat === 'idempotent' ? 2 : 1)
    if (repeat === 'never') expect(made).toHaveLength(1)
  })
})

const takers = all.filter(({ operation }) => fieldsOf(operation).some(({ secret }) => secret))

test.each(takers)('$name takes a credential by its modal alone', async ({ name, operation, entry }) => {
  const [field] = fieldsOf(operation).filter(({ secret }) => secret)
  expect((await started[entry.by].types(`/quay ${name} ${field?.name}=hunter2`)).text).toContain('is a credential')
  const before = changes().length
  const seen = async () => (await started[entry.by].sees()).length
  const known = await seen()
  const opened = await started[entry.by].opens(`/quay ${name}`)
  const modal = needsMore(operation, entry) ? await started[entry.by].pressesIn('modal:more', opened) : opened
  const values = Object.entries(entry.modal ?? {}).map(([key, value]) => [key, value.replace('CANARY', canary)])
  expect(values.flat().join()).toContain(canary)
  expect(await started[entry.by].submits(modal, Object.fromEntries(values))).toMatchObject({ ok: true })
  await expect.poll(() => changes().length, { timeout: 20_000 }).toBeGreaterThan(before)
  // Its answer too, which the next test would else take for its own.
  await expect.poll(seen, { timeout: 20_000 }).toBeGreaterThan(known)
})

test('no credential that came or went stands in a message, the log or the database', async () => {
  secrets.add(quay.tokenOf('quaymaster'))
  expect(secrets.size).toBeGreaterThan(3)
  const places = { messages: said, log: started.log(), rows: await allRows() }
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(1000)
    for (const secret of secrets) expect(text.includes(secret), `a credential in the ${place}`).toBe(false)
  }
})

/** Everything that the database holds, jobs included. */
async function allRows() {
  const names = await bot.db.execute(
    sql`select table_schema || '.' || table_name as name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
  )
  const rows: string[] = []
  for (const { name } of names.rows as { name: string }[])
    rows.push(JSON.stringify((await bot.db.execute(sql.raw(`select * from ${name}`))).rows))
  return rows.join('\n')
}

function requiredOf(operation: Command): Field[] {
  return fieldsOf(operation).filter(({ required }) => required)
}

/** Whether its credential, or what goes with it, stands under *More options*. */
function needsMore(operation: Command, { modal = {} }: Entry) {
  return fieldsOf(operation).some(({ name, advanced }) => advanced && name in modal)
}

/** The same asked by somebody who may not: alice about what is globex's, bea about what is for superusers. */
function refusedOf({ permissions: needs }: Command, command: string) {
  if (needs === 'superuser') return { by: 'bea' as const, command }
  if (typeof needs === 'string') return undefined
  const theirs = command.replace(/acme\/[\w-]+/, 'globex/secret').replaceAll(/\b(acme|cached|empty)\b/g, 'globex')
  return { by: 'alice' as const, command: theirs }
}
