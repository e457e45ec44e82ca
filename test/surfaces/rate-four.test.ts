import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { quaysLimit } from '../../src/sandbox/quay/nginx.ts'
import { untilHour } from '../notifications/nine.ts'
import { isCi, sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { slackbotAt } from './slackbot/slackbot.ts'

// What people meet besides commands, at Quay's default rate and behind an nginx that refuses what is more: one person alone is never
// told to wait, whatever it is. test/commands/rate-four.test.ts has the commands.

const started = await startBot({ until: afterAll, environment: { QUAY_RATE: '4' }, quay: { callLimit: quaysLimit } })
const { alice, bea, bot, clock, origin, quay, slack } = started
const slackbot = slackbotAt(started)
const soon = { timeout: 60_000 }

beforeEach(() => {
  bot.cache.clear()
})

afterEach(async () => {
  for (const person of [alice, bea])
    expect(JSON.stringify([await person.sees(person.name), await person.sees()])).not.toMatch(/Many people are using Quay/)
  expect(started.log()).not.toContain('Too many people are using Quay')
  expect(quay.exchanges.filter(({ status }) => status === 429)).toEqual([])
  for (const id of ['U0ALICE', 'U0BEA']) expect(bot.quay.rateLimiter.waiting(id).others).toBe(0)
})

test('App Home', async () => {
  const home = async () => JSON.stringify(await (await fetch(`${origin}/_control/home?user=alice`)).json())
  await alice.post('home', {})
  await expect.poll(home, soon).toContain('Create a repository')
  // Opened again and again.
  for (let opened = 0; opened < 5; opened += 1) await alice.post('home', {})
  await expect.poll(home, soon).not.toMatch(/wait|Try again/i)
}, 120_000)

test('a modal that completes what is typed, letter by letter', async () => {
  const modal = await alice.opens('/quay repo show')
  for (const typed of ['a', 'ac', 'acm', 'acme', 'acme/', 'acme/a', 'acme/ap', 'acme/api']) {
    const { options } = (await alice.options(modal, 'repository', typed)) as unknown as { options: { value: string }[] }
    expect(options.map(({ value }) => value)).toContain(typed)
  }
  expect(await alice.submits(modal, { repository: 'acme/api' })).toMatchObject({ ok: true })
  await expect.poll(async () => JSON.stringify(await alice.sees()), soon).toContain('acme/api')
}, 120_000)

test('Slackbot’s tools', async () => {
  const repository = { repository: 'acme/api' }
  const asked: [user: string, tool: string, given: object][] = [
    ['U0ALICE', 'quay_whoami', {}],
    ['U0ALICE', 'quay_list_repositories', { namespace: 'acme' }],
    ['U0ALICE', 'quay_show_repository', repository],
    ['U0ALICE', 'quay_show_scan', repository],
    ['U0BEA', 'quay_list_permissions', repository],
    ['U0BEA', 'quay_who_can', { right: 'push', object: 'acme/api' }],
    ['U0BEA', 'quay_list_usage_logs', repository],
    ['U0BEA', 'quay_prepare_access', { command: 'team create', arguments: { organization: 'acme', team: 'fresh' } }],
  ]
  for (const [user, tool, given] of sampled(asked, 4)) {
    const answer = await slackbot.call(user, tool, given)
    expect({ tool, text: answer.content[0]?.text, isError: answer.isError }).toMatchObject({ isError: undefined })
    expect(JSON.stringify(answer)).not.toMatch(/Many people|Too many|Try again/)
  }
}, 120_000)

test('who can, of a repository and of its organization', async () => {
  for (const words of sampled(['push acme/api', 'pull acme/api', 'admin acme/api', 'admin acme'], 4)) {
    bot.cache.clear()
    expect((await bea.types(`/quay who can ${words}`)).text).toMatch(/^(Who can|Admins of)/)
  }
}, 120_000)

test.runIf(isCi)(
  'a digest of a whole organization',
  async () => {
    const channel = 'acme-dev'
    const preview = await bea.types('/quay subscribe acme/* events=pushes digest=daily', channel)
    const subscribed = JSON.stringify(preview.blocks).includes('Subscribe"') ? await bea.presses('Subscribe', preview, channel) : preview
    expect(subscribed.text).toMatch(/^Subscribed this channel/)
    const zone = slack.workspace.users.find(({ id }) => id === 'U0BEA')?.tz
    await bea.post('clock', { advance_ms: untilHour(9, clock.now(), zone) + 60_000 })
    const digests = async () => (await bea.sees(channel)).filter(({ text }) => text.includes('Digest of'))
    await expect.poll(async () => (await digests()).length, soon).toBeGreaterThan(0)
  },
  240_000,
)
