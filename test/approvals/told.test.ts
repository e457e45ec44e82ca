import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { approverNotices, requests } from '../../src/db/schema.ts'
import { askAgain } from '../../src/surfaces/approvals/buttons.ts'
import { ownPostgres } from '../db/own-database.ts'
import type { PersonAtSlack } from '../people.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { newRepositories, seen, startRequests } from './start-requests.ts'

// Who has to know of a request is told, once: approvers when it is made, the requester at each end (docs/slack.md: an edit notifies nobody).

const waiting = { timeout: 30_000, interval: 30 }
const hour = 3_600_000

const direct = async (person: PersonAtSlack) => (await person.sees(person.name)).filter(({ ephemeral }) => !ephemeral)

test('approvers get the card with its buttons by direct message, decide there, and all copies are edited', async () => {
  const { alice, dora, grace, asks, card, notice, becomes, changes } = await startRequests()
  await asks(alice, 'globex/web')
  const own = await notice(dora, /:hourglass_flowing_sand: Needs .* approval\./)
  expect(own.text).toContain('*alice* requests approval for `/quay repo create globex/web`')
  expect(own.text).toContain('Reason: shop')
  await dora.press('Approve', own, 'dora')
  await becomes('succeeded')
  await card(/and done/)
  expect(seen(await notice(dora, /and done/))).not.toContain('request:approve')
  await notice(alice, /^Approved by \*dora\*/)
  // One message for the approver, two for the requester, one in the channel.
  expect((await direct(dora)).length).toBe(1)
  expect((await direct(alice)).length).toBe(2)
  expect((await dora.sees('quay-approvals')).length).toBe(1)
  expect((await direct(grace)).length).toBe(0)
  expect(changes().filter((call) => call === 'POST /api/v1/repository')).toHaveLength(1)
})

test.runIf(isCi)('somebody whose copy shows the buttons and who lost the permission since decides nothing', async () => {
  const { alice, dora, bot, asks, notice, row, changes } = await startRequests()
  await asks(alice, 'globex/web')
  const own = await notice(dora, /:hourglass_flowing_sand: Needs .* approval\./)
  bot.policy.identity.map.U0DORA = 'ivan'
  await dora.press('Approve', own, 'dora')
  await dora.finds(/does not let you decide this|You need/, 'dora')
  expect((await row()).state).toBe('pending')
  expect(changes()).toEqual([])
})

test('dora denies from her copy; alice is told why by a new message, and asks again from there', async () => {
  const { alice, dora, asks, notice } = await startRequests()
  await asks(alice, 'globex/web')
  const own = await notice(dora, /:hourglass_flowing_sand: Needs .* approval\./)
  const window = await dora.pressesToOpen('Deny', own, 'dora')
  await dora.submits(window, { reason: 'Use *acme* instead' })
  const told = await notice(alice, /^Denied by \*dora\*: `\/quay repo create globex\/web`/)
  expect(told.edited).toBe(false)
  expect(seen(told)).toContain('Use *acme* instead')
  const again = await alice.pressesToOpen('Request again', told, 'alice')
  expect(again.fields).toMatchObject({ repository: 'globex/web' })
})

test('nobody but the requester asks again', async () => {
  const { alice, bot, asks, decides, notice, row } = await startRequests()
  await asks(alice, 'globex/web')
  await decides('U0DORA', 'denied')
  await notice(alice, /^Denied by/)
  const pressed = { user: 'U0BEA', value: (await row()).id, trigger: 'none', channel: 'D0BEA', ts: '1', ephemeral: false, view: undefined }
  const request = { to: { user: 'U0BEA', channel: undefined, respond: undefined }, log: bot.log, reference: 'test' }
  await expect(askAgain(bot, { ...pressed, ...request })).rejects.toMatchObject({ code: 'denied' })
})

test('a request that nobody decides: reminders reach who can still decide, the last one the whole channel, and alice hears the end', async () => {
  const { alice, dora, slack, clock, asks, notice, thread } = await startRequests({ escalate: undefined })
  await asks(alice, 'globex/web')
  await notice(dora, /:hourglass_flowing_sand: Needs .* approval\./)
  await clock.advance(4 * hour)
  const first = await notice(dora, /still needs approval/)
  expect(seen(first)).toMatch(/archives\/D\w+\/p\d+/)
  await expect.poll(async () => (await thread()).length, waiting).toBe(1)
  expect((await thread())[0]).not.toContain('<@')
  await clock.advance(20 * hour)
  await expect.poll(async () => (await thread()).length, waiting).toBe(2)
  expect(slack.workspace.messages.filter((one) => one.reply_broadcast).length).toBe(1)
  expect((await direct(dora)).filter(({ text }) => /still needs approval/.test(text)).length).toBe(2)
  await clock.advance(48 * hour)
  await notice(alice, /^Expired: nobody approved or denied `\/quay repo create globex\/web`.* in time\./)
})

test('notify: mention names who can decide on the card itself, and sends nobody a direct message', async () => {
  const { alice, dora, asks } = await startRequests({ notify: 'mention' })
  const asked = await asks(alice, 'globex/web')
  expect(asked.text).toMatch(/^<@U0DORA>/)
  expect((await direct(dora)).length).toBe(0)
})

test('notify: none tells nobody', async () => {
  const { alice, dora, bot, asks, decides, notice } = await startRequests({ notify: 'none' })
  const asked = await asks(alice, 'globex/web')
  expect(seen(asked)).not.toMatch(/<@U/)
  await decides('U0DORA')
  await notice(alice, /^Approved by/)
  expect((await direct(dora)).length).toBe(0)
  expect(await bot.db.$count(approverNotices)).toBe(0)
})

test('the approval channel is archived: those who can decide get it by direct message whatever the rule says, and decide there', async () => {
  const { alice, dora, slack, notice, becomes } = await startRequests({ notify: 'none' })
  slack.faults({ archived: ['C0APPROVALS'] })
  await alice.types('/quay repo create globex/web reason=shop')
  await notice(alice, /is archived, so approvers get this request by direct message/)
  const own = await notice(dora, /:hourglass_flowing_sand: Needs .* approval\./)
  await dora.press('Approve', own, 'dora')
  await becomes('succeeded')
  await notice(alice, /^Approved by \*dora\*/)
})

test.runIf(isCi)(
  'who can decide is found while the card still fails to be drawn: dora gets her copy at once, not with the next try',
  async () => {
    const { where, drop } = await ownPostgres()
    onTestFinished(drop)
    const { alice, bot, dora, slack } = await startBot({ database: where, policy: { approvals: newRepositories({ notify: 'none' }) } })
    slack.faults({ archived: ['C0APPROVALS'] })
    // The drawing waits for the App Homes that it touches last, when its card has failed long ago.
    await bot.db.transaction(async (tx) => {
      await tx.execute(sql`lock table homes in exclusive mode`)
      await alice.types('/quay repo create globex/web reason=shop')
      await expect.poll(() => bot.db.$count(approverNotices), waiting).toBeGreaterThan(0)
      const drawings = sql<number>`(select count(*)::int from pgboss.job where name = 'show-request' and state <> 'completed')`
      // The drawing that the found people asked for has gone by: another one was on its way.
      await expect.poll(async () => (await bot.db.select({ drawings }).from(requests))[0]?.drawings, waiting).toBe(1)
    })
    await dora.finds(/Needs .* approval/, 'dora')
  },
  90_000,
)

test('while dora’s decision is checked, the buttons of her copy are gone, and they are back when it is refused', async () => {
  const { alice, dora, slack, bot, asks, notice, row } = await startRequests()
  await asks(alice, 'globex/web')
  const own = await notice(dora, /:hourglass_flowing_sand: Needs .* approval\./)
  bot.policy.identity.map.U0DORA = 'ivan'
  await dora.press('Approve', own, 'dora')
  const drawings = () => slack.traffic.filter(({ name, request }) => name === 'chat.update' && JSON.stringify(request).includes(own.ts))
  await expect.poll(() => drawings().length, waiting).toBeGreaterThanOrEqual(2)
  expect(JSON.stringify(drawings()[0])).toMatch(/ is responding…/)
  expect(seen(await notice(dora, /:hourglass_flowing_sand: Needs .* approval\./))).toContain('request:approve')
  expect((await row()).state).toBe('pending')
})

test.runIf(isCi)('somebody in the channel whom the request was not given to cannot hide its buttons', async () => {
  const { alice, dora, eve, slack, asks } = await startRequests()
  const asked = await asks(alice, 'globex/web')
  const before = slack.traffic.length
  await eve.presses('Approve', asked, 'quay-approvals').catch(() => undefined)
  expect(JSON.stringify(slack.traffic.slice(before))).not.toContain('is deciding')
  expect(seen((await dora.sees('quay-approvals')).at(-1) as never)).toContain('request:approve') // the card
})

test('request show has the buttons for who may decide, and Withdraw for who asked', async () => {
  const { alice, dora, carl, asks, row, becomes } = await startRequests()
  await asks(alice, 'globex/web')
  const { id } = await row()
  expect(seen(await alice.types(`/quay request show ${id}`))).toContain('request:withdraw')
  expect(seen(await carl.types(`/quay request show ${id}`, 'acme-dev'))).not.toContain('request:approve')
  const shown = await dora.types(`/quay request show ${id}`)
  const said = await dora.presses('Approve', shown)
  expect(said.text).toContain('Approved')
  await becomes('succeeded')
})

test('the card was deleted: it is posted again with the next reminder', async () => {
  const { alice, dora, slack, clock, asks, thread, card } = await startRequests()
  const asked = await asks(alice, 'globex/web')
  slack.workspace.messages = slack.workspace.messages.filter(({ ts }) => ts !== asked.ts)
  await clock.advance(4 * hour)
  await expect.poll(async () => (await card(/Needs \d/)).ts, waiting).not.toBe(asked.ts)
  await expect.poll(async () => (await thread()).length, waiting).toBe(1)
  expect((await dora.sees('quay-approvals')).filter(({ text }) => / requests approval for .*: .*\./.test(text)).length).toBe(1)
})
