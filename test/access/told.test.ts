import { afterAll, expect, test } from 'vitest'
import { policyOf } from '../../src/core/policy.ts'
import { allOf } from '../commands/drawn.ts'
import { startBot } from '../start-bot.ts'
import { hoursLater } from './hours.ts'

const policy = policyOf({
  identity: { map: { U0DORA: 'quayadmin' } },
  temporary: { required: [{ permissions: ['admin'], namespaces: ['acme'], longest: '12h' }], longest: '2d' },
  approvals: [{ name: 'grants', commands: ['permission grant', 'team add'], channel: 'C0APPROVALS', approvers: ['quay:namespace-admin'] }],
})
const started = await startBot({ until: afterAll, policy })
const { alice, bea, quay, repository } = started
const roles = (name = 'acme/api') => repository(name)?.userPermissions
const team = (name: string) =>
  quay.registry.organizations.find((one) => one.name === 'acme')?.teams.find((one) => one.name === name)?.members

const hours = (count: number) => hoursLater(started, count)

test('alice asks for eight hours, is approved, is refused to extend by herself, is extended by bea, and ends it now', async () => {
  const offered = await alice.types('/quay permission grant acme/api alice admin for=8h reason="the incident of tonight"')
  expect(offered.text).toMatch(/^Request .* sent to .*\. You’ll get a direct message when it is approved or denied\./)
  const card = await bea.finds(/permission grant/, 'quay-approvals')
  await bea.press('Approve', card, 'quay-approvals')
  await alice.finds(/Temporary until .*: alice has \*admin\* on acme\/api\. Approved by bea[\s\S]*the incident of tonight/)
  expect(roles()?.alice).toBe('admin')
  await hours(7.9)
  const warning = await alice.finds(/\*admin\* permission of alice on acme\/api ends at/)
  // She is an admin for a while, and still does not decide for herself.
  const refused = await alice.presses('Extend', warning, 'alice')
  expect(refused.text).toContain('You can’t extend your own temporary access to')
  const own = await bea.finds(/\*admin\* permission of alice on acme\/api ends at/)
  expect((await bea.presses('Extend', own, 'bea')).text).toContain('The policy allows this until')
  expect((await bea.types('/quay permission grant acme/api alice admin for=3h')).text).toMatch(/\*admin\* on .*`alice`/)
  await hours(1)
  expect(roles()?.alice).toBe('admin')
  const later = await alice.finds(/Temporary until .*: alice has \*admin\* on .*\. Granted by bea/)
  expect((await alice.presses('End now', later, 'alice')).text).toContain('Temporary access ended:')
  expect(roles()).not.toHaveProperty('alice')
  expect((await alice.types('/quay access end nowhere')).text).toContain('Temporary access nowhere not found.')
})

test('what must have an end is refused without one, and longer than the policy lets it', async () => {
  expect((await bea.types('/quay permission grant acme/api carl admin')).text).toBe(
    'The policy allows this only temporarily (12 hours at most): add for=12h.',
  )
  expect((await bea.types('/quay permission grant acme/api carl admin for=13h')).text).toBe('The policy allows this for 12 hours at most.')
  expect((await bea.types('/quay permission grant acme/api carl read for=3d')).text).toBe('The policy allows this for 2 days at most.')
  expect((await bea.types('/quay permission grant acme/api carl read')).text).toMatch(/^Granted \*read\* on .* to `carl`/)
  // An admin team gives admin: that door is shut too.
  expect((await bea.types('/quay team add acme owners hana')).text).toContain(
    'The policy allows this only temporarily (12 hours at most): add',
  )
})

test('a member of a team for a while: put in, told, taken out again', async () => {
  const preview = await bea.types('/quay team add acme frontend hana for=8h')
  expect(allOf(preview)).toContain('Temporary: ends automatically after 8 hours.')
  const done = await bea.presses('Add', preview)
  expect(allOf(done)).toMatch(/Added `hana` to the team[\s\S]*Temporary: ends automatically at/)
  expect(team('frontend')).toContain('hana')
  await bea.finds(/Temporary until .*: hana is a member of the team acme\/frontend\. Granted by bea/)
  await hours(8.1)
  expect(team('frontend')).not.toContain('hana')
  await bea.finds(/Temporary access ended: hana is no longer a member of the team acme\/frontend\./)
})

test('where the usage logs cannot be read whoever gave it is asked, and keeps it or ends it', async () => {
  await bea.types('/quay permission grant acme/shop hana write for=1h')
  await bea.types('/quay permission grant acme/shop carl write for=1h')
  quay.set({ logsIn: 'splunk' })
  await hours(1.1)
  quay.set({ logsIn: 'database' })
  expect(roles('acme/shop')).toMatchObject({ hana: 'write', carl: 'write' })
  const hana = await bea.finds(
    /The temporary access of hana to acme\/shop is over, but Quay’s usage logs can’t be read, so it is unknown whether someone else granted \*.*\* in the meantime\. End or keep it\?/,
  )
  const forCarl = await bea.finds(
    /The temporary access of carl to acme\/shop is over, but Quay’s usage logs can’t be read, so it is unknown whether someone else granted \*.*\* in the meantime\. End or keep it\?/,
  )
  await bea.presses('Keep', hana, 'bea')
  await bea.finds(/\*write\* on .*`hana`/)
  await bea.presses('End now', forCarl, 'bea')
  await bea.finds(/Temporary access ended: carl/)
  expect(roles('acme/shop')).toMatchObject({ hana: 'write' })
  expect(roles('acme/shop')).not.toHaveProperty('carl')
})
