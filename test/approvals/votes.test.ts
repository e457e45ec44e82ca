import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { requests, votes } from '../../src/db/schema.ts'
import { sampled } from '../sized.ts'
import { seen, startRequests } from './start-requests.ts'

// In globex alone nobody but hana decides; dora may by her superuser account, bea and carl own acme.
const two = { needed: 2, ask: 'always' as const, approvers: ['U0DORA', 'U0BEA', 'U0CARL', 'quay:namespace-admin'] as never }

async function startTwo() {
  const started = await startRequests(two)
  const asked = await (async () => {
    await started.alice.types('/quay repo create acme/fresh reason=shop')
    return started.card(/:hourglass_flowing_sand: Needs 2 approvals\./)
  })()
  return { ...started, asked }
}

test('two are needed: the same person twice counts once, two different ones let it run', async () => {
  const { decides, becomes, row, card } = await startTwo()
  await decides('U0BEA')
  await expect(decides('U0BEA')).rejects.toMatchObject({
    sentence: { message: 'You already approved this. Someone else must approve it too.' },
  })
  expect((await row()).state).toBe('pending')
  await card(/Approved by \*bea\*\. Needs 1 more\.[\s\S]*1 of 2 approvals/)
  await decides('U0CARL')
  await becomes('succeeded')
  await card(/Approved by \*bea\* and \*carl\* and done/)
})

test('two Slack people on one account count as one, and never decide their own account’s request', async () => {
  const { decides, row, bot } = await startTwo()
  bot.policy.identity.map.U0GRACE = 'bea'
  bot.policy.approvals[0]?.approvers.push('U0GRACE')
  await bot.db
    .update(requests)
    .set({ rule: { ...(await row()).rule, approvers: [...(bot.policy.approvals[0]?.approvers ?? [])] as never } })
  await decides('U0BEA')
  await expect(decides('U0GRACE')).rejects.toMatchObject({ code: 'conflict' })
  bot.policy.identity.map.U0GRACE = 'alice'
  await expect(decides('U0GRACE')).rejects.toMatchObject({ sentence: { message: 'Someone else must approve or deny your request.' } })
  await expect(decides('U0ALICE')).rejects.toMatchObject({ code: 'denied' })
  expect(await bot.db.$count(votes)).toBe(1)
  expect((await row()).state).toBe('pending')
})

test('a denial after an approval denies', async () => {
  const { decides, row, changes } = await startTwo()
  await decides('U0BEA')
  await decides('U0CARL', 'denied')
  expect((await row()).state).toBe('denied')
  await expect(decides('U0DORA')).rejects.toMatchObject({
    sentence: { message: '{person} already denied this request.', values: { person: 'carl' } },
  })
  expect(changes()).toEqual([])
})

test('bea approved and then left the owners and the list: her vote counts no more, another is needed', async () => {
  const { decides, row, quay, bot, becomes } = await startTwo()
  await decides('U0BEA')
  const owners = quay.registry.organizations.find(({ name }) => name === 'acme')?.teams.find(({ name }) => name === 'owners')
  if (owners) owners.members = owners.members.filter((name) => name !== 'bea')
  const [rule] = bot.policy.approvals
  if (rule) rule.approvers = rule.approvers.filter((one) => one !== 'U0BEA') as typeof rule.approvers
  await decides('U0CARL')
  expect((await row()).state).toBe('pending')
  expect(await bot.db.$count(votes)).toBe(1)
  await decides('U0DORA')
  await becomes('succeeded')
})

// `running`: Quay did not answer the first time, and has heard nothing of it yet.
test.each(sampled(['approved', 'running'] as const, 2))(
  'bea has left the workspace by the time what is %s runs: back to pending, and Quay hears nothing',
  async (state) => {
    const { decides, row, slack, bot, becomes, changes, card } = await startTwo()
    await decides('U0BEA')
    // Between the decision and the run: the job finds the approved row.
    await bot.db.insert(votes).values({ ...(await bot.db.select().from(votes))[0]!, account: 'carl', person: 'U0CARL', name: 'carl' })
    const bea = slack.workspace.users.find(({ id }) => id === 'U0BEA')
    if (bea) bea.deleted = true
    await slack.userChanged('U0BEA')
    const { id, version } = await row()
    await bot.db
      .update(requests)
      .set({ state, version: version + 1 })
      .where(eq(requests.id, id))
    const { runRequest } = await import('../../src/approvals/run.ts')
    await runRequest(bot, { id })
    await becomes('pending')
    expect(seen(await card(/no longer counted: bea/))).toContain('1 of 2')
    expect(changes()).toEqual([])
  },
)

test('the rule is tightened in between: two approvals are no longer enough', async () => {
  const { decides, row, bot } = await startTwo()
  const [rule] = bot.policy.approvals
  if (rule) rule.needed = 3
  await decides('U0BEA')
  await decides('U0CARL')
  expect((await row()).state).toBe('pending')
})

test('the policy no longer lets anybody ask: nobody can approve it', async () => {
  const { decides, bot } = await startTwo()
  bot.policy.approvals = []
  await expect(decides('U0BEA')).rejects.toMatchObject({ sentence: { message: 'The policy no longer allows requests for this.' } })
})

test('an outdated drawing decides nothing', async () => {
  const { decides, row } = await startTwo()
  await expect(decides('U0BEA', 'approved', 'another')).rejects.toMatchObject({
    sentence: { message: 'This request has changed. Review it again, then approve or deny it.' },
  })
  expect((await row()).state).toBe('pending')
})

test('a group narrows who may decide, and gives no right of its own', async () => {
  const { alice, decides, slack, card, row } = await startRequests({ approvers: ['S0PLATFORM'] })
  await slack.groupChanged('S0PLATFORM', ['U0DORA', 'U0CARL'])
  await alice.types('/quay repo create globex/web reason=shop')
  await card(/Needs \d/)
  await expect(decides('U0CARL')).rejects.toMatchObject({
    code: 'denied',
    sentence: { message: 'You need the *creator* role in {object}.' },
  })
  await slack.groupChanged('S0PLATFORM', ['U0CARL'])
  await expect(decides('U0DORA')).rejects.toMatchObject({
    sentence: { message: 'The policy “{rule}” does not allow you to approve or deny this.' },
  })
  expect((await row()).state).toBe('pending')
})
