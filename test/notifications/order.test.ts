import { expect, test } from 'vitest'
import { followBuild } from '../../src/notifications/builds/poll.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { startInQuay } from './builds.ts'
import { ownHook, ownSubscription } from './hooks.ts'

const life = ['build_queued', 'build_start', 'build_failure']
const orders: [name: string, events: string[]][] = [
  ['in order', life],
  ['reversed', life.toReversed()],
  ['each twice', life.flatMap((one) => [one, one])],
  ['reversed and each twice', life.toReversed().flatMap((one) => [one, one])],
]

test('a build’s life through webhooks, in whatever order and however often: the same card, one message, one thread, one mention', async () => {
  const finals = []
  for (const [name, events] of sampled(orders, 3)) finals.push([name, await finalOf(events)])
  for (const [name, final] of finals) expect(final, String(name)).toEqual(finals[0]?.[1])
})

async function finalOf(events: string[]) {
  const started = await startBot()
  const { bot, bea, quay, origin, clock } = started
  await ownSubscription(started, 'C0ACMEDEV', 'acme/api', ['builds'])
  const { id } = await startInQuay({ quay, origin, archive: 'https://downloads.example.com/fail.tgz' })
  await followBuild(bot, { repository: 'acme/api', build: id, channel: 'C0ACMEDEV', starter: { id: 'U0ALICE', name: 'alice' } })
  clock.advance(60_000)
  quay.tick()
  for (const event of events) {
    const { send } = await ownHook(started, 'acme/api', event)
    expect(await send({ build_id: id, docker_tags: ['latest'], repository: 'acme/api' })).toBe(200)
  }
  const seen = async () => (await bea.sees('acme-dev')).filter(({ ephemeral }) => !ephemeral)
  await expect.poll(async () => (await seen()).length, { timeout: 30_000 }).toBe(2)
  await expect.poll(async () => (await seen())[0]?.text, { timeout: 30_000 }).toMatch(/failed\.$/)
  await quiet(started)
  const messages = await seen()
  expect(messages).toHaveLength(2)
  expect(
    messages
      .map(({ text }) => text)
      .join(' ')
      .match(/<@U0ALICE>|@alice/g),
  ).toHaveLength(1)
  expect(messages[1]?.thread_ts).toBe(messages[0]?.ts)
  return normalised(JSON.stringify(messages.map(({ text, blocks }) => ({ text, blocks }))), id, origin)
}

/** Nothing is left to be passed on or drawn. */
async function quiet({ bot }: Awaited<ReturnType<typeof startBot>>) {
  await expect
    .poll(
      async () =>
        JSON.stringify(
          (
            await bot.db.execute(
              "select (select count(*)::int from events where fanned_at is null) + (select count(*)::int from cards where wanted > drawn and state <> 'gone') as left",
            )
          ).rows,
        ),
      { timeout: 30_000 },
    )
    .toBe('[{"left":0}]')
}

function normalised(text: string, build: string, origin: string) {
  return text
    .replaceAll(build, 'BUILD')
    .replaceAll(origin, 'ORIGIN')
    .replaceAll(/<!date[^>]*>/g, 'MOMENT')
    .replaceAll(/"block_id":"[^"]*",?/g, '')
}
