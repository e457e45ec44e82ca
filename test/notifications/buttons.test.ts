import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

test('alice starts a build that fails: one card in her channel, its lines in the thread, one mention, and buttons by rights', async () => {
  const { alice, bea } = await startBot({ policy: { archives: { hosts: ['*.example.com'] } } })
  await alice.types('/quay build start acme/api https://downloads.example.com/fail.tar.gz', 'acme-dev')

  const shown = async () => (await bea.sees('acme-dev')).filter(({ ephemeral }) => !ephemeral)
  await expect.poll(async () => (await shown())[0]?.text, { timeout: 30_000 }).toMatch(/> (?:queued|pulling|running)/)
  await bea.post('clock', { advance_ms: 60_000 })
  await expect
    .poll(async () => (await shown()).map(({ text }) => text).join('\n'), { timeout: 40_000 })
    .toMatch(/failed\.\n.*your build failed/)

  const [card, lines] = await shown()
  expect(await shown()).toHaveLength(2)
  expect(JSON.stringify(card?.blocks)).toContain('Started by *alice* from Slack')
  expect(JSON.stringify(card?.blocks)).not.toContain('<@')
  expect(lines?.text).toBe('acme/api: <@U0ALICE>, your build failed.')
  expect(JSON.stringify(lines?.blocks)).toContain('--- FAIL: TestCheckout')
  expect(lines?.thread_ts).toBe(card?.ts)
  expect((await bea.presses('Logs', card ?? { ts: '' }, 'acme-dev')).ephemeral).toBe(true)
})

test('somebody without a right presses: the refusal is theirs alone, and nothing is started', async () => {
  const { alice, grace, bea, changes } = await startBot({ policy: { archives: { hosts: ['*.example.com'] } } })
  await alice.types('/quay build start acme/api https://downloads.example.com/fail.tar.gz', 'acme-dev')
  await bea.post('clock', { advance_ms: 60_000 })
  const card = async () => (await bea.sees('acme-dev')).find(({ ephemeral, text }) => !ephemeral && /failed\.$/.test(text))
  await expect.poll(card, { timeout: 40_000 }).toBeDefined()

  const before = changes().length
  const refusal = await grace.presses('Retry', (await card()) ?? { ts: '' }, 'acme-dev')
  expect(refusal.ephemeral).toBe(true)
  expect(changes()).toHaveLength(before)
})

test('started where the bot is not, the card comes by direct message, with an invitation', async () => {
  const { alice } = await startBot({ policy: { archives: { hosts: ['*.example.com'] } } })
  await alice.sends('/quay build start acme/api https://downloads.example.com/api.tar.gz', 'random')
  await expect
    .poll(async () => JSON.stringify(await alice.sees('alice')), { timeout: 30_000 })
    .toContain('Invite it with `/invite @quaymaster`')
})
