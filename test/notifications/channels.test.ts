import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { startBuild } from './builds.ts'

const own = 'acme-dev'
const shared = 'general'
const elevenMinutes = 11 * 60_000

let started: Awaited<ReturnType<typeof startBot>>
beforeAll(async () => {
  started = await startBot({ until: afterAll, policy: { archives: { hosts: ['*.example.com'] } } })
})

const said = async (place: string) => (await started.bea.sees(place)).filter(({ ephemeral }) => !ephemeral)
const textsIn = async (place: string) => (await said(place)).map(({ text }) => text).join('\n')
const channelOf = (name: string) => {
  const found = started.slack.workspace.channels.find((one) => one.name === name)
  if (!found) throw new Error(`there is no channel ${name}`)
  return found
}

test('where the bot is not, bea is told to invite it; once it is there, the same commands do what they say', async () => {
  const { bea, quay, slack } = started
  const refusal = await bea.types('/quay subscribe acme/api events=pushes', 'random')
  expect(refusal).toMatchObject({
    ephemeral: true,
    text: expect.stringContaining('Quaymaster is not in this channel. Invite it with /invite @quaymaster, then try again.'),
  })
  await bea.sends('/quay build start acme/api https://downloads.example.com/api.tar.gz', 'random')
  await expect.poll(() => textsIn('bea'), { timeout: 30_000 }).toMatch(/acme\/api.*build/)
  expect(JSON.stringify(await said('bea'))).toContain('Invite it with `/invite @quaymaster`')

  await slack.joins('U0QUAYBOT', channelOf('random').id)
  expect((await bea.types('/quay subscribe acme/api events=pushes', 'random')).text).toContain('Subscribed this channel to *pushes*')
  await bea.sends('/quay build start acme/api https://downloads.example.com/api.tar.gz', 'random')
  quay.registry.pushTag('acme/api', 'invited', 'acme+ci')
  await expect.poll(() => textsIn('random'), { timeout: 30_000 }).toContain('`invited` pushed')
  await bea.post('clock', { advance_ms: 60_000 })
  await expect.poll(() => textsIn('random'), { timeout: 30_000 }).toMatch(/:white_check_mark: .*\|build> succeeded\./)
  await expect.poll(() => textsIn('bea'), { timeout: 30_000 }).toMatch(/:white_check_mark: .*\|build> succeeded\./)
  await bea.types('/quay unsubscribe acme/api', 'random')
})

test('the bot is taken out of a channel: each subscription ends and its owner is told once; invited and subscribed again, the card that stands there lives on', async () => {
  const { bea, quay, origin } = started
  await bea.types('/quay subscribe acme/api events=builds,pushes', own)
  const build = await startBuild({ bea, quay, origin })
  await build.settles(/> (?:queued|pulling|running)/)
  const channel = channelOf(own)
  const members = channel.members
  channel.members = members.filter((id) => id !== 'U0QUAYBOT')
  for (const name of ['one', 'two']) quay.registry.pushTag('acme/api', name, 'acme+ci')
  const told = async () => (await said('bea')).filter(({ text }) => text.includes('has ended'))
  await expect.poll(told, { timeout: 30_000 }).toHaveLength(1)
  expect((await told())[0]?.text).toBe(
    `The subscription to acme/api in <#${channel.id}> has ended: Quaymaster was removed from the channel. Invite Quaymaster and subscribe again.`,
  )
  quay.registry.pushTag('acme/api', 'three', 'acme+ci')
  await bea.post('clock', { advance_ms: 60_000 })
  await expect.poll(() => started.repository('acme/api')?.notifications, { timeout: 20_000 }).toEqual([])

  channel.members = members
  await bea.types('/quay subscribe acme/api events=builds,pushes', own)
  await build.settles(/succeeded/)
  quay.registry.pushTag('acme/api', 'four', 'acme+ci')
  await expect.poll(() => textsIn(own), { timeout: 30_000 }).toContain('`four` pushed.')
  expect(await textsIn(own)).not.toMatch(/`(one|two|three)` pushed/)
  expect(await told()).toHaveLength(1)
})

test('where people of other workspaces read, builds and pushes of public repositories are told, without logs, and of private ones not even the name', async () => {
  const { bea, quay, origin, repository } = started
  await bea.presses('Subscribe', await bea.types('/quay subscribe acme/* events=builds,pushes', shared), shared)
  const heard = () => repository('acme/shop')?.notifications.map(({ event }) => event)
  await expect.poll(heard, { timeout: 20_000 }).toContain('repo_push')
  // Subscribed to when nobody else read along.
  channelOf(own).is_ext_shared = true
  const before = (await said(own)).length
  await bea.post('clock', { advance_ms: 61_000 })

  const archive = 'https://downloads.example.com/fail.tgz'
  quay.registry.pushTag('acme/api', 'private', 'acme+ci')
  const known = (await said('bea')).length
  await bea.sends('/quay build start acme/api https://downloads.example.com/fail.tar.gz', shared)
  await expect.poll(async () => (await said('bea')).length, { timeout: 30_000 }).toBe(known + 1)
  const open = await startBuild({ bea, quay, origin, archive, repository: 'acme/shop', channel: shared })
  quay.registry.pushTag('acme/shop', 'public', 'acme+ci')
  await bea.post('clock', { advance_ms: 60_000 })
  await open.settles(/failed\.$/)
  await expect.poll(() => textsIn(shared), { timeout: 30_000 }).toMatch(/:package: .*acme\/shop.*: .*`public` pushed\./)
  await expect.poll(async () => JSON.stringify(await open.thread()), { timeout: 30_000 }).toContain('Press Logs to see why.')
  const card = async () => (await said('bea')).findLast(({ text }) => /^:x: .*acme\/api.* failed\.$/.test(text))
  await expect.poll(card, { timeout: 30_000 }).toBeDefined()
  expect(JSON.stringify(await card())).not.toContain('Quaymaster is not in')

  const owners = quay.registry.organizations.find(({ name }) => name === 'acme')?.teams.find(({ members }) => members.includes('bea'))
  if (owners) owners.members = owners.members.filter((name) => name !== 'bea')
  await bea.post('clock', { advance_ms: elevenMinutes })
  await expect.poll(() => textsIn('bea'), { timeout: 30_000 }).toContain('The subscription to acme/api is paused')
  await expect.poll(() => textsIn(shared), { timeout: 30_000 }).toContain('The subscription to acme/* is paused')

  const strangersRead = JSON.stringify([await said(shared), (await said(own)).slice(before)])
  expect(strangersRead).not.toMatch(/acme\/(api|base|legacy)|private|TestCheckout/)
  expect((await said(own)).length).toBe(before)
})
