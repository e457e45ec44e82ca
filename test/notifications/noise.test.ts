import { expect, test } from 'vitest'
import { startRequests } from '../approvals/start-requests.ts'
import type { PersonAtSlack, Seen } from '../people.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { startBuild } from './builds.ts'

// One thing that happened is one message.

const waiting = { timeout: 40_000, interval: 50 }
const channel = 'acme-dev'

const direct = async (person: PersonAtSlack) => (await person.sees(person.name)).filter(({ ephemeral }) => !ephemeral)
const posted = async (person: PersonAtSlack, place = channel) => (await person.everything(place)).filter(({ ephemeral }) => !ephemeral)

/** The line of the channel, once it says so. */
async function line(person: PersonAtSlack, pattern: RegExp) {
  await expect.poll(async () => (await posted(person)).some(({ text }) => pattern.test(text)), waiting).toBe(true)
  return (await posted(person)).findLast(({ text }) => pattern.test(text)) as Seen // the poll has ended
}

const shown = (message: unknown) => JSON.stringify(message)

test('the channel reads who subscribed it to what; other filters edit that message; Unsubscribe checks who presses', async () => {
  const { alice, bea, bot } = await startBot()
  const before = (await posted(bea)).length
  await bea.types('/quay subscribe acme/api', channel)
  const told = await line(bea, /bea subscribed this channel to builds of acme\/api\./)
  await bea.types('/quay subscribe acme/api events=builds,pushes', channel)
  await line(bea, /bea subscribed this channel to builds, pushes of acme\/api\./)
  expect((await posted(bea)).length).toBe(before + 1)
  const refused = await alice.presses('Unsubscribe', told, channel)
  expect(refused.text).toBe('You need to be an *admin* of acme/api.')
  expect((await bea.presses('Unsubscribe', told, channel)).text).toContain('Unsubscribed this channel from `acme/api`.')
  const ended = await line(bea, /This channel is no longer subscribed to acme\/api\./)
  expect(ended.ts).toBe(told.ts)
  expect(shown(ended)).not.toContain('Unsubscribe"')
  expect(bot).toBeDefined()
})

test('Slack does not take that message at once: the subscription stands, and the channel reads it later', async () => {
  const { bea, slack } = await startBot()
  slack.faults({ failing: [{ method: 'chat.postMessage', error: 'internal_error', times: 1 }] })
  expect((await bea.types('/quay subscribe acme/api', channel)).text).toContain('Subscribed this channel')
  await line(bea, /bea subscribed this channel to builds of acme\/api\./)
})

test('a request with one approval: approver 1, requester 2, channel 1, edited', async () => {
  const { alice, dora, asks, notice, becomes } = await startRequests()
  await asks(alice, 'globex/web')
  const own = await notice(dora, /:hourglass_flowing_sand: Needs .* approval\./)
  await dora.press('Approve', own, 'dora')
  await becomes('succeeded')
  await notice(alice, /^Approved by \*dora\*/)
  await notice(dora, /and done/)
  expect((await direct(dora)).length).toBe(1)
  expect((await direct(alice)).length).toBe(2)
  expect((await posted(dora, 'quay-approvals')).length).toBe(1)
})

test.runIf(isCi)('a build in a subscribed channel: one card, and its thread when it fails; nothing to anybody else', async () => {
  const { bea, alice, quay, origin, repository, clock } = await startBot()
  await bea.types('/quay subscribe acme/api events=builds,pushes', channel)
  await line(bea, /bea subscribed this channel/)
  const before = (await posted(bea)).length
  const build = await startBuild({ bea, quay, origin, archive: 'https://downloads.example.com/broken.tgz' })
  const own = repository('acme/api')?.builds.find(({ uuid }) => uuid === build.id)
  if (!own) throw new Error('Quay has no such build')
  Object.assign(own, { phase: 'error', phaseSince: clock.now() + 3_600_000 })
  await bea.post('clock', { advance_ms: 60_000 })
  await build.settles(/failed/)
  await expect.poll(async () => (await build.thread()).length, waiting).toBe(1)
  expect((await posted(bea)).length).toBe(before + 2)
  expect((await direct(bea)).length + (await direct(alice)).length).toBe(0)
})
