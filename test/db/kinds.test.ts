import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { startJobs, type Workers, wake } from '../../src/app/jobs.ts'
import { workers } from '../../src/app/workers.ts'
import { acquire, complete } from '../../src/command/idempotency.ts'
import { type Bot, enqueue } from '../../src/context.ts'
import { Failure } from '../../src/core/failure.ts'
import type { Where } from '../../src/db/database.ts'
import { makeQueues } from '../../src/db/queues.ts'
import { audit as record } from '../../src/db/schema.ts'
import { openMemory } from '../../src/sandbox/start/memory-database.ts'
import { audit, sealAudit, verifyAudit } from '../../src/security/audit-log.ts'
import { sized } from '../sized.ts'
import { alice, openState } from './open-state.ts'
import { postgresOfRun } from './own-database.ts'
import { startPostgres } from './start-postgres.ts'

// The same queues; whoever wants something done in one says so.
const idle: Workers = { ...workers, ...Object.fromEntries(Object.keys(workers).map((name) => [name, async () => undefined])) }
const entry = { key: 'trigger-1 repo create', person: alice, operation: 'repo create', reference: 'q7f3m2' }
const row = { reference: 'q7f3m2', phase: 'started', person: alice, operation: 'repo create', input: {} } as const

let copies: Awaited<ReturnType<typeof postgresOfRun>>

beforeAll(async () => {
  copies = await postgresOfRun()
})

afterAll(() => copies.stop())

type Kind = 'pglite' | 'postgres'
const kinds: Record<Kind, () => Promise<Where>> = {
  pglite: async () => ({ memory: openMemory }),
  postgres: async () => ({ databaseUrl: await copies.database() }),
}

describe.for(sized<Kind[]>(['postgres'], ['pglite', 'postgres'], ['pglite', 'postgres']))('on %s', (kind) => {
  const open = async () => openState({ database: await kinds[kind]() })

  async function working(workers: Partial<Workers> = {}) {
    const state = await open()
    await makeQueues(state.bot.boss)
    await startJobs(state.bot, { ...idle, ...workers })
    return state
  }

  test('fifty copies of one command arrive at once: one runs, the others find it', async () => {
    const { bot } = await open()
    const claims = await Promise.all(
      Array.from({ length: 50 }, () =>
        bot.db.transaction(async (tx) => {
          const claimed = await acquire(bot, tx, entry)
          if (claimed.first) await audit(bot, tx, row)
          return claimed
        }),
      ),
    )
    expect(claims.filter(({ first }) => first)).toHaveLength(1)
    expect(claims.find(({ first }) => !first)).toEqual({ first: false, reference: 'q7f3m2', outcome: undefined })
    expect(await bot.db.$count(record)).toBe(1)
    await expect(bot.db.delete(record)).rejects.toMatchObject({ cause: { message: 'the audit is append-only' } })

    await complete(bot.db, entry.key, { result: { name: 'acme/web' } })
    expect(await acquire(bot, bot.db, { ...entry, reference: 'second' })).toEqual({
      first: false,
      reference: 'q7f3m2',
      outcome: { result: { name: 'acme/web' } },
    })
  })

  test('a first arrival that is rolled back has claimed nothing', async () => {
    const { bot } = await open()
    await expect(
      bot.db.transaction(async (tx) => {
        await acquire(bot, tx, entry)
        throw new Error('the audit could not be written')
      }),
    ).rejects.toThrow('the audit could not be written')
    expect(await acquire(bot, bot.db, entry)).toEqual({ first: true })
  })

  test('a job exists exactly when its transaction committed, and starts at once', async () => {
    let runs = 0
    const { bot } = await working({
      'clean-up': async () => {
        runs += 1
      },
    })
    await expect.poll(() => runs).toBe(1) // the one that startJobs queues
    await expect(
      bot.db.transaction(async (tx) => {
        await enqueue(bot, tx, 'clean-up', {})
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    const started = performance.now()
    await bot.db.transaction((tx) => enqueue(bot, tx, 'clean-up', {}))
    await expect.poll(() => runs, { interval: 5 }).toBe(2)
    expect(performance.now() - started).toBeLessThan(2_000) // not the poll's 30 s
    wake(bot, 'clean-up')
    expect((await bot.boss.findJobs('clean-up')).length).toBe(2)
  })

  test('while two hundred queries wait for one another, everybody else has a turn', async () => {
    const { bot } = await open()
    let turns = 0
    const others = setInterval(() => {
      turns += 1
    }, 1)
    await Promise.all(Array.from({ length: 200 }, () => bot.db.execute(sql`select count(*) from generate_series(1, 20000)`)))
    clearInterval(others)
    expect(turns).toBeGreaterThan(10)
  })

  test('a worker fails: the log has it with a reference, the database has the reference alone', async () => {
    const { bot, log } = await working({
      'clean-up': async () => {
        throw new Error('canary-3b9c of a robot')
      },
    })
    const failed = () => bot.boss.findJobs('clean-up').then(([job]) => job?.state)
    await expect.poll(failed).toBe('retry')
    const [job] = await bot.boss.findJobs('clean-up')
    const reference = /Reference (\w{6})/.exec(JSON.stringify(job?.output))?.[1]
    expect(log()).toContain('canary-3b9c')
    expect(log()).toContain(`"reference":"${reference}"`)
    expect(JSON.stringify(job)).not.toContain('canary-3b9c')
  })

  test('a failure that was foreseen is a warning, not an error', async () => {
    const { log } = await working({
      'clean-up': async () => {
        throw new Failure('unavailable', 'Quay does not answer.')
      },
    })
    await expect.poll(log).toContain('a job failed')
    expect(log()).not.toContain('"level":50')
  })

  test('an open database is healthy, a closed one is not', async () => {
    const { bot } = await open()
    expect(await bot.trouble()).toBe(undefined)
    await bot.close()
    await expect.poll(() => bot.trouble(), { timeout: 10_000 }).toBe('away')
  })

  test('closing lets a running job end', async () => {
    let state = 'not begun'
    const { bot } = await working({
      'clean-up': async () => {
        state = 'begun'
        await vi.waitFor(() => expect(state).toBe('closing'))
        await bot.db.execute(sql`select 1`)
        state = 'ended'
      },
    })
    await expect.poll(() => state).toBe('begun')
    const closed = bot.close()
    state = 'closing'
    await closed
    expect(state).toBe('ended')
  })
})

test('on PGlite a query beside its own transaction is a bug with a name, not a wait for ever', async () => {
  const { bot } = await openState({ database: { memory: openMemory } })
  const work = bot.db.transaction(() => bot.db.execute(sql`select 1`))
  await expect(work).rejects.toMatchObject({ cause: { message: expect.stringContaining('pass tx on') } })
  // What was begun inside and goes on afterwards is no such query.
  const later = await bot.db.transaction(async () => ({ wait: vi.waitFor(() => bot.db.execute(sql`select 1 as one`)) }))
  expect((await later.wait).rows).toEqual([{ one: 1 }])
})

test('two replicas that start together migrate once, and both work', async () => {
  const server = await startPostgres()
  onTestFinished(() => server.stop())
  const databaseUrl = await server.database()
  const [one, other] = await Promise.all([openState({ database: { databaseUrl } }), openState({ database: { databaseUrl } })])
  const applied = await one.bot.db.execute(sql`select hash from drizzle.__drizzle_migrations`)
  expect(new Set(applied.rows.map(({ hash }) => hash)).size).toBe(applied.rows.length)
  expect(`${one.log()}${other.log()}`).not.toMatch(/"level":[56]0/)

  let runs = 0
  const workers: Workers = {
    ...idle,
    'clean-up': async () => {
      runs += 1
    },
  }
  await Promise.all([makeQueues(one.bot.boss), makeQueues(other.bot.boss)])
  await Promise.all([startJobs(one.bot, workers), startJobs(other.bot, workers)])
  await expect.poll(() => runs).toBe(1)
  await enqueueIn(one.bot, 20)
  await expect.poll(() => runs).toBe(21)

  await Promise.all(
    Array.from({ length: 40 }, (_, index) => audit(index % 2 ? one.bot : other.bot, (index % 2 ? one.bot : other.bot).db, row)),
  )
  await Promise.all([sealAudit(one.bot), sealAudit(other.bot), sealAudit(one.bot)])
  expect(await verifyAudit(other.bot)).toMatchObject({ sealed: 40, unsealed: 0 })
})

async function enqueueIn(bot: Bot, count: number) {
  await bot.db.transaction(async (tx) => {
    for (let index = 0; index < count; index += 1) await enqueue(bot, tx, 'clean-up', {})
  })
}

test('a database that cannot be reached says where, and never the password', async () => {
  const failure = await openState({ database: { databaseUrl: 'postgres://bot:canary-5d21@127.0.0.1:1/quaymaster' } }).catch(
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(Failure)
  expect(failure).toMatchObject({ code: 'unavailable', sentence: { values: { host: '127.0.0.1:1' } } })
  expect(JSON.stringify((failure as Failure).sentence)).not.toContain('canary-5d21')
})
