import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { translator } from '../../src/core/i18n.ts'
import { cards, events } from '../../src/db/schema.ts'
import { groups } from '../../src/notifications/event-kind.ts'
import { eventsOf } from '../../src/notifications/event-kinds.ts'
import { renderCard } from '../../src/notifications/render-card.ts'
import { sampled, sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { ownHook, ownSubscription } from './hooks.ts'

const mutations = sized(30, 1_000, 10_000)

interface Recorded {
  payload?: object
  bodyParsed?: object
}

const bodies = readFileSync('test/recorded/quay/webhooks.jsonl', 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Recorded)
  .map(({ payload, bodyParsed, ...rest }) => payload ?? bodyParsed ?? rest)

const kinds = eventsOf(groups)

test('an unknown address is a 404 without detail, and limited; a known one is never', async () => {
  const started = await startBot()
  const knock = async () => {
    const response = await fetch(`${started.origin}/quay/events/nobody-knows`, { method: 'POST', body: '{}' })
    return { status: response.status, body: await response.text() }
  }
  expect(await knock()).toEqual({ status: 404, body: '{"ok":false}\n' })
  const statuses = []
  for (let times = 0; times < 110; times += 1) statuses.push((await knock()).status)
  expect(statuses).toContain(429)
  const { send } = await ownHook(started, 'acme/api', 'repo_push')
  expect(await send({ updated_tags: ['latest'] })).toBe(200)
})

test('an unreadable body is stored as such and answered 200, as is one that is far too long', async () => {
  const started = await startBot()
  const { send } = await ownHook(started, 'acme/api', 'build_start')
  for (const body of ['', 'not json', '{"build_id":7}', '\u0000', `{"build_id":"${'x'.repeat(400_000)}"}`])
    expect(await send(body)).toBe(200)
  const stored = await started.bot.db.select().from(events)
  expect(stored).toHaveLength(5)
  expect(stored.every(({ body, raw }) => body === null && (raw ?? '').length <= 2_001)).toBe(true)
})

test('a body with half a character, which PostgreSQL takes nowhere, is an event like any other', async () => {
  const started = await startBot()
  const { send } = await ownHook(started, 'acme/api', 'build_start')
  expect(await send('{"build_id":"half","trigger_metadata":{"commit":"42d4\\ud800","ref":"a\\u0000b"}}')).toBe(200)
  expect((await started.bot.db.select().from(events)).map(({ body }) => body)).toMatchObject([{ build_id: 'half' }])
})

test(`every recorded body and ${mutations} mutated ones: never a crash, never a live mention, never a 5xx`, async () => {
  const started = await startBot()
  await ownSubscription(started, 'C0ACMEDEV', 'acme/*', [...groups])
  started.quay.registry.organizations.find(({ name }) => name === 'acme')?.quotas.push({ id: 1, limitBytes: 1_000_000_000, limits: [] })
  const hooks = await Promise.all(kinds.map((kind) => ownHook(started, /^quota/.test(kind) ? 'acme' : 'acme/api', kind)))
  const statuses = new Set<number>()
  for (const [index, body] of bodies.entries()) for (const { send } of sampled(hooks, 6, index)) statuses.add(await send(body))
  for (let number = 0; number < mutations; number += 1) {
    const body = bodies[number % bodies.length] ?? {}
    statuses.add((await hooks[number % hooks.length]?.send(mutated(JSON.stringify(body), number))) ?? 0)
  }
  expect([...statuses]).toEqual([200])
  await expect
    .poll(
      async () => JSON.stringify((await started.bot.db.execute('select count(*)::int as left from events where fanned_at is null')).rows),
      { timeout: 50_000 },
    )
    .toBe('[{"left":0}]')
  // Every card as it would be posted, in the channel or still in its queue.
  const t = translator('en')
  const wanted = await started.bot.db.select().from(cards)
  const drawn = await Promise.all(wanted.map((card) => renderCard(started.bot, card, t)))
  expect(drawn.filter((one) => one !== 'nothing').length).toBeGreaterThan(10)
  const posted = JSON.stringify(drawn)
  expect(posted.match(/<!(?:here|channel|everyone)|<@|<!subteam/)).toBeNull()
  expect(started.log()).not.toMatch(/could not process an event|could not render|Slack refused a card/)
}, 300_000)

const poisons = [
  '<!channel>',
  '<@U0ALICE>',
  '@here',
  '"',
  '\\',
  '\u0000',
  '\ud800',
  '<https://evil.example|x>',
  '*',
  '`',
  '{}',
  '[]',
  'null',
  '1e999',
  '-1',
  '../../x',
  'x'.repeat(5_000),
]

/** Cuts, doubles, swaps or poisons a part of the text, or one of its values; the same number gives the same mutation. */
function mutated(text: string, number: number) {
  const random = seeded(number)
  const at = Math.floor(random() * text.length)
  const poison = poisons[Math.floor(random() * poisons.length)] ?? ''
  const ways = [
    () => text.slice(0, at),
    () => text.slice(0, at) + poison + text.slice(at),
    () => text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 20)),
    () => JSON.stringify(withPoison(JSON.parse(text), poison, random)),
    () => JSON.stringify(withPoison(JSON.parse(text), poison, random)),
    () => `[${text}]`,
  ]
  return ways[Math.floor(random() * ways.length)]?.() ?? text
}

function withPoison(value: unknown, poison: string, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((one) => withPoison(one, poison, random))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withPoison(one, poison, random)]))
  const dice = random()
  if (dice < 0.2) return poison
  if (dice < 0.25) return [poison]
  return dice < 0.3 ? null : value
}

function seeded(seed: number) {
  let state = seed * 2_654_435_761 + 1
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
