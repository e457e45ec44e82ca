import { expect, test } from 'vitest'
import { discover } from '../../src/quay/facts.ts'
import { readmeScopes } from '../../src/sandbox/quay/api.ts'
import { offByDefault } from '../../src/sandbox/quay/features.ts'
import { memberScopes } from '../../src/sandbox/quay/settings.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'

// What one registry or another shows the bot, in words that an operator can act on (docs/quay.md, Releases §2).

const policy = { approvals: [], default: 'run' as const }
const degradedOf = async (origin: string) => ((await (await fetch(`${origin}/readyz`)).json()) as { degraded?: string[] }).degraded

test('full access and a new release: all is seen, and the release is named', async () => {
  const { alice, origin } = await startBot({ policy, scopes: readmeScopes, quay: { release: '3.16', adminOf: [] } })
  const status = allOf(await alice.types('/quay status'))
  expect(status).toContain('Quaymaster sees all organizations.')
  expect(status).toContain('Quay v3.16.5')
  expect(await degradedOf(origin)).toBeUndefined()
})

test('full access before 3.16: roles are not shown, status and readiness say so, and so does the log', async () => {
  const { alice, origin, log } = await startBot({ policy, scopes: readmeScopes, quay: { release: '3.12', adminOf: [] } })
  expect(allOf(await alice.types('/quay status'))).toContain(
    'Quaymaster can’t see who has which role in a team: Quay before 3.16 shows it only to admins.',
  )
  expect(await degradedOf(origin)).toEqual(['partial-sight'])
  await expect.poll(log).toContain('can’t see who has which role')
})

const saidOf = [
  ['3.9', 'Quay 3.14 or older'],
  ['3.10', 'Quay 3.10'],
  ['3.12', 'Quay 3.11 to 3.12'],
  ['3.14.6', 'Quay 3.13 to 3.14'],
  ['3.15', 'Quay 3.15'],
  ['3.17', 'Quay v3.17.4'],
] as const

test.each(sampled(saidOf, 6, 4))(
  'before 3.16 Quay does not say its release; of %s status says as much as it shows',
  async (release, said) => {
    const { alice } = await startBot({ policy, quay: { release } })
    expect(allOf(await alice.types('/quay status'))).toContain(`*Release*\n${said}\n`)
  },
)

test('with everything off, and with its document unread, nothing is said that the registry does not show', async () => {
  const { alice, quay, bot } = await startBot({ policy, quay: { release: '3.12', features: offByDefault } })
  expect(allOf(await alice.types('/quay status'))).toContain('*Release*\nQuay 3.15 or older\n')
  quay.faults({ status: 502, match: '/discovery' })
  await discover(bot.quay)
  expect(allOf(await alice.types('/quay status'))).toContain('*Release*\nUnknown\n')
})

test('a registry that is read-only as a whole: status says so, and who ends it', async () => {
  const { alice, quay, bot } = await startBot({ policy })
  quay.registry.state = 'readonly'
  await discover(bot.quay)
  expect((await alice.types('/quay status')).text).toContain(
    'The registry is read-only right now: images can be pulled, but nothing can be changed until its operators end this.',
  )
})

test('no full access, and the account is an admin of one organization: that one works, and is counted', async () => {
  const { alice, bea, origin } = await startBot({
    policy,
    quay: { release: '3.12', fullAccess: false, adminOf: ['acme'], scopes: memberScopes },
  })
  expect((await alice.types('/quay repo create acme/web')).text).toContain('Created')
  expect((await bea.types('/quay repo list globex')).text).toContain('Repositories in *globex*')
  const status = allOf(await alice.types('/quay status'))
  expect(status).toMatch(/the organizations that quaymaster is an admin of: \d of 4\. FEATURE_SUPERUSERS_FULL_ACCESS is off/)
  expect(await degradedOf(origin)).toEqual(['partial-sight'])
})

test('no full access and no membership: superuser commands work, quotas and deleting organizations among them', async () => {
  const { dora, alice, quay, changes, origin } = await startBot({
    policy,
    quay: { release: '3.18', fullAccess: false, adminOf: [], scopes: readmeScopes },
  })
  expect(allOf(await alice.types('/quay status'))).toContain('Only superuser commands work')
  expect(await degradedOf(origin)).toEqual(['superuser-commands-only'])
  expect((await dora.types('/quay quota show acme')).text).toMatch(/^\*acme\* /)
  expect((await dora.types('/quay quota set acme 20GiB')).text).toBe('Quota of *acme* set to 20 GiB.')
  expect(changes()).toEqual(['POST /api/v1/superuser/organization/acme/quota'])

  expect(JSON.stringify(await dora.types('/quay quota set acme 20GiB warn=80'))).toContain(
    'Quay can set quota thresholds only if FEATURE_SUPERUSERS_FULL_ACCESS is on. Leave',
  )
  const preview = await dora.types('/quay org delete labs')
  expect(allOf(preview)).toContain('*Members*\nUnknown')
  expect((await dora.presses('Delete', preview)).text).toContain('labs')
  expect(changes().at(-1)).toBe('DELETE /api/v1/superuser/organizations/labs')
  expect(quay.registry.organizations.map(({ name }) => name)).not.toContain('labs')
})

test('an organization that nobody could be made an owner of is not created', async () => {
  const { alice, changes } = await startBot({ policy, quay: { release: '3.18', fullAccess: false, adminOf: [], scopes: readmeScopes } })
  const reply = await alice.types('/quay org create initech')
  expect(reply.text).toContain('could not make you an owner of initech')
  expect(reply.text).toContain('QUAY_TOKEN lacks the scope org:admin')
  expect(changes()).toEqual([])
})

test('states that are mirrored or unknown break no list, and are not taken for normal', async () => {
  const { alice, repository } = await startBot({ policy })
  const [api, shop] = [repository('acme/api'), repository('acme/shop')]
  if (api) api.state = 'ORG_MIRROR'
  if (shop) shop.state = 'FROZEN' as 'NORMAL' // of a Quay to come
  const list = await alice.types('/quay repo list acme')
  expect(allOf(list)).toContain('acme/api')
  expect(allOf(await alice.types('/quay repo show acme/api'))).toContain('Organization mirror: synced by Quay')
  expect(allOf(await alice.types('/quay repo show acme/shop'))).toContain('Unknown state of a newer Quay release')
})
