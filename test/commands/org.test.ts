import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { allOf, dryRun, whileDown } from './drawn.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, carl, dora, quay, changes } = started
const organizationOf = (name: string) => quay.registry.organizations.find((one) => one.name === name)

test('alice creates an organization: she is its owner, and the bot has left it', async () => {
  const reply = await alice.types('/quay org create initech email=initech@example.com')
  expect(reply.text).toMatch(/^Created organization <http.*\|initech>\.$/)
  expect(organizationOf('initech')?.teams).toMatchObject([{ name: 'owners', role: 'admin', members: ['alice'] }])
  expect((await alice.types('/quay org create acme')).text).toContain(
    'A user or organization with this name already exists. Choose another name.',
  )
})

test('Quay’s answer is lost: the organisation whose only owner is the bot is the lost attempt’s, and is handed over', async () => {
  quay.faults({ cut: true, match: 'POST /api/v1/organization/', times: 1 })
  expect((await alice.types('/quay org create hooli')).text).toContain('Created organization')
  expect(organizationOf('hooli')?.teams[0]?.members).toEqual(['alice'])
  expect(changes().filter((call) => call === 'POST /api/v1/organization/')).toHaveLength(3)
})

test('a step of the hand-over fails: the rest stays as a checklist with Retry', async () => {
  quay.faults({ status: 503, match: 'PUT /api/v1/organization/pied/team/owners/members/alice', times: 1 })
  const reply = await alice.types('/quay org create pied')
  expect(allOf(reply)).toContain(':x: Make alice an owner of pied')
  expect(allOf(reply)).toContain(':white_circle: Remove Quaymaster from pied')
  await alice.presses('Retry', reply)
  expect(organizationOf('pied')?.teams[0]?.members).toEqual(['alice'])
})

test('a token that may not say whose it is leaves all the same', async () => {
  const { capabilities: facts } = started.bot.quay
  const { account } = facts
  delete facts.account
  await alice.types('/quay org create umbrella')
  expect(organizationOf('umbrella')?.teams[0]?.members).toEqual(['alice'])
  await alice.types('/quay repo create umbrella/web')
  expect(started.repository('umbrella/web')?.userPermissions).toEqual({ alice: 'admin' })
  if (account !== undefined) facts.account = account
})

test('where the registry keeps organisations to superusers, others are refused before Quay is asked', async () => {
  const { features } = started.bot.quay.capabilities
  const before = changes().length
  for (const flag of ['SUPERUSERS_ORG_CREATION_ONLY', 'RESTRICTED_USERS']) {
    features[flag] = true
    expect((await alice.types('/quay org create mine')).text).toBe('In this registry only *superusers* can create organizations.')
    features[flag] = false
  }
  expect(changes()).toHaveLength(before)
})

test('an organisation shows everybody as much as Quay does', async () => {
  expect(allOf(await bea.types('/quay org show acme'))).toContain('*E-mail*\nacme@example.com')
  const asMember = allOf(await alice.types('/quay org show acme'))
  expect(asMember).toContain('• Team `developers` – member, 2 members')
  expect(asMember).not.toContain('acme@example.com')
  const asStranger = allOf(await carl.types('/quay org show globex'))
  expect(asStranger).toContain('You are not a member, so there is nothing more to show.')
  expect(asStranger).not.toContain('owners')
  expect((await alice.types('/quay org show nobody')).text).toBe('Organization nobody not found.')
})

test('superusers list all organisations, admins the members of theirs; others are refused', async () => {
  expect(allOf(await dora.types('/quay org list'))).toMatch(/• acme – acme@example\.com, [\d.]+ GB/)
  expect((await alice.types('/quay org list')).text).toBe('You need to be a *superuser* of Quay.')
  expect(allOf(await bea.types('/quay org members acme'))).toContain('• alice – user, creators, developers')
  expect((await alice.types('/quay org members acme')).text).toBe('You need to be an *admin* of acme.')
})

test('deleting an organisation shows what goes, and is pressed', async () => {
  expect((await alice.types('/quay org delete acme')).text).toBe('You need to be an *admin* of acme.')
  expect(allOf(await bea.types('/quay org delete acme'))).toMatch(/\*Repositories\*\n4[\s\S]*• `acme\/legacy`, last push/)

  const preview = await alice.types('/quay org delete initech')
  expect((await alice.presses('Delete', preview)).text).toBe('Deleted organization `initech`.')
  expect(organizationOf('initech')).toBeUndefined()
})

test('a dry run changes nothing, and Quay being down is said', async () => {
  const planned = await dryRun(started, 'alice', '/quay org create dry')
  expect(planned).toContain('PUT /api/v1/organization/dry/team/owners/members/alice')
  expect(planned).toContain('DELETE /api/v1/organization/dry/members/quaymaster')
  expect(await dryRun(started, 'bea', '/quay org delete acme')).toContain('DELETE /api/v1/organization/acme')
  expect(await whileDown(started, 'bea', '/quay org show acme')).toBe('Quay is not available right now.')
})
