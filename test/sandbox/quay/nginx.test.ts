import { expect, test } from 'vitest'
import { openNginx, quaysLimit } from '../../../src/sandbox/quay/nginx.ts'
import { startBot } from '../../start-bot.ts'

test('nginx lets twenty-six calls through at once, then five a second of each address', () => {
  const passes = openNginx()
  const at = (now: number, address = '10.0.0.1') => passes(quaysLimit, address, now)
  expect(Array.from({ length: 30 }, () => at(0)).filter(Boolean)).toHaveLength(26)
  expect(at(100)).toBe(false)
  expect(at(200)).toBe(true)
  expect(at(300)).toBe(false)
  // A second later five more fit, and another address is not concerned.
  expect(Array.from({ length: 10 }, () => at(1200)).filter(Boolean)).toHaveLength(5)
  expect(at(1200, '10.0.0.2')).toBe(true)
})

test('beyond that Quay’s API answers 429 with a page of nginx, and remembers that it was asked', async () => {
  const { quay, origin } = await startBot()
  quay.set({ callLimit: { rate: 0.001, burst: 0 } })
  const headers = { authorization: `Bearer ${quay.tokenOf('alice')}` }
  const ask = () => fetch(`${origin}/api/v1/user/`, { headers })
  // The bot asks from the same address, and may have been first.
  await ask()
  const refused = await ask()
  expect(refused.status).toBe(429)
  expect(await refused.text()).toContain('<center>nginx</center>')
  expect(quay.exchanges).toContainEqual(expect.objectContaining({ status: 429, path: '/api/v1/user/' }))
})
