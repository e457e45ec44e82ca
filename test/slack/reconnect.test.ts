import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

const ready = async (origin: string) => ((await (await fetch(`${origin}/readyz`)).json()) as { slack: boolean }).slack

// The client itself waits five seconds before it connects again (socket-mode 3.1.0).
const patience = { timeout: 40_000, interval: 100 }

test('Slack hangs up and then does not answer: the bot says so, stays, and goes on when Slack is back', async () => {
  const { alice, slack, origin, log } = await startBot()
  slack.faults({ status: 503, disconnect: true })
  await expect.poll(() => log(), patience).toContain('cannot reconnect to Slack')
  await expect.poll(() => ready(origin), patience).toBe(false)
  expect((await fetch(`${origin}/healthz`)).status).toBe(200)
  slack.faults({})
  await expect.poll(() => ready(origin), patience).toBe(true)
  expect((await alice.types('/quay repo create acme/web')).text).toMatch(/^Created/)
})

test('stopped while it connects again, it stops and stays away', async () => {
  const sandbox = await startBot({ until: () => undefined })
  const { slack } = sandbox
  const opened = () => slack.traffic.filter(({ name }) => name === 'apps.connections.open').length
  const before = opened()
  slack.faults({ disconnect: true, latencyMs: 1_500 })
  await expect.poll(opened, patience).toBeGreaterThan(before)
  await sandbox.stop()
  expect(sandbox.log()).not.toMatch(/"level":60/)
})
