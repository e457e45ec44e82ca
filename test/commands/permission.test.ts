import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { allOf, dryRun, whileDown } from './drawn.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, quay, repository } = started
const defaults = () => quay.registry.organizations.find(({ name }) => name === 'acme')?.prototypes ?? []

test('an admin sees who has a permission; nobody else does, and who could help is named', async () => {
  const reply = allOf(await bea.types('/quay permission list acme/api'))
  expect(reply).toContain('• developers – team, write')
  expect(reply).toContain('• acme+ci – robot account, write')
  const refused = await alice.types('/quay permission list acme/api')
  expect(refused.text).toBe('You need to be an *admin* of acme/api.')
  expect(allOf(refused)).toContain('<@U0BEA> or <@U0CARL> can help.')
})

test('a permission is given, changed and found as it is; people may be mentioned', async () => {
  expect((await bea.types('/quay permission grant acme/api hana write')).text).toMatch(/^Granted \*write\* on <.*\|acme\/api> to `hana`\.$/)
  expect((await bea.types('/quay permission grant acme/api hana read')).text).toMatch(
    /^Changed the permission on .* from write to \*read\* for `hana`\.$/,
  )
  expect((await bea.types('/quay permission grant acme/api hana read')).text).toMatch(/was already granted to `hana`\.$/)
  expect((await bea.types('/quay permission grant acme/api team:frontend read')).text).toMatch(
    /^Granted \*read\* on .* to team `frontend`\./,
  )
  expect((await bea.types('/quay permission grant acme/api <@U0CARL> write')).text).toMatch(/^Granted \*write\* on .* to `carl`\.$/)
  expect(repository('acme/api')).toMatchObject({ userPermissions: { hana: 'read', carl: 'write' }, teamPermissions: { frontend: 'read' } })
})

test('whom Quay refuses is refused in its words, a robot of another namespace before', async () => {
  expect((await bea.types('/quay permission grant acme/api nobody read')).text).toBe(
    'Quay has no user or robot account nobody. Check the spelling.',
  )
  expect((await bea.types('/quay permission grant acme/api team:nobody read')).text).toBe('acme has no team nobody. See /quay team list.')
  expect((await bea.types('/quay permission grant acme/api globex+ci read')).text).toContain('globex+ci belongs to another namespace')
  expect((await bea.types('/quay permission grant acme/api quaymaster admin')).text).toContain('belongs to Quaymaster itself')
  expect((await alice.types('/quay permission grant acme/api alice admin')).text).toBe('You need to be an *admin* of acme/api.')
})

test('a permission is taken away; a lost answer is looked for', async () => {
  quay.faults({ cut: true, match: 'DELETE /api/v1/repository/acme/api/permissions/user/hana', times: 1 })
  expect((await bea.types('/quay permission revoke acme/api hana')).text).toMatch(/^Revoked the permission on <.*> from `hana`\.$/)
  expect(repository('acme/api')?.userPermissions).not.toHaveProperty('hana')
  expect((await bea.types('/quay permission revoke acme/api hana')).text).toBe('hana has no direct permission on acme/api.')
  expect((await alice.types('/quay permission revoke acme/api carl')).text).toBe('You need to be an *admin* of acme/api.')
})

test('default permissions are listed, given once and ended', async () => {
  expect((await bea.types('/quay permission default list acme')).text).toBe('*acme* has no default permissions.')
  expect((await bea.types('/quay permission default create acme team:developers read')).text).toContain(
    'gets *read* on every new repository of `acme`.',
  )
  expect((await bea.types('/quay permission default create acme team:developers write')).text).toContain(
    'already has the default permission read in acme. Delete that first.',
  )
  quay.faults({ cut: true, match: 'POST /api/v1/organization/acme/prototypes', times: 1 })
  expect((await bea.types('/quay permission default create acme acme+deploy write creator=alice')).text).toContain('created by `alice`')
  expect(defaults()).toHaveLength(2)
  expect(allOf(await bea.types('/quay permission default list acme'))).toContain('• acme+deploy – robot account, write, alice')

  expect((await bea.types('/quay permission default delete acme team:developers')).text).toContain(
    'no longer gets a default permission on new repositories of',
  )
  expect((await bea.types('/quay permission default delete acme acme+deploy')).text).toBe(
    'acme+deploy has no default permission in acme. See /quay permission default list acme.',
  )
  expect(defaults()).toHaveLength(1)
  for (const command of ['list acme', 'create acme alice admin', 'delete acme acme+deploy creator=alice'])
    expect((await alice.types(`/quay permission default ${command}`)).text).toBe('You need to be an *admin* of acme.')
})

test('a dry run changes nothing, and Quay being down is said', async () => {
  expect(await dryRun(started, 'bea', '/quay permission grant acme/shop hana read')).toContain('permissions/user/hana {"role":"read"}')
  expect(await dryRun(started, 'bea', '/quay permission revoke acme/api acme+ci')).toContain('DELETE')
  expect(await dryRun(started, 'bea', '/quay permission default create acme hana read')).toContain(
    'POST /api/v1/organization/acme/prototypes',
  )
  expect(await dryRun(started, 'bea', '/quay permission default delete acme acme+deploy creator=alice')).toContain('DELETE')
  expect(await whileDown(started, 'bea', '/quay permission list acme/api')).toBe('Quay is not available right now.')
})
