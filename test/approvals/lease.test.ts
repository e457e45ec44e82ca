import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { decide } from '../../src/approvals/decide.ts'
import { beginAttempt, findRunnable } from '../../src/approvals/lease.ts'
import { findRequest, type Request } from '../../src/approvals/request.ts'
import { runRequest } from '../../src/approvals/run.ts'
import { type Changes, command } from '../../src/command/command.ts'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { credential } from '../../src/core/credential.ts'
import { Failure } from '../../src/core/failure.ts'
import type { Where } from '../../src/db/database.ts'
import { audit, requests, secrets } from '../../src/db/schema.ts'
import { newRepositoryName } from '../../src/quay/names.ts'
import { createRepository } from '../../src/quay/repositories.ts'
import { openMemory } from '../../src/sandbox/start/memory-database.ts'
import { message } from '../../src/slack/blocks.ts'
import { postgresOfRun } from '../db/own-database.ts'
import { isCi, sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { newRepositories } from './start-requests.ts'

// Who may run what was approved, and write what came of it: each check of lease.ts and run.ts has a test here that fails without it.

const post = 'POST /api/v1/repository'
const waiting = { timeout: 30_000, interval: 20 }

/** Commands whose work waits at a gate, so that a test can do something to their row in between. */
const gates = { reached: 0, open: Promise.withResolvers<void>() }

async function gate() {
  gates.reached += 1
  await gates.open.promise
}

type Ending = 'done' | 'refused' | 'away' | 'credential' | 'steps'

function gated(ending: Ending, repeat: Changes<{ repository: string }, { name: string }>['retry'] = 'never') {
  return command({
    summary: 'Create a repository behind a gate',
    input: z.strictObject({ repository: newRepositoryName.meta({ of: 'new-repository' }) }),
    examples: ['repo gated acme/web'],
    permissions: [{ permission: 'create', on: 'repository' }],
    changes: {
      effects: ['creates'],
      facts: { none: 'only a test asks for it' },
      retry: repeat,
      manualCheck: ({ repository }) => `repo show ${repository}`,
    },
    run: async ({ quay, input }) => {
      const made = await createRepository(quay, { ...input, visibility: 'private', description: '' })
      await gate()
      if (ending === 'refused') throw new Failure('denied', 'Quay says no.')
      if (ending === 'away') throw new Failure('unavailable', 'Quay is away.')
      return made
    },
    ...(ending === 'steps' && {
      after: {
        steps: () => [{ name: { message: 'And then', values: {} }, permissions: [], run: async () => undefined }],
        checkObject: async () => undefined,
      },
    }),
    ...(ending === 'credential' && {
      reveals: () => ({
        what: { message: 'Password', values: {} },
        credentials: { password: credential().parse('canary-9f21') },
        context: {},
      }),
    }),
    view: ({ name }, t) => message(t('Created {name}.', { name })),
  })
}

const twice = command({
  summary: 'Create two repositories',
  input: z.strictObject({ repository: newRepositoryName.meta({ of: 'new-repository' }) }),
  examples: ['repo twice acme/web'],
  permissions: [{ permission: 'create', on: 'repository' }],
  changes: { effects: ['creates'], facts: { none: 'only a test asks for it' }, retry: 'never' },
  run: async ({ quay, input }) => {
    await createRepository(quay, { ...input, visibility: 'private', description: '' })
    await gate()
    return createRepository(quay, { repository: `${input.repository}-too`, visibility: 'private', description: '' })
  },
  view: ({ name }, t) => message(t('Created {name}.', { name })),
})

const own: Record<string, unknown> = {
  'repo gated': gated('done'),
  'repo refused': gated('refused'),
  'repo gone': gated('away', 'idempotent'),
  'repo keyed': gated('credential'),
  'repo stepped': gated('steps'),
  'repo twice': twice,
}

let server: Awaited<ReturnType<typeof postgresOfRun>>
beforeAll(async () => {
  server = await postgresOfRun()
  await loadCommands()
  for (const [name, one] of Object.entries(own)) commands.set(name, one as never) // the map holds operations of every kind
})
afterAll(async () => {
  // Other files share this process, and the map.
  for (const name of Object.keys(own)) commands.delete(name)
  await server.stop()
})

type Kind = 'pglite' | 'postgres'

const kinds: Record<Kind, () => Promise<Where | undefined>> = {
  pglite: async () => ({ memory: openMemory }),
  // With `npm test` that of any bot, which is on PostgreSQL, too, and has been made already.
  postgres: async () => (isCi ? { databaseUrl: await server.database() } : undefined),
}

async function startWith(database: Where | undefined) {
  const started = await startBot({
    ...(database && { database }),
    policy: { approvals: newRepositories({ operations: ['repo create', ...Object.keys(own)] as never }) },
  })
  const { alice, bot, quay, changes } = started
  gates.reached = 0
  gates.open = Promise.withResolvers()
  onTestFinished(() => gates.open.resolve())
  let made = 0
  /** A request that dora has approved; its row as a test wants it, so that no job of the bot's own has begun it. */
  const approved = async (command: string, change: Partial<Request> = {}): Promise<Request> => {
    made += 1
    const repository = `globex/lease${made}`
    const known = await bot.db.$count(requests)
    await alice.sends(`/quay ${command} ${repository} reason=shop`)
    await expect.poll(() => bot.db.$count(requests), waiting).toBe(known + 1)
    const row = (await bot.db.select().from(requests)).find(({ input }) => input.repository === repository)
    if (!row) throw new Error('it was asked for')
    const { id, revision } = row
    // The job that a decision queues finds it held.
    await bot.db
      .update(requests)
      .set({ leaseUntil: ahead(3_600) })
      .where(eq(requests.id, id))
    await decide(bot, { id, revision, decision: 'approved', user: 'U0DORA', reference: 'lease' })
    const waitingJobs = async () =>
      (
        await bot.db.execute<{ left: number }>(
          sql`select count(*)::int as left from pgboss.job where name = 'run-request' and state < 'completed'`,
        )
      ).rows[0]?.left
    await expect.poll(waitingJobs, waiting).toBe(0)
    await bot.db
      .update(requests)
      .set({ attempt: 0, ...change })
      .where(eq(requests.id, id))
    return now(id)
  }
  const now = (id: string) => findRequest(bot.db, id)
  const set = async (id: string, change: Partial<Request>) => {
    await bot.db.update(requests).set(change).where(eq(requests.id, id))
    return now(id)
  }
  const posts = () => changes().filter((call) => call === post).length
  const phases = async (id: string) => (await bot.db.select().from(audit).where(eq(audit.request, id))).map(({ phase }) => phase)
  /** The bot that runs now: another after a restart. */
  const current = () => started.bot
  return { ...started, bot, quay, current, approved, now, set, posts, phases }
}

/** What of a row a run writes: its drawing goes on by itself. */
function ofRun({ state, attempt, mode, leaseUntil, retryAt, result, steps, failure, found, secret, note, endedAt }: Request) {
  return { state, attempt, mode, leaseUntil, retryAt, result, steps, failure, found, secret, note, endedAt }
}

/** By the database's clock. */
const ago = (seconds: number) => sql`now() - interval '${sql.raw(String(seconds))} seconds'` as never // what a column takes
const ahead = (seconds: number) => ago(-seconds)

// The bot's own sweep may take a row over just when a test has made its lease old: then the story is played again.
describe.for(sized<Kind[]>(['postgres'], ['pglite', 'postgres'], ['pglite', 'postgres']))('on %s', { retry: 2 }, (kind) => {
  const start = async () => startWith(await kinds[kind]())

  test('a lease that ended less than 15 seconds ago is left alone, whatever the bot’s clock says; after that it is taken over', async () => {
    const { bot, clock, approved, now, set, posts, phases } = await start()
    const { id } = await approved('repo create', { state: 'running', mode: 'later', attempt: 1 })
    for (const leaseUntil of [ahead(5), ago(1), ago(12)]) {
      await set(id, { leaseUntil })
      await runRequest(bot, { id })
      expect(await now(id)).toMatchObject({ state: 'running', attempt: 1 })
    }
    await set(id, { leaseUntil: ahead(5) })
    await clock.advance(3_600_000)
    await runRequest(bot, { id })
    expect(await now(id)).toMatchObject({ state: 'running', attempt: 1 })
    expect(posts()).toBe(0)

    await set(id, { leaseUntil: ago(16) })
    await runRequest(bot, { id })
    expect(await now(id)).toMatchObject({ state: 'succeeded', attempt: 2, leaseUntil: null })
    expect(posts()).toBe(1)
    expect((await phases(id)).slice(-2)).toEqual(['started', 'finished'])
  })

  test('of five that take up the same request one runs it', async () => {
    const { bot, approved, now, set, posts, phases } = await start()
    const { id } = await approved('repo create')
    await set(id, { leaseUntil: null })
    await Promise.all(Array.from({ length: 5 }, () => runRequest(bot, { id })))
    expect(await now(id)).toMatchObject({ state: 'succeeded', attempt: 1 })
    expect(posts()).toBe(1)
    expect((await phases(id)).filter((phase) => phase === 'started')).toHaveLength(1)
  })

  test.runIf(isCi)('only what is approved or running, free and due is found to run', async () => {
    const { bot, approved, set } = await start()
    const { id } = await approved('repo gated')
    const later = new Date(bot.clock() + 60_000)
    const found = async (change: Partial<Request>) => {
      await set(id, { state: 'approved', leaseUntil: null, retryAt: later, ...change })
      return (await findRunnable(bot, id)) !== undefined
    }
    expect(await found({})).toBe(false)
    expect(await found({ retryAt: null, leaseUntil: ahead(60) })).toBe(false)
    for (const state of ['pending', 'denied', 'expired', 'withdrawn', 'succeeded', 'failed', 'unknown'] as const)
      expect(await found({ retryAt: null, leaseUntil: ago(60), state }), state).toBe(false)
    expect(await found({ retryAt: new Date(bot.clock() - 1_000), leaseUntil: ago(60) })).toBe(true)
  })

  test.runIf(isCi)('an attempt begins only from the row that was looked at', async () => {
    const { bot, approved, set, phases } = await start()
    const request = await approved('repo gated', { state: 'running', mode: 'later', attempt: 1, leaseUntil: ahead(3_600) })
    const { id } = request
    const free = { state: 'running', mode: 'later', attempt: 1, leaseUntil: ago(60), retryAt: new Date(bot.clock() + 3_600_000) } as const
    const due = { ...free, retryAt: new Date(bot.clock() - 1_000) }
    const begins = async (change: Partial<Request>) => {
      await set(id, { ...due, leaseUntil: ago(60), ...change })
      return beginAttempt(bot, request, 'dora')
    }
    // Its holder is alive after all; another began in between; it waits for its time; it went on; somebody ended it.
    expect(await begins({ leaseUntil: ahead(5) })).toBeUndefined()
    expect(await begins({ attempt: 2 })).toBeUndefined()
    expect(await begins({ retryAt: free.retryAt })).toBeUndefined()
    expect(await begins({ mode: 'steps' })).toBeUndefined()
    expect(await begins({ state: 'unknown' })).toBeUndefined()
    expect(await phases(id)).not.toContain('started')
    expect(await begins({})).toMatchObject({ state: 'running', attempt: 2, mode: 'later', retryAt: null })
    expect((await phases(id)).filter((phase) => phase === 'started')).toHaveLength(1)
  })

  test('before Quay hears of it the row says that nobody can know', async () => {
    const { bot, approved, now, set, phases } = await start()
    const { id } = await approved('repo gated')
    await set(id, { leaseUntil: null })
    const running = runRequest(bot, { id })
    await expect.poll(() => gates.reached, waiting).toBe(1)
    expect(await now(id)).toMatchObject({ state: 'running', attempt: 1, mode: 'later' })
    expect((await now(id)).leaseUntil).not.toBeNull()
    expect(await phases(id)).toContain('started')
    gates.open.resolve()
    await running
    expect(await now(id)).toMatchObject({ state: 'succeeded' })
  })

  test('a run that takes long holds its lease; one that was taken over meanwhile calls Quay no more and writes nothing', async () => {
    const { bot, quay, approved, now, set, posts, log } = await start()
    const { id } = await approved('repo twice')
    await set(id, { leaseUntil: null })
    // Longer than a lease is believed without asking.
    quay.faults({ latencyMs: 3_200, match: post })
    const holding = runRequest(bot, { id })
    await expect.poll(() => gates.reached, waiting).toBe(1)
    await set(id, { leaseUntil: ago(5) })
    gates.open.resolve()
    await expect.poll(async () => ((await now(id)).leaseUntil?.getTime() ?? 0) > Date.now(), waiting).toBe(true)
    await holding
    expect(await now(id)).toMatchObject({ state: 'succeeded', attempt: 1 })
    expect(posts()).toBe(2)

    gates.open = Promise.withResolvers()
    const other = await approved('repo twice')
    await set(other.id, { leaseUntil: null })
    const lost = runRequest(bot, { id: other.id })
    await expect.poll(() => gates.reached, waiting).toBe(2)
    await set(other.id, { attempt: 2, leaseUntil: ahead(3_600) })
    gates.open.resolve()
    await lost
    expect(posts()).toBe(3)
    expect(await now(other.id)).toMatchObject({ state: 'running', attempt: 2, result: null, failure: null })
    expect(log()).toContain('another replica has taken over this run')
    expect(log()).not.toContain('"msg":"a bug"')
  })

  test.runIf(isCi).for(kind === 'pglite' ? ['repo gated', 'repo refused', 'repo gone', 'repo keyed', 'repo stepped'] : ['repo gated'])(
    'a superseded attempt does not write its outcome: %s',
    async (command) => {
      const { bot, approved, now, set, phases } = await start()
      const { id } = await approved(command)
      await set(id, { leaseUntil: null })
      const running = runRequest(bot, { id })
      await expect.poll(() => gates.reached, waiting).toBeGreaterThan(0)
      const taken = await set(id, { attempt: 2, leaseUntil: ahead(3_600) })
      const before = await phases(id)
      gates.open.resolve()
      await running
      expect(ofRun(await now(id))).toEqual(ofRun(taken))
      expect(await phases(id)).toEqual(before)
      expect(await bot.db.$count(secrets)).toBe(0)
    },
  )

  test.runIf(isCi)(
    'what a killed attempt may have done is looked for and not done again; what is never repeated ends unknown',
    async () => {
      const { bot, quay, approved, now, set, posts } = await start()
      const killed = { state: 'running', mode: 'later', attempt: 1 } as const
      // It got as far as Quay.
      const done = await approved('repo create', killed)
      const created = createRepository(bot.quay, { ...(done.input as { repository: string }), visibility: 'private', description: '' })
      await created
      const before = posts()
      await set(done.id, { leaseUntil: ago(60) })
      await runRequest(bot, { id: done.id })
      expect(await now(done.id)).toMatchObject({ state: 'succeeded', attempt: 2 })
      expect(posts()).toBe(before)
      // It did not.
      const lost = await approved('repo create', killed)
      await set(lost.id, { leaseUntil: ago(60) })
      await runRequest(bot, { id: lost.id })
      expect(await now(lost.id)).toMatchObject({ state: 'succeeded', attempt: 2 })
      expect(posts()).toBe(before + 1)
      // Nobody can look.
      const never = await approved('repo gated', killed)
      await set(never.id, { leaseUntil: ago(60) })
      await runRequest(bot, { id: never.id })
      expect(await now(never.id)).toMatchObject({ state: 'unknown', attempt: 2, leaseUntil: null })
      expect(posts()).toBe(before + 1)
      expect(quay.exchanges.length).toBeGreaterThan(0)
    },
  )
})

const interrupted = { state: 'running', mode: 'later', attempt: 1, leaseUntil: ahead(3_600) } as const

// Making its directory takes longer than anything else here.
test.runIf(isCi)('who starts alone on its directory goes on at once with what the killed process was running', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'quaymaster-lease-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const alone = await startWith({ dataDir })
  const { id } = await alone.approved('repo create', interrupted)
  await alone.restart()
  await expect.poll(async () => (await findRequest(alone.current().db, id)).state, waiting).toBe('succeeded')
})

test.runIf(isCi)('a replica leaves what a killed process was running to its holder', async () => {
  const replica = await startWith(await kinds.postgres())
  const held = await replica.approved('repo create', interrupted)
  await replica.restart()
  await runRequest(replica.current(), { id: held.id })
  expect(await findRequest(replica.current().db, held.id)).toMatchObject({ state: 'running', attempt: 1 })
})
