import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'
import { startWithOddQuay } from './odd-quay.ts'

// Quay's guards look at its caller, which is the bot, and a superuser walks past them: they hold for people all the same.

async function started() {
  const all = await startBot({ policy: { approvals: [] } })
  const acme = all.quay.registry.organizations.find(({ name }) => name === 'acme')
  const team = (name: string) => acme?.teams.find((one) => one.name === name)
  return { ...all, acme, team }
}

test('nobody takes the last admin out of an organization, and nobody themselves out of their only admin team', async () => {
  const { bea, carl, dora, team, changes } = await started()
  expect((await bea.types('/quay team remove acme owners bea')).text).toBe(
    'You are an admin of acme only through the team owners, and Quay does not allow you to remove yourself. Another admin can do it.',
  )
  expect((await bea.types('/quay team remove acme owners bea,carl')).text).toBe(
    'acme would have no admin. Make someone else an admin first.',
  )
  expect(changes()).toEqual([])
  expect((await carl.types('/quay team remove acme owners bea')).text).toBe('Removed `bea` from the team `owners` of `acme`.')
  expect((await dora.types('/quay team remove acme owners carl')).text).toContain(
    'acme would have no admin. Make someone else an admin first.',
  )
  expect(team('owners')?.members).toEqual(['carl'])
})

test('a disabled account, a robot and the bot administer nothing', async () => {
  const { bea, carl, quay, team } = await started()
  const account = quay.registry.users.find(({ name }) => name === 'carl')
  if (account) account.enabled = false
  team('owners')?.members.push('acme+ci', 'quaymaster')
  expect((await bea.types('/quay team remove acme owners bea')).text).toContain(
    'acme would have no admin. Make someone else an admin first.',
  )
  if (account) account.enabled = true
  expect((await carl.types('/quay team remove acme owners acme+ci')).text).toContain('Removed `acme+ci` from')
})

test('a team of admins is deleted when others administer the organization, and only then', async () => {
  const { bea, carl, acme, team, changes } = await started()
  const only = await bea.types('/quay team delete acme owners')
  expect(only.text).toBe('acme would have no admin. Make someone else an admin first.')
  expect(changes()).toEqual([])

  await bea.types('/quay team create acme release role=admin')
  await bea.presses('Add', await bea.types('/quay team add acme release carl'))
  expect((await bea.types('/quay team delete acme owners')).text).toContain('You are an admin of acme')
  const preview = await carl.types('/quay team delete acme owners')
  expect((await carl.presses('Delete', preview)).text).toBe('Deleted team `owners` of `acme`.')
  expect(team('owners')).toBeUndefined()
  expect(acme?.teams.find(({ name }) => name === 'release')?.members).toEqual(['carl'])
  // Quay answers 500 to a caller in no admin team: it is made a team of members first.
  expect(changes().slice(-2)).toEqual(['PUT /api/v1/organization/acme/team/owners', 'DELETE /api/v1/organization/acme/team/owners'])
})

test('a team that Quay does not delete after all keeps its role', async () => {
  const { carl, bea, organization } = await startWithOddQuay({
    ignores: [{ call: /^DELETE .*\/team\/owners$/, status: 400, body: { message: 'Cannot delete it now' } }],
  })
  await bea.types('/quay team create acme release role=admin')
  await bea.presses('Add', await bea.types('/quay team add acme release carl'))
  const reply = await carl.presses('Delete', await carl.types('/quay team delete acme owners'))
  expect(reply.text).toContain('Cannot delete it now')
  expect(organization('acme')?.teams.find(({ name }) => name === 'owners')?.role).toBe('admin')
})

test('an account that alone administers an organization is not deleted, and disabled only after a look', async () => {
  const { dora, quay, changes } = await started()
  expect((await dora.types('/quay user delete hana')).text).toBe(
    'hana is the only admin of globex. Make someone else an admin there first.',
  )
  const preview = await dora.types('/quay user disable hana')
  expect(allOf(preview)).toContain('Nobody else is an admin of globex. After this only superusers can manage it.')
  expect(changes()).toEqual([])
  expect(allOf(await dora.types('/quay user disable bea'))).not.toContain('Nobody else')
  for (const { teams } of quay.registry.organizations) for (const team of teams) if (team.role === 'admin') team.members.push('eve')
  expect(allOf(await dora.types('/quay user delete hana'))).toContain('Permanently delete')
})

test('Quaymaster stays in an organization whose owner has only been invited', async () => {
  const { dora, organization } = await startWithOddQuay({
    ignores: [{ call: /^PUT .*\/team\/owners\/members\//, status: 200, body: { name: 'quayadmin', invited: true } }],
  })
  const reply = allOf(await dora.types('/quay org create initech email=initech@example.com'))
  expect(reply).toContain(
    'quayadmin is not an owner of initech yet, so Quaymaster remains one. quayadmin must accept the invitation first.',
  )
  expect(reply).toContain('initech@example.com')
  expect(reply).not.toContain(':white_check_mark: Remove Quaymaster from initech')
  expect(organization('initech')?.teams[0]?.members).toEqual(['quaymaster'])
})

test('what Quay does not tell is not counted: an organization whose teams it keeps to itself', async () => {
  const { bea, dora } = await startWithOddQuay({ hides: 'teams' })
  expect(allOf(await dora.types('/quay org delete acme'))).toContain('*Teams*\nUnknown')
  expect((await dora.types('/quay team list acme')).text).toMatch(
    /^Quay before 3\.16 does not show Quaymaster who has which role in acme\..*an admin of acme can add quaymaster to a team with the role admin\./,
  )
  expect((await bea.types('/quay whoami')).text).toContain('bea')
})
