import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { onBehalfOf, withoutCache } from '../../src/context.ts'
import { findOrganization } from '../../src/quay/organizations.ts'
import { findRepository, setDescription } from '../../src/quay/repositories.ts'
import { identify } from '../../src/security/identity.ts'
import { startBot } from '../start-bot.ts'

// What each command costs of the few calls that Quay takes a second, with nothing remembered. Whoever adds a call adds it here;
// what is saved is never a check of docs/SECURITY.md rules 2, 4 and 30.

const { alice, bea, dora, bot, quay } = await startBot({ until: afterAll })

beforeAll(async () => {
  // Everybody is linked before.
  for (const id of ['U0ALICE', 'U0BEA', 'U0DORA']) await identify(bot, id)
})

beforeEach(() => {
  bot.cache.clear()
  quay.exchanges.length = 0
})

/** The calls that Quay has answered since, without those that the bot makes by itself. */
function calls() {
  return quay.exchanges.map(({ method, path }) => `${method} ${path.replace('/api/v1', '').replace(/\?.*/, '')}`).toSorted()
}

test('whoami asks who somebody is, and not again for half a minute', async () => {
  await alice.types('/quay whoami')
  expect(calls()).toEqual(['GET /superuser/users/alice'])
  await alice.types('/quay whoami')
  expect(calls()).toHaveLength(1)
})

test('a list of repositories costs what tells who may read them; the next one the list alone', async () => {
  const rights = ['GET /organization/acme', 'GET /organization/acme/members/alice', 'GET /superuser/users/alice']
  await bea.types('/quay repo list acme')
  // An admin of the organization, whatever the teams hold.
  expect(calls()).toEqual(
    ['GET /organization/acme', 'GET /organization/acme/members/bea', 'GET /repository', 'GET /superuser/users/bea'].toSorted(),
  )
  bot.cache.clear()
  quay.exchanges.length = 0
  await alice.types('/quay repo list acme')
  // The team “creators” has no repository, so its permissions are none.
  expect(calls()).toEqual([...rights, 'GET /organization/acme/team/developers/permissions', 'GET /repository'].toSorted())
  await alice.types('/quay repo list acme')
  expect(calls()).toHaveLength(6)
})

test('a list asks no more than it shows: nothing about public repositories, and no role of who is in no team', async () => {
  const all = quay.registry.repositories.filter(({ namespace }) => namespace === 'globex')
  const secret = all.find(({ visibility }) => visibility === 'private')
  if (!secret) throw new Error('globex has no private repository')
  const list = async () => {
    bot.cache.clear()
    quay.exchanges.length = 0
    return JSON.stringify((await alice.types('/quay repo list globex')).blocks)
  }
  secret.visibility = 'public'
  expect(await list()).toContain(`globex/${secret.name}`)
  expect(calls()).toEqual(['GET /repository', 'GET /superuser/users/alice'])
  Object.assign(secret, { visibility: 'private', userPermissions: { alice: 'read' } })
  expect(await list()).toContain(`globex/${secret.name}`)
  expect(calls()).toEqual([
    'GET /organization/globex/collaborators',
    'GET /organization/globex/members/alice',
    'GET /repository',
    'GET /superuser/users/alice',
  ])
  Object.assign(secret, { userPermissions: {} })
  expect(await list()).not.toContain(`globex/${secret.name}`)
})

test('repo create: who it is, what they may, the repository, its hand-over', async () => {
  await bea.types('/quay repo create acme/seven')
  expect(calls()).toEqual([
    'DELETE /repository/acme/seven/permissions/user/quaymaster',
    'GET /organization/acme',
    'GET /organization/acme/members/bea',
    'GET /organization/acme/prototypes',
    'GET /superuser/users/bea',
    'POST /repository',
    'PUT /repository/acme/seven/permissions/user/bea',
  ])
})

test('the same as a request, and then its approval with the run: both look at the rights anew', async () => {
  await alice.types('/quay repo create globex/five reason="For the shop"')
  const card = await dora.finds(/globex\/five/, 'quay-approvals')
  await dora.finds(/globex\/five/)
  expect(calls()).toEqual([
    'GET /organization/globex',
    // Whose homes and lists it stands in.
    'GET /organization/globex/members',
    'GET /organization/globex/members/alice',
    // Similar names for the card.
    'GET /repository',
    'GET /superuser/users/alice',
    // Whom to tell in Slack, and who is in fact somebody who may decide.
    'GET /superuser/users/hana',
    'GET /superuser/users/quayadmin',
  ])
  quay.exchanges.length = 0
  await dora.press('Approve', card, 'quay-approvals')
  await dora.finds(/and done/, 'quay-approvals')
  const twice = ['GET /superuser/users/alice', 'GET /superuser/users/quayadmin']
  expect(calls()).toEqual(
    [
      ...[...twice, ...twice],
      'DELETE /repository/globex/five/permissions/user/quaymaster',
      'GET /organization/globex/prototypes',
      'POST /repository',
      'PUT /repository/globex/five/permissions/user/alice',
    ].toSorted(),
  )
})

test('mirror create with a robot account that an admin names: no list of robot accounts, and what Quay has stored', async () => {
  expect((await bea.types('/quay mirror create acme/mc1 quay.io/minio/mc robot=acme+ci')).text).toMatch(/^Created/)
  expect(calls()).toEqual([
    'DELETE /repository/acme/mc1/permissions/user/quaymaster',
    'GET /organization/acme',
    'GET /organization/acme/members/bea',
    'GET /organization/acme/prototypes',
    'GET /repository/acme/mc1',
    'GET /repository/acme/mc1/mirror',
    'GET /superuser/users/bea',
    'POST /repository',
    'POST /repository/acme/mc1/mirror',
    'PUT /repository/acme/mc1/permissions/user/bea',
  ])
})

test('a robot account that an admin names and Quay has not is made, and taken back with the rest where Quay refuses the mirror', async () => {
  const robots = () => quay.registry.robots.map(({ name }) => name)
  const made = await bea.types('/quay mirror create acme/mc2 quay.io/minio/mc robot=acme+copier')
  expect(JSON.stringify(made.blocks)).toContain('`acme+copier` (created)')
  expect(robots()).toContain('acme+copier')
  expect((await bea.types('/quay mirror create acme/mc3 registry.invalid/a/b robot=acme+other')).text).toContain(
    'The mirror was not created, and what was created for it was deleted again.',
  )
  expect(robots()).not.toContain('acme+other')
  expect(quay.registry.repositories.map(({ name }) => name)).not.toContain('mc3')
})

test('mirror create with the robot account that an organization has for its mirrors costs the same; the first one makes it', async () => {
  const made = (name: string) => [
    `DELETE /repository/acme/${name}/permissions/user/quaymaster`,
    'GET /organization/acme',
    'GET /organization/acme/members/bea',
    'GET /organization/acme/prototypes',
    `GET /repository/acme/${name}`,
    `GET /repository/acme/${name}/mirror`,
    'GET /superuser/users/bea',
    'POST /repository',
    `POST /repository/acme/${name}/mirror`,
    `PUT /repository/acme/${name}/permissions/user/bea`,
  ]
  await bea.types('/quay mirror create acme/mc quay.io/minio/mc')
  // Quay says that it has no such robot account, and is asked again when it has.
  expect(calls()).toEqual([...made('mc'), 'POST /repository/acme/mc/mirror', 'PUT /organization/acme/robots/mirror'].toSorted())
  bot.cache.clear()
  quay.exchanges.length = 0
  await bea.types('/quay mirror create acme/mc4 quay.io/minio/mc')
  expect(calls()).toEqual(made('mc4'))
})

test('who could help is looked up where a refusal is drawn, and not where somebody may', async () => {
  await alice.types('/quay repo delete acme/api')
  expect(calls()).toContain('GET /organization/acme/members')
  bot.cache.clear()
  quay.exchanges.length = 0
  await alice.types('/quay can-i admin acme/api')
  expect(calls()).toContain('GET /organization/acme/members/alice')
  expect(calls()).not.toContain('GET /organization/acme/members')
})

test('a list that Quay does not page is read once for all of its pages', async () => {
  const names = Array.from({ length: 270 }, (_, number) => `acme+r${String(number).padStart(3, '0')}`)
  const [like] = quay.registry.robots.filter(({ name }) => name.startsWith('acme+'))
  if (!like) throw new Error('acme has no robot')
  quay.registry.robots.push(...names.map((name) => ({ ...like, name, token: `${like.token}${name}` })))
  const listed = () => calls().filter((call) => call === 'GET /organization/acme/robots')
  const first = await bea.types('/quay robot list acme')
  const second = await bea.presses('Older', first)
  const third = await bea.presses('Older', second)
  await bea.presses('Newer', third)
  expect(third.text).not.toBe('')
  expect(listed()).toHaveLength(1)
})

test('nothing is remembered beyond the change of an execution, or for another execution', async () => {
  const own = onBehalfOf(bot, 'U0BEA')
  await Promise.all([findRepository(own.quay, 'acme/api'), findRepository(own.quay, 'acme/api')])
  await findRepository(own.quay, 'acme/api')
  expect(calls()).toEqual(['GET /repository/acme/api'])
  await setDescription(own.quay, 'acme/api', 'Other words')
  expect((await findRepository(own.quay, 'acme/api'))?.description).toBe('Other words')
  await findRepository(onBehalfOf(bot, 'U0BEA').quay, 'acme/api')
  expect(calls().filter((call) => call.startsWith('GET'))).toHaveLength(3)
})

test('a decision and a run read rights after the press, whatever was remembered before it', async () => {
  await identify(bot, 'U0BEA')
  await findOrganization(onBehalfOf(bot, 'U0BEA').quay, 'acme')
  quay.exchanges.length = 0
  const deciding = withoutCache(bot)
  await identify(deciding, 'U0BEA')
  await identify(deciding, 'U0BEA')
  await findOrganization(deciding.quay, 'acme')
  expect(calls()).toEqual(['GET /organization/acme', 'GET /superuser/users/bea'])
})

test('an outage is not remembered: the same execution asks again', async () => {
  const own = onBehalfOf(bot, 'U0BEA')
  quay.faults({ status: 503, times: 3 })
  await expect(findRepository(own.quay, 'acme/api')).rejects.toMatchObject({ code: 'unavailable' })
  expect((await findRepository(own.quay, 'acme/api'))?.name).toBe('acme/api')
})
