import { expect, test } from 'vitest'
import { startRequests } from '../approvals/start-requests.ts'
import type { PersonAtSlack, Window } from '../people.ts'
import { isCi } from '../sized.ts'

// App Home decides, with the permissions of the moment: a home may have been open for days.

const waiting = { timeout: 20_000, interval: 60 }

async function homeOf(person: PersonAtSlack) {
  return (await person.get<{ view: Window | null }>(`home?user=${person.name}`)).view
}

const blocksOf = async (person: PersonAtSlack) => JSON.stringify((await homeOf(person))?.blocks ?? [])

async function pressesAtHome(person: PersonAtSlack, wanted: object) {
  const view = await homeOf(person)
  expect(await person.post('action', { view_id: view?.id, ...wanted })).toMatchObject({ ok: true })
}

async function startAtHome() {
  const started = await startRequests()
  await started.dora.post('home', {})
  await expect.poll(() => blocksOf(started.dora), waiting).toContain('No requests need your approval.')
  await started.asks(started.alice, 'globex/web')
  await expect.poll(() => blocksOf(started.dora), waiting).toContain('request:approve')
  return started
}

test('dora approves in App Home: its buttons are gone before Quay answers, then the request is', async () => {
  const { dora, quay, becomes, card } = await startAtHome()
  quay.faults({ latencyMs: 60_000 })
  await pressesAtHome(dora, { label: 'Approve' })
  await expect.poll(() => blocksOf(dora), waiting).toMatch(/<@U0DORA> is responding…/)
  expect(await blocksOf(dora)).not.toContain('request:approve')
  quay.faults(undefined)
  await becomes('succeeded')
  await card(/Approved by \*dora\* and done/)
  await expect.poll(() => blocksOf(dora), waiting).toContain('No requests need your approval.')
})

test.runIf(isCi)('dora denies in App Home, with a reason', async () => {
  const { alice, dora, becomes, notice } = await startAtHome()
  await pressesAtHome(dora, { label: 'Deny' })
  await expect.poll(async () => (await dora.windows()).length, waiting).toBe(1)
  const [window] = await dora.windows()
  if (!window) throw new Error('no modal')
  await dora.submits(window, { reason: 'Use acme' })
  await becomes('denied')
  await notice(alice, /^Denied by \*dora\*: .* Use acme/)
  await expect.poll(() => blocksOf(dora), waiting).toContain('No requests need your approval.')
})

test('somebody who lost the permission since decides nothing there, and reads why', async () => {
  const { dora, bot, row, changes } = await startAtHome()
  bot.policy.identity.map.U0DORA = 'ivan'
  await pressesAtHome(dora, { label: 'Approve' })
  await dora.finds(/does not allow you to approve or deny this|You need/, 'dora')
  expect((await row()).state).toBe('pending')
  expect(changes()).toEqual([])
  await expect.poll(() => blocksOf(dora), waiting).not.toContain('is responding')
})

test.runIf(isCi)('the window of Show approves too, and says so', async () => {
  const { dora, becomes } = await startAtHome()
  await pressesAtHome(dora, { label: 'Show' })
  await expect.poll(async () => JSON.stringify((await dora.windows())[0]?.blocks ?? []), waiting).toContain('request:approve')
  const [window] = await dora.windows()
  if (!window) throw new Error('no modal')
  await dora.pressesIn('request:approve', window)
  await expect.poll(async () => JSON.stringify((await dora.windows())[0]?.blocks ?? []), waiting).toContain('Approved request')
  await becomes('succeeded')
})

test.runIf(isCi)('Slack refuses to publish the home in between: the request is approved all the same', async () => {
  const { dora, slack, becomes } = await startAtHome()
  slack.faults({ failing: [{ method: 'views.publish', error: 'internal_error', times: 1 }] })
  await pressesAtHome(dora, { label: 'Approve' })
  await becomes('succeeded')
  await expect.poll(() => blocksOf(dora), waiting).toContain('No requests need your approval.')
})
