import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { startInQuay } from './builds.ts'
import { untilHour } from './nine.ts'

const channel = 'acme-dev'
const elevenMinutes = 11 * 60_000

test('bea loses the right and gets it back: her subscription is paused, says so, tells nothing meanwhile, and goes on', async () => {
  const { bea, quay } = await startBot()
  await bea.types('/quay subscribe acme/api events=pushes', channel)
  const owners = quay.registry.organizations.find(({ name }) => name === 'acme')?.teams.find(({ members }) => members.includes('bea'))
  if (!owners) throw new Error('bea is in no team')
  const before = owners.members
  owners.members = before.filter((name) => name !== 'bea')
  const said = async (place: string) =>
    (await bea.sees(place))
      .filter(({ ephemeral }) => !ephemeral)
      .map(({ text }) => text)
      .join('\n')

  await bea.post('clock', { advance_ms: elevenMinutes })
  await expect.poll(() => said(channel), { timeout: 30_000 }).toContain('The subscription to acme/api is paused')
  await expect.poll(() => said('bea'), { timeout: 30_000 }).toContain('The subscription to acme/api is paused')
  await bea.post('clock', { advance_ms: 30_000 })
  quay.registry.pushTag('acme/api', 'latest', 'acme+ci')

  owners.members = before
  await bea.post('clock', { advance_ms: elevenMinutes })
  await expect
    .poll(() => said(channel), { timeout: 30_000 })
    .toContain('The subscription to acme/api is active again: the subscriber has admin permission in Quay again.')
  quay.registry.pushTag('acme/api', 'latest', 'acme+ci')
  await expect.poll(() => said(channel), { timeout: 30_000 }).toContain('`latest` pushed')
  expect((await said(channel)).match(/`latest` pushed/g)).toHaveLength(1)
})

test('only=changes: broke in a card, still broken in its thread, fixed in a card of its own; what changes nothing is not told', async () => {
  const { bea, quay, origin } = await startBot()
  await bea.types('/quay subscribe acme/api only=changes', channel)
  const builds = quay.registry.repositories.find(({ namespace, name }) => `${namespace}/${name}` === 'acme/api')?.builds
  if (builds) builds.length = 0
  const shown = async () => (await bea.sees(channel)).filter(({ ephemeral }) => !ephemeral)
  const run = async (archive: string) => {
    await startInQuay({ quay, origin, archive })
    await bea.post('clock', { advance_ms: 60_000 })
  }
  await run('https://downloads.example.com/api.tgz')
  await run('https://downloads.example.com/fail.tgz')
  await expect.poll(async () => (await shown()).length, { timeout: 30_000 }).toBe(2)
  await run('https://downloads.example.com/fail.tgz')
  await expect.poll(async () => (await shown()).length, { timeout: 30_000 }).toBe(3)
  await run('https://downloads.example.com/api.tgz')
  await expect.poll(async () => (await shown()).length, { timeout: 30_000 }).toBe(4)

  const all = await shown()
  const threadOf = (index: number) => all[index]?.thread_ts
  expect(all.map(({ text }) => text)).toEqual([
    expect.stringContaining('failed (previous one succeeded)'),
    'acme/api: build failed.',
    'acme/api: build failed again.',
    expect.stringContaining('fixed (previous one failed)'),
  ])
  expect([threadOf(1), threadOf(2)]).toEqual([all[0]?.ts, all[0]?.ts])
  expect(threadOf(3)).not.toBe(all[0]?.ts)
})

test('a daily digest comes at nine where the subscriber lives: new, fixed and still open, and nothing else is posted; a channel that was muted hears what was new meanwhile', async () => {
  const { bea, quay, clock, slack } = await startBot()
  const muted = 'quay-approvals'
  for (const place of [channel, muted])
    await bea.types('/quay subscribe acme/api events=pushes,vulnerabilities severity=high digest=daily', place)
  await bea.types('/quay subscription mute acme/api for=1w', muted)
  quay.registry.pushTag('acme/api', 'vulnerable-1', 'acme+ci')
  await bea.post('clock', { advance_ms: 60_000 })
  const shown = async (place = channel) => (await bea.sees(place)).filter(({ ephemeral }) => !ephemeral)
  const untilNine = () => untilHour(9, clock.now(), slack.workspace.users.find(({ id }) => id === 'U0BEA')?.tz) + 60_000
  expect(await shown()).toEqual([])
  await bea.post('clock', { advance_ms: untilNine() })
  await expect.poll(async () => (await shown()).length, { timeout: 30_000 }).toBe(1)
  expect((await shown())[0]?.text).toContain('Digest of *acme/api*')
  expect(JSON.stringify((await shown())[0]?.blocks)).toMatch(/1 push\..*Vulnerabilities: 2 new, 0 fixed, 0 still open/)

  quay.registry.pushTag('acme/api', 'vulnerable-1', 'acme+ci')
  await bea.post('clock', { advance_ms: untilNine() })
  await expect.poll(async () => (await shown()).length, { timeout: 30_000 }).toBe(2)
  expect(JSON.stringify((await shown())[1]?.blocks)).toMatch(/Vulnerabilities: 0 new, 0 fixed, 2 still open/)

  expect(await shown(muted)).toEqual([])
  await bea.post('clock', { advance_ms: 7 * 24 * 3_600_000 })
  await expect.poll(async () => (await shown(muted)).length, { timeout: 30_000 }).toBe(1)
  expect(JSON.stringify((await shown(muted))[0]?.blocks)).toMatch(/Vulnerabilities: 2 new, 0 fixed, 0 still open/)
})
