import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, expect, test } from 'vitest'
import { audit, entries, requests } from '../../src/db/schema.ts'
import { endOrphans } from '../../src/surfaces/orphans.ts'
import { newRepositories } from '../approvals/start-requests.ts'
import { allOf } from '../commands/drawn.ts'
import { startFaultyPostgres } from '../db/faulty-postgres.ts'
import { isCi, sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const database = await startFaultyPostgres()
const started = await startBot({ until: afterAll, policy: { approvals: newRepositories({ namespaces: ['globex'] }) }, database })
afterAll(() => database.stop())
const { alice, bea, dora, bot, quay, slack, origin, repository, log } = started

const waiting = { timeout: 40_000, interval: 100 }
const away = 'Quaymaster’s database does not respond right now.'

afterEach(async () => {
  quay.faults(undefined)
  await database.recovers()
})

const readiness = async () => {
  const began = performance.now()
  const response = await fetch(`${origin}/readyz`)
  return { status: response.status, body: (await response.json()) as { database: boolean }, seconds: (performance.now() - began) / 1_000 }
}

const rowsOf = (operation: string) => bot.db.select().from(audit).where(eq(audit.operation, operation))

/** Types, and lets the database fail when the change is written as begun and Quay has not answered yet. */
async function whileQuayChanges(type: () => Promise<unknown>, fails: () => Promise<void>, quayFaults = {}) {
  const begun = async () => {
    const { rows } = await database.admin.query("select count(*)::int as count from audit where phase = 'started'")
    return rows[0].count as number // what was selected
  }
  const before = await begun()
  quay.faults({ latencyMs: 500, ...quayFaults })
  const running = type()
  await expect.poll(begun, { ...waiting, interval: 10 }).toBeGreaterThan(before)
  await fails()
  await running
  quay.faults(undefined)
}

test('the database goes while a token is made: it is said as done, and the token comes when the database is back', async () => {
  const shown = await bea.types('/quay robot rotate acme+ci')
  const before = quay.registry.robots.find(({ name }) => name === 'acme+ci')?.token
  let said = ''
  await whileQuayChanges(
    async () => {
      said = allOf(await bea.presses('Regenerate', shown))
    },
    () => database.fails('away'),
  )
  const token = quay.registry.robots.find(({ name }) => name === 'acme+ci')?.token ?? ''
  expect(token).not.toBe(before)
  expect(said).toContain('acme+ci')
  expect(said).toContain('is sent by direct message as soon as the database responds.')
  expect(said).not.toContain('Try again')
  await database.recovers()

  const offer = async () => (await bea.sees('bea')).find((one) => JSON.stringify(one.blocks).includes('credential:reveal'))
  await expect.poll(async () => (await offer()) !== undefined, waiting).toBe(true)
  const found = await offer()
  if (!found) throw new Error('it was there')
  const modal = await bea.pressesToOpen('Reveal', found, 'bea')
  expect(JSON.stringify(modal)).toContain(token)
  expect((await rowsOf('robot rotate')).map(({ phase }) => phase).sort()).toEqual(['finished', 'started'])
  expect(log()).not.toContain(token)
})

test('Quay fails inside while the database is away: that is what is read, and it is written afterwards', async () => {
  let said = ''
  await whileQuayChanges(
    async () => {
      said = allOf(await bea.types('/quay repo visibility acme/api public'))
    },
    () => database.fails('away'),
    { status: 500, match: 'POST /api/v1/repository/acme/api/changevisibility' },
  )
  expect(said).toContain('Quay reports an internal error (500). An operator must check Quay’s log.')
  expect(said).not.toContain('database')
  await database.recovers()
  await expect.poll(async () => (await rowsOf('repo visibility').catch(() => [])).map(({ phase }) => phase), waiting).toContain('failed')
})

test('readiness says within a second that the database cannot write, and why the status says it too', async () => {
  expect(await readiness()).toMatchObject({ status: 200, body: { ok: true, database: true } })
  const sentences = {
    full: /The disk of Quaymaster’s database is full\. An operator must free space\./,
    'read-only': /database is read-only right now/,
    away,
    'out of connections': /Quaymaster’s database accepts no more connections right now\./,
    silent: /database is too slow right now|database does not answer/,
  } as const
  for (const fault of ['full', 'read-only', 'away', 'out of connections', 'silent'] as const) {
    await database.fails(fault)
    await expect.poll(async () => (await readiness()).body.database, { ...waiting, message: fault }).toBe(false)
    const found = await readiness()
    expect(found, fault).toMatchObject({ status: 503, body: { ok: false, database: false, slack: true, quay: true, token: true } })
    expect(found.seconds, fault).toBeLessThan(1.5) // a second, and what a busy machine adds
    if (fault !== 'silent') expect((await alice.types('/quay status')).text, fault).toMatch(sentences[fault])
    if (fault !== 'silent') expect((await alice.types('/quay help')).text, fault).toContain('with your own permissions')
    await database.recovers()
    await expect.poll(async () => (await readiness()).status, { ...waiting, message: `${fault} is over` }).toBe(200)
  }
})

test('an approval is pressed while the database is away: no decision is lost or claimed, and it runs once afterwards', async () => {
  await alice.types('/quay repo create globex/later reason=shop')
  const asked = await cardOf('globex/later')
  await database.fails('away')
  const known = (await dora.sees('quay-approvals')).length
  await dora.press('Approve', asked, 'quay-approvals')
  await expect.poll(async () => (await dora.sees('quay-approvals')).length, waiting).toBeGreaterThan(known)
  expect((await dora.sees('quay-approvals')).at(-1)?.text).toBe(away)
  await database.recovers()
  await dora.press('Approve', asked, 'quay-approvals')
  await expect.poll(() => stateOf('globex/later'), waiting).toBe('succeeded')
  expect(repository('globex/later')).toBeDefined()
})

test.runIf(isCi)('the database goes while what was approved runs: it ends as done and is made once', { timeout: 180_000 }, async () => {
  await alice.types('/quay repo create globex/meanwhile reason=shop')
  const asked = await cardOf('globex/meanwhile')
  await whileQuayChanges(
    () => dora.press('Approve', asked, 'quay-approvals'),
    () => database.fails('away'),
  )
  // Either the call was under way, or its lease could not be checked and it waits for the database: it is made once, and said.
  await database.recovers()
  await expect.poll(() => stateOf('globex/meanwhile'), { timeout: 90_000 }).toBe('succeeded')
  const made = quay.registry.logs.filter(({ kind, repository: name }) => kind === 'create_repo' && name === 'globex/meanwhile')
  expect(made).toHaveLength(1)
})

/** The state of the request for a repository; undefined while the database does not say. */
async function stateOf(name: string) {
  const rows = await bot.db
    .select()
    .from(requests)
    .catch(() => [])
  return rows.find(({ input }) => input.repository === name)?.state
}

async function cardOf(name: string) {
  const card = async () => (await dora.sees('quay-approvals')).find((one) => allOf(one).includes(name))
  await expect.poll(async () => (await card()) !== undefined, waiting).toBe(true)
  return (await card()) ?? Promise.reject(new Error('it was there'))
}

test('a webhook while the database is away is answered 503, so that Quay sends it again', async () => {
  await database.fails('away')
  const answer = await fetch(`${origin}/quay/events/${randomUUID()}`, { method: 'POST', body: '{}' })
  expect(answer.status).toBe(503)
  await database.recovers()
  await expect
    .poll(async () => (await fetch(`${origin}/quay/events/${randomUUID()}`, { method: 'POST', body: '{}' })).status, waiting)
    .not.toBe(503)
})

test('no error of the database in a reply, the audit or the log holds a parameter', async () => {
  await database.fails('full')
  const canary = 'canary-4c1d'
  expect(allOf(await alice.types(`/quay repo create acme/web description=${canary}`))).not.toContain(canary)
  await database.recovers()
  expect(JSON.stringify(await rowsOf('repo create'))).not.toMatch(/Failed query|insert into/)
  expect(log()).not.toContain(canary)
  expect(log()).not.toContain('params:')
})

interface Left {
  operation: string
  input: Record<string, unknown>
}

/** What a process that was killed after Quay's change, or before it, leaves behind. */
async function leftBehind({ operation, input }: Left) {
  const reference = randomUUID().slice(0, 6)
  const createdAt = new Date(bot.clock() - 3_600_000)
  await bot.db.insert(entries).values({ key: `left ${reference}`, team: 'T0ACME', person: 'U0BEA', operation, reference, createdAt })
  await bot.db.insert(audit).values({
    ...{ at: createdAt, reference, phase: 'started', team: 'T0ACME', person: 'U0BEA', name: 'bea', account: 'bea', operation, input },
  })
  return `left ${reference}`
}

test.each(
  sampled(
    [
      [
        { operation: 'repo create', input: { repository: 'acme/api', visibility: 'private', description: '' } },
        /repo create acme\/api was interrupted/,
      ],
      [
        { operation: 'permission grant', input: { repository: 'acme/api', user: 'carl', role: 'read' } },
        /was interrupted, and the result is unknown\. It is safe to run it again\.|was interrupted but done/,
      ],
      [
        { operation: 'build start', input: { repository: 'acme/api', archive: 'https://downloads.example.com/api.tar.gz' } },
        / was interrupted, and the result is unknown\. Check with .* before you run it again\./,
      ],
    ],
    3,
  ),
)('a command whose process died ends by its own rule, is counted, and its person hears it once: $0', async (left, sentence) => {
  const key = await leftBehind(left)
  await Promise.all([endOrphans(bot), endOrphans(bot)])
  const [row] = await bot.db.select().from(entries).where(eq(entries.key, key))
  expect(row?.state).toBe('done')
  const told = async () => (await bea.sees('bea')).filter(({ text }) => sentence.test(text))
  await expect.poll(async () => (await told()).length, waiting).toBe(1)
  const rows = (await rowsOf(left.operation)).filter(({ reference }) => key.endsWith(reference))
  expect(rows.map(({ phase }) => phase).filter((phase) => phase !== 'started')).toHaveLength(1)
  expect(await (await fetch(`${origin}/metrics`)).text()).toContain(`quaymaster_orphans_total{operation="${left.operation}"`)
  expect(slack.workspace.messages.filter(({ text }) => text.includes('Something went wrong'))).toEqual([])
})
