import { expect, test } from 'vitest'
import { events } from '../../src/db/schema.ts'
import { startBot } from '../start-bot.ts'

test('below a path of a shared ingress Quay reaches the bot, whether the ingress cuts the path or leaves it', async () => {
  const { bea, bot, origin, quay } = await startBot()
  bot.config.PUBLIC_URL = `${origin}/apps/quaymaster`
  expect((await bea.types('/quay subscribe acme/api events=pushes', 'acme-dev')).text).toContain('Subscribed')
  const addressOf = () =>
    quay.registry.repositories.find(({ name }) => name === 'api')?.notifications.map(({ config }) => String(config.url)) ?? []
  await expect.poll(addressOf, { timeout: 30_000 }).toEqual([expect.stringMatching(/\/apps\/quaymaster\/quay\/events\/[\w-]+$/)])

  const [left = ''] = addressOf()
  for (const url of [left, left.replace('/apps/quaymaster', '')]) {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ updated_tags: [url.length] }) })
    expect(response.status).toBe(200)
  }
  expect(await bot.db.select().from(events)).toHaveLength(2)
  expect((await fetch(`${origin}/apps/quaymaster/healthz`)).status).toBe(200)
  expect((await fetch(`${origin}/apps/quaymaster2/healthz`)).status).toBe(404)
})
