import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

test('notifications that subscriptions have made are counted, and not listed among Quay’s own', async () => {
  const { alice, bea, quay, repository } = await startBot()
  await bea.types('/quay subscribe acme/api events=builds,pushes', 'acme-dev')
  await bea.types('/quay notification create acme/api repo_push quay_notification target=bea')
  const made = repository('acme/api')?.notifications.length ?? 0
  expect(made).toBeGreaterThan(2)
  const listed = JSON.stringify(await bea.types('/quay notification list acme/api'))
  expect(listed).toContain(`Quaymaster also has ${made - listed.split('• ').length + 1} of its own here`)
  expect(listed).not.toContain('Quaymaster 1')
  expect((await alice.types('/quay notification list acme/api')).text).toContain('You need')
  quay.faults({ status: 503 })
  expect((await bea.types('/quay notification list acme/api')).text).toContain('Quay is not available')
})
