import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { allOf, dryRun, whileDown } from './drawn.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, quay, changes } = started
const teamOf = (name: string) => quay.registry.organizations.find((one) => one.name === 'acme')?.teams.find((one) => one.name === name)

test('members of an organisation see its teams; who is in one only its own members and the admins', async () => {
  expect(allOf(await alice.types('/quay team list acme'))).toContain('• developers – member, 2, 1, Everybody who builds the product')
  expect(allOf(await alice.types('/quay team members acme developers'))).toContain('• ivan')
  expect((await alice.types('/quay team members acme frontend')).text).toContain('Only admins of acme and members of the team frontend')
  expect(allOf(await bea.types('/quay team members acme frontend'))).toContain('• ivan')
  expect((await bea.types('/quay team members acme nobody')).text).toBe('acme has no team nobody.')
  expect((await alice.types('/quay team list globex')).text).toBe('You need to be a *member* of globex.')
})

test('only admins of the organisation change its teams', async () => {
  const commands = [
    'team create acme mine',
    'team add acme developers bea',
    'team remove acme developers ivan',
    'team delete acme frontend',
    'team sync acme developers cn=developers,ou=groups',
    'team unsync acme developers',
  ]
  for (const command of commands) expect((await alice.types(`/quay ${command}`)).text).toBe('You need to be an *admin* of acme.')
})

test('a team is created, and one that exists is never touched: Quay itself would change its role', async () => {
  expect((await bea.types('/quay team create acme release role=creator')).text).toContain('Created team')
  const calls = changes().length

  expect((await bea.types('/quay team create acme developers role=admin')).text).toBe(
    'acme already has a team developers, with the role member.',
  )
  expect(changes()).toHaveLength(calls)
  expect(teamOf('developers')?.role).toBe('member')
})

test('somebody is quicker with the same name: the reply says what has become of their team', async () => {
  const looks = () => quay.exchanges.filter(({ method, path }) => method === 'GET' && path === '/api/v1/organization/acme').length
  const before = looks()
  quay.faults({ latencyMs: 500, match: 'PUT /api/v1/organization/acme/team/quick', times: 1 })
  const reply = bea.types('/quay team create acme quick role=creator')
  // One look is for her rights and the name; theirs comes into being between that and the call.
  await expect.poll(() => looks() - before).toBe(1)
  const acme = quay.registry.organizations.find(({ name }) => name === 'acme')
  acme?.teams.push({ id: 999, name: 'quick', role: 'member', description: '', members: ['hana'] })
  expect((await reply).text).toContain(
    'Someone else created the team quick of acme at the same time; its role is now creator. Check its members with',
  )
})

test('Quay’s answer is lost: the empty team of just this role is the lost attempt’s', async () => {
  quay.faults({ cut: true, match: 'PUT /api/v1/organization/acme/team/lost', times: 1 })
  expect((await bea.types('/quay team create acme lost')).text).toContain('Created team `lost`')
  expect(changes().filter((call) => call.endsWith('/team/lost'))).toHaveLength(1)
})

test('who is put into a team sees first what that gives; an admin team gives everything', async () => {
  const preview = await bea.types('/quay team add acme developers ivan,hana,acme+deploy')
  expect(preview.text).toBe('Add `hana`, `acme+deploy` to the team `developers` of `acme`?')
  expect(allOf(preview)).toContain('• `acme/api` – write')
  expect(teamOf('developers')?.members).not.toContain('hana')
  expect((await bea.presses('Add', preview)).text).toBe('Added `hana`, `acme+deploy` to the team `developers` of `acme`.')
  expect(teamOf('developers')?.members).toEqual(['alice', 'ivan', 'hana', 'acme+deploy'])

  expect((await bea.types('/quay team add acme owners ivan')).text).toContain('They get *full access* to `acme`.')
  expect((await bea.types('/quay team add acme developers hana,nobody')).text).toContain(
    'Quay has no user or robot account with this name: nobody',
  )
  expect((await bea.types('/quay team add acme developers alice')).text).toBe('They are already members of the team developers.')
})

test('people are taken out; who was not in the team is named', async () => {
  Object.assign(teamOf('developers') ?? {}, { members: ['alice', 'ivan', 'hana', 'acme+deploy'] })
  const reply = await bea.types('/quay team remove acme developers hana,acme+deploy,bea')
  expect(reply.text).toBe('Removed `hana`, `acme+deploy` from the team `developers` of `acme`.')
  expect(allOf(reply)).toContain('Not members: `bea`')
  expect(teamOf('developers')?.members).toEqual(['alice', 'ivan'])
})

test('deleting a team shows who loses what, and is pressed', async () => {
  const preview = await bea.types('/quay team delete acme frontend')
  expect(allOf(preview)).toContain('One member loses its permissions: ivan')
  expect(allOf(preview)).toContain('• `acme/shop` – write')
  expect((await bea.presses('Delete', preview)).text).toBe('Deleted team `frontend` of `acme`.')
  expect(teamOf('frontend')).toBeUndefined()
})

test('a registry without a directory says in words that it does not support synchronisation', async () => {
  expect((await bea.types('/quay team sync acme developers cn=developers,ou=groups')).text).toBe(
    'Quay says: Not supported. The authentication of this registry is Database; only LDAP, OIDC and Keystone have groups to sync with.',
  )
})

test('a team is given to an LDAP group after a look at who is replaced, and back again', async () => {
  quay.registry.authenticationType = 'LDAP'
  const preview = await bea.types('/quay team sync acme developers "cn=developers,ou=groups"')
  expect(preview.text).toBe('Sync team `developers` of `acme` with the LDAP group `cn=developers,ou=groups,dc=quay,dc=io`?')
  expect(allOf(preview)).toContain('The team has 2 users now. The next sync replaces them with the users of the group.')
  expect(allOf(preview)).toContain('Quay does not allow adding or removing users manually')
  expect(changes().some((call) => call.endsWith('/syncing'))).toBe(false)

  expect((await bea.presses('Sync', preview)).text).toBe(
    'Team `developers` of `acme` is now synced with the group `cn=developers,ou=groups`.',
  )
  expect(quay.exchanges.findLast(({ method }) => method === 'POST')).toMatchObject({ body: { group_dn: 'cn=developers,ou=groups' } })
  expect(allOf(await bea.types('/quay team members acme developers'))).toContain('Synced with the LDAP group `cn=developers,ou=groups`')
  expect((await bea.types('/quay team add acme developers hana')).text).toContain(
    'is synced with the group cn=developers,ou=groups: add users to the group. Only robot accounts can be added here.',
  )
  expect((await bea.types('/quay team remove acme developers ivan')).text).toContain('is synced with the group')

  // Quay itself would break with a 500 (recorded: ldap-teamsync-post-again).
  expect((await bea.types('/quay team sync acme developers cn=other,ou=groups')).text).toBe(
    'Team developers is already synced with the group cn=developers,ou=groups. Stop that first: /quay team unsync acme developers',
  )
  const stopped = await bea.types('/quay team unsync acme developers')
  expect(stopped.text).toBe('Team `developers` of `acme` is no longer synced with the group `cn=developers,ou=groups`.')
  expect(allOf(stopped)).toContain('Its 2 members stay.')
  expect((await bea.types('/quay team unsync acme developers')).text).toBe('Team developers of acme is not synced.')
})

test('an absolute group is explained, one that does not exist is named, and a lost answer is looked for', async () => {
  quay.registry.authenticationType = 'LDAP'
  expect((await bea.types('/quay team sync acme developers "cn=developers,ou=groups,dc=quay,dc=io"')).text).toContain(
    'Quay adds the base DN dc=quay,dc=io automatically. Leave it out: cn=developers,ou=groups',
  )
  const missing = await bea.types('/quay team sync acme developers cn=nobody,ou=groups')
  expect((await bea.presses('Sync', missing)).text).toContain(
    'Group cn=nobody,ou=groups not found below dc=quay,dc=io, or it has no members.',
  )

  const preview = await bea.types('/quay team sync acme developers cn=developers,ou=groups')
  quay.faults({ cut: true, match: '/syncing', times: 1 })
  expect((await bea.presses('Sync', preview)).text).toContain('is now synced with the group')
  await bea.types('/quay team unsync acme developers')
  quay.registry.authenticationType = 'Database'
})

test('where the registry keeps synchronisation to superusers, an admin of the organisation is refused', async () => {
  const { features } = started.bot.quay.capabilities
  features.NONSUPERUSER_TEAM_SYNCING_SETUP = false
  for (const command of ['team sync acme developers cn=developers,ou=groups', 'team unsync acme developers'])
    expect((await bea.types(`/quay ${command}`)).text).toBe('In this registry only *superusers* can sync teams.')
  features.NONSUPERUSER_TEAM_SYNCING_SETUP = true
})

test('a dry run changes nothing, and Quay being down is said', async () => {
  expect(await dryRun(started, 'bea', '/quay team create acme dry')).toContain('PUT /api/v1/organization/acme/team/dry')
  expect(await dryRun(started, 'bea', '/quay team add acme developers hana')).toContain(
    'PUT /api/v1/organization/acme/team/developers/members/hana',
  )
  expect(await dryRun(started, 'bea', '/quay team remove acme developers ivan')).toContain(
    'DELETE /api/v1/organization/acme/team/developers/members/ivan',
  )
  expect(await dryRun(started, 'bea', '/quay team delete acme developers')).toContain('DELETE /api/v1/organization/acme/team/developers')
  expect(await whileDown(started, 'bea', '/quay team create acme down')).toBe('Quay is not available right now.')
})
