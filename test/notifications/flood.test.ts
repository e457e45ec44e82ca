import { expect, test, vi } from 'vitest'
import { sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { ownHook } from './hooks.ts'

const flood = sized(150, 500, 5_000)

test('a flood of unknown tokens asks the database a few times, and the known one behind it is taken', async () => {
  const started = await startBot()
  const { bot, origin } = started
  const { send } = await ownHook(started, 'acme/api', 'repo_push')
  const asked = vi.spyOn(bot.db, 'select')
  const knock = (number: number) =>
    fetch(`${origin}/quay/events/unknown-${number}`, { method: 'POST', body: '{}' }).then(({ status }) => status)
  const statuses = Promise.all(Array.from({ length: flood }, (_, number) => knock(number)))
  // Never seen before, from the same address, in the midst of them.
  expect(await send({ updated_tags: ['latest'] })).toBe(200)
  expect(new Set(await statuses)).toEqual(new Set([404, 429]))
  // Each takes its turn with others: not one question for each. The bot's own jobs ask too.
  expect(asked.mock.calls.length).toBeLessThan(flood / 5)
  for (let times = 0; times < sized(110, 150, 150); times += 1) expect(await send({ updated_tags: [`v${times}`] })).toBe(200)
  const before = asked.mock.calls.length
  for (let times = 0; times < 50; times += 1) await knock(7)
  expect(asked.mock.calls.length - before).toBeLessThan(20)
})

test('a token that is taken away is unknown at once, and one that is made is known at once', async () => {
  const started = await startBot()
  const first = await ownHook(started, 'acme/api', 'repo_push')
  expect(await first.send({ updated_tags: ['latest'] })).toBe(200)
  await started.bot.db.execute('delete from hooks')
  expect(await first.send({ updated_tags: ['latest'] })).toBe(404)
  const second = await ownHook(started, 'acme/web', 'repo_push')
  expect(await second.send({ updated_tags: ['latest'] })).toBe(200)
})
