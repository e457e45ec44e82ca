import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { checkPermissions, requiredPermissions } from '../../src/command/authorize.ts'
import type { Command } from '../../src/command/command.ts'
import { policyOf } from '../../src/core/policy.ts'
import { links } from '../../src/db/schema.ts'
import { findHelpers, slackPersonOf, superusers } from '../../src/security/contacts.ts'
import {
  because,
  checkAccount,
  checkPermission,
  checkSuperuser,
  effectivePermission,
  hasPermission,
  holds,
  type Permission,
} from '../../src/security/permissions.ts'
import { embedded, openState } from '../db/open-state.ts'
import { sampled } from '../sized.ts'
import { accountAnswer, botOf, inSlack, personOf, registryOf, slackOf, thrownBy } from './parts.ts'

// Who may do what, as tables: both sides of every rule.

let db: Awaited<ReturnType<typeof openState>>['bot']['db']
beforeAll(async () => {
  db = (await openState({ database: embedded, until: afterAll })).bot.db
})
beforeEach(async () => void (await db.delete(links)))

const acme = (teams: Record<string, string> | undefined, more: object = {}) => ({
  name: 'acme',
  ...(teams && { teams: Object.fromEntries(Object.entries(teams).map(([name, role]) => [name, { name, role }])) }),
  ...more,
})
const member = (name: string, teams: string[], repositories: string[] = []) => ({
  name,
  kind: 'user',
  teams: teams.map((team) => ({ name: team })),
  repositories,
})
const organization = 'GET /organization/acme'
const asMember = 'GET /organization/acme/members/alice'
const given = 'GET /repository/acme/web/permissions/user/alice/transitive'
const repository = 'GET /repository/acme/web'
const open = { is_public: true }
const closed = { is_public: false }
const gives = (...roles: string[]) => ({ permissions: roles.map((role) => ({ role })) })

async function permissionIn(answers: object, object: string, person = personOf(), capabilities = {}) {
  const { quay, asked } = await registryOf({ ...answers }, capabilities)
  return { ...(await effectivePermission(botOf({ quay }), person, object)), asked: asked() }
}

test.each([
  ['none', []],
  ['read', ['read']],
  ['write', ['read', 'write']],
  ['member', ['member']],
  ['create', ['member', 'create']],
  ['admin', ['read', 'write', 'admin', 'member', 'create']],
] as const)('%s is all of %j, and nothing else', (held, covered) => {
  const all: Permission[] = ['read', 'write', 'admin', 'member', 'create']
  expect(all.filter((wanted) => hasPermission(because(held, ''), wanted))).toEqual(covered)
})

test.each([
  ['nobody who is known', personOf(undefined, { account: undefined, user: undefined }), 'Quaymaster does not know your Quay user.', {}],
  [
    'nobody, and why',
    personOf(undefined, { account: undefined, user: undefined, unlinked: { message: 'Because.', values: { id: 'x' } } }),
    'Because.',
    { id: 'x' },
  ],
  ['an account that is gone', personOf(undefined, { user: undefined }), 'Quay has no user {account}.', { account: 'alice' }],
  ['a disabled account', personOf({ enabled: false, superuser: true }), 'User {account} is disabled.', { account: 'alice' }],
])('%s holds nothing, even where everybody else would, and Quay is not asked', async (_, person, message, values) => {
  for (const object of ['acme/web', 'alice/web', 'acme'])
    expect(await permissionIn({ [repository]: open }, object, person)).toEqual({
      permission: 'none',
      reason: { message, values },
      asked: [],
    })
})

test.each([
  ['their own namespace', 'alice', {}, true, '{account} owns the namespace.'],
  ['a repository of their own', 'alice/web', {}, true, '{account} owns the namespace.'],
  ['a superuser with full access', 'acme/web', { superuser: true }, true, '{account} is a superuser.'],
])('%s: admin, without asking Quay', async (_, object, user, superusersFullAccess, message) => {
  const found = await permissionIn({}, object, personOf(user), { superusersFullAccess })
  expect(found).toEqual({ permission: 'admin', reason: { message, values: { account: 'alice' } }, asked: [] })
})

test.each([
  ['a superuser without full access', { superuser: true }, false],
  ['nobody’s superuser', {}, true],
])('%s holds nothing by that alone', async (_, user, superusersFullAccess) => {
  const found = await permissionIn({ [organization]: acme({}) }, 'acme', personOf(user), { superusersFullAccess })
  expect(found).toMatchObject({
    permission: 'none',
    reason: { message: 'Quay gives {account} no permission on {object}.', values: { account: 'alice', object: 'acme' } },
  })
  expect(found.hidden).toBeUndefined()
  expect(found.asked.length).toBeGreaterThan(0)
})

const inTeams = (teams: Record<string, string>, own = Object.keys(teams)) => ({
  [organization]: acme(teams),
  [asMember]: member('alice', own),
})
test.each(
  sampled(
    [
      [
        'a member of the namespace',
        inTeams({ devs: 'member' }),
        'acme',
        'member',
        '{account} is a member of the team {team} of {namespace}.',
      ],
      ['a creator', inTeams({ devs: 'creator' }), 'acme', 'create', '{account} is a member of the team {team} of {namespace}.'],
      ['an admin', inTeams({ devs: 'admin' }), 'acme', 'admin', '{account} is a member of the team {team} of {namespace}.'],
      ['a team of somebody else', inTeams({ devs: 'admin' }, []), 'acme', 'none', 'Quay gives {account} no permission on {object}.'],
      ['a role of a later Quay', inTeams({ devs: 'tester' }), 'acme', 'none', 'Quay gives {account} no permission on {object}.'],
      [
        'the highest of several',
        inTeams({ a: 'member', b: 'admin', c: 'creator' }),
        'acme',
        'admin',
        '{account} is a member of the team {team} of {namespace}.',
      ],
      [
        'a member of the organization, of its repository',
        { ...inTeams({ devs: 'member' }), [repository]: closed },
        'acme/web',
        'none',
        'Quay gives {account} no permission on {object}.',
      ],
      [
        'a creator of its repository',
        { ...inTeams({ devs: 'creator' }), [repository]: closed },
        'acme/web',
        'none',
        'Quay gives {account} no permission on {object}.',
      ],
      [
        'an admin of its repository',
        { ...inTeams({ devs: 'admin' }), [repository]: closed },
        'acme/web',
        'admin',
        '{account} is a member of the team {team} of {namespace}.',
      ],
      ['a reader', { [given]: gives('read'), [repository]: closed }, 'acme/web', 'read', '{account} has {role} permission on {object}.'],
      ['a writer', { [given]: gives('write'), [repository]: closed }, 'acme/web', 'write', '{account} has {role} permission on {object}.'],
      [
        'an admin of one repository',
        { [given]: gives('admin'), [repository]: closed },
        'acme/web',
        'admin',
        '{account} has {role} permission on {object}.',
      ],
      [
        'the greatest of several',
        { [given]: gives('read', 'write', 'read'), [repository]: closed },
        'acme/web',
        'write',
        '{account} has {role} permission on {object}.',
      ],
      ['a public one', { [repository]: open }, 'acme/web', 'read', '{object} is public.'],
      [
        'of two equal ones the first',
        { [given]: gives('read'), [repository]: open },
        'acme/web',
        'read',
        '{account} has {role} permission on {object}.',
      ],
      ['a private one', { [repository]: closed }, 'acme/web', 'none', 'Quay gives {account} no permission on {object}.'],
      ['one that is missing', {}, 'acme/web', 'none', 'Quay gives {account} no permission on {object}.'],
    ],
    3,
  ),
)('%s', async (_, answers, object, permission, message) => {
  expect(await permissionIn(answers, object)).toMatchObject({ permission, reason: { message } })
})

test.each(
  sampled(
    [
      ['acme/web', { [repository]: closed }, 'read'],
      ['acme', {}, 'member'],
      ['acme/web', { [repository]: closed, [given]: gives('write') }, 'write'],
      ['acme', inTeams({ devs: 'admin' }), 'admin'],
    ],
    2,
  ),
)('a global read-only superuser on %s: %j is %s', async (object, answers, permission) => {
  expect(await permissionIn(answers, object, personOf({ globalReader: true }))).toMatchObject({ permission })
})

test('what Quay hides is told beside what was found, and not where nothing is greater', async () => {
  const refused = { [organization]: acme({ devs: 'member' }), [asMember]: 403, 'GET /organization/acme/members': 403 }
  const found = await permissionIn({ ...refused, [repository]: open }, 'acme/web')
  expect(found).toMatchObject({ permission: 'read', hidden: { code: 'denied', sentence: { values: { namespace: 'acme' } } } })
  expect((await permissionIn({ ...refused, [given]: gives('admin') }, 'acme/web')).hidden).toBeUndefined()
  // The refusal to list teams is the root cause, whichever comes first.
  const all = await permissionIn({ ...refused, [given]: 403, [repository]: 403 }, 'acme/web')
  expect(all.hidden?.sentence.values.namespace).toBe('acme')
  const one = await permissionIn({ [given]: 403, [repository]: closed }, 'acme/web')
  expect(one.hidden).toMatchObject({ code: 'denied', sentence: { values: { words: 'No.' } } })
})

test.each(
  sampled(
    [
      [asMember, 503, 'unavailable'],
      [given, 503, 'unavailable'],
      [repository, 503, 'unavailable'],
      [repository, 500, 'conflict'],
    ],
    2,
  ),
)('%s that answers %i is neither a permission nor the lack of one', async (call, status, code) => {
  const answers = { [organization]: acme({}), [repository]: open, [call]: status }
  await expect(permissionIn(answers, 'acme/web')).rejects.toMatchObject({ code })
})

test('an error of ours is no refusal', async () => {
  await expect(permissionIn({ [repository]: 302 }, 'acme/web')).rejects.toThrow(/^Quay redirects/)
})

test('answers are remembered for reading, by person and object, and read anew where it counts', async () => {
  const { quay, asked } = await registryOf({ [given]: [gives('write'), gives('read')], [repository]: closed })
  const bot = botOf({ quay })
  const permission = async (options?: object, object = 'acme/web') =>
    (await effectivePermission(bot, personOf(), object, options)).permission
  expect(await permission()).toBe('write')
  const once = asked().length
  expect(await permission()).toBe('write')
  expect(asked()).toHaveLength(once)
  expect(await permission({ bypassCache: true })).toBe('read')
  expect(asked()).toHaveLength(2 * once)
  expect(await permission({}, 'acme/other')).toBe('none')
  expect(await holds(bot, personOf(), { permission: 'read', object: 'acme/web' })).toBe(true)
  expect(await holds(bot, personOf(), { permission: 'write', object: 'acme/web' })).toBe(false)
})

test.each([
  ['read', 'You need *read* permission on {object}.'],
  ['write', 'You need *write* permission on {object}.'],
  ['admin', 'You need to be an *admin* of {object}.'],
  ['member', 'You need to be a *member* of {object}.'],
  ['create', 'You need the *creator* role in {object}.'],
] as const)('who lacks %s is told so, with people who could help', async (permission, message) => {
  const { quay } = await registryOf({ [repository]: closed })
  const bot = botOf({ quay, db, policy: policyOf({ superusers: ['U0DORA'] }) })
  const error = await thrownBy(() => checkPermission(bot, personOf(), { permission, object: 'acme/web' }))
  expect(error).toMatchObject({ code: 'denied', sentence: { message, values: { object: 'acme/web' } } })
  expect(await (error as { findHelp: () => Promise<string[]> }).findHelp()).toEqual(['U0DORA'])
})

test('who holds enough is let in, with the reason', async () => {
  const { quay } = await registryOf({ [repository]: closed, [given]: gives('write') })
  const found = await checkPermission(botOf({ quay }), personOf(), { permission: 'read', object: 'acme/web' })
  expect(found).toMatchObject({ permission: 'write' })
})

test('what is hidden is neither assumed nor denied: the refusal says what is hidden', async () => {
  const { quay } = await registryOf({ [repository]: 403, [given]: gives('read') })
  const check = (permission: Permission) => checkPermission(botOf({ quay }), personOf(), { permission, object: 'acme/web' })
  expect(await check('read')).toMatchObject({ permission: 'read' })
  await expect(check('write')).rejects.toMatchObject({ code: 'denied', sentence: { values: { words: 'No.' } } })
})

test.each([
  [true, true, 'superuser'],
  [true, undefined, 'refused'],
  [false, true, 'refused'],
] as const)('superuser: %s, where superusers may too: %s: %s', async (superuser, orSuperuser, outcome) => {
  const { quay } = await registryOf({ [organization]: acme({}) }, { superusersFullAccess: false })
  const checked = checkPermission(botOf({ quay, db }), personOf({ superuser }), {
    permission: 'admin',
    object: 'acme',
    ...(orSuperuser && { orSuperuser }),
  })
  if (outcome === 'superuser') expect((await checked).reason.message).toBe('{account} is a superuser.')
  else await expect(checked).rejects.toMatchObject({ code: 'denied', sentence: { message: 'You need to be an *admin* of {object}.' } })
})

test('where superusers may too, whoever Quay does not have is refused as everybody else', async () => {
  const wanted = { permission: 'admin', object: 'acme', orSuperuser: true } as const
  const gone = personOf(undefined, { user: undefined })
  await expect(checkPermission(botOf({}), gone, wanted)).rejects.toMatchObject({ code: 'denied' })
})

test('a superuser who holds the permission anyway is let in by it, whatever the policy says of superusers; who does not is held to it', async () => {
  const policy = policyOf({ superusers: ['U0DORA'] })
  const wanted = { permission: 'admin', object: 'acme', orSuperuser: true } as const
  const { quay } = await registryOf(inTeams({ devs: 'admin' }), { superusersFullAccess: false })
  expect((await checkPermission(botOf({ quay, policy }), personOf({ superuser: true }), wanted)).reason.message).toContain('team')
  const without = await registryOf({ [organization]: acme({}) }, { superusersFullAccess: false })
  await expect(checkPermission(botOf({ quay: without.quay, policy }), personOf({ superuser: true }), wanted)).rejects.toMatchObject({
    sentence: { message: expect.stringContaining('you are not included') },
  })
})

const wanted = { permission: 'create', object: 'acme', existing: { permission: 'write', object: 'acme/web' } } as const
test.each(
  sampled(
    [
      ['missing, and may create', { ...inTeams({ devs: 'creator' }) }, 'create', undefined],
      ['missing, and may not', { [organization]: acme({}) }, undefined, 'You need the *creator* role in {object}.'],
      ['there, and may write', { [repository]: closed, [given]: gives('write') }, 'write', undefined],
      [
        'there, and may create and write',
        { ...inTeams({ devs: 'creator' }), [repository]: closed, [given]: gives('write') },
        'write',
        undefined,
      ],
      [
        'there, and may only create',
        { ...inTeams({ devs: 'creator' }), [repository]: closed },
        undefined,
        'You need *write* permission on {object}.',
      ],
      [
        'there, and may neither: it is not said to be there',
        { [repository]: closed },
        undefined,
        'You need the *creator* role in {object}.',
      ],
    ],
    3,
  ),
)('a repository that may exist is %s', async (_, answers, permission, message) => {
  const { quay } = await registryOf(answers)
  const checked = checkPermission(botOf({ quay, db }), personOf(), wanted)
  if (message === undefined) expect(await checked).toMatchObject({ permission })
  else await expect(checked).rejects.toMatchObject({ code: 'denied', sentence: { message } })
})

test('each half of such a check is read anew where it counts', async () => {
  const { quay, asked } = await registryOf({ ...inTeams({ devs: 'creator' }), [repository]: closed, [given]: gives('write') })
  const bot = botOf({ quay })
  await checkPermission(bot, personOf(), wanted)
  await checkPermission(bot, personOf(), wanted, { bypassCache: true })
  // The organization is asked for by either half, twice.
  expect(asked().filter((call) => call === organization)).toHaveLength(4)
})

test('an account has to be known, there and enabled', async () => {
  const policy = policyOf({ superusers: ['U0DORA'] })
  const bot = botOf({ policy })
  expect(checkAccount(bot, personOf())).toBeUndefined()
  const nobody = personOf(undefined, { account: undefined, user: undefined, lookAgain: true })
  const unknown = await thrownBy(() => checkAccount(bot, nobody))
  expect(unknown).toMatchObject({
    code: 'denied',
    help: ['U0DORA'],
    lookAgain: true,
    sentence: { message: expect.stringContaining('does not know') },
  })
  expect(await thrownBy(() => checkAccount(bot, personOf(undefined, { user: undefined })))).toMatchObject({
    code: 'denied',
    help: [],
    sentence: { message: 'Quay has no user {account}.', values: { account: 'alice' } },
  })
  expect(await thrownBy(() => checkAccount(bot, personOf({ enabled: false })))).toMatchObject({
    code: 'denied',
    help: ['U0DORA'],
    sentence: { message: 'Your Quay user {account} is disabled.', values: { account: 'alice' } },
  })
})

const refusedToSuperusers = 'You need to be a *superuser* of Quay.'
test.each(
  sampled(
    [
      ['a superuser who changes', { superuser: true }, true, undefined, undefined],
      ['a superuser who reads', { superuser: true }, undefined, undefined, undefined],
      ['a global reader who reads', { globalReader: true }, undefined, undefined, undefined],
      ['a global reader who changes', { globalReader: true }, true, undefined, refusedToSuperusers],
      ['anybody who reads', {}, undefined, undefined, refusedToSuperusers],
      ['anybody who changes', {}, true, undefined, refusedToSuperusers],
      ['one whom the policy names', { superuser: true }, true, ['U0DORA', 'U0ALICE'], undefined],
      ['one of a group that the policy names', { superuser: true }, true, ['S0ADMINS'], undefined],
      [
        'one whom it does not name',
        { superuser: true },
        true,
        ['U0DORA'],
        'The policy defines who can run superuser commands from Slack, and you are not included.',
      ],
      ['one whom it names, and Quay does not', {}, true, ['U0ALICE'], refusedToSuperusers],
      [
        'nobody, where the policy names nobody',
        { superuser: true },
        true,
        [],
        'The policy defines who can run superuser commands from Slack, and you are not included.',
      ],
    ],
    3,
  ),
)('superuser commands, %s', async (_, user, changes, named, message) => {
  const slack = slackOf([inSlack('U0ALICE'), inSlack('U0DORA')], { S0ADMINS: ['U0ALICE'] })
  const bot = botOf({ slack, policy: policyOf(named ? { superusers: named } : {}) })
  const checked = checkSuperuser(bot, personOf(user), { changes })
  if (message === undefined) expect(await checked).toEqual(because('admin', '{account} is a superuser.', { account: 'alice' }))
  else await expect(checked).rejects.toMatchObject({ code: 'denied', help: named ?? [], sentence: { message } })
})

test('nobody without an account runs superuser commands; one without a name is told by none', async () => {
  await expect(checkSuperuser(botOf({}), personOf(undefined, { user: undefined }), {})).rejects.toMatchObject({ code: 'denied' })
  const nameless = await checkSuperuser(botOf({}), personOf({ superuser: true }, { account: undefined }), {})
  expect(nameless.reason.values).toEqual({ account: '' })
})

// Who could help

const members = (...all: object[]) => ({ 'GET /organization/acme/members': { members: all } })
test.each(
  sampled(
    [
      [
        'a member hears of the admins, but not of themselves, the bot and robots',
        { devs: 'member', owners: 'admin' },
        [
          member('alice', ['devs', 'owners']),
          member('bea', ['owners']),
          member('quaymaster', ['owners']),
          member('acme+ci', ['owners']),
          member('carl', ['devs']),
        ],
        ['U0BEA'],
      ],
      [
        'of at most three',
        { owners: 'admin', devs: 'member' },
        [member('alice', ['devs']), ...['bea', 'carl', 'dora', 'eve'].map((name) => member(name, ['owners']))],
        ['U0BEA', 'U0CARL', 'U0DORA'],
      ],
      ['who is in no team of it hears of those whom the policy names', { owners: 'admin' }, [member('bea', ['owners'])], ['U0GRACE']],
      [
        'where nobody else is an admin, too',
        { owners: 'admin', devs: 'member' },
        [member('alice', ['owners']), member('bea', ['devs'])],
        ['U0GRACE'],
      ],
      [
        'an admin who is not in Slack is nobody',
        { owners: 'admin', devs: 'member' },
        [member('alice', ['devs']), member('hana', ['owners'])],
        ['U0GRACE'],
      ],
      ['where roles are hidden, too', undefined, [member('alice', ['devs']), member('bea', ['owners'])], ['U0GRACE']],
    ],
    3,
  ),
)('%s', async (_, teams, all, expected) => {
  const accounts = Object.fromEntries(
    ['alice', 'quaymaster', 'bea', 'carl', 'dora', 'eve', 'hana'].map((name) => [`GET /superuser/users/${name}`, accountAnswer(name)]),
  )
  const { quay } = await registryOf({ [organization]: acme(teams), ...members(...all), ...accounts }, { account: 'quaymaster' })
  const slack = slackOf(['U0ALICE', 'U0QUAYMASTER', 'U0BEA', 'U0CARL', 'U0DORA', 'U0EVE', 'U0GRACE'].map((id) => inSlack(id)))
  const bot = botOf({ quay, db, slack, policy: policyOf({ superusers: ['U0ALICE', 'U0GRACE'] }) })
  expect(await findHelpers(bot, personOf(), 'acme/web')).toEqual(expected)
})

test('Quay that does not answer leaves those whom the policy names', async () => {
  const { quay } = await registryOf({ [organization]: 503 })
  const bot = botOf({ quay, db, policy: policyOf({ superusers: ['U0GRACE', 'U0ALICE'] }) })
  expect(await findHelpers(bot, personOf(), 'acme')).toEqual(['U0GRACE'])
})

test('the policy’s superusers are named without those whom Slack no longer knows, at most three', () => {
  const policy = policyOf({ superusers: ['U0A', 'U0B', 'U0C', 'U0D', 'U0E'].map((id) => `${id}0`) })
  const slack = slackOf([])
  slack.unknown.set('U0B0', 'user_not_found')
  expect(superusers(botOf({ policy, slack }))).toEqual(['U0A0', 'U0C0', 'U0D0'])
  expect(superusers(botOf({ slack }))).toEqual([])
})

test.each(
  sampled(
    [
      ['one who is linked, without asking', accountAnswer('bea', { email: 'other@example.com' }), true, 'U0LINKED', []],
      ['one with the address', accountAnswer('bea'), false, 'U0BEA', ['bea@example.com']],
      ['not one who is disabled', accountAnswer('bea', { enabled: false }), false, undefined, []],
      ['not one without an address', accountAnswer('bea', { email: null }), false, undefined, []],
      ['not one whom Quay does not have', undefined, false, undefined, []],
      ['not one whose address Slack does not know', accountAnswer('bea', { email: 'x@example.com' }), false, undefined, ['x@example.com']],
    ],
    3,
  ),
)('the Slack person of an account is %s', async (_, answer, isLinked, id, looked) => {
  const { quay, asked } = await registryOf(answer ? { 'GET /superuser/users/bea': answer } : {})
  const slack = slackOf([inSlack('U0BEA')])
  if (isLinked) await db.insert(links).values({ team: 'T0ACME', slackId: 'U0LINKED', account: 'bea' })
  expect(await slackPersonOf(botOf({ quay, db, slack }), 'bea')).toBe(id)
  expect(slack.byEmail).toEqual(looked)
  expect(asked()).toHaveLength(isLinked ? 0 : 1)
})

// What a command needs

const input = z.strictObject({
  repository: z.string().meta({ of: 'repository' }).optional(),
  namespace: z.string().meta({ of: 'namespace' }).optional(),
  robot: z.string().meta({ of: 'robot' }).optional(),
  targets: z.array(z.string()).meta({ of: 'repository' }).optional(),
})
const commandOf = (permissions: unknown, changes?: object) => ({ input, permissions, changes }) as unknown as Command<typeof input> // all of a command that is asked here
const needed = (permissions: unknown, values: object) => requiredPermissions(commandOf(permissions), { ...values })

test.each([
  ['a repository', [{ permission: 'write', on: 'repository' }], { repository: 'acme/web' }, [{ permission: 'write', object: 'acme/web' }]],
  ['its reader', [{ permission: 'read', on: 'repository' }], { repository: 'acme/web' }, [{ permission: 'read', object: 'acme/web' }]],
  ['its admin', [{ permission: 'admin', on: 'repository' }], { repository: 'acme/web' }, [{ permission: 'admin', object: 'acme/web' }]],
  [
    'a repository to create',
    [{ permission: 'create', on: 'repository' }],
    { repository: 'acme/web' },
    [{ permission: 'create', object: 'acme' }],
  ],
  [
    'a member of its namespace',
    [{ permission: 'member', on: 'repository' }],
    { repository: 'acme/web' },
    [{ permission: 'member', object: 'acme' }],
  ],
  ['a robot, by its namespace', [{ permission: 'admin', on: 'robot' }], { robot: 'acme+ci' }, [{ permission: 'admin', object: 'acme' }]],
  ['a namespace', [{ permission: 'admin', on: 'namespace' }], { namespace: 'acme' }, [{ permission: 'admin', object: 'acme' }]],
  [
    'a field that nobody declared',
    [{ permission: 'admin', on: 'other' }],
    { other: 'acme/web' },
    [{ permission: 'admin', object: 'acme' }],
  ],
  ['nothing for what was left out', [{ permission: 'write', on: 'repository' }], {}, []],
  ['nothing for what is empty', [{ permission: 'write', on: 'repository' }], { repository: '' }, []],
  [
    'each of several',
    [{ permission: 'read', on: 'targets' }],
    { targets: ['acme/a', '', 'acme/b'] },
    [
      { permission: 'read', object: 'acme/a' },
      { permission: 'read', object: 'acme/b' },
    ],
  ],
  [
    'each object by itself',
    [
      { permission: 'read', on: 'repository' },
      { permission: 'admin', on: 'namespace' },
    ],
    { repository: 'acme/web', namespace: 'labs' },
    [
      { permission: 'read', object: 'acme/web' },
      { permission: 'admin', object: 'labs' },
    ],
  ],
  [
    'one where superusers may too',
    [{ permission: 'admin', on: 'namespace', orSuperuser: true }],
    { namespace: 'acme' },
    [{ permission: 'admin', object: 'acme', orSuperuser: true }],
  ],
  [
    'one that may exist',
    [{ permission: 'create', on: 'repository', existing: 'write' }],
    { repository: 'acme/web' },
    [{ permission: 'create', object: 'acme', existing: { permission: 'write', object: 'acme/web' } }],
  ],
  ['no objects where everybody may', 'anyone', { repository: 'acme/web' }, []],
  ['no objects for superusers', 'superuser', { repository: 'acme/web' }, []],
])('a command needs %s', (_, permissions, values, expected) => {
  expect(needed(permissions, values)).toEqual(expected)
})

const onWeb = [{ permission: 'write', on: 'repository' }]
const web = { repository: 'acme/web' }
const nobody = personOf(undefined, { account: undefined, user: undefined })
test.each([
  ['anyone, for somebody without an account', 'anyone', nobody, undefined, []],
  ['anyone who is linked', 'linked', personOf(), undefined, []],
  ['anyone who is linked, for a global reader', 'linked', personOf({ globalReader: true }), undefined, []],
  ['anyone who is linked, for who is not', 'linked', nobody, undefined, 'denied'],
  ['anyone who is linked, for who is disabled', 'linked', personOf({ enabled: false }), undefined, 'denied'],
  ['superusers', 'superuser', personOf({ superuser: true }), {}, ['{account} is a superuser.']],
  ['superusers, for who is none', 'superuser', personOf(), {}, 'denied'],
  ['superusers, for a global reader who reads', 'superuser', personOf({ globalReader: true }), undefined, ['{account} is a superuser.']],
  ['superusers, for a global reader who changes', 'superuser', personOf({ globalReader: true }), {}, 'denied'],
  [
    'writers, for a global reader who reads',
    onWeb,
    personOf({ globalReader: true }),
    undefined,
    ['{account} is a global read-only superuser.'],
  ],
  ['writers, for a global reader who changes', onWeb, personOf({ globalReader: true }), {}, 'denied'],
  ['writers, for a disabled global reader', onWeb, personOf({ globalReader: true, enabled: false }), undefined, 'denied'],
  ['writers, for who is none', onWeb, personOf({}), {}, 'denied'],
  ['readers, for one', [{ permission: 'read', on: 'repository' }], personOf(), {}, ['{account} has {role} permission on {object}.']],
  ['readers and writers, for a reader', [{ permission: 'read', on: 'repository' }, ...onWeb], personOf(), {}, 'denied'],
  ['writers, for nothing', onWeb, personOf(), {}, []],
] as const)('a command for %s', async (what, permissions, person, changes, outcome) => {
  const { quay } = await registryOf({ [repository]: closed, [given]: gives('read') })
  const values = what.endsWith('nothing') ? {} : web
  const checked = checkPermissions(botOf({ quay, db }), person, commandOf(permissions, changes), values)
  if (outcome === 'denied') return void (await expect(checked).rejects.toMatchObject({ code: 'denied' }))
  const reasons = (await checked).map(({ reason }) => reason)
  expect(reasons.map(({ message }) => message)).toEqual(outcome)
  for (const { values: said } of reasons) expect(said.account).toBe('alice')
})

test('what a command needs is read anew where that is asked', async () => {
  const { quay, asked } = await registryOf({ [repository]: closed, [given]: gives('write') })
  const bot = botOf({ quay })
  for (const bypassCache of [false, false, true]) await checkPermissions(bot, personOf(), commandOf(onWeb, {}), web, { bypassCache })
  expect(asked().filter((call) => call === given)).toHaveLength(2)
})
