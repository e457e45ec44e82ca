import { expect, test } from 'vitest'
import { isCi, sampled } from '../sized.ts'
import { seen, startRequests } from './start-requests.ts'

// An id that Slack does not know (somebody left, a user group was switched off) is nobody: the others still decide, and the
// operator hears of it once (docs/SECURITY.md rule 31).

type Started = Awaited<ReturnType<typeof startRequests>>

function switchOff({ slack }: Started, id: string) {
  const group = slack.workspace.usergroups.find((one) => one.id === id)
  if (group) group.date_delete = 1_700_000_000
}

const unknown = [
  ['somebody who left', 'U0GONE99'],
  ['a user group that is gone', 'S0GONE99'],
] as const

test.each(sampled(unknown, 2))(
  '%s among the approvers: the request is made and decided by the others, and the operator hears of it once',
  async (_, gone) => {
    const { alice, dora, card, becomes, log, get } = await start({ approvers: [gone, 'U0DORA', 'quay:namespace-admin'] as never })
    expect((await alice.types('/quay repo create globex/web reason=shop')).text).toContain('sent to <#')
    await dora.press('Approve', await card(/Needs \d/), 'quay-approvals')
    await becomes('succeeded')
    expect(
      log()
        .split('\n')
        .filter((line) => line.includes(gone) && line.includes('is ignored')).length,
    ).toBeLessThanOrEqual(1)
    expect(log()).toContain(gone)
    expect(await get('/metrics')).toMatch(/quaymaster_slack_unknown_ids 1\b/)
    expect(seen(await alice.types('/quay status'))).toContain(`no longer exist in Slack: ${gone}`)
  },
)

async function start(...given: Parameters<typeof startRequests>) {
  const started = await startRequests(...given)
  return { ...started, get: async (path: string) => (await fetch(`${started.origin}${path}`)).text() }
}

test('a user group that is switched off while a request waits, and the approver who left: dora decides', async () => {
  const started = await startRequests({ approvers: ['S0PLATFORM', 'U0BEA', 'U0DORA'] as never })
  const { alice, card, decides, becomes, slack } = started
  await alice.types('/quay repo create globex/web reason=shop')
  await card(/Needs \d/)
  switchOff(started, 'S0PLATFORM')
  slack.workspace.users = slack.workspace.users.filter(({ id }) => id !== 'U0BEA')
  await decides('U0DORA')
  await becomes('succeeded')
})

test('nobody is in a requesters’ group that is gone, and others still ask', async () => {
  const other = await startRequests({ requesters: ['S0GONE99'] as never })
  expect((await other.alice.types('/quay repo create globex/web reason=shop')).text).toContain('You need the *creator* role in globex.')
  if (!isCi) return
  const { alice, card } = await startRequests({ requesters: ['S0GONE99', 'U0ALICE'] as never })
  expect((await alice.types('/quay repo create globex/web reason=shop')).text).toContain('sent to <#')
  await card(/Needs \d/)
})

test('nobody is left who could decide: it is said when it is asked, with the way out', async () => {
  const { alice } = await startRequests({ approvers: ['U0GONE99', 'S0GONE99'] as never })
  const { text } = await alice.types('/quay repo create globex/web reason=shop')
  expect(text).toContain('No one can approve this now')
  expect(text).toContain('Ask an operator to name other approvers')
})

test('superusers of the policy that are gone: dora, who is there, still runs a superuser command, and no refusal calls them', async () => {
  const { alice, dora, bot, slack } = await startRequests()
  await slack.groupChanged('S0PLATFORM', ['U0DORA'])
  bot.policy.superusers = ['S0GONE99', 'S0PLATFORM']
  expect((await dora.types('/quay user list')).text).not.toContain('Something went wrong')
  const { text, blocks } = await alice.types('/quay user list')
  expect(text).toContain('You need to be a *superuser* of Quay.')
  expect(JSON.stringify(blocks)).not.toContain('S0GONE99')
})

test.runIf(isCi)('an escalation to a group that is gone, and a reminder to who left, are said without calling them', async () => {
  const { alice, clock, asks, thread } = await startRequests({
    approvers: ['U0GONE99', 'U0DORA'] as never,
    remind: ['4h'],
    escalate: { after: '1d', to: ['S0GONE99'] as never },
    notify: 'mention',
  })
  await asks(alice, 'globex/web')
  await clock.advance(4 * 3_600_000)
  await expect
    .poll(thread, { timeout: 20_000 })
    .toEqual([expect.stringMatching(/requested by \*alice\*: <@U0DORA> This request still needs approval and expires .*\./)])
  await clock.advance(20 * 3_600_000)
  await expect
    .poll(async () => (await thread()).at(-1), { timeout: 20_000 })
    .toMatch(/Nobody has approved or denied this yet\. It expires .*\./)
})

test.runIf(isCi)('the first person linked to an admin’s account left: the one who is there now is asked', async () => {
  const { alice, bot, card, decides, becomes } = await startRequests({ approvers: ['quay:namespace-admin'] })
  bot.policy.identity.map = { U0GONE99: 'hana', U0GRACE: 'hana', ...bot.policy.identity.map }
  expect((await alice.types('/quay repo create globex/web reason=shop')).text).toContain('sent to <#')
  await card(/Needs \d/)
  await decides('U0GRACE')
  await becomes('succeeded')
})
