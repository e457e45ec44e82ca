import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

test('over signed HTTP instead of Socket Mode the bot starts, answers a command, and stops', async () => {
  const { alice, slack } = await startBot({ transport: 'http' })
  expect((await alice.types('/quay whoami')).text).toContain('alice')
  expect(slack.connections()).toBe(0)
  expect(slack.traffic.filter(({ direction, transport }) => direction === 'to bot' && transport !== 'http')).toEqual([])
})
