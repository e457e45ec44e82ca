import { expect, test } from 'vitest'
import { applyRetention } from '../../src/app/retention.ts'
import { accessGrants, accessHolds, audit, links, requests, subscriptions, votes } from '../../src/db/schema.ts'
import { startBot } from '../start-bot.ts'
import { ownSubscription } from './hooks.ts'

const day = 24 * 3_600_000

test('a year after their end requests and their votes are forgotten, but not those that are open or whose access lasts; links and the audit log stay', async () => {
  const { bot, bea } = await startBot()
  await bea.types('/quay whoami')
  const before = { links: await bot.db.$count(links), audit: await bot.db.$count(audit) }
  const ago = (days: number) => new Date(bot.clock() - days * day)
  const row = {
    team: bot.slack.team,
    requester: 'U0BEA',
    name: 'bea',
    operation: 'repo create',
    input: {},
    rule: {} as never, // nothing reads it
    revision: 'v',
    about: { right: null },
    reference: 'r',
    drawn: 1,
    dueAt: ago(500),
    createdAt: ago(500),
    expiresAt: ago(499),
  }
  await bot.db.insert(requests).values([
    { ...row, id: 'old', state: 'succeeded', endedAt: ago(366) },
    { ...row, id: 'young', state: 'succeeded', endedAt: ago(364) },
    { ...row, id: 'unknown', state: 'unknown' },
    { ...row, id: 'lasting', state: 'succeeded', endedAt: ago(400) },
    // More than one batch.
    ...Array.from({ length: 1_200 }, (_, index) => ({ ...row, id: `old${index}`, state: 'denied' as const, endedAt: ago(400) })),
  ])
  const vote = { person: 'U0ALICE', name: 'alice', account: 'alice', decision: 'approved' as const, entitled: true, at: ago(400) }
  await bot.db.insert(votes).values(['old', 'young', 'unknown', 'lasting', 'old7'].map((request) => ({ ...vote, request })))
  await bot.db.insert(accessHolds).values({ id: 'h', kind: 'repository', object: 'acme/api', grantee: 'bea', createdAt: ago(400) })
  await bot.db.insert(accessGrants).values({
    ...{ id: 'g', hold: 'h', reference: 'r', request: 'lasting', team: row.team, decided: [], asker: 'U0BEA', role: 'read' },
    ...{ state: 'active', startedAt: ago(400), endsAt: new Date(bot.clock() + day) },
  })
  await ownSubscription({ bot }, 'C1', 'acme/api', ['builds'], { state: 'ended', checkedAt: ago(91) })
  await ownSubscription({ bot }, 'C2', 'acme/api', ['builds'], { state: 'ended', checkedAt: ago(89) })
  await ownSubscription({ bot }, 'C3', 'acme/api', ['builds'], { state: 'paused', checkedAt: ago(91) })

  await applyRetention(bot)
  expect((await bot.db.select().from(requests)).map(({ id }) => id).toSorted()).toEqual(['lasting', 'unknown', 'young'])
  expect((await bot.db.select().from(votes)).map(({ request }) => request).toSorted()).toEqual(['lasting', 'unknown', 'young'])
  expect((await bot.db.select().from(subscriptions)).map(({ channel }) => channel).toSorted()).toEqual(['C2', 'C3'])
  expect({ links: await bot.db.$count(links), audit: await bot.db.$count(audit) }).toEqual(before)
})
