import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { ownHook, ownSubscription } from './hooks.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const soon = { timeout: 30_000, interval: 30 }

test('tags that will expire are named with their moments; those that stay are not', async () => {
  const { bea, quay } = started
  await ownSubscription(started, 'C0ACMEDEV', 'acme/api', ['expiry'])
  quay.registry.pushTag('acme/api', 'stays', 'acme+ci')
  quay.registry.pushTag('acme/api', 'goes', 'acme+ci')
  const until = Math.floor(started.clock.now() / 1000) * 1000 + 3 * 24 * 3_600_000
  await bea.presses('Change', await bea.types(`/quay tag expire acme/api:goes ${new Date(until).toISOString().slice(0, 10)}`))
  const { send } = await ownHook(started, 'acme/api', 'repo_image_expiry')
  expect(await send({ tags: ['goes', 'stays'], repository: 'acme/api' })).toBe(200)
  const told = async () => (await bea.sees('acme-dev')).filter(({ ephemeral, text }) => !ephemeral && text.includes('will expire'))
  await expect.poll(async () => (await told()).length, soon).toBe(1)
  const [card] = await told()
  expect(card?.text).toMatch(/acme\/api.*: 1 tag will expire\./)
  expect(JSON.stringify(card?.blocks)).toMatch(/`goes` on <!date\^\d+/)
  expect(JSON.stringify(card?.blocks)).not.toContain('stays')
})

test('a subscription says which tags alone it is for', async () => {
  const { bea } = started
  await bea.types('/quay subscribe acme/base events=pushes tags=rc*,v1', 'acme-dev')
  expect(JSON.stringify(await bea.types('/quay subscription show acme/base', 'acme-dev'))).toMatch(/only the tags `rc\*`(?:,| and) `v1`/)
  await bea.types('/quay subscribe acme/legacy events=pushes', 'acme-dev')
  expect(JSON.stringify(await bea.types('/quay subscription show acme/legacy', 'acme-dev'))).not.toContain('only the tags')
})
