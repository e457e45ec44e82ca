import { expect, test } from 'vitest'
import { memberScopes, readmeScopes } from '../../src/sandbox/quay/settings.ts'
import { startBot } from '../start-bot.ts'

// How the bot gets into an organization where superusers have no full access (docs/SECURITY.md rule 39).

const policy = { approvals: [], default: 'run' as const, protected: ['platform'] }
const scopes = [...memberScopes, 'user:read']
const withoutAccess = { release: '3.12', fullAccess: false, adminOf: [], scopes }
const take = '/quay org take-ownership acme'

test('dora makes the bot an admin of acme: it has a team of its own, leaves the owners, and they are told', async () => {
  const { dora, bea, carl, alice, quay } = await startBot({ policy, quay: withoutAccess })
  expect((await alice.types('/quay repo create acme/web')).text).toContain('FEATURE_SUPERUSERS_FULL_ACCESS is off')

  const preview = await dora.types(take)
  expect(preview.text).toContain('Make `quaymaster` an admin of')
  expect((await dora.presses('Take ownership', preview)).text).toBe('`quaymaster` is now an admin of `acme`.')

  const teams = quay.registry.organizations.find(({ name }) => name === 'acme')?.teams
  expect(teams?.filter(({ role }) => role === 'admin')).toMatchObject([
    { name: 'owners', members: ['bea', 'carl'] },
    { name: 'quaymaster', members: ['quaymaster'] },
  ])
  for (const admin of [bea, carl]) await admin.finds(/made Quaymaster an admin of `acme`/)
  expect((await alice.types('/quay repo create acme/web')).text).toContain('Created')
  expect((await dora.types(take)).text).toBe('quaymaster is already an admin of acme.')
})

test('never of a user, of what is missing, of what is protected, nor by somebody who is not a superuser', async () => {
  const { dora, bea, changes, quay } = await startBot({ policy, quay: withoutAccess })
  for (const name of ['alice', 'nobody'])
    expect((await dora.types(`/quay org take-ownership ${name}`)).text).toMatch(/^Organization .* not found\.$/)
  expect((await dora.types('/quay org take-ownership platform')).text).toContain('belongs to Quaymaster itself')
  expect((await bea.types(take)).text).toBe('You need to be a *superuser* of Quay.')
  expect(changes()).toEqual([])
  expect(quay.registry.users.map(({ name }) => name)).toContain('alice')
})

test('an organization that is deleted after the preview, its name a user’s by then: the user stays one', async () => {
  const { dora, changes, quay } = await startBot({ policy, quay: withoutAccess })
  const preview = await dora.types('/quay org take-ownership labs')
  const { registry } = quay
  registry.organizations = registry.organizations.filter(({ name }) => name !== 'labs')
  const [someone] = registry.users.filter(({ name }) => name === 'ivan')
  if (someone) registry.users.push({ ...someone, name: 'labs', email: 'labs@example.com' })
  expect((await dora.presses('Take ownership', preview)).text).toMatch(/^Organization .* not found\.$/)
  expect(changes()).toEqual([])
})

test('a team of that name with somebody in it is nobody’s way in: it stays as it is, and the reply says what is left', async () => {
  const { dora, quay } = await startBot({ policy, quay: withoutAccess })
  const acme = quay.registry.organizations.find(({ name }) => name === 'acme')
  acme?.teams.push({ id: 777, name: 'quaymaster', role: 'member', members: ['ivan'], description: '' })
  const reply = await dora.presses('Take ownership', await dora.types(take))
  expect(JSON.stringify(reply)).toContain('already has its own team quaymaster. An admin must rename or delete it first.')
  expect(acme?.teams.find(({ name }) => name === 'quaymaster')).toMatchObject({ role: 'member', members: ['ivan'] })
})

test('with a token whose scopes make it useless it is refused before anything is done', async () => {
  const { dora, changes } = await startBot({ policy, quay: { ...withoutAccess, scopes: readmeScopes } })
  expect((await dora.types(take)).text).toContain(
    'This would not help: QUAY_TOKEN lacks the scopes org:admin, repo:admin and repo:create. An operator must renew it with these scopes first.',
  )
  expect(changes()).toEqual([])
})
