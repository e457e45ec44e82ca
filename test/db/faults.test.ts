import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { commands } from '../../src/command/registry.ts'
import { entries } from '../../src/db/schema.ts'
import { buttonOf } from '../../src/surfaces/modals/titles.ts'
import { allOf } from '../commands/drawn.ts'
import { type Entry, table } from '../commands/table-entries.ts'
import { furnish } from '../commands/table-registry.ts'
import type { Seen } from '../people.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { databaseFaults, startFaultyPostgres } from './faulty-postgres.ts'

const database = await startFaultyPostgres()
const started = await startBot({ until: afterAll, policy: { approvals: [], default: 'run' }, database })
afterAll(() => database.stop())
const { bot, quay, changes } = started
bot.quay.limits.pauses = []
const restore = furnish(quay)

const everything = process.env.FAULTS === 'all'
const few = ['repo show', 'robot rotate']
const names = everything ? Object.keys(table).filter((name) => !table[name]?.modal && !table[name]?.first) : few
const counts = { combinations: 0, bugs: 0, falseSentences: 0, orphans: 0 }

const waiting = { timeout: 40_000, interval: 100 }

beforeEach(() => {
  restore()
  bot.cache.clear()
})

afterEach(async () => {
  quay.faults(undefined)
  await database.recovers()
})

afterAll(() => {
  console.log(`database faults: ${JSON.stringify(counts)}`)
})

/** Types it, and presses what has to be pressed. */
async function run(name: string, entry: Entry): Promise<Seen> {
  const person = started[entry.by]
  quay.registry.authenticationType = /^team (un)?sync/.test(name) ? 'LDAP' : 'Database'
  const reply = await person.types(`/quay ${name} ${entry.words}`.trim(), entry.channel)
  const asks = JSON.stringify(reply.blocks).includes('preview:confirm')
  return asks ? person.presses(buttonOf(name), reply, entry.channel) : reply
}

function expectTrue(what: string, reply: Seen, claim: boolean) {
  if (claim) return
  counts.falseSentences += 1
  expect.soft(allOf(reply), what).toBe('something true')
}

const said = /Quaymaster’s database/

async function orphans() {
  return bot.db.$count(entries, eq(entries.state, 'running'))
}

/** Written before Quay hears of the change, and seen without the proxy. */
async function startedRows() {
  const { rows } = await database.admin.query("select count(*)::int as count from audit where phase = 'started'")
  return rows[0].count as number // what was selected
}

async function recovered(what: string) {
  await database.recovers()
  await expect
    .poll(async () => orphans().catch(() => -1), waiting)
    .toBe(0)
    .catch((error) => {
      counts.orphans += 1
      expect.soft(error, what).toBeUndefined()
    })
}

const cases = databaseFaults.flatMap((fault) => names.map((name) => ({ fault, name })))

// With `npm test` each fault once: two of them before, the others during.
test.each(sampled(cases, 5, 3))('the database is $fault before: $name', { timeout: 120_000 }, async ({ fault, name }) => {
  const entry = table[name] as Entry // among its keys
  const before = changes().length
  counts.combinations += 1
  await database.fails(fault)
  const reply = await run(name, entry)
  const what = `${name}, ${fault} before`
  if (/Something went wrong/.test(allOf(reply))) counts.bugs += 1
  const done = changes().length > before
  expect.soft(allOf(reply), what).not.toMatch(/Something went wrong/)
  if (fault === 'slow') expectTrue(what, reply, entry.says.test(reply.text))
  else expectTrue(what, reply, !done && (said.test(reply.text) || (entry.aboutTheBot ?? commands.get(name)?.permissions === 'anyone')))
  await recovered(what)
})

// What a subscription is lies in the database itself: without it nothing is done.
const changing = cases.filter(({ name }) => commands.get(name)?.changes && !table[name]?.aboutTheBot && !/subscri/.test(name))

test.each(sampled(changing, 2))('the database is $fault while Quay changes: $name', { timeout: 120_000 }, async ({ fault, name }) => {
  const entry = table[name] as Entry // among its keys
  const what = `${name}, ${fault} during`
  counts.combinations += 1
  const before = changes().length
  // Quay takes its time for the change, and that is when the database goes.
  quay.faults({ latencyMs: 500 })
  const begun = await startedRows()
  const running = run(name, entry)
  await expect.poll(startedRows, { timeout: 40_000, interval: 20 }).toBeGreaterThan(begun)
  await database.fails(fault)
  const reply = await running
  quay.faults(undefined)
  expect.soft(allOf(reply), what).not.toMatch(/Something went wrong/)
  if (/Something went wrong/.test(allOf(reply))) counts.bugs += 1
  expect(changes().length).toBeGreaterThan(before)
  expectTrue(what, reply, entry.says.test(reply.text))
  await recovered(what)
})
