import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyRetention } from '../../src/app/retention.ts'
import { acquire } from '../../src/command/idempotency.ts'
import { audit as record } from '../../src/db/schema.ts'
import { audit } from '../../src/security/audit-log.ts'
import { listRecent, rememberRecent } from '../../src/surfaces/recent-commands.ts'
import { alice, bea, embedded, hour, openState } from '../db/open-state.ts'

let state: Awaited<ReturnType<typeof openState>>

beforeAll(async () => {
  state = await openState({ database: embedded, until: afterAll })
})

test('the three things a person did last, each once, with what they gave last', async () => {
  const { bot, passes } = state
  for (const [operation, tag] of [
    ['tag list', 'one'],
    ['build start', 'two'],
    ['repo show', 'three'],
    ['tag list', 'four'],
    ['whoami', 'five'],
  ] as const) {
    await rememberRecent(bot, bot.db, alice, operation, { tag })
    passes(1_000)
  }
  await rememberRecent(bot, bot.db, { ...alice, team: 'T0OTHER' }, 'logs', {})

  expect(await listRecent(bot, alice)).toMatchObject([
    { operation: 'whoami', input: { tag: 'five' }, times: 1 },
    { operation: 'tag list', input: { tag: 'four' }, times: 2 },
    { operation: 'repo show', input: { tag: 'three' } },
  ])
  expect(await listRecent(bot, bea)).toEqual([])
})

test('the clean-up forgets entries after two days and what was done after ninety; the record stays', async () => {
  const { bot, passes } = state
  const entry = { key: 'trigger-1 repo create', person: alice, operation: 'repo create', reference: 'q7f3m2' }
  await audit(bot, bot.db, { reference: 'q7f3m2', phase: 'finished', person: alice, operation: 'repo create', input: {} })
  expect(await acquire(bot, bot.db, entry)).toEqual({ first: true })
  passes(47 * hour)
  await applyRetention(bot)
  expect(await acquire(bot, bot.db, entry)).toMatchObject({ first: false })
  passes(2 * hour)
  await applyRetention(bot)
  expect(await acquire(bot, bot.db, entry)).toEqual({ first: true })

  expect(await listRecent(bot, alice)).toHaveLength(3)
  passes(91 * 24 * hour)
  await applyRetention(bot)
  expect(await listRecent(bot, alice)).toEqual([])
  expect(await bot.db.$count(record)).toBe(1)
})
