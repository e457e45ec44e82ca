import { expect, test } from 'vitest'
import { events, subscriptions } from '../../src/db/schema.ts'
import { sendDigests } from '../../src/notifications/digest.ts'
import { nextDigest } from '../../src/notifications/digest-schedule.ts'
import { isCi, sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { startInQuay } from './builds.ts'
import { untilHour } from './nine.ts'

const channel = 'acme-dev'
const hour = 3_600_000
const soon = { timeout: 30_000 }

/** bea has subscribed to a daily digest, and each of its messages is read as the line with its counts. */
async function daily(words = 'events=builds,pushes digest=daily', first = (_now: number, _zone: string | undefined) => 0) {
  const started = await startBot()
  const { bea, clock, slack, quay } = started
  const zone = () => slack.workspace.users.find(({ id }) => id === 'U0BEA')?.tz
  // Hours end the bot's connection to Slack, as they do in Slack itself: it is back when it answers.
  const passes = async (milliseconds: number) => {
    await bea.post('clock', { advance_ms: milliseconds })
    await expect.poll(async () => (await bea.sends('/quay help')).ok, soon).toBe(true)
  }
  const ahead = first(clock.now(), zone())
  if (ahead > 0) await passes(ahead)
  const { text: subscribed } = await bea.types(`/quay subscribe acme/api ${words}`, channel)
  const digests = async () =>
    (await bea.sees(channel))
      .filter(({ ephemeral, text }) => !ephemeral && text.includes('Digest of'))
      .map(({ blocks }) => JSON.stringify(blocks))
  /** A push, of which Quay has told the bot. */
  const pushes = async () => {
    const before = await started.bot.db.$count(events)
    quay.registry.pushTag('acme/api', 'latest', 'acme+ci')
    await expect.poll(() => started.bot.db.$count(events), soon).toBe(before + 1)
  }
  return { ...started, subscribed, zone, passes, digests, pushes, toNine: () => passes(untilHour(9, clock.now(), zone()) + 60_000) }
}

test('whatever hour it is when somebody subscribes, the first digest counts from there', async () => {
  for (const start of sampled([0, 8, 9, 23], 4, 2)) {
    const { clock, digests, pushes, subscribed, toNine, zone } = await daily(undefined, (now, timeZone) => untilHour(start, now, timeZone))
    await pushes()
    expect(subscribed).toMatch(/Subscribed this channel to .* of .*\./)
    expect(new Intl.DateTimeFormat('en-US', { hour: 'numeric', hourCycle: 'h23', timeZone: zone() }).format(clock.now())).toBe(
      String(start).padStart(2, '0'),
    )
    await toNine()
    await expect.poll(async () => (await digests()).length, soon).toBe(1)
    expect((await digests())[0], `subscribed at ${start}`).toContain('1 push.')
  }
})

test.runIf(isCi)('a digest that is days late tells of all those days, the next one of nothing twice', async () => {
  const { bot, clock, digests, passes, pushes, toNine } = await daily()
  await toNine()
  await expect.poll(async () => (await digests()).length, soon).toBe(1)
  await pushes()
  await passes(hour)
  // The bot is away: nobody looks for what is due.
  const away = clock.now()
  await passes(75 * hour)
  await expect.poll(async () => (await digests()).length, soon).toBe(2)
  expect((await digests())[1]).toContain('1 push.')
  expect(clock.now() - away).toBeGreaterThanOrEqual(75 * hour)
  // Two replicas, and another start: the row says what was told.
  await Promise.all([sendDigests(bot), sendDigests(bot)])
  await toNine()
  await expect.poll(async () => (await digests()).length, soon).toBe(3)
  expect((await digests())[2]).toContain('no pushes.')
})

test.runIf(isCi)('builds are counted by how they ended, once each, whatever told of it', async () => {
  const { bea, bot, digests, origin, passes, quay, toNine } = await daily()
  await startInQuay({ quay, origin, archive: 'https://downloads.example.com/api.tgz' })
  await startInQuay({ quay, origin, archive: 'https://downloads.example.com/fail.tgz' })
  await passes(60_000)
  const seen = async () => JSON.stringify(await bea.types('/quay build list acme/api'))
  await expect.poll(seen, soon).toMatch(/succeeded/)
  const told = async () => JSON.stringify(await bot.db.select({ kind: events.kind }).from(events))
  await expect.poll(told, soon).toMatch(/build_success.*build_failure|build_failure.*build_success/)
  await toNine()
  await expect.poll(async () => (await digests()).length, soon).toBe(1)
  expect((await digests())[0]).toContain('1 build succeeded, 1 failed')
})

test.runIf(isCi)('a channel that was muted at nine is told in the next digest of what came before and after the silence', async () => {
  const { bea, bot, clock, digests, passes, pushes, toNine } = await daily(undefined, (now, timeZone) => untilHour(7, now, timeZone))
  const due = async () => (await bot.db.select().from(subscriptions))[0]?.digestDueAt?.getTime() ?? 0
  await pushes()
  await passes(60_000)
  await bea.types('/quay subscription mute acme/api for=4h', channel)
  await passes(hour)
  await toNine()
  await expect.poll(due, soon).toBeGreaterThan(clock.now())
  expect(await digests()).toEqual([])
  await passes(4 * hour)
  await pushes()
  await toNine()
  await expect.poll(async () => (await digests()).length, soon).toBe(1)
  expect((await digests())[0]).toContain('2 pushes.')
})

test('a weekly digest tells of all its days, the first from the subscription on, the second of nothing twice', async () => {
  const untilMonday = (now: number, timeZone: string | undefined) => nextDigest(now, 'weekly', timeZone) - now + 60_000
  const { bot, clock, digests, passes, pushes, zone } = await daily('events=pushes digest=weekly', untilMonday)
  const toMonday = () => passes(untilMonday(clock.now(), zone()))
  await pushes()
  await passes(49 * hour)
  await pushes()
  await sendDigests(bot)
  expect(await digests()).toEqual([])
  await toMonday()
  await expect.poll(async () => (await digests()).length, soon).toBe(1)
  expect((await digests())[0]).toContain('2 pushes.')
  await pushes()
  await toMonday()
  await expect.poll(async () => (await digests()).length, soon).toBe(2)
  expect((await digests())[1]).toContain('1 push.')
})
