import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

test('a mistake in a simulator is one answer, not the end of the sandbox', async () => {
  const { alice, quay, origin } = await startBot()
  quay.faults({ status: 99, times: 1, match: 'GET /api/v1/discovery' })
  expect((await fetch(`${origin}/api/v1/discovery`)).status).toBe(500)
  expect((await alice.types('/quay repo show acme/api')).text).toContain('acme/api')
})

test('the first commands of the README do in the sandbox, offline, what they say', async () => {
  const { alice, bea, dora } = await startBot()
  expect((await dora.types('/quay repo create acme/web description="Front page"', 'acme-dev')).text).toContain('acme/web')
  const build = '/quay build start acme/web archive_url=https://example.com/web.tar.gz'
  expect((await bea.types(build, 'acme-dev')).text).toContain('queued')
  expect((await bea.types('/quay logs namespace acme', 'acme-dev')).text).toContain('acme')
  expect((await alice.types('/quay can-i write acme/web', 'acme-dev')).text).toContain('*write* permission on `acme/web`')
})

test('npm start begins with #acme-dev subscribed to what changes in acme/api; starting over leaves that as it is', async () => {
  const { bea, quay } = await startBot({ subscribed: true })
  const ours = () => quay.registry.repositories.find(({ name }) => name === 'api')?.notifications.length
  await expect.poll(ours, { timeout: 20_000 }).toBe(5)
  expect((await bea.types('/quay subscription list', 'acme-dev')).text).toContain('This channel has 1 subscription')
  await bea.post('reset', {})
  expect(ours()).toBe(0)
  await expect.poll(ours, { timeout: 20_000 }).toBe(5)
  expect((await bea.types('/quay subscription list', 'acme-dev')).text).toContain('This channel has 1 subscription')
  expect(JSON.stringify(await bea.sees('acme-dev'))).not.toContain('Quay had disabled the notifications of')
})
