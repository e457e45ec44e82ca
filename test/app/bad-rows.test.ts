import { eq, sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { applyRetention } from '../../src/app/retention.ts'
import { sweepRequests } from '../../src/approvals/sweep.ts'
import { cards, channelTurns, events, follows, homes, hooks, replies, requests } from '../../src/db/schema.ts'
import { followBuilds } from '../../src/notifications/builds/poll.ts'
import { deliver } from '../../src/notifications/deliver.ts'
import { sendDigests } from '../../src/notifications/digest.ts'
import { fanOut } from '../../src/notifications/fan-out.ts'
import { sealAudit } from '../../src/security/audit-log.ts'
import { showHomes } from '../../src/surfaces/home/publish.ts'
import { startRequests } from '../approvals/start-requests.ts'
import { postgresOfRun } from '../db/own-database.ts'
import { ownHook, ownSubscription, passNow } from '../notifications/hooks.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'

// A row that cannot be read comes first; the one behind it is done, by the same run of the job.
const bad = { timeout: 30_000, interval: 30 }
const aDay = 24 * 3_600_000

test('approvals/sweep: a request with a rule that is none leaves the others to expire', async () => {
  const { bot, alice } = await startRequests()
  for (const name of ['first', 'second']) {
    await alice.types(`/quay repo create labs/${name} visibility=private reason="It is needed"`)
    await alice.types(`/quay whoami`)
  }
  const all = await bot.db.select().from(requests)
  expect(all.length).toBe(2)
  const past = new Date(bot.clock() - 1_000)
  const [first, second] = all
  await bot.db.execute(
    sql`update requests set rule = 'null'::jsonb, due_at = ${new Date(0).toISOString()}, expires_at = ${new Date(bot.clock() + aDay).toISOString()} where id = ${first?.id}`,
  )
  await bot.db
    .update(requests)
    .set({ dueAt: past, expiresAt: past })
    .where(eq(requests.id, second?.id ?? ''))
  await sweepRequests(bot)
  expect(
    (
      await bot.db
        .select()
        .from(requests)
        .where(eq(requests.id, second?.id ?? ''))
    )[0]?.state,
  ).toBe('expired')
})

test.runIf(isCi)('notifications/digest: a subscription whose groups are none leaves the others their digest', async () => {
  const started = await startBot()
  const { bot } = started
  const due = { digest: 'daily', digestDueAt: new Date(bot.clock() - 1_000) }
  await ownSubscription(started, 'C0ACMEDEV', 'acme/api', 7 as never, { ...due, id: 'a' }) // as a row that went wrong
  await ownSubscription(started, 'C0ACMEDEV', 'acme/base', ['builds'], { ...due, id: 'b', timeZone: 'Europe/Berlin' })
  await sendDigests(bot)
  expect((await bot.db.select().from(cards)).map(({ subject }) => subject.split(' ').slice(0, 2).join(' '))).toEqual(['digest b'])
})

test.runIf(isCi)('webhook-repair: an address that Quay cannot have leaves the others to be mended', async () => {
  const started = await startBot()
  const { bot, quay } = started
  await ownHook(started, 'acme/../x', 'repo_push')
  await ownHook(started, 'acme/base', 'repo_push')
  await ownSubscription(started, 'C0ACMEDEV', 'acme/base', ['pushes'])
  await bot.db.update(hooks).set({ checkedAt: new Date(bot.clock() - aDay) })
  await passNow(bot)
  expect(quay.registry.repositories.find(({ name }) => name === 'base')?.notifications).toHaveLength(1)
})

test.runIf(isCi)('webhook-reconcile: a subscription whose groups are none leaves the others their notifications', async () => {
  const started = await startBot()
  const { bot, quay } = started
  await ownSubscription(started, 'C0ACMEDEV', 'acme/api', [], { id: 'a' })
  await bot.db.execute(sql`update subscriptions set groups = '7'::jsonb where id = 'a'`)
  await ownSubscription(started, 'C0ACMEDEV', 'acme/base', ['pushes'], { id: 'b' })
  await passNow(bot)
  expect(quay.registry.repositories.find(({ name }) => name === 'base')?.notifications.length).toBeGreaterThan(0)
})

test('notifications/fan-out: a broken event and a broken subscription leave the others their card', async () => {
  const started = await startBot()
  const { bot } = started
  await ownHook(started, 'acme/api', 'repo_push')
  await ownSubscription(started, 'C0ACMEDEV', 'acme/api', ['pushes'], { id: 'a' })
  await bot.db.execute(sql`update subscriptions set tags = '7'::jsonb where id = 'a'`)
  await ownSubscription(started, 'C0GENERAL', 'acme/api', ['pushes'], { id: 'b' })
  started.quay.registry.pushTag('acme/api', 'latest', 'acme+ci')
  const event = { object: 'acme/api', kind: 'repo_push', source: 'poll' as const, receivedAt: new Date(bot.clock()) }
  await bot.db.insert(events).values([
    { ...event, key: 'bad', body: { updated_tags: 7 } },
    { ...event, key: 'good', body: { updated_tags: ['latest'] } },
  ])
  await fanOut(bot)
  expect((await bot.db.select().from(cards)).map(({ channel }) => channel)).toEqual(['C0GENERAL'])
  expect((await bot.db.select().from(events)).every(({ fannedAt }) => fannedAt !== null)).toBe(true)
})

test('notifications/deliver: a card that cannot be shown leaves the channel to the others', async () => {
  const started = await startBot()
  const { bot, bea } = started
  const card = {
    channel: 'C0ACMEDEV',
    dueAt: new Date(bot.clock() - 1_000),
    data: { sentence: { message: 'It stands here.', values: {} } },
  }
  await bot.db
    .insert(channelTurns)
    .values({ channel: card.channel, dueAt: new Date(0) })
    .onConflictDoNothing()
  await bot.db.insert(cards).values([
    { ...card, id: 'a', subject: 'notice a', createdAt: new Date(0), dueAt: new Date(0), state: 'posting' },
    { ...card, id: 'b', subject: 'notice b', createdAt: new Date(bot.clock()) },
  ])
  await bot.db.execute(sql`update cards set created_at = 'infinity' where id = 'a'`)
  await deliver(bot)
  await expect.poll(async () => JSON.stringify(await bea.sees('acme-dev')), bad).toContain('It stands here.')
  await expect.poll(async () => (await bot.db.select().from(cards).where(eq(cards.id, 'b')))[0]?.state, bad).toBe('posted')
})

test.runIf(isCi)('builds/poll: a repository that Quay cannot have leaves the others to be looked at', async () => {
  const { bot } = await startBot()
  const past = new Date(bot.clock() - aDay)
  await bot.db.insert(follows).values([
    { repository: 'acme/../x', dueAt: past, since: past, watchedSince: past },
    { repository: 'acme/base', dueAt: past, since: past, watchedSince: past },
  ])
  await followBuilds(bot)
  const rows = new Map((await bot.db.select().from(follows)).map(({ repository, readAt }) => [repository, readAt]))
  expect([rows.get('acme/../x'), rows.get('acme/base') instanceof Date]).toEqual([null, true])
})

test('seal-audit: a row that cannot be written out stays unsealed, and those behind it are sealed', async () => {
  // PGlite loses a value that is nested that deeply, without an error.
  const server = await postgresOfRun()
  onTestFinished(() => server.stop())
  const { bot, alice } = await startBot({ database: { databaseUrl: await server.database() } })
  await sealAudit(bot)
  await bot.db.execute(
    sql`insert into audit (at, reference, phase, team, person, name, operation, input) values (now(), 'bad', 'started', 'T', 'U', 'x', 'x', (repeat('[', 6000) || repeat(']', 6000))::jsonb)`,
  )
  await alice.types('/quay repo create acme/sealed visibility=private')
  await sealAudit(bot)
  const rows = await bot.db.execute<{ reference: string; position: number | null }>('select reference, position from audit order by id')
  const at = rows.rows.findIndex(({ reference }) => reference === 'bad')
  expect(rows.rows[at]?.position).toBeNull()
  expect(rows.rows.slice(at + 1).length).toBeGreaterThan(0)
  expect(rows.rows.slice(at + 1).every(({ position }) => position !== null)).toBe(true)
})

test.runIf(isCi)('home publish: the home of somebody who is nobody leaves the others theirs', async () => {
  const { bot, slack } = await startBot()
  const past = new Date(bot.clock() - 1_000)
  await bot.db.insert(homes).values([
    { team: bot.slack.team, person: 'not a person', dueAt: new Date(0), openedAt: past },
    { team: bot.slack.team, person: 'U0ALICE', dueAt: past, openedAt: past },
  ])
  await showHomes(bot)
  expect(slack.workspace.homes.map(({ user }) => user)).toContain('U0ALICE')
})

test.runIf(isCi)('retention: a table that cannot be cleaned leaves the others clean', async () => {
  const { bot } = await startBot()
  await bot.db.execute('alter table pages rename to pages_away')
  await bot.db
    .insert(replies)
    .values({ id: 'old', team: 'T', person: 'U', operation: 'whoami', input: {}, createdAt: new Date(0) } as never)
  await applyRetention(bot)
  expect(await bot.db.$count(replies)).toBe(0)
})
