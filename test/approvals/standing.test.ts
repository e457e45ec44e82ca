import { eq } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { resolveUnknown } from '../../src/approvals/resolve-unknown.ts'
import { runRequest } from '../../src/approvals/run.ts'
import { command } from '../../src/command/command.ts'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { requests, votes } from '../../src/db/schema.ts'
import { newRepositoryName } from '../../src/quay/names.ts'
import { createRepository } from '../../src/quay/repositories.ts'
import { message } from '../../src/slack/blocks.ts'
import { execute } from '../../src/surfaces/execute.ts'
import { isCi } from '../sized.ts'
import { seen, startRequests } from './start-requests.ts'

// Whatever a request stands on is asked again when it is decided and when it runs: of who asked, of who approved, of the policy.

type Started = Awaited<ReturnType<typeof startRequests>>

/** Approved by this person in the row alone: the run finds it as after a decision that was a moment ago. */
async function approvedBy({ bot, row }: Started, person: string, account: string) {
  const { id, version } = await row()
  await bot.db.insert(votes).values({ request: id, account, person, name: account, decision: 'approved', entitled: true, at: new Date() })
  await bot.db
    .update(requests)
    .set({ state: 'approved', version: version + 1 })
    .where(eq(requests.id, id))
  return () => runRequest(bot, { id })
}

function team({ quay }: Started, organization: string, name: string) {
  const found = quay.registry.organizations.find((one) => one.name === organization)?.teams.find((one) => one.name === name)
  if (!found) throw new Error(`no team ${name}`)
  return found
}

test('the requester is linked to another account by the time it runs: it fails, and says so', async () => {
  const started = await startRequests()
  await started.asks(started.alice, 'globex/web')
  const run = await approvedBy(started, 'U0DORA', 'quayadmin')
  started.bot.policy.identity.map.U0ALICE = 'ivan'
  await run()
  await started.becomes('failed')
  await started.card(/ is now linked to a different Quay user than at the time of the request\./)
  expect(started.changes()).toEqual([])
})

test.runIf(isCi)('the rule no longer lets the requester ask: it does not run', async () => {
  const started = await startRequests()
  await started.asks(started.alice, 'globex/web')
  const run = await approvedBy(started, 'U0DORA', 'quayadmin')
  const [rule] = started.bot.policy.approvals
  if (rule) rule.requesters = ['U0CARL']
  await run()
  await started.becomes('failed')
  await started.card(/alice is no longer allowed to request this\./)
  expect(started.changes()).toEqual([])
})

test.runIf(isCi)('under ask: always the requester lost their own permission: the approval is on top of it, not instead', async () => {
  const started = await startRequests({ ask: 'always' })
  await started.alice.types('/quay repo create acme/web reason=shop')
  await started.card(/Needs \d/)
  const run = await approvedBy(started, 'U0DORA', 'quayadmin')
  team(started, 'acme', 'creators').members = []
  await run()
  await started.becomes('failed')
  expect((await started.row()).failure?.message).toContain('*creator* role')
  expect(started.changes()).toEqual([])
})

test.runIf(isCi)('an approver was linked to another account since: the old vote does not count', async () => {
  const started = await startRequests()
  await started.asks(started.alice, 'globex/web')
  const run = await approvedBy(started, 'U0DORA', 'quayadmin')
  started.bot.policy.identity.map.U0DORA = 'hana'
  await run()
  await started.becomes('pending')
  await started.card(/no longer counted: quayadmin/)
  expect(await started.bot.db.$count(votes)).toBe(0)
  expect(started.changes()).toEqual([])
})

test('an approver no longer holds the permission when it runs, though a moment ago they did: rights are asked anew', async () => {
  const started = await startRequests()
  await started.asks(started.alice, 'globex/web')
  // What is remembered says that dora may.
  await started.dora.types('/quay can-i create globex')
  const run = await approvedBy(started, 'U0DORA', 'quayadmin')
  const admin = started.quay.registry.users.find(({ name }) => name === 'quayadmin')
  if (admin) admin.superuser = false
  await run()
  await started.becomes('pending')
  expect(started.changes()).toEqual([])
})

test.runIf(isCi)('whoever asked was deactivated in Slack within the last minute: nothing is changed for them', async () => {
  const started = await startRequests()
  await started.asks(started.alice, 'globex/web')
  const run = await approvedBy(started, 'U0DORA', 'quayadmin')
  const alice = started.slack.workspace.users.find(({ id }) => id === 'U0ALICE')
  // Slack sends no event of it: what is remembered of her is a minute old at most.
  if (alice) alice.deleted = true
  await run()
  await started.becomes('failed')
  expect(started.changes()).toEqual([])
})

test('somebody deactivated a moment ago changes nothing by their own rights either', async () => {
  const { alice, slack, changes, bot } = await startRequests()
  expect((await alice.types('/quay whoami')).text).toContain('alice')
  const user = slack.workspace.users.find(({ id }) => id === 'U0ALICE')
  if (user) user.deleted = true
  // A press that was on its way: what is remembered of her is seconds old.
  const late = {
    name: 'repo create',
    given: { repository: 'acme/web' },
    user: 'U0ALICE',
    key: 'late',
    reference: 'late',
    log: bot.log,
  }
  await expect(execute(bot, late)).rejects.toMatchObject({ sentence: { message: 'This Slack account is deactivated.' } })
  expect(changes()).toEqual([])
})

test('an admin of one namespace does not decide on what touches two', async () => {
  const started = await startRequests({ operations: ['build start'], approvers: ['quay:namespace-admin', 'U0DORA'], ask: 'without-right' })
  // bea is an admin of acme alone; the build is in globex and pulls as a robot account of acme.
  await started.alice.types('/quay build start globex/site https://downloads.example.com/a.tar.gz pull_robot=acme+deploy reason=x')
  await started.card(/Needs \d/)
  await expect(started.decides('U0BEA')).rejects.toMatchObject({
    code: 'denied',
    sentence: { message: 'The policy “{rule}” does not allow you to approve or deny this.' },
  })
  started.bot.policy.identity.map.U0GRACE = 'hana'
  await expect(started.decides('U0GRACE')).rejects.toMatchObject({ code: 'denied' })
  expect((await started.row()).state).toBe('pending')
})

const once = command({
  summary: 'Create a repository without looking back',
  input: z.strictObject({ repository: newRepositoryName.meta({ of: 'new-repository' }) }),
  examples: ['repo once acme/web'],
  permissions: [{ permission: 'create', on: 'repository' }],
  changes: { effects: ['creates'], facts: { none: 'it is only here, in a test' }, retry: 'never' },
  run: ({ quay, input }) => createRepository(quay, { ...input, visibility: 'private', description: '' }),
  view: ({ name }, t) => message(t('Created {name}.', { name })),
})

test('who is not entitled does not say what happened to an unknown one, and it is not repeated by itself', async () => {
  await loadCommands()
  commands.set('repo once', once as never) // the map holds operations of every kind
  onTestFinished(() => void commands.delete('repo once'))
  const started = await startRequests({ operations: ['repo once'], approvers: ['U0DORA', 'U0CARL'] as never })
  const { alice, carl, dora, quay, card, decides, row, changes } = started
  await alice.types('/quay repo once globex/web reason=shop')
  await card(/Needs \d/)
  quay.faults({ cut: true, match: 'POST /api/v1/repository', times: 1 })
  await decides('U0DORA')
  const unknown = await card(/result is unknown/)
  expect((await row()).state).toBe('unknown')
  expect(changes().filter((call) => call === 'POST /api/v1/repository')).toHaveLength(1)
  // It comes beside the card, and is nobody's answer.
  await carl.finds(/must check in Quay and press the result/, 'quay-approvals')
  for (const label of ['It was done', 'It was not done', 'Run it again'])
    expect((await carl.presses(label, unknown, 'quay-approvals')).text).toContain('You need the *creator* role in globex.')
  expect((await alice.presses('It was done', unknown, 'quay-approvals')).text).toBe('Someone else must approve or deny your request.')
  expect((await row()).state).toBe('unknown')
  await dora.press('It was not done', unknown, 'quay-approvals')
  await card(/dora checked in Quay: it was not done\./)
  const late = { id: (await row()).id, revision: (await row()).revision, choice: 'succeeded' as const, user: 'U0DORA', reference: 'late' }
  await expect(resolveUnknown(started.bot, late)).rejects.toMatchObject({
    sentence: { message: 'Someone already reported the result.' },
  })
})

test.runIf(isCi)('an approver without the permission does not retry somebody else’s plan', async () => {
  const started = await startRequests({ approvers: ['U0DORA', 'U0CARL'] as never })
  await started.alice.types('/quay repo create globex/half writes=ghost reason=shop'.replace('writes', 'writers'))
  const asked = await started.card(/Needs \d/)
  await started.dora.press('Approve', asked, 'quay-approvals')
  const half = await started.card(/Give ghost the role write/)
  expect((await started.carl.presses('Retry', half, 'quay-approvals')).text).toContain('You need the *creator* role in globex.')
})

test('a request that runs already is not retried over the one who runs it', async () => {
  const started = await startRequests()
  await started.asks(started.alice, 'globex/web')
  const { id } = await started.row()
  const steps = [{ name: { message: 'a step', values: {} }, state: 'left' as const }]
  const leaseUntil = new Date(Date.now() + 60_000)
  await started.bot.db.update(requests).set({ state: 'running', mode: 'steps', steps, attempt: 1, leaseUntil })
  const { retryRequest } = await import('../../src/approvals/resolve-unknown.ts')
  await expect(retryRequest(started.bot, id, 'U0ALICE', 'test')).rejects.toMatchObject({
    sentence: { message: 'This is already running.' },
  })
  expect((await started.row()).leaseUntil).toEqual(leaseUntil)
})

test('who is not linked, and whose account is disabled, is offered no request', async () => {
  const { grace, alice, quay, bot } = await startRequests()
  const unlinked = await grace.types('/quay repo create globex/web')
  expect(seen(unlinked)).not.toContain('"Request"')
  expect((await grace.types('/quay repo create globex/web reason=shop')).text).not.toContain('sent to <#')
  await alice.types('/quay whoami')
  const account = quay.registry.users.find(({ name }) => name === 'alice')
  if (account) account.enabled = false
  const disabled = await alice.types('/quay repo create globex/web')
  expect(disabled.text).toContain('Your Quay user alice is disabled.')
  expect(seen(disabled)).not.toContain('"Request"')
  expect((await alice.types('/quay repo create globex/web reason=shop')).text).not.toContain('sent to <#')
  expect(await bot.db.$count(requests)).toBe(0)
})
