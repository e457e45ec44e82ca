import { expect, test } from 'vitest'
import type { PersonAtSlack } from '../people.ts'
import { isCi } from '../sized.ts'
import { seen, startRequests } from './start-requests.ts'

// A pressed button is gone before the work: Quay is not asked for it, so nobody presses twice while Quay thinks.

const waiting = { timeout: 30_000, interval: 30 }

async function startSlow(change: Parameters<typeof startRequests>[0] = {}) {
  const started = await startRequests(change)
  await started.asks(started.alice, 'globex/web')
  const own = await started.notice(started.dora, /:hourglass_flowing_sand: Needs .* approval\./)
  const before = started.quay.exchanges.length
  // Quay does not answer before the test says so.
  started.quay.faults({ latencyMs: 60_000 })
  const answers = () => started.quay.exchanges.slice(before).length
  const lastOf = async (person: PersonAtSlack, channel: string) => seen((await person.sees(channel)).at(-1) as never) // there is one
  return { ...started, own, answers, lastOf }
}

test('Approve on her copy: “dora is responding…” instead of the buttons, before Quay has answered anything', async () => {
  const { dora, own, answers, lastOf, quay, becomes } = await startSlow()
  await dora.press('Approve', own, 'dora')
  await expect.poll(() => lastOf(dora, 'dora'), waiting).toMatch(/<@U0DORA> is responding…/)
  expect(await lastOf(dora, 'dora')).not.toContain('request:approve')
  expect(answers()).toBe(0)
  quay.faults(undefined)
  await becomes('succeeded')
})

test.runIf(isCi)('Deny: the buttons are gone once the reason was sent', async () => {
  const { dora, own, answers, lastOf, quay, becomes } = await startSlow()
  const window = await dora.pressesToOpen('Deny', own, 'dora')
  await dora.submits(window, { reason: 'no' })
  await expect.poll(() => lastOf(dora, 'dora'), waiting).toMatch(/<@U0DORA> is responding…/)
  expect(answers()).toBe(0)
  quay.faults(undefined)
  await becomes('denied')
})

test('a member of a group that decides takes the buttons off the card too; somebody else does not', async () => {
  const { carl, bea, slack, dora, answers, quay } = await startSlow({ approvers: ['S0PLATFORM', 'U0DORA'] as never })
  await slack.groupChanged('S0PLATFORM', ['U0CARL'])
  const card = (await dora.sees('quay-approvals')).at(-1)
  if (!card) throw new Error('there is no card')
  await bea.press('Approve', card, 'quay-approvals')
  await carl.press('Approve', card, 'quay-approvals')
  await expect.poll(async () => seen((await dora.sees('quay-approvals')).at(-1) as never), waiting).toMatch(/<@U0CARL> is responding…/)
  expect(answers()).toBe(0)
  expect(JSON.stringify(slack.traffic)).not.toContain('<@U0BEA> is responding')
  quay.faults(undefined)
})
