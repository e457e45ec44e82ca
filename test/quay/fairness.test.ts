import { expect, test } from 'vitest'
import { quaysLimit } from '../../src/sandbox/quay/nginx.ts'
import { sampled, sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'

// At Quay's own limit, which nginx enforces here as it does there.
const narrow = { environment: { QUAY_RATE: '4' }, quay: { callLimit: quaysLimit } }

test('alice alone, at Quay’s default rate: every command of the tour and every request is answered, and nothing else is said', async () => {
  const { alice, quay, bot, origin } = await startBot(narrow)
  const said: string[] = []
  const reads = ['build list acme/api', 'tag list acme/api', 'scan show acme/api:latest', 'robot list acme', 'can-i write acme/api']
  for (const command of [
    ...['whoami', 'repo list acme', 'repo create alice/web', 'build start acme/api https://downloads.example.com/api.tar.gz'],
    ...sampled(reads, 5, 2),
    ...['repo delete acme/api', 'request list', 'repo create globex/web reason="For the shop"'],
    ...['mirror create globex/mc quay.io/minio/mc reason="For the shop"', 'request list'],
  ]) {
    const { text } = await alice.types(`/quay ${command}`)
    said.push(text)
  }
  expect(said.join('\n')).not.toMatch(/Many people|Too many|Try again|not available/)
  expect(said.filter((text) => /Request \S+ sent to/.test(text))).toHaveLength(2)
  // A card each for the build and the two requests, and no word of waiting.
  expect((await alice.sees('alice')).map(({ text }) => text).join('\n')).not.toMatch(/Many people/)
  expect(bot.quay.rateLimiter.waiting('U0ALICE').others).toBe(0)
  expect(quay.exchanges.filter(({ status }) => status === 429)).toEqual([])
  expect(JSON.stringify(await alice.types('/quay status'))).toMatch(/[1-9]\d* for users and \d+ for background work, of at most 14,400/)
  const metrics = await (await fetch(`${origin}/metrics`)).text()
  expect(metrics).toMatch(/quaymaster_quay_turns_total\{class="interactive",work="command"\} [1-9]/)
  expect(metrics).toMatch(/quaymaster_quay_turns_total\{class="job",work="\w+"\} [1-9]/)
  expect(metrics).toMatch(/quaymaster_quay_waiting\{class="background"\} \d/)
  expect(metrics).toContain('quaymaster_quay_rate 4\n')
}, 120_000)

test('bea asks for two hundred calls: alice, who asks for one thing, waits for none of them, and nobody is told to come back', async () => {
  const { alice, bea, quay, bot } = await startBot(narrow)
  await Promise.all([alice.types('/quay whoami'), bea.types('/quay whoami')])
  const own = { class: 'interactive', person: 'U0BEA' } as const
  let served = 0
  let refused = 0
  const asked = Array.from({ length: 200 }, () =>
    bot.quay.rateLimiter.turn(own, 300_000).then(
      () => served++,
      () => refused++,
    ),
  )
  const before = quay.exchanges.length
  expect((await alice.types('/quay repo show acme/api')).text).toContain('Repository')
  const hers = quay.exchanges.length - before
  expect(hers).toBeGreaterThan(3)
  // The burst that was there, and then one of bea's for each of hers, give or take one.
  expect(served).toBeLessThanOrEqual(12 + 2 * hers + 4)
  expect(refused).toBe(0)
  bot.quay.rateLimiter.share(1000)
  await Promise.all(asked)
  expect([served, refused]).toEqual([200, 0])
}, 120_000)

test('who waits long behind others is told once for how long, and the answer takes the place of it', async () => {
  const { alice, bot } = await startBot(narrow)
  await alice.types('/quay whoami')
  bot.quay.limits.silent = 200
  const others = Array.from({ length: 60 }, (_, number) =>
    bot.quay.rateLimiter.turn({ class: 'interactive', person: `U${number}` }, 300_000),
  )
  bot.cache.clear()
  const known = await alice.sees()
  await alice.sends('/quay repo show acme/api')
  const note = await alice.finds(/^Many people are using Quay right now\. You’ll get an answer in about \d+ seconds?\. /)
  // Nothing else is said, and nothing in the channel.
  expect(await alice.sees()).toEqual(known)
  bot.quay.rateLimiter.share(1000)
  await expect.poll(async () => (await alice.sees()).at(-1)?.text, { timeout: 20_000 }).toContain('Repository')
  await expect.poll(async () => (await alice.sees('alice')).some(({ ts }) => ts === note.ts), { timeout: 20_000 }).toBe(false)
  await Promise.all(others)
}, 120_000)

test('who waits for nobody but themself hears nothing of it', async () => {
  const { alice, bot } = await startBot(narrow)
  await alice.types('/quay whoami')
  bot.quay.limits.silent = 1
  const own = Array.from({ length: sized(12, 30, 30) }, () =>
    bot.quay.rateLimiter.turn({ class: 'interactive', person: 'U0ALICE' }, 300_000),
  )
  await alice.types('/quay repo show acme/api')
  expect(await alice.sees('alice')).toEqual([])
  await Promise.all(own)
}, 120_000)
