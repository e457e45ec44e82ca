import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { audit, comments } from '../../src/db/schema.ts'
import type { PersonAtSlack } from '../people.ts'
import { isCi } from '../sized.ts'
import { seen, startRequests } from './start-requests.ts'

// An approver asks back, the requester answers: on the card and by message, and nothing is decided by it.

const waiting = { timeout: 30_000, interval: 30 }
const direct = async (person: PersonAtSlack) => (await person.sees(person.name)).filter(({ ephemeral }) => !ephemeral)

async function startAsked() {
  const started = await startRequests()
  await started.asks(started.alice, 'globex/web')
  const own = await started.notice(started.dora, /:hourglass_flowing_sand: Needs .* approval\./)
  return { ...started, own }
}

test('dora asks, alice answers, dora reads it and approves: all on the card, one message for each', async () => {
  const { alice, dora, bot, own, card, notice, row, becomes } = await startAsked()
  const { revision } = await row()
  const asking = await dora.pressesToOpen('Comment', own, 'dora')
  await dora.submits(asking, { reason: 'Who *owns* it afterwards?' })
  const asked = await notice(alice, /^dora commented on your request `?\/quay repo create globex\/web/)
  expect(asked.edited).toBe(false)
  expect(seen(asked)).toContain('Who *owns* it afterwards?')
  const answering = await alice.pressesToOpen('Answer', asked, 'alice')
  await alice.submits(answering, { reason: 'The shop team' })
  const told = await notice(dora, /^alice answered about their request `?\/quay repo create globex\/web/)
  expect(seen(told)).toContain('The shop team')
  const shown = seen(await card(/The shop team/))
  expect(shown).toMatch(/\*dora\* commented:[\s\S]*\*alice\* answered:/)
  expect(await row()).toMatchObject({ state: 'pending', revision })
  expect((await bot.db.select().from(audit).where(eq(audit.phase, 'commented'))).map(({ person }) => person)).toEqual(['U0DORA', 'U0ALICE'])
  await dora.press('Approve', await notice(dora, /:hourglass_flowing_sand: Needs .* approval\./), 'dora')
  await becomes('succeeded')
  expect((await direct(dora)).length).toBe(2)
})

test('only who could decide, and the requester, can comment: anybody else in the channel is refused', async () => {
  const { carl, dora, bot, row } = await startAsked()
  const onCard = (await dora.sees('quay-approvals')).at(-1) as never // the card
  const window = await carl.pressesToOpen('Comment', onCard, 'quay-approvals').catch(() => undefined)
  if (window) await carl.submits(window, { reason: 'me too' })
  expect(await bot.db.$count(comments)).toBe(0)
  expect((await row()).state).toBe('pending')
})

test('a credential in an answer is refused below the field, and nothing is stored', async () => {
  const { dora, own, bot } = await startAsked()
  const window = await dora.pressesToOpen('Comment', own, 'dora')
  const after = await dora.submits(window, { reason: 'use password=Sup3rS3cretValue1234' })
  expect(JSON.stringify(after)).toContain('This contains a credential')
  expect(await bot.db.$count(comments)).toBe(0)
})

test('once it is decided there is nothing to comment on', async () => {
  const { dora, own, decides, becomes, bot } = await startAsked()
  const window = await dora.pressesToOpen('Comment', own, 'dora')
  await decides('U0DORA', 'denied')
  await becomes('denied')
  await dora.submits(window, { reason: 'too late' })
  await expect.poll(async () => JSON.stringify(await dora.windows()), waiting).toMatch(/already denied/)
  expect(await bot.db.$count(comments)).toBe(0)
})

test.runIf(isCi)('Slack does not take the question: it stands on the card, and alice gets it later', async () => {
  const { alice, dora, slack, own, card, notice } = await startAsked()
  const window = await dora.pressesToOpen('Comment', own, 'dora')
  slack.faults({ failing: [{ method: 'chat.postMessage', error: 'internal_error', times: 2 }] })
  await dora.submits(window, { reason: 'Why public?' })
  await card(/Why public\?/)
  await notice(alice, /^dora commented on your request/)
})
