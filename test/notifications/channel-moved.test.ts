import { expect, test } from 'vitest'
import { channelTurns, subscriptions } from '../../src/db/schema.ts'
import { newRepositories } from '../approvals/start-requests.ts'
import { startBot } from '../start-bot.ts'
import { startBuild } from './builds.ts'

test('a channel gets another id: its subscription, the card of a running build and an open request go on there', async () => {
  const { alice, bea, bot, quay, origin, slack, log } = await startBot({ policy: { approvals: newRepositories({ ask: 'always' }) } })
  await bea.types('/quay subscribe acme/api events=builds', 'acme-dev')
  const { cardsIn, settles } = await startBuild({ bea, quay, origin, archive: 'https://downloads.example.com/api.tgz' })
  await settles(/build/)
  await alice.types('/quay repo create acme/moved reason="It moves"')
  await alice.finds(/acme\/moved/, 'quay-approvals')

  // Slack may tell of it twice.
  slack.faults({ duplicate: true })
  await slack.channelMoves('C0ACMEDEV', 'C0MOVED')
  await slack.channelMoves('C0APPROVALS', 'C0MOVEDTOO')
  slack.faults({})
  await expect.poll(async () => (await bot.db.select().from(subscriptions)).map(({ channel }) => channel)).toEqual(['C0MOVED'])
  await expect.poll(log).toContain('the policy names a channel that has another id now')

  await settles(/succeeded/)
  expect(await cardsIn('acme-dev')).toHaveLength(1)
  expect((await bot.db.select().from(channelTurns)).map(({ channel }) => channel)).not.toContain('C0ACMEDEV')
  const card = await bea.finds(/acme\/moved/, 'quay-approvals')
  await bea.presses('Approve', card, 'quay-approvals')
  await expect.poll(() => quay.registry.repositories.some(({ name }) => name === 'moved')).toBe(true)
  const cards = async () => (await bea.sees('quay-approvals')).filter(({ blocks }) => JSON.stringify(blocks).includes('acme/moved'))
  await expect.poll(async () => JSON.stringify(await cards())).toContain('Created')
  expect((await cards()).filter(({ thread_ts }) => thread_ts === null)).toHaveLength(1)
})
