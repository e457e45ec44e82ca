import { expect, test } from 'vitest'
import { cards } from '../../src/db/schema.ts'
import { sendDigests } from '../../src/notifications/digest.ts'
import { startBot } from '../start-bot.ts'
import { ownSubscription } from './hooks.ts'

test('three channels get a digest of one namespace: its repositories are listed once, and each image is looked at once', async () => {
  const started = await startBot()
  const { bot, quay } = started
  quay.registry.pushTag('acme/api', 'vulnerable-1', 'acme+ci')
  const due = { digest: 'daily', digestDueAt: new Date(bot.clock() - 1_000) }
  for (const [index, channel] of ['C0ACMEDEV', 'C0GENERAL', 'C0QUAYAPPROVALS'].entries())
    await ownSubscription(started, channel, 'acme/*', ['pushes', 'vulnerabilities'], {
      ...due,
      id: `s${index}`,
      severity: ['high', 'unknown', 'critical'][index],
    })
  const from = quay.exchanges.length
  await sendDigests(bot)
  await expect.poll(async () => (await bot.db.select().from(cards)).length).toBe(3)
  const asked = quay.exchanges.slice(from).map(({ path }) => path)
  // A person's suggestions and the pass over the namespace ask for it in other words, or not at this moment.
  const scans = asked.filter((path) => path.includes('/security'))
  expect(scans.length).toBeGreaterThan(0)
  expect(scans.length).toBe(new Set(scans).size)
  expect(asked.filter((path) => path.includes('/acme/api/tag/')).length).toBe(1)
})
