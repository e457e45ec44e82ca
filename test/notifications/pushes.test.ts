import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

test('two pushes of latest with byte-identical bodies are two pushes', async () => {
  const { bea, quay } = await startBot()
  await bea.types('/quay subscribe acme/api events=pushes', 'acme-dev')

  quay.registry.pushTag('acme/api', 'latest', 'acme+ci')
  quay.registry.pushTag('acme/api', 'latest', 'acme+ci')

  const pushes = async () => (await bea.sees('acme-dev')).filter(({ ephemeral, text }) => !ephemeral && text.includes('` pushed.'))
  await expect.poll(async () => (await pushes()).length, { timeout: 30_000 }).toBe(2)
  expect(new Set((await pushes()).map(({ blocks }) => JSON.stringify(blocks))).size).toBe(2)
})

test('the vulnerabilities of one image are one card, with package, link and what mends them', async () => {
  const { bea, quay, post } = await withClock()
  await bea.types('/quay subscribe acme/api events=vulnerabilities severity=high', 'acme-dev')

  quay.registry.pushTag('acme/api', 'vulnerable-1', 'acme+ci')
  await post(10_000)

  const cards = async () => (await bea.sees('acme-dev')).filter(({ ephemeral }) => !ephemeral)
  await expect.poll(async () => (await cards()).length, { timeout: 30_000 }).toBe(1)
  const [card] = await cards()
  expect(card?.text).toContain('1 critical vulnerability, 1 high vulnerability, 1 medium vulnerability')
  expect(JSON.stringify(card?.blocks)).toContain('fixed in `1:3.0.7-28.el9`')
  expect(JSON.stringify(card?.blocks)).not.toContain('CVE-2025-9931')
})

async function withClock() {
  const started = await startBot()
  return { ...started, post: (advance_ms: number) => started.bea.post('clock', { advance_ms }) }
}
