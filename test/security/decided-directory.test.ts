import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newRuntime } from '../../src/context.ts'
import { Failure } from '../../src/core/failure.ts'
import { hashedAddress, secretsKey } from '../../src/core/keys.ts'
import {
  directoryLists,
  directoryMembers,
  directoryOrganizations,
  directoryRepositories,
  directoryUsers,
} from '../../src/db/directory-tables.ts'
import { entries } from '../../src/db/schema.ts'
import type { Change } from '../../src/quay/registry.ts'
import { findByAddress, readAccountsAgain } from '../../src/security/directory/accounts.ts'
import { keepDirectory } from '../../src/security/directory/changes.ts'
import {
  beginLists,
  changeHeld,
  claimDue,
  dropListLeases,
  dropLists,
  findList,
  finishPass,
  listOf,
  markDue,
  postpone,
  release,
} from '../../src/security/directory/lists.ts'
import { findAccountNames, findOrganizationNames, findRepositoryNames, findTeamNames } from '../../src/security/directory/names.ts'
import { readAccountsOn, refreshDirectory } from '../../src/security/directory/pass.ts'
import { embedded, openState } from '../db/open-state.ts'
import { sampled } from '../sized.ts'
import { accountAnswer, botOf, registryOf } from './parts.ts'

// The directory, step by step: which list is next, what a page writes and deletes, what a change of our own does to it.

let state: Awaited<ReturnType<typeof openState>>
beforeAll(async () => {
  state = await openState({ database: embedded, until: afterAll })
})
beforeEach(async () => {
  for (const name of [directoryLists, directoryMembers, directoryOrganizations, directoryRepositories, directoryUsers, entries])
    await state.bot.db.delete(name)
  // The share of background work that earlier tests have used up.
  await state.bot.db.execute(sql`delete from background_share`)
})

const aMinute = 60_000
const now = Date.parse('2026-11-03T09:00:00Z')
type Values = typeof directoryLists.$inferInsert
const list = (name: string, more: Partial<Values> = {}) =>
  state.bot.db.insert(directoryLists).values({ list: name, dueAt: new Date(0), ...more })
const bot = (more: object = {}) => botOf({ ...state.bot, clock: () => now, config: { QUAY_RATE: 4 }, runtime: newRuntime(), ...more })
const found = async (name: string) => {
  const row = await findList(state.bot, name)
  if (!row) throw new TypeError(`no list ${name}`)
  return row
}

// Lists

test('the two lists that everything comes from are made once', async () => {
  await beginLists(bot())
  expect(await found('users')).toMatchObject({ keyId: state.bot.keys.id, dueAt: new Date(now), pass: 0 })
  expect(await found('organizations')).toMatchObject({ keyId: null, dueAt: new Date(now) })
  await state.bot.db.update(directoryLists).set({ pass: 3, finishedAt: new Date(5), startedAt: new Date(6), dueAt: new Date(7) })
  await beginLists(bot())
  for (const name of ['users', 'organizations'])
    expect(await found(name)).toMatchObject({ pass: 3, finishedAt: new Date(5), startedAt: new Date(6), dueAt: new Date(7) })
})

test('addresses by a key of the ring stay; by a key that is gone they are read anew', async () => {
  const newer = 'a newer setting of thirty-two letters'
  await list('users', { keyId: state.bot.keys.id, finishedAt: new Date(5), startedAt: new Date(6) })
  await list('organizations', { keyId: 'gone', finishedAt: new Date(5) })
  const ring = await secretsKey({ setting: `${newer},a setting of thirty-two letters or more` })
  await beginLists(bot({ keys: ring }))
  expect(await found('users')).toMatchObject({ keyId: state.bot.keys.id, finishedAt: new Date(5), dueAt: new Date(0) })
  const alone = await secretsKey({ setting: newer })
  await beginLists(bot({ keys: alone }))
  expect(await found('users')).toMatchObject({ keyId: alone.id, finishedAt: null, startedAt: null, dueAt: new Date(now) })
  expect(await found('organizations')).toMatchObject({ finishedAt: new Date(5) })
})

test.each(
  sampled<[string, [string, Partial<Values>][], string | undefined, string | undefined]>(
    [
      [
        'the one that is due',
        [
          ['users', { dueAt: new Date(now + 1) }],
          ['organizations', { dueAt: new Date(now) }],
        ],
        undefined,
        'organizations',
      ],
      ['none that is not', [['users', { dueAt: new Date(now + 1) }]], undefined, undefined],
      [
        'the one that is due longest',
        [
          ['users', { dueAt: new Date(2) }],
          ['organizations', { dueAt: new Date(1) }],
        ],
        undefined,
        'organizations',
      ],
      [
        'accounts before what is in organizations',
        [
          ['users', { dueAt: new Date(2) }],
          ['acme/*', { dueAt: new Date(1), urgent: true }],
        ],
        undefined,
        'users',
      ],
      [
        'the one that somebody waits for',
        [
          ['users', { dueAt: new Date(2), urgent: true }],
          ['organizations', { dueAt: new Date(1) }],
        ],
        undefined,
        'users',
      ],
      ['none that another reads', [['users', { leaseUntil: new Date('2999-01-01'), holder: 'x' }]], undefined, undefined],
      ['one that another has let go', [['users', { leaseUntil: new Date('1999-01-01'), holder: 'x' }]], undefined, 'users'],
      [
        'the one that was asked for',
        [
          ['users', { dueAt: new Date(2) }],
          ['organizations', { dueAt: new Date(1) }],
        ],
        'users',
        'users',
      ],
      [
        'not another in its place',
        [
          ['users', { dueAt: new Date(now + 1) }],
          ['organizations', {}],
        ],
        'users',
        undefined,
      ],
    ],
    4,
  ),
)('next comes %s', async (_, lists, only, expected) => {
  for (const [name, more] of lists) await list(name, more)
  expect((await claimDue(bot(), 'me', only))?.list).toBe(expected)
})

test('a new pass begins at the beginning, and one that was cut short where it was', async () => {
  const stood = { pass: 7, next: 'token', first: 'a', pages: 3, urgent: true }
  await list('users', stood)
  expect(await claimDue(bot(), 'me')).toMatchObject({
    pass: 8,
    startedAt: new Date(now),
    next: null,
    first: null,
    pages: 0,
    urgent: true,
    holder: 'me',
  })
  expect(await found('users')).toMatchObject({ pass: 8, urgent: false, holder: 'me' })
  expect((await found('users')).leaseUntil?.getTime()).toBeGreaterThan(Date.now() + aMinute)
  await list('organizations', { ...stood, startedAt: new Date(5) })
  expect(await claimDue(bot(), 'me', 'organizations')).toMatchObject({ ...stood, startedAt: new Date(5), holder: 'me' })
})

test('only who holds a list changes it', async () => {
  await list('users', { holder: 'me' })
  const held = await found('users')
  expect(await changeHeld(state.bot.db, held, { pages: 4 })).toMatchObject({ pages: 4 })
  expect((await found('users')).leaseUntil).not.toBeNull()
  expect(await changeHeld(state.bot.db, { ...held, holder: 'other' }, { pages: 5 })).toBeUndefined()
  expect(await changeHeld(state.bot.db, { ...held, holder: null }, { pages: 5 })).toBeUndefined()
  expect(await changeHeld(state.bot.db, { ...held, list: 'organizations' }, { pages: 5 })).toBeUndefined()
  expect(await found('users')).toMatchObject({ pages: 4, holder: 'me' })
  await release(state.bot, held)
  expect(await found('users')).toMatchObject({ holder: null, leaseUntil: null, pages: 4 })
  await state.bot.db.update(directoryLists).set({ holder: 'dead', leaseUntil: new Date('2999-01-01') })
  await dropListLeases(state.bot)
  expect(await found('users')).toMatchObject({ holder: null, leaseUntil: null })
})

test.each(
  sampled<[string, string, Partial<Values>, Partial<Values>, number]>(
    [
      ['accounts are due again in ten minutes', 'users', { pages: 3 }, { keyId: 'mine' }, 10 * aMinute],
      ['many in longer', 'users', { pages: 1200 }, { keyId: 'mine' }, 10_000_000],
      ['organizations in ten minutes', 'organizations', { pages: 3 }, { keyId: null }, 10 * aMinute],
      ['what is in one in thirty', 'acme/*', { pages: 3 }, { keyId: null }, 30 * aMinute],
      ['at once what somebody has asked for meanwhile', 'users', { urgent: true }, { keyId: 'mine' }, 0],
    ],
    3,
  ),
)('after a whole pass %s', async (_, name, given, expected, wait) => {
  await list('labs/*', { knownPages: 2 })
  await list(name, {
    holder: 'me',
    startedAt: new Date(5),
    next: 'x',
    problem: { code: 'denied', message: 'No.', values: {} },
    leaseUntil: new Date(),
    ...given,
  })
  await finishPass(bot(), state.bot.db, await found(name))
  expect(await found(name)).toMatchObject({
    ...{
      startedAt: null,
      asOf: new Date(5),
      finishedAt: new Date(now),
      knownPages: given.pages ?? 0,
      next: null,
      problem: null,
      holder: null,
      leaseUntil: null,
    },
    ...{ keyId: expected.keyId === 'mine' ? state.bot.keys.id : null, dueAt: new Date(now + wait) },
  })
})

test('what is in all organizations together keeps to its share', async () => {
  await list('labs/*', { knownPages: 1000 })
  await list('users', { knownPages: 100_000 })
  await list('acme/*', { holder: 'me', knownPages: 10 })
  await finishPass(bot(), state.bot.db, await found('acme/*'))
  expect((await found('acme/*')).dueAt).toEqual(new Date(now + ((1002 + 12) / 0.2) * 1000))
})

test.each(
  sampled(
    [
      ['one that passes is tried in a minute, where it was', new Failure('unavailable', 'Away.', { a: 1 }), false, aMinute],
      ['one that does not in ten', new Failure('denied', 'No.'), false, 10 * aMinute],
      ['one that begins anew', new Failure('denied', 'No.'), true, 10 * aMinute],
    ],
    3,
  ),
)('after a failure, %s', async (_, failure, begin, wait) => {
  await list('users', { holder: 'me', startedAt: new Date(5), next: 'x', leaseUntil: new Date() })
  await postpone(bot(), await found('users'), failure, begin)
  expect(await found('users')).toMatchObject({
    ...{ holder: null, leaseUntil: null, next: 'x', dueAt: new Date(now + wait), startedAt: begin ? null : new Date(5) },
    problem: { code: failure.code, ...failure.sentence },
  })
})

test('after a failure a pass goes on where it was, unless told', async () => {
  await list('users', { holder: 'me', startedAt: new Date(5) })
  await postpone(bot(), await found('users'), new Failure('denied', 'No.'))
  expect(await found('users')).toMatchObject({ startedAt: new Date(5), holder: null })
})

test('a list that is marked is due now, not later than it was; and stays urgent when somebody waits for it', async () => {
  for (const [name, due] of [
    ['users', now + 9],
    ['organizations', now - 9],
    ['acme/*', now + 9],
  ] as const)
    await list(name, { dueAt: new Date(due) })
  await markDue(bot(), state.bot.db, ['users', 'organizations'], true)
  expect([(await found('users')).dueAt, (await found('organizations')).dueAt, (await found('acme/*')).dueAt]).toEqual([
    new Date(now),
    new Date(now - 9),
    new Date(now + 9),
  ])
  await markDue(bot(), state.bot.db, ['users', 'acme/*'])
  expect([(await found('users')).urgent, (await found('organizations')).urgent, (await found('acme/*')).urgent]).toEqual([
    true,
    true,
    false,
  ])
})

test('lists of organizations are dropped, and never the two', async () => {
  for (const name of ['users', 'organizations', 'acme/*', 'labs/*']) await list(name)
  await dropLists(state.bot.db, sql`list <> 'labs/*'`)
  expect((await state.bot.db.select().from(directoryLists)).map((one) => one.list).sort()).toEqual(['labs/*', 'organizations', 'users'])
})

// Passes

const users = (names: string[], next?: string) => ({ users: names.map((name) => accountAnswer(name)), ...(next && { next_page: next }) })
const organizations = (names: string[], next?: string) => ({
  organizations: names.map((name) => ({ name })),
  ...(next && { next_page: next }),
})
const repositories = (namespace: string, names: Record<string, boolean>, next?: string) => ({
  repositories: Object.entries(names).map(([name, open]) => ({ namespace, name, is_public: open })),
  ...(next && { next_page: next }),
})
const accounts = 'GET /superuser/users/'
const all = 'GET /superuser/organizations/'
const whole = {
  [accounts]: users(['alice', 'bea']),
  [all]: organizations(['acme']),
  'GET /organization/acme': {
    name: 'acme',
    teams: {
      devs: { name: 'devs', role: 'member' },
      makers: { name: 'makers', role: 'creator' },
      owners: { name: 'owners', role: 'admin' },
      odd: { name: 'odd', role: 'tester' },
    },
  },
  'GET /organization/acme/members': {
    members: [
      { name: 'alice', kind: 'user', teams: [{ name: 'devs' }], repositories: ['web'] },
      { name: 'bea', kind: 'user', teams: [{ name: 'owners' }, { name: 'devs' }] },
      { name: 'carl', kind: 'user', teams: [{ name: 'makers' }, { name: 'devs' }] },
      { name: 'dora', kind: 'user', teams: [{ name: 'odd' }] },
    ],
  },
  'GET /repository': repositories('acme', { web: false, open: true }),
}
async function reading(answers: object, more: object = {}, capabilities = {}) {
  const { quay, asked, requests } = await registryOf({ ...answers }, capabilities)
  return { bot: bot({ quay, config: { QUAY_RATE: 10_000 }, ...more }), asked, requests }
}
const names = async <Row extends { name: string }>(rows: PromiseLike<Row[]>) => (await rows).map(({ name }) => name).sort()
const known = {
  users: () => names(state.bot.db.select().from(directoryUsers)),
  organizations: () => names(state.bot.db.select().from(directoryOrganizations)),
  repositories: () => names(state.bot.db.select().from(directoryRepositories)),
}

test('a pass over everything writes down accounts, organizations, and who and what is in them', async () => {
  const { bot: reader } = await reading(whole)
  await refreshDirectory(reader)
  expect(await state.bot.db.select().from(directoryUsers).orderBy(directoryUsers.name)).toMatchObject([
    { name: 'alice', address: hashedAddress(state.bot.keys, 'alice@example.com'), enabled: true, pass: 1, seenAt: new Date(now) },
    { name: 'bea' },
  ])
  expect(await state.bot.db.select().from(directoryOrganizations)).toMatchObject([
    { name: 'acme', teams: ['devs', 'makers', 'owners', 'odd'] },
  ])
  expect(await state.bot.db.select().from(directoryMembers).orderBy(directoryMembers.account)).toEqual([
    { organization: 'acme', account: 'alice', role: 'member', repositories: ['acme/web'] },
    { organization: 'acme', account: 'bea', role: 'admin', repositories: [] },
    { organization: 'acme', account: 'carl', role: 'creator', repositories: [] },
    { organization: 'acme', account: 'dora', role: 'member', repositories: [] },
  ])
  expect(await state.bot.db.select().from(directoryRepositories).orderBy(directoryRepositories.name)).toMatchObject([
    { name: 'acme/open', namespace: 'acme', isPublic: true },
    { name: 'acme/web', namespace: 'acme', isPublic: false },
  ])
  for (const name of ['users', 'organizations', 'acme/*'])
    expect(await found(name)).toMatchObject({ startedAt: null, finishedAt: new Date(now), holder: null, pages: 1, knownPages: 1 })
})

test('page after page is read, the people of an organization once; what is gone goes at the end', async () => {
  await state.bot.db.insert(directoryUsers).values({ name: 'gone', address: null, enabled: true, pass: 0, seenAt: new Date(0) })
  await state.bot.db.insert(directoryOrganizations).values({ name: 'gone', pass: 0, seenAt: new Date(0) })
  const repository = { isPublic: false, pass: 0, seenAt: new Date(0) }
  await state.bot.db.insert(directoryRepositories).values([
    { name: 'gone/x', namespace: 'gone', ...repository },
    { name: 'acme/gone', namespace: 'acme', ...repository },
  ])
  await state.bot.db.insert(directoryMembers).values([
    { organization: 'gone', account: 'alice', role: 'admin', repositories: [] },
    { organization: 'acme', account: 'gone', role: 'admin', repositories: [] },
  ])
  await list('gone/*', { dueAt: new Date(now + aMinute) })
  const { bot: reader, requests } = await reading({
    ...whole,
    [accounts]: [users(['alice'], 'u2'), users(['bea'])],
    [all]: [organizations(['acme'], 'o2'), organizations(['labs'])],
    'GET /repository': [repositories('acme', { web: false }, 'r2'), repositories('acme', { open: true }), repositories('labs', {})],
  })
  await refreshDirectory(reader)
  expect([await known.users(), await known.organizations(), await known.repositories()]).toEqual([
    ['alice', 'bea'],
    ['acme', 'labs'],
    ['acme/open', 'acme/web'],
  ])
  expect((await state.bot.db.select().from(directoryMembers)).map(({ account }) => account).sort()).toEqual([
    'alice',
    'bea',
    'carl',
    'dora',
  ])
  expect((await state.bot.db.select().from(directoryLists)).map((one) => one.list).sort()).toEqual([
    'acme/*',
    'labs/*',
    'organizations',
    'users',
  ])
  const pages = (path: string) => requests.filter((one) => one.path === `/api/v1${path}`).map(({ query }) => query.get('next_page'))
  expect(pages('/superuser/users/')).toEqual([null, 'u2'])
  expect(pages('/superuser/organizations/')).toEqual([null, 'o2'])
  expect(pages('/repository')).toEqual([null, 'r2', null])
  expect(pages('/organization/acme/members')).toEqual([null])
  expect(await found('acme/*')).toMatchObject({ knownPages: 2 })
})

test('nothing is deleted for an empty registry but what is gone', async () => {
  const { bot: reader } = await reading({ [accounts]: users([]), [all]: organizations([]) })
  await refreshDirectory(reader)
  expect([await known.users(), await known.organizations()]).toEqual([[], []])
  expect(await found('users')).toMatchObject({ finishedAt: new Date(now) })
})

test('a change of our own that is newer than the page stays; an older one does not', async () => {
  const row = { address: 'ours', enabled: false, pass: 0 }
  await state.bot.db.insert(directoryUsers).values([
    { name: 'alice', ...row, seenAt: new Date(now + 1) },
    { name: 'bea', ...row, seenAt: new Date(now - 1) },
  ])
  const { bot: reader } = await reading(whole)
  await refreshDirectory(reader)
  expect(await state.bot.db.select().from(directoryUsers).orderBy(directoryUsers.name)).toMatchObject([
    { name: 'alice', address: 'ours', enabled: false, pass: 1, seenAt: new Date(now + 1) },
    { name: 'bea', address: hashedAddress(state.bot.keys, 'bea@example.com'), enabled: true, pass: 1, seenAt: new Date(now) },
  ])
})

test('repositories change from private to public, and are seen again', async () => {
  await state.bot.db
    .insert(directoryRepositories)
    .values({ name: 'acme/open', namespace: 'acme', isPublic: false, pass: 0, seenAt: new Date(0) })
  await refreshDirectory((await reading(whole)).bot)
  expect(await state.bot.db.select().from(directoryRepositories).where(eq(directoryRepositories.name, 'acme/open'))).toMatchObject([
    { isPublic: true, pass: 1, seenAt: new Date(now) },
  ])
})

test.each(
  sampled(
    [
      ['the organization', 'GET /organization/acme', 403, ['acme/open', 'acme/web'], 4],
      ['its members', 'GET /organization/acme/members', 403, ['acme/open', 'acme/web'], 0],
      ['its repositories', 'GET /repository', 403, [], 4],
      ['an organization that is gone', 'GET /organization/acme/members', undefined, ['acme/open', 'acme/web'], 0],
    ] as const,
    2,
    1,
  ),
)('where Quay refuses the bot %s, the directory has less', async (_, call, status, shown, people) => {
  await refreshDirectory((await reading({ ...whole, [call]: status })).bot)
  expect(await known.repositories()).toEqual(shown)
  expect(await state.bot.db.$count(directoryMembers)).toBe(people)
  expect(await found('acme/*')).toMatchObject({ finishedAt: new Date(now), problem: null })
})

test('without the list of all, the organizations are those that the bot is in', async () => {
  const joined = {
    organizations: { joined: ['acme', 'labs'], administered: [], total: undefined, scoped: undefined, repositories: undefined },
  }
  await refreshDirectory((await reading({ ...whole, [all]: 403 }, {}, joined)).bot)
  expect(await known.organizations()).toEqual(['acme', 'labs'])
  await state.bot.db.delete(directoryLists).where(eq(directoryLists.list, 'labs/*'))
  await state.bot.db
    .update(directoryLists)
    .set({ dueAt: new Date(0), finishedAt: null })
    .where(eq(directoryLists.list, 'organizations'))
  await refreshDirectory((await reading({ ...whole, [all]: 403 })).bot)
  expect(await known.organizations()).toEqual([])
})

test('Quay that is away ends the run: the list goes on in a minute, and the others wait', async () => {
  const { bot: reader, asked } = await reading({ ...whole, [accounts]: 503 })
  // Of two that are due since the same moment either may be the first.
  await list('users', { keyId: state.bot.keys.id })
  await refreshDirectory(reader)
  expect(await found('users')).toMatchObject({
    holder: null,
    startedAt: new Date(now),
    dueAt: new Date(now + aMinute),
    problem: { code: 'unavailable' },
  })
  expect(asked()).toEqual([accounts])
  expect(await found('organizations')).toMatchObject({ startedAt: null, pass: 0 })
  await state.bot.db.delete(directoryLists)
  await refreshDirectory((await reading({ ...whole, [all]: 503 })).bot)
  expect(await found('organizations')).toMatchObject({ problem: { code: 'unavailable' } })
  await expect(found('acme/*')).rejects.toThrow()
})

test('Quay that refuses one list leaves the others: it is tried from its beginning, in ten minutes', async () => {
  await refreshDirectory((await reading({ ...whole, [accounts]: 403 })).bot)
  expect(await found('users')).toMatchObject({
    holder: null,
    startedAt: null,
    dueAt: new Date(now + 10 * aMinute),
    problem: { code: 'denied' },
  })
  expect(await known.organizations()).toEqual(['acme'])
  expect(await known.repositories()).toEqual(['acme/open', 'acme/web'])
})

test('an error of ours lets the list go, and is one', async () => {
  await expect(refreshDirectory((await reading({ ...whole, [accounts]: 302 })).bot)).rejects.toThrow(/^Quay redirects/)
  expect(await found('users')).toMatchObject({ holder: null, leaseUntil: null, problem: null })
})

test('a process that stops reads nothing more, and says no failure of what it drops', async () => {
  const runtime = newRuntime()
  runtime.timers.stopped = true
  const { bot: reader, asked } = await reading({ ...whole, [accounts]: 503 }, { runtime })
  await refreshDirectory(reader)
  expect(asked()).toEqual([])
  await readAccountsOn(reader)
  expect(asked()).toEqual([accounts])
  expect(await found('users')).toMatchObject({ holder: null, problem: null, dueAt: new Date(now) })
})

test('whoever goes on alone reads the accounts and nothing else, and not if another does', async () => {
  const { bot: reader, asked } = await reading(whole)
  await readAccountsOn(reader)
  expect(asked()).toEqual([accounts])
  expect(await found('users')).toMatchObject({ finishedAt: new Date(now) })
  await state.bot.db.update(directoryLists).set({ dueAt: new Date(0), leaseUntil: new Date('2999-01-01') })
  await readAccountsOn(reader)
  expect(asked()).toHaveLength(1)
})

test('a token that leads back to the first page begins the pass anew, later; the first page of a pass is none', async () => {
  const stood = { startedAt: new Date(5), pages: 1, pass: 3, first: 'alice', next: 'old' }
  await list('users', stood)
  await refreshDirectory((await reading(whole)).bot)
  expect(await found('users')).toMatchObject({
    startedAt: null,
    finishedAt: null,
    dueAt: new Date(now + aMinute),
    problem: { message: 'Quay could not list everything. Try again.' },
  })
  expect(await known.users()).toEqual([])
  await state.bot.db
    .update(directoryLists)
    .set({ ...stood, pages: 0, dueAt: new Date(0) })
    .where(eq(directoryLists.list, 'users'))
  await refreshDirectory((await reading(whole)).bot)
  expect(await found('users')).toMatchObject({ finishedAt: new Date(now), problem: null })
  // Another page, and an empty one, go on.
  for (const answer of [users(['bea']), users([])]) {
    await state.bot.db
      .update(directoryLists)
      .set({ ...stood, dueAt: new Date(0), finishedAt: null })
      .where(eq(directoryLists.list, 'users'))
    await refreshDirectory((await reading({ ...whole, [accounts]: answer })).bot)
    expect(await found('users')).toMatchObject({ finishedAt: new Date(now), knownPages: 2, first: 'alice' })
  }
})

// Newcomers

const still =
  'Quay’s users are still being read{count, plural, =0 {} other {: # so far}}. Run the command again in {seconds, plural, one {# second} other {# seconds}}.'
const keyed = () => ({ keyId: state.bot.keys.id })
test.each(
  sampled<[string, Partial<Values> | undefined, object]>(
    [
      ['nobody has begun', undefined, { count: 0, seconds: 20 }],
      ['none is under way', { pages: 9 }, { count: 900, seconds: 20 }],
      ['one is under way', { startedAt: new Date(1), pages: 8 }, { count: 800, seconds: 16 }],
      ['the last one had more', { startedAt: new Date(1), pages: 8, knownPages: 30 }, { count: 800, seconds: 44 }],
      ['it was whole by a key that is gone', { finishedAt: new Date(1), keyId: 'gone', knownPages: 30 }, { count: 0, seconds: 60 }],
    ],
    4,
  ),
)('a newcomer hears how long reading the accounts takes where %s', async (_, row, values) => {
  if (row) await list('users', { ...keyed(), ...row })
  const { quay } = await registryOf({})
  await expect(findByAddress(bot({ quay, config: { QUAY_RATE: 1 } }), ['a@b.example'])).rejects.toMatchObject({
    code: 'unavailable',
    passes: false,
    sentence: { message: still, values },
  })
})

test('a newcomer hears why the accounts cannot be read; none is asked about without an address', async () => {
  await list('users', { ...keyed(), problem: { code: 'denied', message: 'No.', values: { a: 1 } } })
  const { quay } = await registryOf({})
  await expect(findByAddress(bot({ quay }), ['a@b.example'])).rejects.toMatchObject({
    code: 'denied',
    sentence: { message: 'No.', values: { a: 1 } },
  })
  expect(await findByAddress(bot({ quay }), ['é@b.example', ''])).toBeUndefined()
  await state.bot.db.update(directoryLists).set({ finishedAt: new Date(1) })
  expect(await findByAddress(bot({ quay }), ['a@b.example'])).toBeUndefined()
})

test('a newcomer waits where that is short, and a process that stops reads on itself', async () => {
  await list('users', { ...keyed(), startedAt: new Date(1), pages: 30, knownPages: 20, dueAt: new Date('2999-01-01') })
  const { quay } = await registryOf({ ...whole, 'GET /superuser/users/alice': accountAnswer('alice') })
  const search = findByAddress(bot({ quay }), ['alice@example.com'])
  await state.bot.db
    .insert(directoryUsers)
    .values({ name: 'alice', address: hashedAddress(state.bot.keys, 'alice@example.com'), enabled: true, pass: 1, seenAt: new Date(0) })
  await state.bot.db.update(directoryLists).set({ finishedAt: new Date(1) })
  expect(await search).toMatchObject({ username: 'alice' })

  await state.bot.db.delete(directoryLists)
  await state.bot.db.delete(directoryUsers)
  const runtime = newRuntime()
  runtime.timers.stopped = true
  expect(await findByAddress(bot({ quay, runtime }), ['alice@example.com'])).toMatchObject({ username: 'alice' })
})

test.each(
  sampled<[string, object | undefined, object | undefined]>(
    [
      [
        'that has another address',
        accountAnswer('alice', { email: 'Other@example.com', enabled: false }),
        { address: 'other@example.com', enabled: false },
      ],
      ['that has none', accountAnswer('alice', { email: null }), { address: null, enabled: true }],
      ['that is gone', undefined, undefined],
    ],
    3,
  ),
)('an account %s is corrected in the directory', async (_, answer, row) => {
  await list('users', { ...keyed(), finishedAt: new Date(1) })
  const kept = { enabled: true, pass: 1, seenAt: new Date(0) }
  await state.bot.db.insert(directoryUsers).values([
    { name: 'alice', address: hashedAddress(state.bot.keys, 'alice@example.com'), ...kept },
    { name: 'bea', address: 'other', ...kept },
  ])
  const { quay, asked } = await registryOf(answer ? { 'GET /superuser/users/alice': answer } : {})
  expect(await findByAddress(bot({ quay }), ['x@example.com', 'alice@example.com'])).toBeUndefined()
  expect(asked()).toEqual(['GET /superuser/users/alice'])
  const rows = await state.bot.db.select().from(directoryUsers).orderBy(directoryUsers.name)
  const address = row && (row as { address: string | null }).address // of the table
  expect(rows).toMatchObject([
    ...(row ? [{ name: 'alice', ...row, address: address === null ? null : hashedAddress(state.bot.keys, String(address)) }] : []),
    { name: 'bea', address: 'other', enabled: true },
  ])
})

const again = 'The users were read a moment ago. Check again in {seconds, plural, one {# second} other {# seconds}}.'
test.each(
  sampled<[string, Partial<Values>, number]>(
    [
      ['a moment ago', { asOf: new Date(now - 20_000) }, 40],
      ['almost a minute ago', { asOf: new Date(now - 59_999) }, 1],
      ['of many pages, longer ago', { asOf: new Date(now - aMinute), knownPages: 28 }, 10],
    ],
    3,
  ),
)('accounts that were read %s are not read again', async (_, row, seconds) => {
  await list('users', row)
  await expect(readAccountsAgain(bot())).rejects.toMatchObject({
    code: 'conflict',
    lookAgain: true,
    sentence: { message: again, values: { seconds } },
  })
  expect(await found('users')).toMatchObject({ urgent: false })
})

test.each(
  sampled<[string, Partial<Values>]>(
    [
      ['a minute ago', { asOf: new Date(now - aMinute) }],
      ['of many pages, long enough ago', { asOf: new Date(now - 70_000), knownPages: 28 }],
      ['never', {}],
    ],
    3,
  ),
)('accounts that were read %s are read again, urgently, and whoever waits hears of it', async (_, row) => {
  await list('users', { dueAt: new Date(now + aMinute), ...row })
  const waits = readAccountsAgain(bot({ config: { QUAY_RATE: 4 } }))
  await expect.poll(async () => (await found('users')).urgent, { interval: 5 }).toBe(true)
  expect((await found('users')).dueAt).toEqual(new Date(now))
  expect(
    await state.bot.db.execute(sql`select 1 from pgboss.job where name = 'directory'`).then(({ rows }) => rows.length),
  ).toBeGreaterThan(0)
  await state.bot.db.update(directoryLists).set({ asOf: new Date(now) })
  expect(await waits).toBeUndefined()
})

test('whoever waits for another pass hears that it cannot be, or that it takes longer', async () => {
  await list('users', { problem: { code: 'denied', message: 'No.', values: {} } })
  await expect(readAccountsAgain(bot())).rejects.toMatchObject({ code: 'denied', sentence: { message: 'No.' } })
  await state.bot.db.update(directoryLists).set({ problem: null, knownPages: 33, asOf: new Date(0) })
  await expect(readAccountsAgain(bot())).rejects.toMatchObject({
    code: 'unavailable',
    sentence: { message: still, values: { seconds: 17 } },
  })
})

// Changes of our own

const at = new Date(now)
async function noted(change: Omit<Change, 'sure' | 'body'> & Partial<Change>) {
  const { quay } = await registryOf({})
  const watching = bot({ quay })
  keepDirectory(watching)
  quay.changed?.({ sure: true, body: undefined, ...change })
  await Promise.all(watching.runtime.inFlight)
}
const person = (name: string, more: object = {}) =>
  state.bot.db.insert(directoryUsers).values({ name, address: 'x', enabled: true, pass: 1, seenAt: new Date(0), ...more })
const org = (name: string, teams: string[] = []) =>
  state.bot.db.insert(directoryOrganizations).values({ name, teams, pass: 1, seenAt: new Date(0) })
const repo = (namespace: string, name: string, isPublic = false) =>
  state.bot.db.insert(directoryRepositories).values({ name: `${namespace}/${name}`, namespace, isPublic, pass: 1, seenAt: new Date(0) })
const inOrg = (organization: string, account: string, held: string[] = [], role: 'member' | 'creator' | 'admin' = 'member') =>
  state.bot.db.insert(directoryMembers).values({ organization, account, role, repositories: held })

test('a new account is known at once, as part of the pass under way', async () => {
  await list('users', { pass: 5 })
  await person('bea')
  await noted({ method: 'POST', template: '/superuser/users/', params: {}, body: { username: 'alice', email: 'Alice@example.com' } })
  await noted({ method: 'POST', template: '/superuser/users/', params: {}, body: { username: 'carl' } })
  await noted({ method: 'POST', template: '/superuser/users/', params: {}, body: { username: 'bea', email: null } })
  expect(await state.bot.db.select().from(directoryUsers).orderBy(directoryUsers.name)).toEqual([
    { name: 'alice', address: hashedAddress(state.bot.keys, 'alice@example.com'), enabled: true, pass: 5, seenAt: at },
    { name: 'bea', address: null, enabled: true, pass: 5, seenAt: at },
    { name: 'carl', address: null, enabled: true, pass: 5, seenAt: at },
  ])
})

test.each(
  sampled<[string, object, object]>(
    [
      ['another address', { email: 'New@example.com' }, { address: 'new@example.com', enabled: true }],
      ['disabled', { enabled: false }, { address: 'x', enabled: false }],
      ['neither', {}, { address: 'x', enabled: true }],
    ],
    2,
    1,
  ),
)('an account changed here has %s at once', async (_, body, expected) => {
  await person('alice')
  await person('bea')
  await noted({ method: 'PUT', template: '/superuser/users/{username}', params: { username: 'alice' }, body })
  const { address, ...rest } = expected as { address: string } // of the table
  expect(await state.bot.db.select().from(directoryUsers).orderBy(directoryUsers.name)).toMatchObject([
    { name: 'alice', ...rest, address: address.includes('@') ? hashedAddress(state.bot.keys, address) : address, seenAt: at },
    { name: 'bea', address: 'x', enabled: true, seenAt: new Date(0) },
  ])
})

test('what is deleted here is gone at once, and nothing beside it', async () => {
  for (const name of ['alice', 'bea']) await person(name)
  await noted({ method: 'DELETE', template: '/superuser/users/{username}', params: { username: 'alice' } })
  expect(await known.users()).toEqual(['bea'])
  for (const template of ['/organization/{orgname}', '/superuser/organizations/{name}']) {
    for (const name of ['acme', 'labs']) {
      await org(name).onConflictDoNothing()
      await repo(name, 'web').onConflictDoNothing()
      await inOrg(name, 'alice').onConflictDoNothing()
      await list(listOf(name)).onConflictDoNothing()
    }
    await noted({ method: 'DELETE', template, params: { orgname: 'acme', name: 'acme' } })
    expect([await known.organizations(), await known.repositories()]).toEqual([['labs'], ['labs/web']])
    expect((await state.bot.db.select().from(directoryMembers)).map(({ organization }) => organization)).toEqual(['labs'])
    expect((await state.bot.db.select().from(directoryLists)).map((one) => one.list)).toEqual(['labs/*'])
  }
  await repo('labs', 'api')
  await noted({ method: 'DELETE', template: '/repository/{repository}', params: { repository: 'labs/web' } })
  expect(await known.repositories()).toEqual(['labs/api'])
})

test('an organization made here has its list; one that is known keeps what it has', async () => {
  await list('organizations', { pass: 4 })
  await noted({ method: 'POST', template: '/organization/', params: {}, body: { name: 'acme' } })
  expect(await state.bot.db.select().from(directoryOrganizations)).toEqual([{ name: 'acme', teams: [], pass: 4, seenAt: at }])
  expect(await found('acme/*')).toMatchObject({ dueAt: at, pass: 0 })
  await state.bot.db.update(directoryOrganizations).set({ teams: ['devs'] })
  await noted({ method: 'POST', template: '/organization/', params: {}, body: { name: 'acme' } })
  expect(await state.bot.db.select().from(directoryOrganizations)).toMatchObject([{ teams: ['devs'] }])
})

test('teams made and deleted here are there and gone at once, and their organization is read again', async () => {
  await org('acme', ['owners'])
  await org('labs', ['owners'])
  for (const name of ['acme/*', 'labs/*']) await list(name, { dueAt: new Date(now + aMinute) })
  const teams = async () =>
    (await state.bot.db.select().from(directoryOrganizations).orderBy(directoryOrganizations.name)).map((one) => one.teams)
  const template = '/organization/{orgname}/team/{teamname}'
  const params = { orgname: 'acme', teamname: 'devs' }
  await noted({ method: 'PUT', template, params })
  await noted({ method: 'PUT', template, params })
  expect(await teams()).toEqual([['owners', 'devs'], ['owners']])
  expect([(await found('acme/*')).dueAt, (await found('labs/*')).dueAt]).toEqual([at, new Date(now + aMinute)])
  await state.bot.db.update(directoryLists).set({ dueAt: new Date(now + aMinute) })
  await noted({ method: 'DELETE', template, params })
  expect(await teams()).toEqual([['owners'], ['owners']])
  expect([(await found('acme/*')).dueAt, (await found('labs/*')).dueAt]).toEqual([at, new Date(now + aMinute)])
})

test('who is taken out of an organization is in it no more', async () => {
  for (const [organization, account] of [
    ['acme', 'alice'],
    ['acme', 'bea'],
    ['labs', 'alice'],
  ] as const)
    await inOrg(organization, account)
  await noted({
    method: 'DELETE',
    template: '/organization/{orgname}/members/{membername}',
    params: { orgname: 'acme', membername: 'alice' },
  })
  expect(
    (await state.bot.db.select().from(directoryMembers)).map(({ organization, account }) => `${organization} ${account}`).sort(),
  ).toEqual(['acme bea', 'labs alice'])
})

test('a repository made here is known if its organization is; and becomes public or private', async () => {
  await org('acme')
  await list('acme/*', { pass: 6 })
  const make = (namespace: string, visibility: string) =>
    noted({ method: 'POST', template: '/repository', params: {}, body: { namespace, repository: 'web', visibility } })
  await make('acme', 'private')
  await make('alice', 'public')
  const rows = () => state.bot.db.select().from(directoryRepositories).orderBy(directoryRepositories.name)
  expect(await rows()).toEqual([{ name: 'acme/web', namespace: 'acme', isPublic: false, pass: 6, seenAt: at }])
  await make('acme', 'public')
  expect(await rows()).toMatchObject([{ isPublic: true }])
  await repo('acme', 'api', true)
  const change = (visibility: string) =>
    noted({
      method: 'POST',
      template: '/repository/{repository}/changevisibility',
      params: { repository: 'acme/web' },
      body: { visibility },
    })
  await change('private')
  expect((await rows()).map(({ isPublic }) => isPublic)).toEqual([true, false])
  await change('public')
  expect((await rows()).map(({ isPublic }) => isPublic)).toEqual([true, true])
})

test('a permission given or taken here is held or not at once, by its owner in its organization alone', async () => {
  for (const [organization, account] of [
    ['acme', 'alice'],
    ['acme', 'bea'],
    ['labs', 'alice'],
  ] as const)
    await inOrg(organization, account, ['acme/old'])
  const template = '/repository/{repository}/permissions/user/{username}'
  const params = { repository: 'acme/web', username: 'alice' }
  const held = async () =>
    (await state.bot.db.select().from(directoryMembers)).map((one) => [`${one.organization} ${one.account}`, one.repositories]).sort()
  const others = [
    ['acme bea', ['acme/old']],
    ['labs alice', ['acme/old']],
  ]
  await noted({ method: 'PUT', template, params })
  await noted({ method: 'PUT', template, params })
  expect(await held()).toEqual([['acme alice', ['acme/old', 'acme/web']], ...others])
  await noted({ method: 'DELETE', template, params })
  expect(await held()).toEqual([['acme alice', ['acme/old']], ...others])
})

test.each(
  sampled<[string, Omit<Change, 'sure' | 'body'> & Partial<Change>, string[]]>(
    [
      ['an account', { method: 'PUT', template: '/superuser/users/{username}', params: { username: 'alice' }, sure: false }, ['users']],
      [
        'an organization that was made',
        { method: 'POST', template: '/organization/', params: {}, body: { name: 'acme' }, sure: false },
        ['organizations'],
      ],
      ['an organization', { method: 'PUT', template: '/organization/{orgname}', params: { orgname: 'acme' } }, ['acme/*']],
      [
        'an organization by superusers',
        { method: 'PUT', template: '/superuser/organizations/{name}', params: { name: 'acme' } },
        ['acme/*'],
      ],
      [
        'one that was taken over',
        { method: 'POST', template: '/superuser/takeownership/{namespace}', params: { namespace: 'acme' } },
        ['acme/*'],
      ],
      [
        'a member of a team',
        {
          method: 'PUT',
          template: '/organization/{orgname}/team/{teamname}/members/{membername}',
          params: { orgname: 'acme', teamname: 'devs', membername: 'alice' },
        },
        ['acme/*'],
      ],
      [
        'a member, whose answer was lost',
        {
          method: 'DELETE',
          template: '/organization/{orgname}/members/{membername}',
          params: { orgname: 'acme', membername: 'alice' },
          sure: false,
        },
        ['acme/*'],
      ],
      [
        'a repository that was made',
        {
          method: 'POST',
          template: '/repository',
          params: {},
          body: { namespace: 'acme', repository: 'web', visibility: 'private' },
          sure: false,
        },
        ['acme/*'],
      ],
      ['a repository', { method: 'PUT', template: '/repository/{repository}', params: { repository: 'acme/web' } }, ['acme/*']],
      [
        'a team’s permission',
        {
          method: 'PUT',
          template: '/repository/{repository}/permissions/team/{teamname}',
          params: { repository: 'acme/web', teamname: 'devs' },
        },
        ['acme/*'],
      ],
      [
        'a tag: nothing',
        { method: 'PUT', template: '/repository/{repository}/tag/{tag}', params: { repository: 'acme/web', tag: 'v1' } },
        [],
      ],
      [
        'a robot: nothing',
        { method: 'PUT', template: '/organization/{orgname}/robots/{robot}', params: { orgname: 'acme', robot: 'ci' } },
        [],
      ],
      [
        'a repository of nobody: nothing',
        { method: 'POST', template: '/repository', params: {}, body: { repository: 'web' }, sure: false },
        [],
      ],
      ['something without a body: nothing', { method: 'POST', template: '/repository', params: {}, sure: false }, []],
    ],
    5,
  ),
)('what a change touched is read again: %s', async (_, change, lists) => {
  for (const name of ['users', 'organizations', 'acme/*', 'labs/*']) await list(name, { dueAt: new Date(now + aMinute) })
  await noted(change)
  const due = await state.bot.db.select().from(directoryLists).where(eq(directoryLists.dueAt, at))
  expect(due.map((one) => one.list)).toEqual(lists)
})

test('what cannot be noted is logged, and keeps nobody from anything', async () => {
  const { quay } = await registryOf({})
  const warned: unknown[] = []
  const watching = bot({ quay, log: { warn: (...said: unknown[]) => warned.push(said) } })
  keepDirectory(watching)
  quay.changed?.({ method: 'POST', template: '/organization/', params: {}, body: {}, sure: true })
  await Promise.allSettled(watching.runtime.inFlight)
  await expect.poll(() => warned).toEqual([[{ err: expect.any(Error) }, 'could not note a change in the directory']])
})

// Names

async function registry() {
  for (const name of ['alice', 'Alicia', 'bea']) await person(name)
  await person('alf', { enabled: false })
  for (const [name, teams] of [
    ['acme', ['devs', 'owners']],
    ['labs', ['labbers']],
    ['secret', ['few']],
  ] as const)
    await org(name, [...teams])
  await inOrg('acme', 'alice', ['acme/api'])
  await inOrg('labs', 'alice', [], 'creator')
  await inOrg('acme', 'bea', [], 'admin')
  for (const [namespace, name, open] of [
    ['acme', 'api', false],
    ['acme', 'web', false],
    ['labs', 'x', false],
    ['secret', 'open', true],
    ['secret', 'shut', false],
  ] as const)
    await repo(namespace, name, open)
}
const alice = { account: 'alice', readsAll: false }
const bea = { account: 'bea', readsAll: false }
const nobody = { account: undefined, readsAll: false }
const everything = { account: 'root', readsAll: true }

test('names are found by any part, in order, as many as wanted, taken literally', async () => {
  await registry()
  expect(await findAccountNames(state.bot, 'AL', 9)).toEqual(['alice', 'Alicia'].sort())
  expect(await findAccountNames(state.bot, 'ice', 9)).toEqual(['alice'])
  expect(await findAccountNames(state.bot, '', 2)).toHaveLength(2)
  expect(await findAccountNames(state.bot, '%', 9)).toEqual([])
})

test.each(
  sampled(
    [
      [alice, '', {}, ['acme', 'labs']],
      [alice, 'AC', {}, ['acme']],
      [alice, '', { toCreate: true }, ['labs']],
      [bea, '', { toCreate: true }, ['acme']],
      [nobody, '', {}, []],
      [everything, '', {}, ['acme', 'labs', 'secret']],
      [everything, '', { toCreate: true }, ['acme', 'labs', 'secret']],
    ],
    3,
  ),
)('%j is offered organizations with %j, %j: %j', async (reader, typed, options, expected) => {
  await registry()
  expect(await findOrganizationNames(state.bot, reader, typed, 9, options)).toEqual(expected)
  expect(await findOrganizationNames(state.bot, reader, typed, 1, options)).toEqual(expected.slice(0, 1))
})

test.each(
  sampled(
    [
      [alice, 'acme', ['devs', 'owners']],
      [alice, 'secret', []],
      [alice, 'none', []],
      [nobody, 'acme', []],
      [everything, 'secret', ['few']],
    ],
    3,
  ),
)('%j is offered the teams of %s: %j', async (reader, organization, expected) => {
  await registry()
  expect(await findTeamNames(state.bot, reader, organization)).toEqual(expected)
})

test.each(
  sampled(
    [
      [alice, '', ['acme/api', 'secret/open']],
      [bea, '', ['acme/api', 'acme/web', 'secret/open']],
      [bea, 'WEB', ['acme/web']],
      [nobody, '', ['secret/open']],
      [everything, '', ['acme/api', 'acme/web', 'labs/x', 'secret/open', 'secret/shut']],
    ],
    3,
  ),
)('%j is offered repositories with %j: %j', async (reader, typed, expected) => {
  await registry()
  expect(await findRepositoryNames(state.bot, reader, typed, 9)).toEqual(expected)
  expect(await findRepositoryNames(state.bot, reader, typed, 1)).toEqual(expected.slice(0, 1))
})
