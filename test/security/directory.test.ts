import { eq } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { directoryLists, directoryRepositories, directoryUsers, links } from '../../src/db/schema.ts'
import { emptyUser } from '../../src/sandbox/quay/seed-parts.ts'
import { refreshDirectory } from '../../src/security/directory/pass.ts'
import { passOverDirectory } from '../directory.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, dora, grace, slack, quay, bot, clock } = started
const [token] = structuredClone(quay.registry.tokens)

beforeEach(async () => {
  slack.reset()
  quay.reset()
  if (token) quay.registry.tokens.push(structuredClone(token))
  bot.slack.people.clear()
  bot.cache.clear()
  await bot.db.delete(links)
  await clock.advance(61_000)
  await passOverDirectory(bot)
  quay.exchanges.length = 0
})

const account = (name: string) => {
  const found = quay.registry.users.find((user) => user.name === name)
  if (!found) throw new TypeError(`there is no account ${name}`)
  return found
}
const calls = () => quay.exchanges.map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`)
const listings = () => quay.exchanges.filter(({ path }) => path.startsWith('/api/v1/superuser/users/?'))
const whoami = async (somebody: typeof alice) => (await somebody.types('/quay whoami')).text
const notFound = /^No Quay user has your e-mail address .*\. Set it in Quay, or ask an operator to add .* to identity\.map in the policy\./

test('at its very first start the bot reads every account, organization and repository that counts, by itself', async () => {
  const first = await startBot({ readsDirectory: true })
  const names = (rows: { name: string }[]) => rows.map(({ name }) => name).toSorted()
  const { users, organizations, repositories } = first.quay.registry
  expect(names(await first.bot.db.select().from(directoryUsers))).toEqual(expect.arrayContaining(['alice', 'bea', 'carl']))
  expect(names(await first.bot.db.select().from(directoryUsers)).length).toBeLessThanOrEqual(users.length)
  const inOrganizations = repositories.filter(({ namespace }) => organizations.some(({ name }) => name === namespace))
  const all = inOrganizations.map(({ namespace, name }) => `${namespace}/${name}`).toSorted()
  expect(names(await first.bot.db.select().from(directoryRepositories))).toEqual(all)
  expect(first.quay.exchanges.filter(({ path }) => path.startsWith('/api/v1/superuser/users/?limit=100')).length).toBeGreaterThan(0)
})

/** Enough for four pages of accounts. */
function manyAccounts() {
  for (let number = 0; number < 350; number += 1)
    quay.registry.users.push(emptyUser(10_000 + number, `person${number}`, `person${number}@example.com`, 0))
}

test('a newcomer is linked by one call, which reads the account that the directory names, and is known from then on', async () => {
  expect(await whoami(alice)).toBe('You are `alice` in Quay.')
  expect(calls()).toEqual(['GET /superuser/users/alice'])
})

test('whoever has no account costs Quay nothing, however often they try', async () => {
  expect(await whoami(grace)).toMatch(notFound)
  expect((await grace.types('/quay repo create acme/web')).text).toMatch(notFound)
  expect(calls()).toEqual([])
})

test('two accounts that have one address in a pass link nobody', async () => {
  account('ivan').email = 'Alice@example.com'
  await passOverDirectory(bot)
  expect(await whoami(alice)).toContain('Several Quay users have the e-mail address')
  expect(await bot.db.select().from(links)).toEqual([])
})

test.runIf(isCi)('an account that took the address between two passes links nobody either, if the other still has it', async () => {
  account('ivan').email = 'alice@example.com'
  // A pass under way has come to ivan, not yet to alice.
  const [list] = await bot.db.select().from(directoryLists).where(eq(directoryLists.list, 'users'))
  const [row] = await bot.db.select().from(directoryUsers).where(eq(directoryUsers.name, 'alice'))
  const pass = (list?.pass ?? 0) + 1
  await bot.db
    .update(directoryUsers)
    .set({ address: row?.address ?? null, pass })
    .where(eq(directoryUsers.name, 'ivan'))
  expect(await whoami(alice)).toContain('Several Quay users have the e-mail address')

  // She has given it away.
  account('alice').email = 'other@example.com'
  expect(await whoami(alice)).toBe('You are `ivan` in Quay.')
})

test('an account that was renamed, deleted, disabled or given another address since the pass links nobody', async () => {
  account('alice').enabled = false
  expect(await whoami(alice)).toMatch(notFound)
  account('alice').enabled = true
  account('alice').email = 'elsewhere@example.com'
  expect(await whoami(alice)).toMatch(notFound)
  account('bea').name = 'beatrix'
  expect(await whoami(bea)).toMatch(notFound)
  expect(calls()).toEqual(['GET /superuser/users/alice', 'GET /superuser/users/alice', 'GET /superuser/users/bea'])
  expect(await bot.db.select().from(links)).toEqual([])
})

test('a row that is wrong about whose address it is gives nobody anything', async () => {
  const [row] = await bot.db.select().from(directoryUsers).where(eq(directoryUsers.name, 'alice'))
  await bot.db.delete(directoryUsers).where(eq(directoryUsers.name, 'alice'))
  await bot.db
    .update(directoryUsers)
    .set({ address: row?.address ?? null })
    .where(eq(directoryUsers.name, 'hana'))
  expect(await whoami(alice)).toMatch(notFound)
  expect(await bot.db.select().from(links)).toEqual([])
})

test('no address stands in the directory in clear', async () => {
  const rows = await bot.db.select().from(directoryUsers)
  expect(rows.find(({ name }) => name === 'alice')?.address).toMatch(/^[\w-]{43}$/)
  expect(JSON.stringify(rows)).not.toContain('@')
})

test('Look again reads all accounts once more and finds a renamed one; whoever presses again at once waits', async () => {
  account('bea').name = 'beatrix'
  const refused = await bea.types('/quay repo show acme/api')
  expect(refused.text).toMatch(notFound)
  expect((await bea.presses('Check again', refused)).text).toContain('The users were read a moment ago. Check again in')

  await clock.advance(61_000)
  const again = await bea.types('/quay whoami')
  quay.exchanges.length = 0
  expect((await bea.presses('Check again', again)).text).toBe('You are `beatrix` in Quay.')
  expect(listings()).toHaveLength(1)

  const missing = await grace.types('/quay whoami')
  await grace.presses('Check again', missing)
  expect(listings()).toHaveLength(1)
})

test('an account that the bot itself creates, disables or deletes is known at once, without a pass', async () => {
  await dora.types('/quay user create grace email=grace@example.com')
  expect(await whoami(grace)).toBe('You are `grace` in Quay.')
  await bot.db.delete(links)
  bot.cache.clear()
  await dora.presses('Delete', await dora.types('/quay user delete grace'))
  expect(await whoami(grace)).toMatch(notFound)
  expect(listings()).toEqual([])
})

test.runIf(isCi)('organizations, repositories and teams that the bot makes or deletes are offered, or no more', async () => {
  const names = async () => (await bot.db.select().from(directoryRepositories)).map(({ name }) => name)
  await bea.types('/quay repo create acme/fresh')
  await expect.poll(names).toContain('acme/fresh')
  await bea.presses('Delete', await bea.types('/quay repo delete acme/fresh'))
  await expect.poll(names).not.toContain('acme/fresh')

  await bea.types('/quay team create acme fresh')
  const modal = await bea.opens('/quay team members organization=acme')
  await expect
    .poll(async () => offered(await bea.options(modal, 'team', 'fr')))
    .toEqual(expect.arrayContaining(['fr', 'fresh', 'frontend']))
})

test('whoever is given a permission on a repository by the bot is offered it, until it is taken away', async () => {
  const modal = await alice.opens('/quay repo show')
  const offers = async () => offered(await alice.options(modal, 'repository', 'acme/leg'))
  expect(await offers()).not.toContain('acme/legacy')
  await bea.types('/quay permission grant acme/legacy alice read')
  await expect.poll(offers).toContain('acme/legacy')
  await bea.types('/quay permission revoke acme/legacy alice')
  await expect.poll(offers).not.toContain('acme/legacy')
})

test('while the directory is empty, newcomers hear how long reading takes, and are not refused', async () => {
  const { QUAY_RATE } = bot.config
  await bot.db.delete(directoryLists)
  Object.assign(bot.config, { QUAY_RATE: 1 })
  expect(await whoami(alice)).toBe('Quay’s users are still being read. Run the command again in 20 seconds.')
  Object.assign(bot.config, { QUAY_RATE })

  const known = await alice.sees()
  await alice.sends('/quay whoami')
  await passOverDirectory(bot)
  await expect.poll(async () => (await alice.sees()).slice(known.length).map(({ text }) => text)).toEqual(['You are `alice` in Quay.'])
})

test('a pass that is killed goes on at its page, on another replica, and its process writes nothing any more', async () => {
  manyAccounts()
  quay.faults({ latencyMs: 200, match: 'GET /api/v1/superuser/users/' })
  await bot.db
    .update(directoryLists)
    .set({ dueAt: new Date(0) })
    .where(eq(directoryLists.list, 'users'))
  const first = refreshDirectory(bot)
  const list = async () => (await bot.db.select().from(directoryLists).where(eq(directoryLists.list, 'users')))[0]
  await expect.poll(async () => (await list())?.pages, { interval: 5 }).toBe(2)
  // Its lease has run out while it was away.
  await bot.db
    .update(directoryLists)
    .set({ leaseUntil: new Date(0) })
    .where(eq(directoryLists.list, 'users'))
  await Promise.all([first, refreshDirectory(bot)])
  quay.faults(undefined)

  expect(await list()).toMatchObject({ knownPages: 4, startedAt: null, holder: null })
  // The page that was under way was read by both.
  expect(listings().length).toBeLessThanOrEqual(5)
  expect(await bot.db.$count(directoryUsers)).toBe(quay.registry.users.length)
})

test('two replicas read every list once', async () => {
  manyAccounts()
  await bot.db.update(directoryLists).set({ dueAt: new Date(0) })
  await Promise.all([refreshDirectory(bot), refreshDirectory(bot), refreshDirectory(bot)])
  expect(listings()).toHaveLength(4)
  for (const { name } of quay.registry.organizations)
    expect(
      calls().filter((call) => call === `GET /organization/${name}/members`),
      name,
    ).toHaveLength(1)
})

test.runIf(isCi)('a token of Quay that is too old to go on begins the list anew, and nothing is deleted for that', async () => {
  manyAccounts()
  await passOverDirectory(bot)
  await bot.db
    .update(directoryLists)
    .set({ dueAt: new Date(0), startedAt: new Date(clock.now()), pages: 2, first: 'quaymaster', next: 'gAAAAABtooold' })
    .where(eq(directoryLists.list, 'users'))
  await refreshDirectory(bot)
  expect(await bot.db.$count(directoryUsers)).toBe(quay.registry.users.length)
  await clock.advance(61_000)
  await refreshDirectory(bot)
  const [list] = await bot.db.select().from(directoryLists).where(eq(directoryLists.list, 'users'))
  expect(list).toMatchObject({ problem: null, knownPages: 4 })
})

test('Quay fails in the middle of a pass: what is known goes on serving, and the pass goes on later', async () => {
  quay.faults({ status: 503, match: 'GET /api/v1/superuser/' })
  await bot.db.update(directoryLists).set({ dueAt: new Date(0) })
  await refreshDirectory(bot)
  quay.faults(undefined)
  expect(await whoami(alice)).toBe('You are `alice` in Quay.')
  await clock.advance(61_000)
  await refreshDirectory(bot)
  const lists = await bot.db.select().from(directoryLists)
  expect(lists.filter(({ problem, startedAt }) => problem !== null || startedAt !== null)).toEqual([])
})

test('what is typed is completed at once while a pass runs, and somebody sees only what they may know', async () => {
  const modal = await bea.opens('/quay repo show')
  quay.faults({ latencyMs: 3_000, match: 'GET /api/v1/organization' })
  await bot.db.update(directoryLists).set({ dueAt: new Date(0) })
  const pass = refreshDirectory(bot)
  const began = performance.now()
  expect(offered(await bea.options(modal, 'repository', 'acme/'))).toContain('acme/api')
  expect(performance.now() - began).toBeLessThan(2_500)
  expect(offered(await bea.options(modal, 'repository', 'globex/sec'))).toEqual(['globex/sec'])
  quay.faults(undefined)
  await pass
}, 30_000)

test('what Quay no longer has is offered no more after a pass', async () => {
  quay.registry.organizations = quay.registry.organizations.filter(({ name }) => name !== 'labs')
  quay.registry.repositories = quay.registry.repositories.filter(
    ({ namespace, name }) => `${namespace}/${name}` !== 'acme/api' && namespace !== 'labs',
  )
  await passOverDirectory(bot)
  const names = (await bot.db.select().from(directoryRepositories)).map(({ name }) => name)
  expect(names).not.toContain('acme/api')
  expect(names.filter((name) => name.startsWith('labs/'))).toEqual([])
  expect((await bot.db.select().from(directoryLists)).map(({ list }) => list)).not.toContain('labs/*')
})

function offered(answer: unknown) {
  const { options = [] } = answer as { options?: { value: string }[] }
  return options.map(({ value }) => value)
}
