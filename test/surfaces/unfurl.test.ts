import { afterAll, expect, test } from 'vitest'
import { drain } from '../../src/core/drain.ts'
import type { PersonAtSlack, Seen } from '../people.ts'
import { startBot } from '../start-bot.ts'

const started = await startBot({ until: afterAll })
const { alice, eve, quay, slack, bot, log } = started
const address = (page: string) => new URL(page, started.origin).href
const open = address('/repository/acme/shop')
const waiting = { timeout: 20_000, interval: 20 }

/** What stands under a message. */
async function under(person: PersonAtSlack, ts: unknown, channel: string) {
  const found = (await person.sees(channel)).find((one) => one.ts === ts) as Seen & { attachments?: { from_url: string }[] }
  return found.attachments ?? []
}

/** Posts it, and waits for the preview of the last link in it. */
async function unfurled(person: PersonAtSlack, text: string, channel = 'general') {
  const { ts } = await person.post('say', { channel, text })
  await expect.poll(async () => (await under(person, ts, channel)).length, waiting).toBeGreaterThan(0)
  const shown = await under(person, ts, channel)
  return { urls: shown.map(({ from_url }) => from_url), drawn: JSON.stringify(shown) }
}

test('a link to a public repository gets a preview, also one of its pages, in every channel and whoever posts it', async () => {
  const shown = await unfurled(alice, `see ${open}?tab=tags&page=2 please`)
  expect(shown.urls).toEqual([`${open}?tab=tags&page=2`])
  expect(shown.drawn).toContain('Public: anyone can pull it.')
  expect((await unfurled(alice, address('/repository/globex/site/tag/latest'), 'random')).drawn).toContain('globex/site')
  expect((await unfurled(eve, open)).drawn).toContain('The web shop')
})

test('private ones, missing ones, other pages and other hosts look alike: only the public one is shown', async () => {
  const pages = ['/repository/acme/api', '/repository/acme/none', '/repository/acme', '/organization/acme', '/repository/ACME/%2e%2e/shop']
  const others = [...pages.map(address), open.replace(/:\d+/, ':9')]
  for (const other of others) expect((await unfurled(alice, `${other} ${open}`, 'acme-dev')).urls, other).toEqual([open])
})

test('what a description says mentions nobody, and only its first line is shown', async () => {
  const shop = started.repository('acme/shop')
  if (shop) shop.description = '<!channel> @here <https://evil.example|click> & more\nsecond line'
  bot.cache.clear()
  const { drawn } = await unfurled(alice, open)
  expect(drawn).toContain('&lt;!channel&gt; @here &lt;https://evil.example|click&gt; &amp; more')
  expect(drawn).not.toContain('second line')
})

test('where the registry lets nobody read without an account, strangers in the channel see no preview', async () => {
  bot.quay.capabilities.features.ANONYMOUS_ACCESS = false
  const { ts } = await alice.post('say', { channel: 'general', text: open })
  await unfurled(alice, open, 'acme-dev')
  await drain(bot.runtime.inFlight, 10_000)
  expect(await under(alice, ts, 'general')).toEqual([])
  bot.quay.capabilities.features.ANONYMOUS_ACCESS = true
})

test('Quay or Slack fail: there is no preview, nobody is told, and nothing breaks', async () => {
  const failures = () => log().split('could not unfurl a link').length - 1
  bot.cache.clear()
  quay.faults({ status: 503 })
  const first = await alice.post('say', { channel: 'acme-dev', text: open })
  await expect.poll(failures, waiting).toBe(1)
  quay.faults(undefined)
  slack.faults({ rateLimit: { method: 'chat.unfurl', retryAfter: 1 } })
  const second = await alice.post('say', { channel: 'acme-dev', text: open })
  await expect.poll(failures, waiting).toBe(2)
  slack.faults(undefined)
  for (const { ts } of [first, second]) expect(await under(alice, ts, 'acme-dev')).toEqual([])
  expect(log()).not.toContain('a listener failed')
})
