import { asc } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { sweepRequests } from '../../src/approvals/sweep.ts'
import type { Bot } from '../../src/context.ts'
import { audit } from '../../src/db/schema.ts'
import { seen, startRequests } from '../approvals/start-requests.ts'
import { startBot } from '../start-bot.ts'

// Every line that writes the record, read back after a real command: who, what, which phase, and why.

const waiting = { timeout: 30_000, interval: 30 }

/** The record as lines: `alice repo create refused`. */
async function recordOf({ db }: Pick<Bot, 'db'>) {
  const rows = await db.select().from(audit).orderBy(asc(audit.id))
  return rows.map(({ name, operation, phase }) => `${name} ${operation} ${phase}`)
}

async function lastOf({ db }: Pick<Bot, 'db'>) {
  const row = (await db.select().from(audit).orderBy(asc(audit.id))).at(-1)
  if (!row) throw new Error('the record is empty')
  return row
}

test('what reads is written down when it has read: the command, and every page that is turned', async () => {
  const { bot, dora } = await startBot()
  const first = await dora.types('/quay logs', 'dora')
  expect(await recordOf(bot)).toEqual(['dora logs finished'])
  await dora.presses('Older', first, 'dora')
  expect(await recordOf(bot)).toEqual(['dora logs finished', 'dora logs finished'])
  expect(await lastOf(bot)).toMatchObject({ account: 'quayadmin', team: expect.any(String), right: expect.any(String) })
})

test('what changes is written down before Quay hears of it, and when it is done, under one reference', async () => {
  const { bot, bea, quay } = await startBot({ policy: { approvals: [] } })
  await bea.types('/quay repo create acme/written description="to be read"')
  const rows = await bot.db.select().from(audit).orderBy(asc(audit.id))
  expect(rows.map(({ phase }) => phase)).toEqual(['started', 'finished'])
  expect(new Set(rows.map(({ reference }) => reference)).size).toBe(1)
  expect(rows[0]).toMatchObject({ person: 'U0BEA', account: 'bea', operation: 'repo create' })
  expect(rows[0]).toMatchObject({
    input: { repository: 'acme/written', description: 'to be read' },
    right: 'admin: bea is a member of the team owners of acme.',
  })

  // Without its row nothing is changed.
  const before = quay.registry.repositories.length
  await bot.db.execute('alter table audit add constraint closed check (false) not valid')
  await bea.types('/quay repo create acme/unwritten')
  expect(quay.registry.repositories.length).toBe(before)
})

test('what Quay refuses is written down as failed, with the sentence that the person read; a dry run as one', async () => {
  const { bot, bea } = await startBot({ policy: { approvals: [] } })
  const reply = await bea.types('/quay robot create acme+ci')
  expect(await recordOf(bot)).toEqual(['bea robot create started', 'bea robot create failed'])
  const { outcome } = await lastOf(bot)
  expect(reply.text).toContain(String(outcome?.message).replace('{robot}', 'acme+ci').slice(0, 30))

  await bea.types('/quay repo create acme/maybe --dry-run')
  expect(await lastOf(bot)).toMatchObject({
    operation: 'repo create',
    phase: 'finished',
    outcome: { message: 'Dry run: nothing was changed.' },
  })
})

test('members without the right and strangers are written down as refused, with why', async () => {
  const { alice, bot, eve, grace, quay } = await startBot({ policy: { approvals: [] } })
  const reply = await alice.types('/quay robot list globex')
  expect(await recordOf(bot)).toEqual(['alice robot list refused'])
  const { outcome, input } = await lastOf(bot)
  expect(input).toEqual({ organization: 'globex' })
  expect(outcome?.message).toBeTruthy()
  expect(reply.text).toContain('globex')

  // Who has no account is nobody in Quay; a guest is nobody's colleague.
  await grace.types('/quay repo list acme')
  expect(await lastOf(bot)).toMatchObject({ name: 'grace', account: null, operation: 'repo list', phase: 'refused' })
  await eve.types('/quay robot list acme')
  expect(await lastOf(bot)).toMatchObject({ person: 'U0EVE', account: null, input: {}, operation: 'robot list', phase: 'refused' })
  expect((await recordOf(bot)).every((line) => line.endsWith('refused'))).toBe(true)
  expect(quay.exchanges.filter(({ method }) => method !== 'GET')).toEqual([])
})

test('a credential that is revealed is written down, without it', async () => {
  const { bea, bot, quay } = await startBot({ policy: { approvals: [] } })
  await bea.types('/quay robot create acme+seen')
  await bea.pressesToOpen('Reveal', await bea.finds(/is ready/), 'bea')
  await expect.poll(() => recordOf(bot), waiting).toContain('bea credential reveal revealed')
  const token = quay.registry.robots.find(({ name }) => name === 'acme+seen')?.token ?? 'none'
  expect(JSON.stringify(await bot.db.select().from(audit))).not.toContain(token)
})

test('a request is written down from asking over the decision to the run’s start and end', async () => {
  const { alice, asks, becomes, bot, dora, row } = await startRequests()
  const card = await asks(alice, 'globex/web')
  expect(await recordOf(bot)).toEqual(['alice repo create refused', 'alice repo create asked'])
  await dora.press('Approve', card, 'quay-approvals')
  await becomes('succeeded')
  expect(await recordOf(bot)).toEqual([
    'alice repo create refused',
    'alice repo create asked',
    'dora repo create decided',
    'alice repo create started',
    'alice repo create finished',
  ])
  const request = await row()
  const rows = (await bot.db.select().from(audit)).filter(({ phase }) => phase !== 'refused')
  expect(rows.every((one) => one.request === request.id)).toBe(true)
  expect(rows.every((one) => one.rule === 'new repositories')).toBe(true)
})

test('a denial, a withdrawal and an expiry are written down', async () => {
  const { alice, asks, becomes, bot, clock, decides, row } = await startRequests({ expires: '1d' })
  await asks(alice, 'globex/one')
  await decides('U0DORA', 'denied')
  expect(await lastOf(bot)).toMatchObject({ name: 'dora', phase: 'decided', request: (await row()).id })
  expect(JSON.stringify((await lastOf(bot)).outcome)).toMatch(/den/i)

  const second = await startRequests({ expires: '1d' })
  await second.asks(second.alice, 'globex/two')
  await second.alice.types(`/quay request withdraw ${(await second.row()).id}`)
  expect(await recordOf(second.bot)).toContain('alice repo create withdrawn')

  const third = await startRequests({ expires: '1d' })
  await third.asks(third.alice, 'globex/three')
  await third.clock.advance(25 * 3_600_000)
  await sweepRequests(third.bot)
  await third.becomes('expired')
  expect(await recordOf(third.bot)).toContain('alice repo create expired')
  await becomes('denied')
  expect(clock.now()).toBeGreaterThan(0)
})

test('a run that Quay refuses, one of which nobody knows, and what a person says of it are written down', async () => {
  const refused = await startRequests()
  const card = await refused.asks(refused.alice, 'globex/taken')
  refused.quay.faults({ status: 400, match: 'POST /api/v1/repository' })
  await refused.dora.press('Approve', card, 'quay-approvals')
  await refused.becomes('failed')
  expect((await recordOf(refused.bot)).slice(-2)).toEqual(['alice repo create started', 'alice repo create failed'])
  expect((await lastOf(refused.bot)).outcome?.message).toBeTruthy()

  const { bea, becomes, bot, clock, dora, quay, row, card: cardLike } = await startRequests({ operations: ['build start'], ask: 'always' })
  await bea.types('/quay build start acme/api https://downloads.example.com/a.zip reason=shop')
  const asked = await cardLike(/Needs \d.*acme\/api/s)
  quay.faults({ cut: true, match: 'POST /api/v1/repository/acme/api/build', times: 1 })
  await dora.press('Approve', asked, 'quay-approvals')
  // It is looked for when Quay may be back.
  await expect.poll(async () => (await row()).retryAt, waiting).not.toBe(null)
  await clock.advance(15_000)
  await becomes('unknown')
  expect(await recordOf(bot)).toContain('bea build start failed')
  const unknown = await cardLike(/result is unknown/)
  expect(seen(unknown)).toContain('It was not done')
  await dora.press('It was not done', unknown, 'quay-approvals')
  await becomes('failed')
  expect(await lastOf(bot)).toMatchObject({ name: 'dora', phase: 'decided', request: (await row()).id })
})
