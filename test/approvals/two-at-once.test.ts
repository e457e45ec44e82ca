import { afterAll, beforeAll, expect, test } from 'vitest'
import { decide } from '../../src/approvals/decide.ts'
import { votes } from '../../src/db/schema.ts'
import { postgresOfRun } from '../db/own-database.ts'
import { isCi, sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { newRepositories } from './start-requests.ts'

// On PostgreSQL there are many connections: two approvals of a two-approval rule at the same moment must see each other.

const times = sized(1, 12, 100)

let server: Awaited<ReturnType<typeof postgresOfRun>>
beforeAll(async () => {
  server = await postgresOfRun()
}, 120_000)
afterAll(() => server.stop())

test('two approvals of a two-approval rule at the same moment, time after time: both count, and it runs once', {
  timeout: 240_000,
}, async () => {
  const approvals = newRepositories({ needed: 2, ask: 'always', approvers: ['U0BEA', 'U0CARL', 'U0DORA'] as never })
  const started = await startBot({
    // With `npm test` that of any bot, which is on PostgreSQL, too, and has been made already.
    ...(isCi && { database: { databaseUrl: await server.database() } }),
    environment: { LOG_LEVEL: 'error' },
    policy: { approvals },
  })
  const { bot, alice, changes } = started
  const { requests } = await import('../../src/db/schema.ts')
  for (let time = 0; time < times; time += 1) {
    const said = await alice.types(`/quay repo create acme/pair${time} reason=race`)
    expect(said.text).toContain('sent to <#')
    const row = (await bot.db.select().from(requests)).find(({ input }) => input.repository === `acme/pair${time}`)
    if (!row) throw new Error('no request')
    const { id, revision } = row
    const both = ['U0BEA', 'U0CARL'].map((user) => decide(bot, { id, revision, decision: 'approved', user, reference: 'race' }))
    const outcomes = await Promise.allSettled(both)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    const state = async () => (await bot.db.select().from(requests)).find((one) => one.id === id)?.state
    await expect.poll(state, { timeout: 30_000 }).toBe('succeeded')
    expect((await bot.db.select().from(votes)).filter(({ request }) => request === id)).toHaveLength(2)
  }
  expect(changes().filter((call) => call === 'POST /api/v1/repository')).toHaveLength(times)
})
