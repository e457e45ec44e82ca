import { afterAll, beforeEach, expect, test } from 'vitest'
import { replies } from '../../src/db/schema.ts'
import { emptyRepository } from '../../src/sandbox/quay/seed-parts.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { newRepositories, seen, startRequests } from './start-requests.ts'

// What is left of a plan is asked for anew by whoever presses Retry: their permission, the policy, and whether the object is
// still the one that the plan made (docs/SECURITY.md rule 28).

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, carl, dora, quay, repository, changes, bot } = started
const grant = /PUT .*permissions/

function team(organization: string, name: string) {
  const found = quay.registry.organizations.find((one) => one.name === organization)?.teams.find((one) => one.name === name)
  if (!found) throw new Error(`no team ${name}`)
  return found
}

/** Alice's repository of that name, of which a step failed: `writers` names somebody whom Quay does not have yet. */
async function halfMade(name: string, rest = '') {
  const reply = await alice.types(`/quay repo create ${name} writers=ghost${rest}`)
  expect(seen(reply)).toContain(':x: Give ghost the role write')
  return reply
}

/** The account that the failed step wanted. */
function ghostAppears() {
  if (quay.registry.users.some(({ name }) => name === 'ghost')) return
  const hana = quay.registry.users.find(({ name }) => name === 'hana')
  if (hana) quay.registry.users.push({ ...structuredClone(hana), id: 900, name: 'ghost', email: 'ghost@example.com' })
}

beforeEach(ghostGoes)

function ghostGoes() {
  quay.registry.users = quay.registry.users.filter(({ name }) => name !== 'ghost')
}

test('alice lost her permission and presses Retry a day later: nothing is granted, and she reads what she lacks', async () => {
  const reply = await halfMade('acme/lost')
  delete repository('acme/lost')?.userPermissions.alice
  ghostAppears()
  const before = changes().length
  const answer = await alice.presses('Retry', reply)
  expect(seen(answer)).toContain('You need to be an *admin* of acme/lost.')
  expect(
    changes()
      .slice(before)
      .filter((call) => grant.test(call)),
  ).toEqual([])
  expect(repository('acme/lost')?.userPermissions).not.toHaveProperty('ghost')
})

test('the repository was deleted and somebody made another of its name: the plan stops and says why', async () => {
  const reply = await halfMade('acme/again')
  quay.registry.repositories = quay.registry.repositories.filter(({ name }) => name !== 'again')
  await carl.types('/quay repo create acme/again')
  // Even who is an admin of the new one does not get what was planned for the old one.
  const made = repository('acme/again')
  if (made) made.userPermissions.alice = 'admin'
  ghostAppears()
  const before = changes().length
  const answer = await alice.presses('Retry', reply)
  expect(seen(answer)).toContain('acme/again is not the repository that this command created')
  expect(changes().slice(before)).toEqual([])
  expect(repository('acme/again')?.userPermissions).not.toHaveProperty('ghost')
})

test('the bot itself made the new one, half way too: the older plan stops all the same', async () => {
  const reply = await halfMade('acme/twice')
  quay.registry.repositories = quay.registry.repositories.filter(({ name }) => name !== 'twice')
  await carl.types('/quay repo create acme/twice readers=ghost')
  expect(repository('acme/twice')?.userPermissions).toMatchObject({ quaymaster: 'admin', carl: 'admin' })
  const made = repository('acme/twice')
  if (made) made.userPermissions.alice = 'admin'
  ghostAppears()
  const answer = await alice.presses('Retry', reply)
  expect(seen(answer)).toContain('acme/twice is not the repository that this command created')
  expect(repository('acme/twice')?.userPermissions).not.toHaveProperty('ghost')
})

test('a mirror is not set up over somebody else’s repository: the one that it was made for is gone', async () => {
  quay.registry.robots.push({ ...quay.registry.robots.find(({ name }) => name === 'acme+ci')!, id: 902, name: 'acme+mirror' })
  quay.faults({ status: 503, match: 'POST /api/v1/repository/acme/copied/mirror', times: 2 })
  const reply = await alice.types('/quay mirror create acme/copied quay.io/minio/mc')
  expect(seen(reply)).toContain(':x:')
  expect(repository('acme/copied')?.userPermissions).toMatchObject({ alice: 'admin', quaymaster: 'admin' })
  quay.registry.repositories = quay.registry.repositories.filter(({ name }) => name !== 'copied')
  quay.registry.repositories.push(emptyRepository({ id: 903, namespace: 'acme', name: 'copied', created: Date.now() }))
  const other = repository('acme/copied')
  if (other) other.userPermissions = { bea: 'admin', alice: 'admin' }
  const before = changes().length
  const answer = await alice.presses('Retry', reply)
  expect(seen(answer)).toContain('acme/copied is not the repository that this command created')
  expect(changes().slice(before)).toEqual([])
  expect(repository('acme/copied')?.mirror ?? null).toBeNull()
})

test('the token may not say whose it is: then Quay’s usage log tells that another repository was created', async () => {
  const { account } = bot.quay.capabilities
  bot.quay.capabilities.account = undefined
  const reply = await halfMade('acme/unsaid')
  quay.registry.repositories = quay.registry.repositories.filter(({ name }) => name !== 'unsaid')
  // The log counts seconds.
  await started.clock.advance(2_000)
  const token = quay.tokenOf('carl')
  await fetch(`${bot.quay.url}/api/v1/repository`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ namespace: 'acme', repository: 'unsaid', visibility: 'private', description: '' }),
  })
  const made = repository('acme/unsaid')
  if (!made) throw new Error('carl made none')
  made.userPermissions.alice = 'admin'
  ghostAppears()
  const answer = await alice.presses('Retry', reply)
  bot.quay.capabilities.account = account
  expect(seen(answer)).toContain('acme/unsaid is not the repository that this command created')
  expect(repository('acme/unsaid')?.userPermissions).not.toHaveProperty('ghost')
})

test('she holds what the rest needs, and it is still hers: Retry goes on, and the bot leaves', async () => {
  const reply = await halfMade('acme/fine')
  ghostAppears()
  const answer = await alice.presses('Retry', reply)
  expect(answer.text).toContain('Created')
  expect(seen(answer)).not.toContain('Retry')
  expect(repository('acme/fine')?.userPermissions).toEqual({ alice: 'admin', ghost: 'write' })
})

test('the policy now wants a decision: what is left of the plan does not run by pressing', async () => {
  const reply = await halfMade('acme/ruled')
  ghostAppears()
  bot.policy.approvals = newRepositories({ ask: 'always' })
  const before = changes().length
  const answer = await alice.presses('Retry', reply)
  expect(answer.text).toContain('now needs approval (policy “new repositories”)')
  bot.policy.approvals = []
  bot.policy.default = 'refuse'
  expect((await alice.presses('Retry', reply)).text).toContain('The policy does not allow anyone to run')
  bot.policy.default = 'run'
  expect(changes().slice(before)).toEqual([])
})

test('Retry of somebody else’s plan is refused, whatever they may do themselves', async () => {
  await halfMade('acme/others')
  ghostAppears()
  const rows = await bot.db.select().from(replies)
  const value = rows.find(({ input, result }) => input.repository === 'acme/others' && JSON.stringify(result).includes('begun'))?.id ?? ''
  expect(value).not.toBe('')
  const { retrySteps } = await import('../../src/surfaces/reply-buttons.ts')
  const press = { user: 'U0BEA', value, trigger: 't', channel: 'C0GENERAL', ts: undefined, ephemeral: true, view: undefined }
  await expect(
    retrySteps(bot, { ...press, reference: 'x', log: bot.log, to: { user: 'U0BEA', channel: 'C0GENERAL' } } as never),
  ).rejects.toMatchObject({ code: 'denied' })
  expect(repository('acme/others')?.userPermissions).not.toHaveProperty('ghost')
  expect(bea.name).toBe('bea')
})

test('an organization of that name that somebody else made is not taken over', async () => {
  quay.faults({ status: 400, match: 'PUT /api/v1/organization/initech/team/owners/members/alice', times: 1 })
  const reply = await alice.types('/quay org create initech')
  expect(seen(reply)).toContain(':x: Make alice an owner of initech')
  const owners = team('initech', 'owners')
  owners.members = ['hana']
  const answer = await alice.presses('Retry', reply)
  expect(seen(answer)).toContain('initech is not the organization that this command created')
  expect(owners.members).toEqual(['hana'])
})

test('the quota was set to something else in between: its limits are left alone', async () => {
  quay.faults({ status: 400, match: '/limit', times: 1 })
  const reply = await dora.types('/quay quota set globex 10GiB warn=80')
  expect(seen(reply)).toContain(':x: Warn at 80 % of the quota')
  await dora.types('/quay quota set globex 20GiB')
  const answer = await dora.presses('Retry', reply)
  expect(seen(answer)).toContain('The quota of globex was changed in the meantime')
  expect(quay.registry.organizations.find(({ name }) => name === 'globex')?.quotas[0]?.limits).toEqual([])
})

async function approvedHalfWay() {
  const begun = await startRequests()
  await begun.alice.types('/quay repo create globex/half writers=ghost reason=shop')
  const asked = await begun.card(/Needs \d/)
  await begun.dora.press('Approve', asked, 'quay-approvals')
  await begun.card(/Give ghost the role write/)
  return begun
}

test('an approved plan: who may not decide presses Retry and hears so; the requester goes on by the authority of those who approved', async () => {
  const { quay: registry, card, row, carl: judge, alice: requester, notice, repository: find, becomes } = await approvedHalfWay()
  const hana = registry.registry.users.find(({ name }) => name === 'hana')
  if (hana) registry.registry.users.push({ ...structuredClone(hana), id: 900, name: 'ghost', email: 'ghost@example.com' })
  expect((await judge.presses('Retry', await card(/ghost/), 'quay-approvals')).text).toContain('does not allow you to approve or deny this')
  await requester.press('Retry', await notice(requester, /ghost/), 'alice')
  await expect.poll(() => find('globex/half')?.userPermissions, { timeout: 20_000 }).toEqual({ alice: 'admin', ghost: 'write' })
  await becomes('succeeded')
  await expect.poll(async () => (await row()).steps?.every(({ state }) => state === 'done'), { timeout: 20_000 }).toBe(true)
})

test('an approved plan: the approver no longer holds the permission, and the requester’s is gone: it stops and says why', async () => {
  const { quay: registry, card, alice: requester, notice, repository: find, bot: other } = await approvedHalfWay()
  const hana = registry.registry.users.find(({ name }) => name === 'hana')
  if (hana) registry.registry.users.push({ ...structuredClone(hana), id: 900, name: 'ghost', email: 'ghost@example.com' })
  const admin = registry.registry.users.find(({ name }) => name === 'quayadmin')
  if (admin) admin.superuser = false
  delete find('globex/half')?.userPermissions.alice
  await requester.press('Retry', await notice(requester, /ghost/), 'alice')
  await card(/The approvers no longer have the permission that this needs\./)
  expect(find('globex/half')?.userPermissions).not.toHaveProperty('ghost')
  expect(other.policy.approvals).toHaveLength(1)
})

test.runIf(isCi)('an approved plan: somebody made another repository of that name: it stops and says why', async () => {
  const { quay: registry, card, alice: requester, notice, repository: find } = await approvedHalfWay()
  registry.registry.repositories = registry.registry.repositories.filter(({ name }) => name !== 'half')
  registry.registry.repositories.push(emptyRepository({ id: 904, namespace: 'globex', name: 'half', created: Date.now() }))
  const hana = registry.registry.users.find(({ name }) => name === 'hana')
  if (hana) registry.registry.users.push({ ...structuredClone(hana), id: 900, name: 'ghost', email: 'ghost@example.com' })
  await requester.press('Retry', await notice(requester, /ghost/), 'alice')
  await card(/globex\/half is not the repository that this command created/)
  expect(find('globex/half')?.userPermissions).not.toHaveProperty('ghost')
})
