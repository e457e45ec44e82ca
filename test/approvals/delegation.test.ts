import { eq } from 'drizzle-orm'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { audit, delegations, votes } from '../../src/db/schema.ts'
import type { PersonAtSlack } from '../people.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { newRepositories, seen, startRequests } from './start-requests.ts'

// docs/SECURITY.md rule 42. In acme bea and carl are admins; dora is a superuser with full access; alice only may create.

const day = 86_400_000

const acme = { ask: 'always' as const, delegation: true, approvers: ['U0DORA'] as never, escalate: undefined }

async function startDelegation(change: Parameters<typeof startRequests>[0] = {}) {
  const started = await startRequests({ ...acme, ...change })
  const direct = async (person: PersonAtSlack) => (await person.sees(person.name)).filter(({ ephemeral }) => !ephemeral)
  const asksFor = async (repository: string, by: PersonAtSlack = started.alice) => {
    await by.types(`/quay repo create ${repository} reason=shop`, 'acme-dev')
    return started.card(new RegExp(`Needs[\\s\\S]*${repository}`))
  }
  return { ...started, direct, asksFor }
}

// For those who are refused before there is any request.
const refusing = await startBot({ until: afterAll, policy: { approvals: newRepositories(acme) } })

const refused = (message: string) => ({ code: 'denied', sentence: { message } })
const notNamed = refused('The policy “{rule}” does not allow you to approve or deny this.')
const asOne = { code: 'conflict', sentence: { message: expect.stringContaining('count as one approval') } }

test('dora is away: bea decides for her, on the card and in the audit log, and both are told', async () => {
  const { dora, bea, bot, asksFor, notice, direct, card, becomes } = await startDelegation()
  expect((await dora.types('/quay request delegate to=@bea for=2d')).text).toMatch(/^Delegated your approvals to \*bea\* until/)
  await notice(bea, /^\*?dora\*? delegated their approvals to you until/)
  await asksFor('acme/fresh')
  // Who is away is not called.
  const own = await notice(bea, /requests approval for/)
  expect((await direct(dora)).some(({ text }) => text.includes('requests approval'))).toBe(false)
  await bea.press('Approve', own, 'bea')
  await becomes('succeeded')
  await card(/Approved by \*bea\* \(for \*dora\*\) and done/)
  const [decided] = await bot.db.select().from(audit).where(eq(audit.phase, 'decided'))
  expect(decided).toMatchObject({
    person: 'U0BEA',
    account: 'bea',
    outcome: { message: 'Approved for {approver}.', values: { approver: 'dora' } },
  })
})

test.runIf(isCi)('without the policy’s word nothing can be handed over, and what was handed over before decides nothing', async () => {
  const { dora, bot, asksFor, decides, row } = await startDelegation()
  await dora.types('/quay request delegate to=@bea for=2d')
  const [rule] = bot.policy.approvals
  if (rule) rule.delegation = false
  await asksFor('acme/fresh')
  await expect(decides('U0BEA')).rejects.toMatchObject(notNamed)
  expect((await dora.types('/quay request delegate to=@bea for=2d')).text).toBe(
    'No policy that names you as an approver allows delegation.',
  )
  expect((await row()).state).toBe('pending')
})

test('a request that was made before the policy allowed it stays without', async () => {
  const { dora, bot, asksFor, decides } = await startDelegation({ delegation: false })
  await asksFor('acme/fresh')
  const [rule] = bot.policy.approvals
  if (rule) rule.delegation = true
  await dora.types('/quay request delegate to=@bea for=2d')
  await expect(decides('U0BEA')).rejects.toMatchObject(notNamed)
})

test('somebody whom no policy names has nothing to hand over', async () => {
  const { alice, bot } = refusing
  expect((await alice.types('/quay request delegate to=@bea for=2d')).text).toBe(
    'No policy that names you as an approver allows delegation.',
  )
  expect(await bot.db.$count(delegations)).toBe(0)
})

test('the delegate needs the permission in Quay themself, at the decision', async () => {
  const { alice, dora, card, decides, row } = await startDelegation({ ask: 'without-right' })
  await dora.types('/quay request delegate to=@bea for=2d')
  // bea holds nothing in globex.
  await alice.types('/quay repo create globex/web reason=shop')
  await card(/Needs[\s\S]*globex\/web/)
  await expect(decides('U0BEA')).rejects.toMatchObject(refused('You need the *creator* role in {object}.'))
  expect((await row()).state).toBe('pending')
})

test.runIf(isCi)('and at the run: bea left the owners in between', async () => {
  const { dora, quay, bot, asksFor, decides, row, changes } = await startDelegation({ needed: 2, approvers: ['U0DORA', 'U0CARL'] as never })
  await dora.types('/quay request delegate to=@bea for=2d')
  await asksFor('acme/fresh')
  await decides('U0BEA')
  expect(await bot.db.$count(votes)).toBe(1)
  const owners = quay.registry.organizations.find(({ name }) => name === 'acme')?.teams.find(({ name }) => name === 'owners')
  if (owners) owners.members = owners.members.filter((name) => name !== 'bea')
  await decides('U0CARL')
  expect((await row()).state).toBe('pending')
  expect(changes()).toEqual([])
})

test('never oneself, by another Slack user of the same Quay user neither', async () => {
  const { dora, bot } = refusing
  expect(seen(await dora.types('/quay request delegate to=quayadmin for=2d'))).toContain('You can’t delegate your approvals to yourself.')
  const { map } = bot.policy.identity
  onTestFinished(() => {
    bot.policy.identity.map = map
  })
  bot.policy.identity.map = { U0GRACE: 'quayadmin', U0DORA: 'quayadmin' }
  expect(seen(await dora.types('/quay request delegate to=quayadmin for=2d'))).toMatch(/yourself|not linked/)
  expect(await bot.db.$count(delegations)).toBe(0)
})

test.runIf(isCi)('never the requester, whether they are the delegate or the delegator', async () => {
  const { dora, bea, asksFor, decides, row } = await startDelegation({ approvers: ['U0DORA', 'U0BEA'] as never })
  await dora.types('/quay request delegate to=@bea for=2d')
  await asksFor('acme/fresh', bea)
  await expect(decides('U0BEA')).rejects.toMatchObject(refused('Someone else must approve or deny your request.'))
  expect((await row()).state).toBe('pending')
})

test('a requester who is an approver can’t have their own request approved by their delegate', async () => {
  const { bea, asksFor, decides, row } = await startDelegation({ approvers: ['U0DORA', 'U0BEA'] as never })
  await bea.types('/quay request delegate to=@carl for=2d')
  await asksFor('acme/fresh', bea)
  await expect(decides('U0CARL')).rejects.toMatchObject(notNamed)
  expect((await row()).state).toBe('pending')
})

test('no delegation of a delegation', async () => {
  const { dora, bea, bot, asksFor, decides } = await startDelegation({ approvers: ['U0DORA'] as never })
  await dora.types('/quay request delegate to=@bea for=2d')
  // bea is named nowhere, and so has nothing of her own to hand over.
  expect((await bea.types('/quay request delegate to=@carl for=2d')).text).toMatch(/^No policy/)
  // Nor by a row that says so.
  const [row] = await bot.db.select().from(delegations)
  if (row)
    await bot.db.insert(delegations).values({
      ...row,
      ...{ id: 'chain', delegator: 'U0BEA', delegatorName: 'bea', delegatorAccount: 'bea' },
      ...{ delegate: 'U0CARL', delegateName: 'carl', delegateAccount: 'carl' },
    })
  await asksFor('acme/fresh')
  await expect(decides('U0CARL')).rejects.toMatchObject(notNamed)
})

test('the delegator lost the right to decide: so did the delegate', async () => {
  const { alice, bea, carl, quay, asksFor, decides, row, becomes } = await startDelegation({ approvers: ['quay:namespace-admin'] as never })
  await bea.types('/quay request delegate to=@alice for=2d')
  await asksFor('acme/fresh', carl)
  const owners = quay.registry.organizations.find(({ name }) => name === 'acme')?.teams.find(({ name }) => name === 'owners')
  if (owners) owners.members = owners.members.filter((name) => name !== 'bea')
  await expect(decides('U0ALICE')).rejects.toMatchObject(notNamed)
  expect((await row()).state).toBe('pending')
  owners?.members.push('bea')
  await decides('U0ALICE')
  await becomes('succeeded')
  expect(alice.name).toBe('alice')
})

test.runIf(isCi)('the delegator left the workspace: what they handed over is over', async () => {
  const { dora, slack, asksFor, decides } = await startDelegation({ approvers: ['U0DORA', 'U0CARL'] as never })
  await dora.types('/quay request delegate to=@bea for=2d')
  await asksFor('acme/fresh')
  const gone = slack.workspace.users.find(({ id }) => id === 'U0DORA')
  if (gone) gone.deleted = true
  await slack.userChanged('U0DORA')
  await expect(decides('U0BEA')).rejects.toMatchObject(notNamed)
})

test('delegator and delegate count as one approval, in either order', async () => {
  const first = await startDelegation({ needed: 2, approvers: ['U0DORA', 'U0CARL'] as never })
  await first.dora.types('/quay request delegate to=@bea for=2d')
  await first.asksFor('acme/fresh')
  await first.decides('U0BEA')
  await expect(first.decides('U0DORA')).rejects.toMatchObject(asOne)
  await first.decides('U0CARL')
  await first.becomes('succeeded')
  if (!isCi) return
  const second = await startDelegation({ needed: 2, approvers: ['U0DORA', 'U0CARL'] as never })
  await second.dora.types('/quay request delegate to=@bea for=2d')
  await second.asksFor('acme/fresh')
  await second.decides('U0DORA')
  await expect(second.decides('U0BEA')).rejects.toMatchObject(asOne)
  expect((await second.row()).state).toBe('pending')
})

test('also where both are approvers of their own, one after the other and at the same moment', async () => {
  const all = { needed: 2, approvers: ['U0DORA', 'U0BEA', 'U0CARL'] as never }
  const together = await startDelegation(all)
  await together.dora.types('/quay request delegate to=@bea for=2d')
  await together.asksFor('acme/fresh')
  const decided = await Promise.allSettled([together.decides('U0DORA'), together.decides('U0BEA')])
  expect(decided.some(({ status }) => status === 'fulfilled')).toBe(true)
  expect((await together.row()).state).toBe('pending')
  expect(together.changes()).toEqual([])
  if (!isCi) return
  const { dora, asksFor, decides, row, becomes } = await startDelegation(all)
  await dora.types('/quay request delegate to=@bea for=2d')
  await asksFor('acme/fresh')
  await decides('U0BEA')
  await expect(decides('U0DORA')).rejects.toMatchObject(asOne)
  expect((await row()).state).toBe('pending')
  // Once it is taken back, dora decides for herself again.
  await dora.types('/quay request undelegate')
  await decides('U0DORA')
  await becomes('succeeded')
})

test('it ends by itself: the delegate decides nothing from that moment on, and both are told', async () => {
  const { dora, bea, clock, bot, asksFor, decides, notice } = await startDelegation({ expires: '2w' })
  await dora.types('/quay request delegate to=@bea for=2d')
  await asksFor('acme/fresh')
  await clock.advance(2 * day + 1000)
  await expect(decides('U0BEA')).rejects.toMatchObject(notNamed)
  await notice(dora, /^Your delegation to bea ended\./)
  await notice(bea, /^The delegation from dora to you ended\./)
  const [ended] = await bot.db.select().from(audit).where(eq(audit.phase, 'expired'))
  expect(ended).toMatchObject({ operation: 'request delegate', person: 'U0DORA' })
})

test('a vote that was given for somebody counts no more once the delegation is over', async () => {
  const { dora, clock, asksFor, decides, row, changes } = await startDelegation({
    expires: '2w',
    needed: 2,
    approvers: ['U0DORA', 'U0CARL'] as never,
  })
  await dora.types('/quay request delegate to=@bea for=2d')
  await asksFor('acme/fresh')
  await decides('U0BEA')
  await clock.advance(2 * day + 1000)
  await decides('U0CARL')
  expect((await row()).state).toBe('pending')
  expect(changes()).toEqual([])
})

test('at most 14 days, never without an end, and only to somebody who is linked', async () => {
  const { dora, bot } = refusing
  expect(seen(await dora.types('/quay request delegate to=@bea for=15d'))).toContain('A delegation can last 14 days at most.')
  expect(seen(await dora.types('/quay request delegate to=@bea'))).toContain('Enter when it ends')
  expect(seen(await dora.types('/quay request delegate to=nobody for=2d'))).toContain('is not linked to anyone in Slack')
  // eve is a guest in Slack, and has a user in Quay.
  expect(seen(await dora.types('/quay request delegate to=eve for=2d'))).toContain('is not linked to anyone in Slack')
  expect(await bot.db.$count(delegations)).toBe(0)
})

test('taken back: list, undelegate, and bea is told', async () => {
  const { dora, bea, asksFor, decides, notice } = await startDelegation()
  expect((await dora.types('/quay request undelegate')).text).toBe('You have not delegated your approvals.')
  await dora.types('/quay request delegate to=@bea for=2d')
  expect(seen(await dora.types('/quay request delegations'))).toContain('• bea – your approvals')
  expect(seen(await bea.types('/quay request delegations'))).toContain('• dora – to you')
  expect((await dora.types('/quay request undelegate')).text).toBe('Ended your delegation to *bea*.')
  await notice(bea, /^The delegation from dora to you ended\./)
  expect((await dora.types('/quay request delegations')).text).toBe('No delegations.')
  await asksFor('acme/fresh')
  await expect(decides('U0BEA')).rejects.toMatchObject(notNamed)
})

test.runIf(isCi)('what waits is listed for the delegate too, until the delegation ends', async () => {
  const { dora, bea, asksFor, row } = await startDelegation()
  await dora.types('/quay request delegate to=@bea for=2d')
  await asksFor('acme/fresh')
  const { id } = await row()
  expect(seen(await bea.types('/quay request list waiting'))).toContain(id)
  await dora.types('/quay request undelegate')
  expect(seen(await bea.types('/quay request list waiting'))).not.toContain(id)
})

test.runIf(isCi)(
  'whose approvals count for nothing hands nothing over: the delegate hears of no request that carl may not decide',
  async () => {
    const { alice, carl, bea, asksFor, row } = await startDelegation()
    await carl.types('/quay request delegate to=@bea for=2d')
    await asksFor('acme/fresh', alice)
    const { id } = await row()
    expect(seen(await bea.types('/quay request list waiting'))).not.toContain(id)
    expect(seen(await carl.types('/quay request list waiting'))).not.toContain(id)
  },
)

test.runIf(isCi)('Slack does not take the message to the delegate: the delegation stands, and they are told later', async () => {
  const { dora, bea, slack, bot, notice } = await startDelegation()
  slack.faults({ failing: [{ method: 'chat.postMessage', error: 'internal_error', times: 2 }] })
  expect((await dora.types('/quay request delegate to=@bea for=2d')).text).toMatch(/^Delegated/)
  expect(await bot.db.$count(delegations)).toBe(1)
  await notice(bea, /delegated their approvals to you until/)
})
