import { expect, test } from 'vitest'
import { openCache } from '../../src/core/ttl-cache.ts'
import { readableAmong } from '../../src/security/readable-repositories.ts'
import { personOf, registryOf } from './parts.ts'

// Which repositories of a list somebody may read: both sides of every rule, and no call more than needed.

const organization = 'GET /organization/acme'
const asMember = 'GET /organization/acme/members/alice'
const outside = 'GET /organization/acme/collaborators'
const ofTeam = (team: string) => `GET /organization/acme/team/${team}/permissions`

const open = { name: 'acme/open', visibility: 'public' }
const web = { name: 'acme/web', visibility: 'private' }
const api = { name: 'acme/api', visibility: 'private' }
const all = [open, web, api]

const acme = (teams: Record<string, object> | undefined, more: object = {}) => ({
  name: 'acme',
  ...(teams && {
    teams: Object.fromEntries(Object.entries(teams).map(([name, team]) => [name, { name, role: 'member', repo_count: 1, ...team }])),
  }),
  ...more,
})
const inTeams = (teams: string[], repositories: string[] = []) => ({
  name: 'alice',
  kind: 'user',
  teams: teams.map((name) => ({ name })),
  repositories,
})
const holding = (...names: string[]) => ({ permissions: names.map((name) => ({ role: 'read', repository: { name } })) })
const collaborating = (name: string, ...repositories: string[]) => ({ collaborators: [{ name, repositories }] })

async function readable(
  answers: object,
  {
    person = personOf(),
    list = all,
    namespace = 'acme',
    ...capabilities
  }: Record<string, unknown> & { person?: ReturnType<typeof personOf>; list?: typeof all; namespace?: string } = {},
) {
  const { quay, asked } = await registryOf({ ...answers }, capabilities)
  const read = () => readableAmong({ cache, quay }, person, namespace, list)
  const cache = openCache(30, () => 0)
  const { readable: found, hidden } = await read()
  const calls = asked()
  await read()
  return { names: found.map(({ name }) => name.replace('acme/', '')), hidden, calls, again: asked().slice(calls.length) }
}

test.each([
  ['nobody who is known', personOf(undefined, { account: undefined, user: undefined })],
  ['an account that is known and gone', personOf(undefined, { user: undefined })],
  ['a user of an account that is not known', personOf({ globalReader: true }, { account: undefined })],
  ['a disabled account', personOf({ enabled: false, globalReader: true })],
])('%s sees what is public, and Quay is not asked', async (_, person) => {
  expect(await readable({}, { person })).toEqual({ names: ['open'], hidden: undefined, calls: [], again: [] })
})

test.each([
  ['their own namespace', personOf(), 'alice', true],
  ['a global read-only superuser', personOf({ globalReader: true }), 'acme', true],
  ['a superuser with full access', personOf({ superuser: true }), 'acme', true],
])('%s: everything that Quay lists', async (_, person, namespace, superusersFullAccess) => {
  const found = await readable({}, { person, namespace, superusersFullAccess })
  expect(found).toEqual({ names: ['open', 'web', 'api'], hidden: undefined, calls: [], again: [] })
})

test.each([
  ['an organization that the bot administers', acme({}, { is_admin: true }), undefined],
  ['one that it does not', acme({}, { is_admin: false }), 'acme'],
  ['no organization', undefined, 'acme'],
])('without full access a global reader sees what Quay lists of %s, and hears whether there is more', async (_, answer, hidden) => {
  const found = await readable(
    { ...(answer && { [organization]: answer }) },
    { person: personOf({ globalReader: true }), superusersFullAccess: false },
  )
  expect(found.names).toEqual(['open', 'web', 'api'])
  expect(found.hidden?.sentence.values.namespace).toBe(hidden)
})

test('a superuser without full access is as anybody', async () => {
  const found = await readable(
    { [organization]: acme({}, { is_admin: true }) },
    { person: personOf({ superuser: true }), superusersFullAccess: false },
  )
  expect(found.names).toEqual(['open'])
})

test('where everything is public nobody is asked about, unless Quay may list less than there is', async () => {
  expect(await readable({}, { list: [open] })).toMatchObject({ names: ['open'], hidden: undefined, calls: [] })
  const less = await readable(
    { [organization]: acme({}), [asMember]: inTeams(['devs']), [ofTeam('devs')]: holding() },
    { list: [open], superusersFullAccess: false },
  )
  expect(less.names).toEqual(['open'])
  expect(less.hidden?.sentence.values.namespace).toBe('acme')
  expect(await readable({}, { list: [open, web] })).toMatchObject({ names: ['open'], calls: expect.arrayContaining([asMember]) })
})

test('what somebody was given on all of them is enough to know', async () => {
  const found = await readable({ [asMember]: inTeams(['devs'], ['web', 'api']) })
  expect(found).toEqual({ names: ['open', 'web', 'api'], hidden: undefined, calls: [asMember], again: [] })
})

test('without full access that is not enough: Quay may list less than there is', async () => {
  const found = await readable(
    { [asMember]: inTeams(['devs'], ['web', 'api']), [organization]: acme({ devs: {} }), [ofTeam('devs')]: holding() },
    { superusersFullAccess: false },
  )
  expect(found.names).toEqual(['open', 'web', 'api'])
  expect(found.hidden?.sentence.values.namespace).toBe('acme')
  expect(found.calls).toEqual([asMember, organization, ofTeam('devs')])
})

test.each([
  ['some of them', collaborating('alice', 'web'), ['open', 'web']],
  ['what Quay names whole', collaborating('alice', 'acme/web'), ['open', 'web']],
  ['those of another organization', collaborating('alice', 'labs/web'), ['open']],
  ['those of somebody else', collaborating('bea', 'web'), ['open']],
  ['nothing', undefined, ['open']],
])('who is in no team reads what they were given: %s', async (_, given, names) => {
  const found = await readable({ ...(given && { [outside]: given }) })
  expect(found).toMatchObject({
    names,
    hidden: undefined,
    calls: [asMember, outside],
  })
  expect(found.again).toEqual([])
})

test.each([
  ['an admin team', acme({ devs: {}, owners: { role: 'admin' } }), ['owners'], ['open', 'web', 'api'], [asMember, organization]],
  [
    'a team beside the admin team',
    acme({ devs: {}, owners: { role: 'admin' } }),
    ['devs'],
    ['open', 'web'],
    [asMember, organization, ofTeam('devs')],
  ],
  ['a team without repositories', acme({ devs: { repo_count: 0 } }), ['devs'], ['open'], [asMember, organization]],
  [
    'two teams, one without',
    acme({ none: { repo_count: 0 }, devs: {} }),
    ['none', 'devs'],
    ['open', 'web'],
    [asMember, organization, ofTeam('devs')],
  ],
  [
    'two teams',
    acme({ devs: {}, ops: {} }),
    ['devs', 'ops'],
    ['open', 'web', 'api'],
    [asMember, organization, ofTeam('devs'), ofTeam('ops')],
  ],
  [
    'two teams, of which the first is enough',
    acme({ ops: {}, all: {} }),
    ['all', 'ops'],
    ['open', 'web', 'api'],
    [asMember, organization, ofTeam('all')],
  ],
  ['no team any more', acme({ devs: {} }), [], ['open'], [asMember, organization]],
])('in %s', async (_, answer, teams, names, calls) => {
  const answers = {
    [organization]: answer,
    [asMember]: inTeams(teams),
    [ofTeam('devs')]: holding('web'),
    [ofTeam('ops')]: holding('api'),
    [ofTeam('all')]: holding('web', 'api'),
  }
  expect(await readable(answers)).toEqual({ names, hidden: undefined, calls, again: [] })
})

test('a team and what was given count together', async () => {
  const found = await readable({
    [organization]: acme({ devs: {}, ops: {} }),
    [asMember]: inTeams(['devs', 'ops'], ['api']),
    [ofTeam('devs')]: holding('web'),
  })
  expect(found).toMatchObject({ names: ['open', 'web', 'api'], calls: [asMember, organization, ofTeam('devs')] })
})

test('an admin of an organization that the bot does not see whole hears that there may be more', async () => {
  const answers = { [organization]: acme({ owners: { role: 'admin' } }), [asMember]: inTeams(['owners']) }
  const found = await readable(answers, { superusersFullAccess: false })
  expect(found.names).toEqual(['open', 'web', 'api'])
  expect(found.hidden?.sentence.values.namespace).toBe('acme')
  const seen = { ...answers, [organization]: acme({ owners: { role: 'admin' } }, { is_admin: true }) }
  expect((await readable(seen, { superusersFullAccess: false })).hidden).toBeUndefined()
})

test.each([
  ['who is in a team may be an admin', ['devs'], true, 'acme'],
  ['who is in none is none', [], true, undefined],
  ['who is in a team, without full access', ['devs'], false, 'acme'],
  ['who is in none, without full access', [], false, undefined],
])('where Quay keeps the teams from the bot, %s', async (_, teams, superusersFullAccess, namespace) => {
  const answers = { [organization]: acme(undefined), [asMember]: inTeams(teams), [ofTeam('devs')]: holding('web') }
  const found = await readable(answers, { superusersFullAccess })
  expect(found.names).toEqual(teams.length > 0 ? ['open', 'web'] : ['open'])
  expect(found.hidden?.sentence.values.namespace).toBe(namespace)
})

test('an admin of the organization that is kept from its teams hears so, too', async () => {
  const answers = { [organization]: acme(undefined, { is_admin: true }), [asMember]: inTeams(['devs']), [ofTeam('devs')]: holding('web') }
  const found = await readable(answers, { superusersFullAccess: false })
  expect(found).toMatchObject({ names: ['open', 'web'], hidden: { code: 'denied', sentence: { values: { namespace: 'acme' } } } })
})

test('a namespace of which Quay says nothing, and somebody in it all the same', async () => {
  const found = await readable({ [asMember]: inTeams(['devs']), [ofTeam('devs')]: holding('web') })
  expect(found).toMatchObject({ names: ['open', 'web'], hidden: undefined })
})

test('what Quay refuses the bot leaves what is public, and the organization says why', async () => {
  const refused = { [asMember]: 403, 'GET /organization/acme/members': 403, [organization]: acme({}) }
  const found = await readable(refused, { superusersFullAccess: false })
  expect(found.names).toEqual(['open'])
  expect(found.hidden).toMatchObject({ code: 'denied', sentence: { values: { namespace: 'acme' } } })
  const team = await readable({ [asMember]: inTeams(['devs']), [organization]: acme({ devs: {} }), [ofTeam('devs')]: 403 })
  expect(team).toMatchObject({ names: ['open'], hidden: { code: 'denied', sentence: { values: { words: 'No.' } } } })
})

test('a refusal that is over when the organization was asked counts no more', async () => {
  const found = await readable({ [asMember]: [403, inTeams([], ['web'])], [organization]: acme({}) }, { superusersFullAccess: false })
  expect(found.names).toEqual(['open', 'web'])
})

test.each([asMember, organization, ofTeam('devs')])('%s that Quay does not answer hides nothing and shows nothing', async (call) => {
  const answers = { [asMember]: inTeams(['devs']), [organization]: acme({ devs: {} }), [ofTeam('devs')]: holding(), [call]: 503 }
  await expect(readable(answers)).rejects.toMatchObject({ code: 'unavailable' })
  // It is not asked again at once, as what is refused would be.
  const { quay, asked } = await registryOf({ ...answers })
  await expect(readableAmong({ cache: openCache(30, () => 0), quay }, personOf(), 'acme', all)).rejects.toMatchObject({
    code: 'unavailable',
  })
  expect(asked().filter((one) => one === call)).toHaveLength(1)
})

test('an error of ours is none of Quay’s', async () => {
  await expect(readable({ [asMember]: 302 })).rejects.toThrow(/^Quay redirects/)
})
