import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

test('Quay’s own notifications: the address comes by the modal alone, and is seen by nobody', async () => {
  const { alice, bea, quay, changes, log } = await startBot({ policy: { approvals: [] } })
  const api = quay.registry.repositories.find(({ name }) => name === 'api')
  const address = 'https://hooks.example.com/services/Canary-5ac1'
  expect((await bea.types('/quay notification list acme/api')).text).toBe('*acme/api* has no notifications.')
  expect((await bea.types(`/quay notification create acme/api repo_push webhook url=${address}`)).text).toContain('is a credential')
  expect((await bea.types(`/quay notification create acme/api repo_push webhook ${address}`)).text).toContain('is a credential')
  expect((await bea.types('/quay notification create acme/api repo_push webhook')).text).toContain(
    'A webhook needs a URL. Run the command without method and enter the URL in the dialog.',
  )
  expect((await bea.types('/quay notification create acme/api repo_image_expiry email email=ops@example.com')).text).toContain(
    'Enter the number of days: without it Quay never sends this notification.',
  )
  expect((await bea.types('/quay notification create acme/api repo_push email email=ops@example.com')).text).toContain(
    'Quay sends e-mail only to confirmed addresses. Add it once in the Quay web console, and Quay asks the owner to confirm.',
  )
  expect((await bea.types('/quay notification create acme/api repo_push email email=ops@example.com --dry-run')).text).toContain(
    '"event":"repo_push"',
  )
  expect(api?.notifications).toEqual([])

  const modal = await bea.opens('/quay notification create acme/api vulnerability_found')
  await bea.submits(modal, { repository: 'acme/api', event: 'vulnerability_found', method: 'slack', url: address })
  await expect.poll(async () => JSON.stringify(await bea.sees()), { timeout: 20_000 }).toContain('Created a Quay notification for')
  expect(api?.notifications).toHaveLength(1)
  const [made] = api?.notifications ?? []
  expect(made).toMatchObject({ event: 'vulnerability_found', method: 'slack', config: { url: address }, eventConfig: { level: '1' } })

  if (made) made.failures = 3
  const list = await bea.types('/quay notification list acme/api')
  expect(JSON.stringify(list.blocks)).toContain(' – Vulnerability found, Slack message, 3')
  expect((await bea.types(`/quay notification test acme/api ${made?.uuid}`)).text).toBe(`Queued a test of \`${made?.uuid.slice(0, 8)}\`.`)
  const preview = await bea.types(`/quay notification delete acme/api ${made?.uuid}`)
  expect(changes().filter((call) => call.startsWith('DELETE'))).toEqual([])
  expect((await bea.presses('Delete', preview)).text).toContain('Deleted notification')
  expect(api?.notifications).toEqual([])
  expect((await bea.types('/quay notification delete acme/api nonsense')).text).toBe('acme/api has no notification nonsense.')
  expect(`${log()}${JSON.stringify(await bea.sees())}`).not.toContain('Canary-5ac1')

  for (const words of ['list acme/api', 'create acme/api repo_push email email=ops@example.com', 'test acme/api x', 'delete acme/api x'])
    expect((await alice.types(`/quay notification ${words}`)).text).toContain('You need to be an *admin* of acme/api.')
  quay.faults({ status: 503 })
  expect((await bea.types('/quay notification list acme/api')).text).toBe('Quay is not available right now.')
})

test('build triggers are listed and run by admins', async () => {
  const { alice, bea, quay, changes } = await startBot({ policy: { approvals: [] } })
  const api = quay.registry.repositories.find(({ name }) => name === 'api')
  const id = 'f081bffa-f0e8-41d0-baeb-77bcf8292ef0'
  expect((await bea.types('/quay trigger list acme/base')).text).toBe('*acme/base* has no build triggers.')
  const config = { dockerfile_path: '/Dockerfile', context: '/' }
  api?.triggers.push({
    id,
    service: 'custom-git',
    enabled: true,
    active: true,
    config,
    buildSource: 'git@example.com:acme/api.git',
    repositoryUrl: null,
    pullRobot: null,
    disabledReason: null,
  })
  expect(JSON.stringify((await bea.types('/quay trigger list acme/api')).blocks)).toContain(
    `• ${id.slice(0, 8)} – custom-git, git@example.com:acme/api.git, /Dockerfile`,
  )

  expect((await bea.types(`/quay trigger run acme/api ${id}`)).text).toBe('A custom Git trigger needs the commit to build.')
  expect((await bea.types(`/quay trigger run acme/api ${id} commit=1c002dd --dry-run`)).text).toContain(`/trigger/${id}/start`)
  expect(changes()).toEqual([])
  const started = await bea.types(`/quay trigger run acme/api ${id} commit=1c002dd`)
  expect(started.text).toContain('waiting for a builder')
  expect(JSON.stringify(started.blocks)).toContain('custom-git')
  expect((await bea.types(`/quay build retry acme/api ${api?.builds.at(-1)?.uuid}`)).text).toContain(
    `/quay trigger run acme/api ${id.slice(0, 8)}`,
  )
  expect((await bea.types('/quay trigger run acme/api nonsense')).text).toBe('acme/api has no build trigger nonsense.')
  for (const words of ['list acme/api', `run acme/api ${id}`])
    expect((await alice.types(`/quay trigger ${words}`)).text).toContain('You need to be an *admin* of acme/api.')

  quay.faults({ cut: true, match: '/start', times: 1 })
  expect((await bea.types(`/quay trigger run acme/api ${id} commit=1c002dd`)).text).toContain('result is unknown')
  quay.faults({ status: 503 })
  expect((await bea.types('/quay trigger list acme/api')).text).toBe('Quay is not available right now.')
})
