import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

const channel = 'acme-dev'

let started: Awaited<ReturnType<typeof startBot>>
beforeAll(async () => {
  started = await startBot({ until: afterAll })
})

test('bea subscribes, lists, tests, mutes and unsubscribes; Quay gets and loses our notifications', async () => {
  const { bea, quay } = started
  const ours = () => quay.registry.repositories.flatMap(({ notifications }) => notifications).map(({ event }) => event)

  expect((await bea.types('/quay subscribe acme/api events=builds,pushes', channel)).text).toBe(
    'Subscribed this channel to *builds, pushes* of `acme/api`.',
  )
  expect(ours()).toEqual(['build_queued', 'build_start', 'build_success', 'build_failure', 'build_cancelled', 'repo_push'])
  expect((await bea.types('/quay subscription list', channel)).text).toContain('This channel has 1 subscription')
  expect((await bea.types('/quay subscription test acme/api', channel)).text).toMatch(
    /:white_check_mark: Test event of .* received after [\d,]+ ms\./,
  )
  expect((await bea.types('/quay subscription mute acme/api for=1d', channel)).text).toContain('Muted `acme/api` until')
  expect((await bea.types('/quay unsubscribe acme/api', channel)).text).toBe('Unsubscribed this channel from `acme/api`.')
  await expect.poll(ours, { timeout: 20_000 }).toEqual([])
})

test('Quay’s answers are lost, every time: to subscribe again does no harm, and that is what is said', async () => {
  const { bea, quay } = started
  const made = () => quay.registry.repositories.find(({ name }) => name === 'base')?.notifications.length
  quay.faults({ cut: true, match: 'POST ' })
  const lost = await bea.types('/quay subscribe acme/base', channel)
  expect(JSON.stringify(lost.blocks)).toContain('Quay did not confirm this. It is safe to run it again.')
  quay.faults(undefined)
  expect((await bea.types('/quay subscribe acme/base', channel)).text).toContain('Subscribed this channel to')
  const once = made()
  expect((await bea.types('/quay subscribe acme/base', channel)).text).toContain('Subscribed this channel to')
  expect(made()).toBe(once)
  expect((await bea.types('/quay unsubscribe acme/base', channel)).text).toContain('Unsubscribed this channel from')
  await expect.poll(made, { timeout: 20_000 }).toBe(0)
})

test('alice, who does not administer the repository, subscribes to nothing, and Quay hears nothing', async () => {
  const { alice, changes } = started
  const before = changes()
  for (const command of ['subscribe', 'unsubscribe', 'subscription mute', 'subscription test']) {
    expect((await alice.types(`/quay ${command} acme/api`, channel)).text).toContain('You need to be an *admin* of acme/api')
  }
  expect(changes()).toEqual(before)
})

test('where the bot is not, and where strangers read along, nothing private is subscribed to', async () => {
  const { bea, changes } = started
  const before = changes()
  expect((await bea.types('/quay subscribe acme/api', 'random')).text).toContain('Quaymaster is not in this channel')
  expect((await bea.types('/quay subscribe acme/api', 'general')).text).toContain('People from other workspaces can read this channel')
  expect(changes()).toEqual(before)
})

test('Quay does not answer: the subscription is not made, and bea is told to try again', async () => {
  const { bea, quay } = started
  quay.faults({ status: 503, match: 'POST /api/v1/repository/acme/api/notification' })
  const reply = await bea.types('/quay subscribe acme/api', channel)
  expect(JSON.stringify(reply)).toMatch(/Try again|did not confirm/)
  quay.faults(undefined)
  expect((await bea.types('/quay subscription list', channel)).text).toBe('This channel has no subscriptions.')
})

test('a whole namespace: what it makes is shown first, and then made by itself, also for repositories to come', async () => {
  const { bea, quay } = started
  const preview = await bea.types('/quay subscribe acme/* events=pushes', channel)
  expect(preview.text).toBe('This creates 4 notifications in Quay (4 repositories).')
  expect((await bea.presses('Subscribe', preview, channel)).text).toContain('`acme/*`')
  const ours = () => quay.registry.repositories.filter(({ notifications }) => notifications.length === 1).map(({ name }) => name)
  await expect.poll(ours, { timeout: 20_000 }).toEqual(['api', 'shop', 'base', 'legacy'])

  await bea.types('/quay repo create acme/fresh', channel)
  await bea.post('clock', { advance_ms: 60_000 })
  await expect.poll(ours, { timeout: 20_000 }).toContain('fresh')
})

test('the policy’s ceiling holds', async () => {
  const { bea, changes } = await startBot({ policy: { subscriptions: { ceiling: 3 } } })
  expect((await bea.types('/quay subscribe acme/* events=pushes', channel)).text).toContain('the policy allows 3')
  expect(changes()).toEqual([])
})

test('Quay switched our notification off: it is switched on again, what was missed is told, and the channel hears of the gap', async () => {
  const { bea, quay } = started
  await bea.types('/quay subscribe acme/api events=pushes', channel)
  const notification = started.repository('acme/api')?.notifications[0]
  if (!notification) throw new Error('no notification')
  notification.failures = 3
  quay.registry.pushTag('acme/api', 'missed', 'acme+ci')

  await bea.post('clock', { advance_ms: 11 * 60_000 })

  const texts = async () => (await bea.sees(channel)).map(({ text }) => text).join('\n')
  // A look that was under way when the clock was moved has seen it as it was, and the next comes minutes later.
  const aMinuteLater = async () => {
    await bea.post('clock', { advance_ms: 60_000 })
    return texts()
  }
  await expect.poll(aMinuteLater, { timeout: 30_000, interval: 500 }).toContain('Quay had disabled the notifications of acme/api')
  await expect.poll(texts, { timeout: 30_000 }).toContain('`missed` pushed')
  expect(notification.failures).toBe(0)
})

test('the channel is archived: the subscription ends, and its owner is told why by direct message', async () => {
  const { bea, quay, slack } = started
  await bea.types('/quay subscribe acme/api events=pushes', channel)
  slack.faults({ archived: ['C0ACMEDEV'] })
  quay.registry.pushTag('acme/api', 'latest', 'acme+ci')
  const said = async () => (await bea.sees('bea')).map(({ text }) => text).join('\n')
  await expect.poll(said, { timeout: 30_000 }).toContain('has ended: the channel is archived')
})
