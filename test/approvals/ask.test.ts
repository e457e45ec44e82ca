import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { requests } from '../../src/db/schema.ts'
import { seen, startRequests } from './start-requests.ts'

test('alice may not create in globex, asks, dora approves: it is created, once, and every message says so', async () => {
  const { alice, dora, card, notice, changes, quay } = await startRequests()
  const globex = quay.registry.organizations.find(({ name }) => name === 'globex')
  globex?.quotas.push({ id: 900, limitBytes: 10_000_000_000, limits: [] })

  const refusal = await alice.types('/quay repo create globex/web')
  expect(refusal.text).toContain('You need the *creator* role in globex.')
  const window = await alice.pressesToOpen('Request', refusal)
  await alice.submits(window, { reason: 'For the shop' })
  const asked = await card(/:hourglass_flowing_sand: Needs .* approval\./)
  expect(seen(asked)).toContain('globex/web')
  expect(seen(asked)).toContain('For the shop')
  expect(seen(asked)).toContain('*dora* or admins of `globex` can approve')
  expect(seen(asked)).toContain('Quota of `globex`: 9.9 GB of 10 GB left.')
  expect(seen(asked)).not.toMatch(/<@|<!subteam/)
  await notice(alice, /Needs \d/)

  await dora.press('Approve', asked, 'quay-approvals')

  expect(seen(await card(/Approved by \*dora\* and done/))).toContain('Created <')
  const told = await notice(alice, /and done/)
  expect(told).toMatchObject({ edited: true })
  // Slack notifies nobody of the edit: the end is one new message.
  await notice(alice, /^Approved by \*dora\*: `\/quay repo create globex\/web`\. Created </)
  expect((await alice.sees('alice')).length).toBe(2)
  expect(changes().filter((call) => call === 'POST /api/v1/repository')).toHaveLength(1)
})

test('reason="…" asks at once; the same thing is not asked twice', async () => {
  const { alice, card } = await startRequests()
  expect((await alice.types('/quay repo create globex/web reason="shop"')).text).toContain('sent to <#')
  await card(/Needs \d/)
  expect((await alice.types('/quay repo create globex/web reason="shop"')).text).toContain('You already requested this: request')
})

test('dora denies and has to say why: alice reads it, and nothing happens', async () => {
  const { alice, dora, asks, card, notice, changes } = await startRequests()
  const asked = await asks(alice, 'globex/web')
  const window = await dora.pressesToOpen('Deny', asked, 'quay-approvals')
  await dora.submits(window, { reason: 'Use acme' })

  expect(seen(await card(/Denied by \*dora\*/))).toContain('Use acme')
  expect(seen(await notice(alice, /Denied by/))).toContain('Use acme')
  expect(changes()).toEqual([])
})

test('alice withdraws in her direct message, and it can no longer be approved', async () => {
  const { alice, asks, card, notice, decides } = await startRequests()
  await asks(alice, 'globex/web')
  await alice.press('Withdraw', await notice(alice, /Needs \d/), 'alice')
  await card(/Withdrawn by \*alice\*/)
  await expect(decides('U0DORA')).rejects.toMatchObject({
    code: 'conflict',
    sentence: { message: '{requester} has withdrawn this request.' },
  })
})

test('nobody approves their own, carl without a right in globex cannot, and the card stays', async () => {
  const { alice, carl, asks, row } = await startRequests()
  const asked = await asks(alice, 'globex/web')
  expect((await alice.presses('Approve', asked, 'quay-approvals')).text).toBe('Someone else must approve or deny your request.')
  expect((await carl.presses('Approve', asked, 'quay-approvals')).text).toContain('does not allow you to approve or deny this')
  expect((await row()).state).toBe('pending')
})

test('a dry run says who would have to approve and by which rule, and changes nothing', async () => {
  const { alice, changes, bot } = await startRequests()
  const reply = await alice.types('/quay repo create globex/web --dry-run')
  expect(seen(reply)).toContain('approval is needed in')
  expect(changes()).toEqual([])
  expect(await bot.db.$count(requests)).toBe(0)
})

test('help says who may ask, and by which rule', async () => {
  const { alice } = await startRequests({ namespaces: ['globex'] })
  expect(seen(await alice.types('/quay help repo create'))).toContain(
    'Without permission you can request approval in globex. 1 approval is needed in <#C0APPROVALS> (policy “new repositories”)',
  )
})

test('a request that nobody could decide is not made, and says so', async () => {
  const { alice, bot } = await startRequests({ approvers: ['U0CARL'] })
  expect((await alice.types('/quay repo create globex/web reason=shop')).text).toContain('No one can approve this now')
  expect(await bot.db.$count(requests)).toBe(0)
})

test('a reason that the rule wants is asked for under the field, and in the command', async () => {
  const { alice, card } = await startRequests({ reason: { required: true, pattern: 'JIRA-\\d+' } })
  expect((await alice.types('/quay repo create globex/web reason=shop')).text).toContain('The reason must contain JIRA-')
  const window = await alice.pressesToOpen('Request', await alice.types('/quay repo create globex/web'))
  expect((await alice.submits(window, { reason: 'because' })).errors).toEqual({ reason: 'The reason must contain JIRA-\\d+.' })
  await alice.submits(window, { reason: 'JIRA-7' })
  await card(/Needs \d/)
})

test('request list, show and withdraw: for the requester and who may decide; to others there is no such request', async () => {
  const { alice, dora, carl, asks, row } = await startRequests()
  await asks(alice, 'globex/web')
  const { id } = await row()
  expect(seen(await alice.types('/quay request list'))).toContain(id)
  expect(seen(await dora.types('/quay request list waiting'))).toMatch(new RegExp(`${id} – repo create, globex/web, alice`))
  expect((await alice.types('/quay request list waiting')).text).toBe('No requests need your approval.')
  expect((await carl.types('/quay request list waiting', 'acme-dev')).text).toBe('No requests need your approval.')
  expect(seen(await dora.types(`/quay request show ${id}`))).toContain('globex/web')
  expect((await carl.types(`/quay request show ${id}`, 'acme-dev')).text).toBe(`Request ${id} not found.`)
  expect((await carl.types(`/quay request withdraw ${id}`, 'acme-dev')).text).toBe('Only alice can withdraw this request.')
  expect((await alice.types(`/quay request withdraw ${id}`)).text).toContain('Withdrew request')
  expect((await row()).state).toBe('withdrawn')
})

test('reminders back off, mention who can decide, the escalation its group; then it expires: all by the clock, each once', async () => {
  const { alice, clock, asks, card, thread } = await startRequests({ notify: 'mention' })
  await asks(alice, 'globex/web')
  const hour = 3_600_000
  await clock.advance(4 * hour)
  await expect
    .poll(thread, { timeout: 20_000 })
    .toEqual([expect.stringMatching(/requested by \*alice\*: <@U0DORA> This request still needs approval and expires .*\./)])
  await clock.advance(20 * hour)
  await expect.poll(thread, { timeout: 20_000 }).toHaveLength(2)
  await clock.advance(24 * hour)
  await expect.poll(async () => (await thread()).at(-1), { timeout: 20_000 }).toContain('<!subteam^S0PLATFORM>')
  await clock.advance(24 * hour)
  await card(/nobody approved or denied it in time/)
  expect(await thread()).toHaveLength(3)
})

test('the bot was stopped while things were due: the sweep takes them up', async () => {
  const { alice, bot, clock, asks, card } = await startRequests()
  await asks(alice, 'globex/web')
  await bot.db.update(requests).set({ expiresAt: new Date(clock.now() - 1), dueAt: new Date(clock.now() - 1) })
  await clock.advance(0)
  await card(/nobody approved or denied it in time/)
  expect((await bot.db.select().from(requests).where(eq(requests.state, 'expired'))).length).toBe(1)
})
