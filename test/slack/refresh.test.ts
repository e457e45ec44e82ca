import { expect, test } from 'vitest'
import { sampled, sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'

// How many are typed, each twelve with a connection refreshed among them.
const many = sized(24, 60, 60)
const patience = { timeout: 20_000, interval: 20 }

test.each(sampled(['refresh_requested', 'warning'] as const, 2))(
  'Slack refreshes connections (%s) while people type: no command is lost, none is done twice',
  async (reason) => {
    const { slack, changes, log } = await startBot()
    const typed: Promise<{ ok: boolean; error?: string }>[] = []
    let refreshes = 0
    for (let index = 0; index < many; index += 1) {
      typed.push(slack.slash({ user: 'U0ALICE', channel: 'C0ACMEDEV', text: `repo create acme/refreshed-${index}` }))
      if (index % 12 === 6) {
        refreshes += 1
        slack.faults({ disconnect: reason })
      }
      // Some come while another connection is being opened, some while there are two.
      await typed[index - 2]
      if (index % 12 === 8) await expect.poll(() => slack.connections(), patience).toBeGreaterThan(1)
    }
    expect((await Promise.all(typed)).filter(({ ok }) => !ok)).toEqual([])
    await expect.poll(() => changes().filter((call) => call === 'POST /api/v1/repository').length, patience).toBe(many)
    expect(refreshes).toBe(many / 12)
    expect(log()).not.toContain('cannot reconnect to Slack')
    expect(slack.traffic.filter(({ error }) => error === 'late_or_unknown')).toEqual([])
  },
)

test('a press and a modal are answered over the connection that they came by, while another takes its place', async () => {
  const { alice, slack } = await startBot()
  const modal = await alice.opens('/quay repo create')
  slack.faults({ disconnect: 'refresh_requested' })
  expect(await alice.submits(modal, { repository: 'acme/over' })).toMatchObject({ ok: true })
  expect(JSON.stringify((await alice.looksAt(modal)).blocks)).toContain('Created')
  slack.faults({ disconnect: 'refresh_requested' })
  expect((await alice.types('/quay whoami')).text).toContain('alice')
})
