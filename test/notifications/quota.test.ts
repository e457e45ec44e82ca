import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

const channel = 'acme-dev'

test('acme’s quota fills up: Quay tells of each limit once, and the card says what Quay has now', async () => {
  const { alice, bea, dora, quay } = await startBot({ policy: { approvals: [] } })
  await dora.types('/quay quota set acme 100GB warn=80 reject=90')
  expect((await alice.types('/quay subscribe acme/* events=quota', channel)).text).toContain('You need to be an *admin* of acme')
  expect((await bea.types('/quay subscribe acme/web events=quota', channel)).text).toContain(
    'Quotas apply to the whole namespace. Subscribe to acme/* instead.',
  )
  expect((await bea.types('/quay subscribe acme/* events=quota', 'general')).text).toContain(
    'People from other workspaces can read this channel',
  )
  const preview = await bea.types('/quay subscribe acme/* events=quota', channel)
  expect(preview.text).toBe('This creates 2 notifications in Quay (0 repositories).')
  await bea.presses('Subscribe', preview, channel)
  const acme = quay.registry.organizations.find(({ name }) => name === 'acme')
  const ours = () => acme?.notifications.map(({ event }) => event)
  await expect.poll(ours, { timeout: 20_000 }).toEqual(['quota_warning', 'quota_error'])
  expect((await bea.types('/quay subscription test acme/*', channel)).text).toMatch(
    /:white_check_mark: Test event of .* received after [\d,]+ ms\./,
  )

  const used = quay.registry.repositories.filter(({ namespace }) => namespace === 'acme').flatMap(({ manifests }) => manifests)
  const bytes = used.reduce((sum, { size }) => sum + size, 0)
  if (acme?.quotas[0]) acme.quotas[0].limitBytes = Math.round(bytes / 0.85)
  await bea.post('clock', { advance_ms: 1_000 })
  await bea.post('clock', { advance_ms: 1_000 })

  const said = async () =>
    (await bea.sees(channel)).filter(({ text, ephemeral }) => !ephemeral && text.includes('quota')).map(({ text }) => text)
  await expect
    .poll(said, { timeout: 30_000 })
    .toEqual([expect.stringMatching(/^:warning: `acme`: 85 % of the storage quota used: .* of .*\./)])

  await bea.types('/quay unsubscribe acme/*', channel)
  await expect.poll(ours, { timeout: 20_000 }).toEqual([])
})

test('a registry that does not tell of quotas: the bot looks every ten minutes, and says each limit once', async () => {
  const started = await startBot({ policy: { approvals: [] } })
  const { bea, dora, quay } = started
  quay.registry.features.QUOTA_NOTIFICATIONS = false
  await started.restart()
  await dora.types('/quay quota set acme 1MB warn=80')
  const preview = await bea.types('/quay subscribe acme/* events=quota', channel)
  expect(preview.text).toBe('This creates 0 notifications in Quay (0 repositories).')
  await bea.presses('Subscribe', preview, channel)
  const said = async () => (await bea.sees(channel)).filter(({ text, ephemeral }) => !ephemeral && text.includes('quota'))
  for (let passed = 0; passed < 3; passed += 1) await bea.post('clock', { advance_ms: 11 * 60_000 })
  await expect.poll(async () => (await said()).length, { timeout: 30_000 }).toBe(1)
  expect((await said())[0]?.text).toContain('of the storage quota used')
})
