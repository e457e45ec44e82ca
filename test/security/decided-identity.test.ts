import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hashedAddress, secretsKey } from '../../src/core/keys.ts'
import { type PolicyFile, policyOf } from '../../src/core/policy.ts'
import { openCache } from '../../src/core/ttl-cache.ts'
import { directoryLists, directoryUsers } from '../../src/db/directory-tables.ts'
import { links } from '../../src/db/schema.ts'
import { equivalents, hashesOf, hashOf, isSameAddress } from '../../src/security/directory/address.ts'
import { identify, identifyAlone, identifyInSlack, isSame, ownerOf, personOf as slackPersonOf } from '../../src/security/identity.ts'
import { languageFor, translatorFor } from '../../src/security/language.ts'
import { embedded, openState } from '../db/open-state.ts'
import { sampled } from '../sized.ts'
import { accountAnswer, botOf, inSlack, personOf, registryOf, slackOf } from './parts.ts'

// Who somebody is in Slack and in Quay, as tables.

let state: Awaited<ReturnType<typeof openState>>
beforeAll(async () => {
  state = await openState({ database: embedded, until: afterAll })
})
beforeEach(async () => {
  const { db, keys } = state.bot
  await db.delete(links)
  await db.delete(directoryUsers)
  await db.delete(directoryLists)
  const at = new Date(0)
  await db.insert(directoryLists).values({ list: 'users', dueAt: at, finishedAt: at, asOf: at, keyId: keys.id, pass: 2, knownPages: 1 })
})

interface Given {
  policy?: PolicyFile
  accounts?: object[]
  /** What the directory has: account by address, with the pass. */
  known?: [name: string, address: string, pass?: number][]
  users?: ReturnType<typeof inSlack>[]
  more?: object
  capabilities?: object
}

async function botWith({
  policy = {},
  accounts = [accountAnswer('alice')],
  known = [['alice', 'alice@example.com']],
  users = [inSlack('U0ALICE')],
  more = {},
  capabilities = {},
}: Given = {}) {
  const { db, keys } = state.bot
  const answers = Object.fromEntries(accounts.map((one) => [`GET /superuser/users/${(one as { username: string }).username}`, one])) // each has a name
  const { quay, asked } = await registryOf(
    { ...answers, ...more },
    { features: { MAILING: true }, authentication: 'Database', ...capabilities },
  )
  for (const [name, address, pass = 2] of known)
    await db.insert(directoryUsers).values({ name, address: hashedAddress(keys, address), enabled: true, pass, seenAt: new Date(0) })
  const bot = botOf({
    db,
    keys,
    quay,
    slack: slackOf(users),
    policy: policyOf(policy),
    config: { LANGUAGE: 'ja', QUAY_RATE: 4 },
    runtime: state.bot.runtime,
  })
  return { bot, asked }
}
const account = async (given?: Given, id = 'U0ALICE') => {
  const { bot } = await botWith(given)
  const { account: name, user, unlinked, lookAgain } = await identify(bot, id)
  return { name, user: user?.username, why: unlinked?.message, values: unlinked?.values, lookAgain }
}
const mapping = (map: Record<string, string>): PolicyFile => ({ identity: { map } })

test.each([
  ['a guest', { is_restricted: true }, 'Guests can’t use Quaymaster. Ask a full member.'],
  [
    'somebody of another workspace',
    { team_id: 'T0OTHER' },
    'People from other workspaces can’t use Quaymaster. Ask someone in this workspace.',
  ],
  ['somebody who has left', { deleted: true }, 'This Slack account is deactivated.'],
  ['a bot', { is_bot: true }, 'Bots can’t use Quaymaster.'],
])('%s is refused before Quay is asked', async (_, more, message) => {
  const { bot, asked } = await botWith({ users: [inSlack('U0ALICE', more)], policy: mapping({ U0ALICE: 'alice' }) })
  for (const identified of [identify(bot, 'U0ALICE'), identifyAlone(bot, 'U0ALICE'), identifyInSlack(bot, 'U0ALICE')])
    await expect(identified).rejects.toMatchObject({ code: 'denied', sentence: { message } })
  await expect(identify(bot, 'U0NOBODY')).rejects.toMatchObject({ sentence: { message: 'This person no longer exists in Slack.' } })
  expect(asked()).toEqual([])
})

test('a person is who Slack says, with the account that has their address', async () => {
  const { bot, asked } = await botWith({ users: [inSlack('U0ALICE', { locale: 'ja-JP', tz: 'Asia/Tokyo' })] })
  expect(await identify(bot, 'U0ALICE')).toMatchObject({
    id: 'U0ALICE',
    one: 'U0ALICE',
    team: 'T0ACME',
    name: 'u0alice',
    language: 'ja',
    timeZone: 'Asia/Tokyo',
    account: 'alice',
    user: { username: 'alice' },
  })
  expect(await bot.db.select({ team: links.team, id: links.slackId, account: links.account }).from(links)).toEqual([
    { team: 'T0ACME', id: 'U0ALICE', account: 'alice' },
  ])
  const once = asked().length
  // The account was read just now.
  expect(await identify(bot, 'U0ALICE')).toMatchObject({ account: 'alice' })
  expect(asked()).toHaveLength(once)
  await identify(bot, 'U0ALICE', { bypassCache: true })
  expect(asked()).toHaveLength(once + 1)
})

test('Slack is asked once for a person, and anew where it counts', async () => {
  const users = [inSlack('U0ALICE')]
  const { bot } = await botWith({ users })
  await identify(bot, 'U0ALICE')
  users.splice(0, 1, inSlack('U0ALICE', { is_restricted: true }))
  expect(await identify(bot, 'U0ALICE')).toMatchObject({ account: 'alice' })
  expect(await identifyInSlack(bot, 'U0ALICE')).toMatchObject({ id: 'U0ALICE' })
  await expect(identify(bot, 'U0ALICE', { bypassCache: true })).rejects.toMatchObject({ code: 'denied' })
})

const grid = (id: string, one: string) => inSlack(id, { enterprise_user: { id: one, teams: ['T0ACME'] } })
test.each(
  sampled(
    [
      ['by their id', { U0ALICE: 'bea' }, [inSlack('U0ALICE')], 'U0ALICE', 'bea'],
      ['by their id in the whole grid', { W0ALICE: 'bea' }, [grid('U0ALICE', 'W0ALICE')], 'U0ALICE', 'bea'],
      [
        'by their id in another workspace of it',
        { U0THERE: 'bea' },
        [grid('U0ALICE', 'W0ALICE'), grid('U0THERE', 'W0ALICE')],
        'U0ALICE',
        'bea',
      ],
      [
        'by an id in a workspace, seen by the one of the grid',
        { U0THERE: 'bea' },
        [inSlack('W0ALICE'), grid('U0THERE', 'W0ALICE')],
        'W0ALICE',
        'bea',
      ],
      ['not by somebody else’s', { U0CARL: 'bea' }, [grid('U0ALICE', 'W0ALICE'), grid('U0CARL', 'W0CARL')], 'U0ALICE', 'alice'],
      ['not by somebody else’s, without a grid', { U0CARL: 'bea' }, [inSlack('U0ALICE'), inSlack('U0CARL')], 'U0ALICE', 'alice'],
    ],
    3,
  ),
)('the policy maps somebody %s', async (_, map, users, id, name) => {
  const all = users.map((one) => ({ ...one, profile: { email: 'alice@example.com' } }))
  expect(await account({ policy: mapping(map), users: all, accounts: [accountAnswer('alice'), accountAnswer('bea')] }, id)).toMatchObject({
    name,
    user: name,
  })
})

test('without a grid nobody of the map is looked up in Slack', async () => {
  const { bot } = await botWith({ policy: mapping({ U0GONE: 'bea' }) })
  await identify(bot, 'U0ALICE')
  expect([...bot.slack.unknown.keys()]).toEqual([])
  // With one, only those are whose id may be another’s.
  const other = await botWith({ policy: mapping({ W0GONE: 'bea', U0GONE: 'carl' }), users: [grid('U0ALICE', 'W0ALICE')], known: [] })
  await identify(other.bot, 'U0ALICE')
  expect([...other.bot.slack.unknown.keys()]).toEqual(['U0GONE'])
})

test('one who is mapped needs no address, and may be a superuser; a mapped account that is gone is no account of another', async () => {
  const policy: PolicyFile = { identity: { map: { U0ALICE: 'root' }, email: false } }
  expect(
    await account({ policy, accounts: [accountAnswer('root', { super_user: true })], users: [inSlack('U0ALICE', { profile: {} })] }),
  ).toMatchObject({ name: 'root', user: 'root', why: undefined })
  expect(await account({ policy, accounts: [], known: [] })).toMatchObject({ name: 'root', user: undefined })
  expect(await state.bot.db.$count(links)).toBe(0)
})

const noLink = {
  off: 'An operator must add your Quay user to the policy, under identity.map: {id}.',
  unconfirmed:
    'Slack does not report your e-mail address as confirmed. Confirm it in Slack, or ask an operator to add {id} to identity.map in the policy.',
  unproven:
    'This registry does not verify e-mail addresses, so yours can’t identify your Quay user. Ask an operator to add {id} to identity.map in the policy.',
  several: 'Several Quay users have the e-mail address {email}. Ask an operator to add {id} to identity.map in the policy.',
  none: 'No Quay user has your e-mail address {email}. Set it in Quay, or ask an operator to add {id} to identity.map in the policy.',
  powerful:
    'The Quay user with the e-mail address {email} is a superuser. Superusers are never linked by e-mail. Ask an operator to add {id} to identity.map in the policy.',
  moved:
    'Your e-mail address no longer belongs to your previous Quay user. Ask an operator to confirm the change: add {id} to identity.map in the policy.',
}
const byMail = (email: boolean | 'unverified'): PolicyFile => ({ identity: { email } })
const off = { features: { MAILING: false } }

test.each(
  sampled<[string, Given, string | undefined]>(
    [
      ['the policy wants no links by address', { policy: byMail(false) }, noLink.off],
      ['Slack has not confirmed the address', { users: [inSlack('U0ALICE', { is_email_confirmed: false })] }, noLink.unconfirmed],
      ['Quay sends no mail', { capabilities: off }, noLink.unproven],
      ['Quay has not said whether it sends mail', { capabilities: { features: {} } }, noLink.unproven],
      ['nobody knows where accounts come from', { capabilities: { ...off, authentication: 'unknown' } }, noLink.unproven],
      ['a directory has the accounts', { capabilities: { ...off, authentication: 'LDAP' } }, undefined],
      ['the operator says so', { capabilities: off, policy: byMail('unverified') }, undefined],
      ['Quay sends mail, wherever accounts come from', { capabilities: { authentication: 'unknown' } }, undefined],
      [
        'two have the address in one pass',
        {
          known: [
            ['alice', 'alice@example.com'],
            ['bea', 'alice@example.com'],
          ],
        },
        noLink.several,
      ],
      [
        'two have it, of which one did earlier and does not now',
        {
          known: [
            ['alice', 'alice@example.com', 2],
            ['bea', 'alice@example.com', 1],
          ],
          accounts: [accountAnswer('alice'), accountAnswer('bea')],
        },
        undefined,
      ],
      [
        'two have it now, of two passes',
        {
          known: [
            ['alice', 'alice@example.com', 2],
            ['bea', 'alice@example.com', 1],
          ],
          accounts: [accountAnswer('alice'), accountAnswer('bea', { email: 'alice@example.com' })],
        },
        noLink.several,
      ],
      ['nobody has it', { known: [] }, noLink.none],
      ['the account is gone', { accounts: [] }, noLink.none],
      ['the account has another address now', { accounts: [accountAnswer('alice', { email: 'other@example.com' })] }, noLink.none],
      ['the account is disabled', { accounts: [accountAnswer('alice', { enabled: false })] }, noLink.none],
      ['the account is a superuser’s', { accounts: [accountAnswer('alice', { super_user: true })] }, noLink.powerful],
      ['the account may read everything', { accounts: [accountAnswer('alice', { global_readonly_super_user: true })] }, noLink.powerful],
      ['the disabled account is a superuser’s', { accounts: [accountAnswer('alice', { super_user: true, enabled: false })] }, noLink.none],
    ],
    3,
  ),
)('a first link where %s', async (_, given, why) => {
  const found = await account(given)
  if (why === undefined) return expect(found).toMatchObject({ name: 'alice', user: 'alice', why: undefined })
  expect(found).toMatchObject({ name: undefined, user: undefined, why, values: { id: 'U0ALICE' } })
  expect(found.values?.email).toBe(why === noLink.unconfirmed ? '' : 'alice@example.com')
  expect(found.lookAgain).toBe(why === noLink.none ? true : undefined)
})

test('what links nobody is not written down', async () => {
  await account({ known: [] })
  await account({ capabilities: off, known: [] })
  await account({ accounts: [accountAnswer('alice', { super_user: true })], known: [['alice', 'alice@example.com']] })
  expect(await state.bot.db.$count(links)).toBe(0)
})

const linkOf = (slackId: string, name: string, team = 'T0ACME') => state.bot.db.insert(links).values({ team, slackId, account: name })
test.each(
  sampled<[string, Given, string | undefined]>(
    [
      ['has the address', {}, undefined],
      ['has it in capitals', { accounts: [accountAnswer('alice', { email: 'ALICE@example.com' })] }, undefined],
      ['is disabled: that is said where they do something', { accounts: [accountAnswer('alice', { enabled: false })] }, undefined],
      ['has another address', { accounts: [accountAnswer('alice', { email: 'other@example.com' })] }, noLink.moved],
      ['has none', { accounts: [accountAnswer('alice', { email: null })] }, noLink.moved],
      ['is gone', { accounts: [] }, noLink.moved],
      ['has become a superuser', { accounts: [accountAnswer('alice', { super_user: true })] }, noLink.moved],
      ['has become a global reader', { accounts: [accountAnswer('alice', { global_readonly_super_user: true })] }, noLink.moved],
      ['stands in a registry that verifies no longer', { capabilities: off }, undefined],
      [
        'has it in an equivalent domain',
        {
          accounts: [accountAnswer('alice', { email: 'alice@corp.example' })],
          policy: { identity: { domains: [['example.com', 'corp.example']] } },
        },
        undefined,
      ],
      [
        'has it in an equivalent domain that nobody verifies',
        {
          capabilities: off,
          accounts: [accountAnswer('alice', { email: 'alice@corp.example' })],
          policy: { identity: { domains: [['example.com', 'corp.example']] } },
        },
        noLink.moved,
      ],
    ],
    3,
  ),
)('a link stays where its account %s', async (_, given, why) => {
  await linkOf('U0ALICE', 'alice')
  expect(await account({ known: [], ...given })).toMatchObject(
    why === undefined ? { name: 'alice', user: 'alice' } : { name: undefined, user: undefined, why },
  )
})

test('a link is of a workspace, and of any id of its person', async () => {
  await linkOf('U0ALICE', 'bea', 'T0OTHER')
  await linkOf('U0CARL', 'bea')
  expect(await account()).toMatchObject({ name: 'alice' })
  await state.bot.db.delete(links)
  await linkOf('W0ALICE', 'alice')
  expect(await account({ known: [], users: [grid('U0ALICE', 'W0ALICE')] })).toMatchObject({ name: 'alice' })
})

test.each(
  sampled(
    [
      ['another account, which has another address', accountAnswer('bea'), undefined],
      ['another account of this address', accountAnswer('bea', { email: 'alice@example.com' }), 'bea'],
    ],
    2,
  ),
)('a link that another process has written meanwhile is the one that counts: %s', async (_, bea, name) => {
  const written: Promise<unknown>[] = []
  const alice = () => {
    written.push(linkOf('U0ALICE', 'bea').then())
    return accountAnswer('alice')
  }
  const { bot, asked } = await botWith({ accounts: [bea], more: { 'GET /superuser/users/alice': alice } })
  // What is remembered of the other one does not count.
  bot.cache.set('user bea', Promise.resolve({ ...personOf().user, username: 'bea', email: name ? 'x@example.com' : 'alice@example.com' }))
  const found = await identify(bot, 'U0ALICE')
  await Promise.all(written)
  expect(asked()).toEqual(['GET /superuser/users/alice', 'GET /superuser/users/bea'])
  expect(found).toMatchObject(
    name ? { account: name, user: { username: name } } : { account: undefined, unlinked: { message: noLink.moved } },
  )
})

test('where Quay does not answer, who needs no account goes on without one, and hears why', async () => {
  const away = { more: { 'GET /superuser/users/alice': 503 }, accounts: [] }
  const { bot } = await botWith(away)
  await expect(identify(bot, 'U0ALICE')).rejects.toMatchObject({ code: 'unavailable' })
  expect(await identifyAlone(bot, 'U0ALICE')).toMatchObject({
    ...{ id: 'U0ALICE', one: 'U0ALICE', team: 'T0ACME', name: 'u0alice', account: undefined, user: undefined, unasked: true },
    unlinked: { message: 'Quay is not available right now.' },
  })
  const well = await botWith({ known: [] })
  expect((await identifyAlone(well.bot, 'U0ALICE')).unasked).toBeUndefined()
  const broken = await botWith({ known: [], more: { 'GET /superuser/users/alice': 302 }, accounts: [] })
  await expect(identifyAlone(broken.bot, 'U0ALICE')).rejects.toThrow(/^Quay redirects/)
})

// The other way round

test.each(
  sampled<[string, Record<string, string>, string[], string[], string | undefined]>(
    [
      ['nobody', {}, [], [], undefined],
      ['by the policy', { U0ALICE: 'alice', U0BEA: 'bea' }, [], [], 'U0ALICE'],
      ['by a link', {}, ['U0ALICE'], [], 'U0ALICE'],
      ['one, whoever that is now', {}, ['U0GONE'], [], 'U0GONE'],
      ['of two the one who is there', { U0GONE: 'alice' }, ['U0ALICE'], [], 'U0ALICE'],
      ['of two the first', { U0BEA: 'alice' }, ['U0ALICE'], [], 'U0BEA'],
      ['of two who are gone nobody', { U0GONE: 'alice' }, ['U0LEFT'], [], undefined],
    ],
    3,
  ),
)('the Slack person of an account is %s', async (_, map, linked, __, expected) => {
  for (const id of linked) await linkOf(id, 'alice')
  await linkOf('U0CARL', 'carl')
  const { bot } = await botWith({ policy: mapping(map), users: [inSlack('U0ALICE'), inSlack('U0BEA')], known: [] })
  expect(await slackPersonOf(bot, 'alice')).toBe(expected)
})

test.each(
  sampled<[string, Given, string[], string | undefined]>(
    [
      ['who is linked and has the address', {}, ['U0ALICE'], 'U0ALICE'],
      ['who is mapped', { policy: mapping({ U0ALICE: 'alice' }) }, [], 'U0ALICE'],
      ['not whose account is disabled', { accounts: [accountAnswer('alice', { enabled: false })] }, ['U0ALICE'], undefined],
      ['not who is mapped to an account that is gone', { policy: mapping({ U0ALICE: 'alice' }), accounts: [] }, [], undefined],
      ['not whose address has moved', { accounts: [accountAnswer('alice', { email: 'x@example.com' })] }, ['U0ALICE'], undefined],
      ['not who is a guest', { users: [inSlack('U0ALICE', { is_restricted: true })] }, ['U0ALICE'], undefined],
      [
        'the next one, where the first is none',
        { users: [inSlack('U0ALICE')], policy: mapping({ U0GONE: 'alice' }) },
        ['U0ALICE'],
        'U0ALICE',
      ],
      ['nobody', {}, [], undefined],
      [
        'not who is mapped to another now',
        { policy: mapping({ U0ALICE: 'bea' }), accounts: [accountAnswer('alice'), accountAnswer('bea')] },
        ['U0ALICE'],
        undefined,
      ],
    ],
    3,
  ),
)('the owner of an account is %s', async (_, given, linked, expected) => {
  for (const id of linked) await linkOf(id, 'alice')
  const { bot } = await botWith({ known: [], ...given })
  expect(await ownerOf(bot, 'alice')).toBe(expected)
})

test('an owner is looked up now, not remembered', async () => {
  await linkOf('U0ALICE', 'alice')
  const { bot, asked } = await botWith({ known: [] })
  await identify(bot, 'U0ALICE')
  await ownerOf(bot, 'alice')
  expect(asked()).toHaveLength(2)
})

test.each([
  [{ id: 'U1' }, { id: 'U1' }, true],
  [{ id: 'U1' }, { id: 'U2' }, false],
  [{ id: 'U1', one: 'W1' }, { id: 'U2', one: 'W1' }, true],
  [{ id: 'U1', one: 'W1' }, { id: 'U2', one: 'W2' }, false],
  [{ id: 'W1' }, { id: 'U2', one: 'W1' }, true],
  [{ id: 'U1', one: 'W1' }, { id: 'W1' }, true],
  [{ id: 'U1', account: 'a' }, { id: 'U2', account: 'a' }, true],
  [{ id: 'U1', account: 'a' }, { id: 'U2', account: 'b' }, false],
  [{ id: 'U1', account: 'a' }, { id: 'U2' }, false],
])('%j and %j are one person: %s', (one, other, expected) => {
  expect(isSame({ account: undefined, ...one }, { account: undefined, ...other })).toBe(expected)
})

// Addresses

test.each([
  ['a@b.example', 'a@b.example', true],
  ['A@b.example', 'a@B.example', true],
  ['a@b.example', 'c@b.example', false],
  [undefined, undefined, false],
  ['a@b.example', undefined, false],
  [undefined, 'a@b.example', false],
  ['', '', false],
  ['é@b.example', 'é@b.example', false],
  ['a b@b.example', 'a b@b.example', false],
  ['a@b.example é', 'a@b.example é', false],
  ['é a@b.example', 'a@b.example', false],
])('%j and %j are the same address: %s', (one, other, expected) => {
  expect(isSameAddress(one, other)).toBe(expected)
  expect(isSameAddress(other, one)).toBe(expected)
})

test('an address is kept as a hash by the first key, and looked for by all; none that can link nobody', async () => {
  const keys = await secretsKey({ setting: `${'b'.repeat(40)},${'a'.repeat(40)}` })
  expect(hashesOf(keys, 'A@b.example')).toEqual(keys.ring.map((key) => hashedAddress(key, 'a@b.example')))
  expect(hashOf(keys, 'A@b.example')).toBe(hashedAddress(keys, 'a@b.example'))
  for (const none of [undefined, '', 'é@b.example']) {
    expect(hashesOf(keys, none)).toEqual([])
    expect(hashOf(keys, none)).toBeNull()
  }
})

test.each([
  ['a@x.example', undefined, ['a@x.example']],
  ['a@x.example', [['y.example', 'z.example']], ['a@x.example']],
  ['a@x.example', [['x.example', 'y.example', 'z.example']], ['a@x.example', 'a@y.example', 'a@z.example']],
  [
    'a@Y.example',
    [
      ['q.example', 'r.example'],
      ['x.example', 'y.example'],
    ],
    ['a@Y.example', 'a@x.example'],
  ],
  ['a@b@x.example', [['x.example', 'y.example']], ['a@b@x.example', 'a@b@y.example']],
])('%s with %j is %j', (email, groups, expected) => {
  expect(equivalents(email, groups)).toEqual(expected)
})

// Languages

test('somebody reads their own language, and where Slack does not answer the bot’s', async () => {
  const { bot } = await botWith({ users: [inSlack('U0ALICE', { locale: 'en-US' })] })
  expect(await languageFor(bot, 'U0ALICE')).toBe('en')
  const broken = {
    ...bot,
    slack: {
      ...bot.slack,
      people: openCache(1, () => 0),
      directory: {
        users: {
          info: async () => {
            throw new Error('away')
          },
        },
      },
    },
  } as unknown as typeof bot // nothing else is asked
  expect(await languageFor(broken, 'U0ALICE')).toBe('ja')
  expect((await translatorFor(bot, 'U0ALICE'))('{n}', { n: 'x' })).toBe('x')
})
