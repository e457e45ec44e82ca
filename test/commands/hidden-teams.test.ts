import { afterAll, beforeEach, expect, test } from 'vitest'
import { discover } from '../../src/quay/facts.ts'
import { readmeScopes } from '../../src/sandbox/quay/api.ts'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'
import { furnish } from './table-registry.ts'

// Before 3.16 Quay keeps the teams of an organization from a superuser's token that is in none of them (docs/quay.md, Releases §1a).
// For a superuser, who may do everything there, the teams that are not shown are not absent.

const started = await startBot({
  until: afterAll,
  policy: { approvals: [], default: 'run' },
  quay: { release: '3.12', adminOf: [], scopes: readmeScopes },
})
const { dora, quay, bot, changes } = started
const restore = furnish(quay)
beforeEach(() => {
  restore()
  quay.set({ release: '3.12', adminOf: [] })
  bot.cache.clear()
})

test.each([
  'team add acme frontend bea',
  'team remove acme developers ivan',
  'team delete acme frontend',
  'team list acme',
  'team create acme backend',
])('/quay %s says what hides the team, and changes nothing', async (command) => {
  const before = changes().length
  const reply = allOf(await dora.types(`/quay ${command}`))
  expect(reply).toMatch(/Quay before 3\.16 does not show Quaymaster who has which role in acme\./)
  expect(changes().slice(before)).toEqual([])
})

test('a team that is there is not created again with another role: its admins stay admins', async () => {
  await dora.types('/quay team create acme owners role=member')
  const owners = quay.registry.organizations.find(({ name }) => name === 'acme')?.teams.find(({ name }) => name === 'owners')
  expect(owners?.role).toBe('admin')
})

test('3.10.0 to 3.10.6 refuse superusers what later ones allow: the release is the cause, not the scopes', async () => {
  quay.set({ release: '3.10.4' })
  await discover(bot.quay)
  for (const command of ['repo create acme/web', 'mirror create acme/mc quay.io/minio/mc', 'logs namespace acme']) {
    const reply = allOf(await dora.types(`/quay ${command}`))
    expect(reply, command).toContain('Quay before 3.12 can refuse this to a superuser who is not an admin here.')
    expect(reply).not.toMatch(/Unauthorized|check the scopes/)
  }
})

test('3.10.0 to 3.10.6 list no members of a user’s namespace: it is there all the same', async () => {
  quay.set({ release: '3.10.4' })
  await discover(bot.quay)
  expect((await started.alice.types('/quay repo list bea')).text).toMatch(/^No repositories in \*bea\*.* that you can see\./)
})

test('a policy of a repository where only organizations have them: says since when; the organization’s is shown', async () => {
  quay.set({ release: '3.10' })
  await discover(bot.quay)
  expect((await dora.types('/quay prune show acme/api')).text).toBe(
    'This registry does not offer auto-prune for a single repository: it needs Quay 3.11 or newer.',
  )
  expect((await dora.types('/quay prune show acme')).text).toMatch(/^\*acme\* has no auto-prune policies of its own\.$/)
})
