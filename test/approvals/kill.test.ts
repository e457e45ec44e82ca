import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { Where } from '../../src/db/database.ts'
import { postgresOfRun } from '../db/own-database.ts'
import { isCi, sized } from '../sized.ts'
import { livesOf } from '../start-lives.ts'
import { type Simulators, startSimulators } from '../start-simulators.ts'
import { live } from './life.ts'

// Through PgBouncer it is not the bot that is tried, but that its lease holds there as well.
const count = process.env.THROUGH_PGBOUNCER ? sized(1, 2, 20) : sized(1, 8, 200)

interface Row {
  id: string
  state: 'succeeded' | 'failed' | 'unknown' | 'denied' | 'expired' | 'withdrawn'
  repository: string
  cardTs: string
}

const { startLife, startUnkilled } = livesOf<Row>(new URL('./life.ts', import.meta.url), live)

function openCards({ workspace }: Simulators['slack']) {
  return workspace.messages.filter(
    ({ channel, blocks, thread_ts }) => channel === 'C0APPROVALS' && !thread_ts && JSON.stringify(blocks).includes('request:approve'),
  )
}

/** Alice asks for one more, and dora approves whatever card she sees. */
async function press({ slack }: Simulators, next: () => string | undefined) {
  const repository = next()
  await Promise.allSettled([
    ...(repository ? [slack.slash({ user: 'U0ALICE', channel: 'C0ACMEDEV', text: `repo create ${repository} reason=kill` })] : []),
    ...openCards(slack)
      .slice(0, 5)
      .map(({ ts }) => slack.press({ user: 'U0DORA', channel: 'C0APPROVALS', ts, label: 'Approve' })),
  ])
}

function names() {
  let made = 0
  return () => (made < count ? `globex/kill${made++}` : undefined)
}

/** How long this machine takes from a command to its card, in milliseconds: a busy one must not be killed before it has begun. */
async function paceOf(simulators: Simulators, database: Where, next: () => string | undefined) {
  const one = startLife(simulators, database)
  await one.ready()
  const began = performance.now()
  await press(simulators, next)
  await expect.poll(() => openCards(simulators.slack).length, { timeout: 120_000, interval: 10 }).toBeGreaterThan(0)
  const pace = performance.now() - began
  if (!isCi) {
    // The only one that is killed: while what dora approves runs.
    void press(simulators, next)
    await sleep((Math.random() * pace) / 2)
  }
  one.kill()
  await one.over
  return pace
}

async function surviveKills(simulators: Simulators, database: Where) {
  const next = names()
  const pace = await paceOf(simulators, database, next)
  for (let time = 0; time < (isCi ? count : 0); time += 1) {
    const one = startLife(simulators, database)
    await one.ready()
    const killed = sleep(Math.random() * 2 * pace).then(one.kill)
    let dead = false
    void one.over.then(() => {
      dead = true
    })
    // A person's pace: dead bots refuse at once, and a loop without a pause would starve the timer that kills.
    while (!dead) await Promise.all([Promise.race([press(simulators, next), one.over]), sleep(40)])
    await killed
  }
  const last = startUnkilled(simulators, database, 'finish')
  await last.ready()
  await expect
    .poll(
      async () => {
        await press(simulators, () => undefined)
        return last.said.rows !== undefined
      },
      { timeout: 240_000, interval: 200 },
    )
    .toBe(true)
    .catch((error) => Promise.reject(new Error(`${error}\n${last.said.errors}`)))
  await last.over
  return last.said.rows ?? []
}

const sentences: Record<Row['state'], string> = {
  succeeded: 'and done',
  failed: 'but it failed',
  unknown: 'result is unknown',
  denied: 'Denied by',
  expired: 'nobody approved or denied it in time',
  withdrawn: 'Withdrawn by',
}

function expectHonest({ slack, quay }: Simulators, rows: Row[]) {
  expect(rows.length).toBeGreaterThan(0)
  const posts = quay.exchanges.filter(({ method, path, status }) => method === 'POST' && path === '/api/v1/repository' && status !== 400)
  for (const { id, state, repository } of rows) {
    const [, name] = repository.split('/')
    const effects = posts.filter(({ body }) => (body as { repository?: string }).repository === name)
    expect(effects.length, `${repository} was created more than once`).toBeLessThanOrEqual(1)
    if (state === 'succeeded') expect(effects, repository).toHaveLength(1)
    // Whatever shows it, its card and the requester's message, shows what the row has.
    const shown = slack.workspace.messages.filter(({ metadata }) => JSON.stringify(metadata ?? '').includes(id))
    expect(shown.length, `${id} is shown`).toBeGreaterThanOrEqual(2)
    for (const { text } of shown) expect(text, id).toContain(sentences[state])
  }
}

test.runIf(isCi)(
  `killed at ${count} random moments during ${count} requests on PGlite: every one comes to an end, none twice, no card lies`,
  {
    timeout: 3_600_000,
  },
  async () => {
    const simulators = await startSimulators()
    const dataDir = await mkdtemp(join(tmpdir(), 'quaymaster-kill-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    const rows = await surviveKills(simulators, { dataDir })
    expectHonest(simulators, rows)
  },
)

test(`the same on PostgreSQL`, { timeout: 3_600_000 }, async () => {
  const server = await postgresOfRun()
  onTestFinished(() => server.stop())
  const simulators = await startSimulators()
  const rows = await surviveKills(simulators, { databaseUrl: await server.database() })
  expectHonest(simulators, rows)
})

test('two replicas share the work; one is killed: nothing is lost, and nothing waits longer than a minute', {
  timeout: 600_000,
}, async () => {
  const server = await postgresOfRun()
  onTestFinished(() => server.stop())
  const simulators = await startSimulators()
  const database = { databaseUrl: await server.database() }
  const one = startLife(simulators, database)
  const other = startUnkilled(simulators, database, 'killed')
  await Promise.all([one.ready(), other.ready()])
  const next = names()
  // A replica that is killed before the users of Quay were read for the first time leaves nobody whom a request could be of.
  await press(simulators, next)
  await expect.poll(() => openCards(simulators.slack).length, { timeout: 120_000, interval: 10 }).toBeGreaterThan(0)
  simulators.quay.faults({ latencyMs: 50 })
  for (let time = 0; time < 8; time += 1) await press(simulators, next)
  one.kill()
  const killed = performance.now()
  await one.over
  const last = startUnkilled(simulators, database, 'finish')
  await expect
    .poll(
      async () => {
        await press(simulators, () => undefined)
        return last.said.rows !== undefined
      },
      { timeout: 120_000, interval: 200 },
    )
    .toBe(true)
  const took = performance.now() - killed
  other.kill()
  expectHonest(simulators, last.said.rows ?? [])
  expect(took).toBeLessThan(60_000 + 20_000) // a minute, and what starting a third replica takes here
})
