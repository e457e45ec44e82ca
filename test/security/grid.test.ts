import { expect, test } from 'vitest'
import type { User } from '../../src/sandbox/slack/people.ts'
import { startRequests } from '../approvals/start-requests.ts'
import { isCi } from '../sized.ts'

// On an Enterprise Grid one person has an id in all of it (W…) and one in a workspace (U…). Slack tells by `enterprise_user.id`.

const enterprise = { enterprise_id: 'E0GRID', enterprise_name: 'Acme', is_admin: false, is_owner: false, teams: ['T0QUAY'] }

type Started = Awaited<ReturnType<typeof startRequests>>

function joinGrid({ slack }: Started, user: string, id: string) {
  const found = slack.workspace.users.find((one) => one.id === user)
  if (!found) throw new Error(`no ${user}`)
  found.enterprise_user = { id, ...enterprise }
  // The same person under the other id, as Slack answers for it.
  slack.workspace.users.push({ ...structuredClone(found), id } satisfies User)
}

test('identity.map names the W id and Slack sends the U id: the account is theirs', async () => {
  const started = await startRequests()
  joinGrid(started, 'U0GRACE', 'W0GRACE')
  started.bot.policy.identity.map = { ...started.bot.policy.identity.map, W0GRACE: 'hana' }
  expect((await started.grace.types('/quay whoami')).text).toBe('You are `hana` in Quay.')
})

test.runIf(isCi)('and the other way round: the policy names the U id, and the decision comes under the W id', async () => {
  const started = await startRequests({ approvers: ['U0BEA'] })
  joinGrid(started, 'U0BEA', 'W0BEA')
  started.bot.policy.identity.map = { ...started.bot.policy.identity.map, U0BEA: 'bea' }
  expect((await started.alice.types('/quay repo create labs/web reason=shop')).text).toContain('sent to <#')
  await started.card(/Needs \d/)
  await started.decides('W0BEA')
  await started.becomes('succeeded')
})

test('approvers, user groups and superusers that name the W id mean the person who comes with the U id', async () => {
  const started = await startRequests({ approvers: ['W0DORA'] })
  joinGrid(started, 'U0DORA', 'W0DORA')
  started.bot.policy.superusers = ['W0DORA']
  expect((await started.dora.types('/quay user list')).text).not.toContain(
    'The policy defines who can run superuser commands from Slack, and you are not included.',
  )
  await started.slack.groupChanged('S0PLATFORM', ['W0DORA'])
  started.bot.policy.superusers = ['S0PLATFORM']
  expect((await started.dora.types('/quay user list')).text).not.toContain(
    'The policy defines who can run superuser commands from Slack, and you are not included.',
  )
  await started.alice.types('/quay repo create globex/web reason=shop')
  await started.card(/Needs \d/)
  await started.decides('U0DORA')
  await started.becomes('succeeded')
})

test('one person is one vote, whichever account each of their ids leads to, and never decides their own request', async () => {
  const started = await startRequests({
    needed: 2,
    ask: 'always',
    approvers: ['U0BEA', 'W0BEA', 'U0CARL', 'W0ALICE', 'quay:namespace-admin'] as never,
  })
  joinGrid(started, 'U0BEA', 'W0BEA')
  joinGrid(started, 'U0ALICE', 'W0ALICE')
  // A policy that contradicts itself: two accounts for two ids of one person.
  started.bot.policy.identity.map = { ...started.bot.policy.identity.map, U0BEA: 'bea', W0BEA: 'carl', W0ALICE: 'quayadmin' }
  await started.alice.types('/quay repo create acme/web reason=shop')
  await started.card(/Needs \d/)
  await started.decides('U0BEA')
  await expect(started.decides('W0BEA')).rejects.toMatchObject({ code: 'conflict' })
  await expect(started.decides('W0ALICE')).rejects.toMatchObject({
    sentence: { message: 'Someone else must approve or deny your request.' },
  })
  expect((await started.row()).state).toBe('pending')
})

test.runIf(isCi)('an address is linked once for both ids', async () => {
  const started = await startRequests()
  expect((await started.bea.types('/quay whoami')).text).toBe('You are `bea` in Quay.')
  joinGrid(started, 'U0BEA', 'W0BEA')
  await started.slack.userChanged('U0BEA')
  expect((await started.bea.types('/quay whoami')).text).toBe('You are `bea` in Quay.')
})
