import { afterAll, beforeEach, expect, test } from 'vitest'
import { policyOf } from '../../src/core/policy.ts'
import { links } from '../../src/db/schema.ts'
import { discover } from '../../src/quay/facts.ts'
import { passOverDirectory } from '../directory.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

// A company writes one address in several domains: identity.domains (docs/SECURITY.md rules 5 and 45).

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, slack, quay, bot } = started

const account = (name: string) => {
  const found = quay.registry.users.find((user) => user.name === name)
  if (!found) throw new TypeError(`there is no account ${name}`)
  return found
}

const [token] = structuredClone(quay.registry.tokens)
if (!token) throw new TypeError('the bot has no token')

beforeEach(async () => {
  slack.reset()
  quay.reset()
  bot.slack.people.clear()
  bot.cache.clear()
  await bot.db.delete(links)
  quay.registry.tokens.push(structuredClone(token))
  Object.assign(bot.policy.identity, { email: true, domains: [['example.com', 'corp.example', 'old.example']] })
  account('alice').email = 'Alice@corp.example'
  await discover(bot.quay)
  await passOverDirectory(bot)
})

const whoami = async () => (await alice.types('/quay whoami')).text
const isAlice = 'You are `alice` in Quay.'

test('an address in an equivalent domain is the same address, and stays so', async () => {
  expect(await whoami()).toBe(isAlice)
  bot.cache.clear()
  expect(await whoami()).toBe(isAlice)
})

test('without the policy’s word it is another address; and when the word is taken back the link ends', async () => {
  Object.assign(bot.policy.identity, { domains: undefined })
  expect(await whoami()).toContain('No Quay user has your e-mail address')
  Object.assign(bot.policy.identity, { domains: [['example.com', 'corp.example']] })
  expect(await whoami()).toBe(isAlice)
  Object.assign(bot.policy.identity, { domains: [['example.com', 'old.example']] })
  bot.cache.clear()
  expect(await whoami()).toContain('Your e-mail address no longer belongs to your previous Quay user')
})

test('exactly one user over all domains: two link nobody', async () => {
  account('ivan').email = 'alice@old.example'
  await passOverDirectory(bot)
  expect(await whoami()).toContain('Several Quay users have the e-mail address')
  account('ivan').email = 'alice@example.com'
  await passOverDirectory(bot)
  expect(await whoami()).toContain('Several Quay users have the e-mail address')
})

test('never a superuser, and nobody by a subdomain, another name or look-alikes', async () => {
  account('alice').superuser = true
  expect(await whoami()).toContain('is a superuser. Superusers are never linked by e-mail.')
  account('alice').superuser = false
  const others = ['alice@sub.corp.example', 'al.ice@corp.example', 'alice@cоrp.example', 'alice@corp.example.evil.example']
  for (const email of sampled(others, 2)) {
    account('alice').email = email
    bot.cache.clear()
    await passOverDirectory(bot)
    expect(await whoami(), email).toContain('No Quay user has your e-mail address')
  }
})

test('only where Quay verifies addresses: `email: unverified` links the very address and no other', async () => {
  expect(await whoami()).toBe(isAlice)
  await bot.db.delete(links)
  Object.assign(bot.policy.identity, { email: 'unverified' })
  quay.registry.features.MAILING = false
  await discover(bot.quay)
  bot.cache.clear()
  expect(await whoami()).toContain('No Quay user has your e-mail address')
  account('alice').email = 'alice@example.com'
  await passOverDirectory(bot)
  expect(await whoami()).toBe(isAlice)
})

test('a domain stands once in the policy, in one list or in two', () => {
  const domains = (...groups: string[][]) => policyOf({ identity: { domains: groups } }).identity.domains
  expect(domains(['acme.example', 'acme.test'], ['globex.example', 'globex.test'])).toHaveLength(2)
  expect(() => domains(['acme.example', 'acme.test'], ['acme.test', 'globex.test'])).toThrow('names a domain twice')
})
