import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import type { Where } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/open.ts'
import { events, hooks, subscriptions } from '../../src/db/schema.ts'
import { eventsOf } from '../../src/notifications/event-kinds.ts'
import { hashOf } from '../../src/notifications/webhook-registration.ts'
import { emptyBuild } from '../../src/sandbox/quay/builds.ts'
import { emptyRepository } from '../../src/sandbox/quay/seed-parts.ts'
import { newChannel } from '../../src/sandbox/slack/workspace.ts'
import { ownPostgres } from '../db/own-database.ts'
import { readExposition } from '../observability/exposition.ts'
import { isCi, sized } from '../sized.ts'
import { startSimulators } from '../start-simulators.ts'

// Each build needs its five events, or it has no end.
const size = sized(
  { subscriptions: 1, events: 25, kills: 1 },
  { subscriptions: 20, events: 500, kills: 1 },
  { subscriptions: 200, events: 5_000, kills: 10 },
)
const buildsEach = 5
const hour = 3_600_000

test(`${size.events} events for ${size.subscriptions} subscriptions, Slack refusing half of the time, ${size.kills} kills: every card its last state, none lost, none twice`, async () => {
  const work: Work = { done: 0 }
  const { slack, quay, environment } = await startSimulators({
    onRequest: () => {
      work.done += 1
    },
  })
  const port = await freePort()
  const database = await ownOrEmbedded()
  await prepare(database, slack.workspace.teams[0]?.id ?? '')
  const builds = Array.from({ length: size.subscriptions }, (_, number) =>
    world(slack.workspace.channels, quay.registry.repositories, number),
  )
  const life = livesOn({ PORT: String(port), ...environment, PUBLIC_URL: environment.QUAY_URL }, database)
  await life.start()
  let refusing = false
  const refusals = setInterval(() => {
    refusing = !refusing
    slack.faults(refusing ? { rateLimit: { retryAfter: 1 } } : {})
  }, 400)
  onTestFinished(() => clearInterval(refusals))

  const all = Array.from({ length: size.events }, (_, number) => happening(builds, number))
  for (let kill = 0; kill <= size.kills; kill += 1) {
    const part = all.slice((kill * size.events) / (size.kills + 1), ((kill + 1) * size.events) / (size.kills + 1))
    const before = work.done
    const sent = tellAll(`http://127.0.0.1:${port}/quay/events/`, part, work)
    // Somewhere in its work: it has taken some of the events, and draws cards.
    const enough = before + Math.ceil((0.1 + 0.9 * Math.random()) * part.length)
    if (kill < size.kills) {
      await expect.poll(() => work.done, { timeout: 300_000, interval: 1 }).toBeGreaterThanOrEqual(enough)
      await life.killAndStart()
    }
    await sent
  }

  const posted = () =>
    slack.workspace.messages.filter(({ channel, thread_ts, ts }) => channel.startsWith('C0STORM') && (!thread_ts || thread_ts === ts))
  const lastStates = () => {
    const said = posted().map(({ blocks, text }) => ({ text, drawn: JSON.stringify(blocks) }))
    return builds.flat().filter(({ build, word }) => said.some(({ text, drawn }) => drawn.includes(build.uuid) && text.includes(word)))
  }
  await expect.poll(() => lastStates().length, { timeout: 600_000, interval: 1_000 }).toBe(size.subscriptions * buildsEach)
  // The last repeats may still wait when every card is right: they must leave it right.
  await expect.poll(() => backlogOf(port), { timeout: 600_000, interval: 1_000 }).toEqual({ events: 0, cards: 0 })
  expect(lastStates()).toHaveLength(size.subscriptions * buildsEach)
  expect(posted()).toHaveLength(size.subscriptions * buildsEach)
  await life.end()
  expect(await storedIn(database)).toEqual({ events: new Set(all.map(({ token, body }) => `${token} ${body}`)).size, waiting: 0 })
}, 1_500_000)

interface Planned {
  build: ReturnType<typeof emptyBuild>
  /** How it ends, in Quay, in its webhook and on its card. */
  end: 'complete' | 'cancelled'
  word: string
  number: number
}

/** One channel, one repository, five builds that end well or are cancelled. */
function world(channels: ReturnType<typeof newChannel>[], repositories: ReturnType<typeof emptyRepository>[], number: number): Planned[] {
  channels.push(newChannel(`C0STORM${number}`, `storm-${number}`, '', ['U0BEA', 'U0QUAYBOT']))
  const repository = emptyRepository({ id: 10_000 + number, namespace: 'acme', name: `storm-${number}`, created: 0 })
  repositories.push(repository)
  return Array.from({ length: buildsEach }, (_, index) => {
    const end = index % 2 === 0 ? 'complete' : 'cancelled'
    const word = end === 'complete' ? 'succeeded' : 'cancelled'
    return {
      build: { ...emptyBuild(Date.now(), `${number}-${index}`), uuid: randomUUID(), phaseSince: Date.now() + hour },
      end,
      word,
      number,
    }
  })
}

/** A build's life, its events late, out of order and repeated: `queued` comes again when it has ended. */
const script = ['build_queued', 'build_start', 'build_start', 'end', 'build_queued'] as const

/** What happens next: Quay changes, and tells of it. */
function happening(builds: Planned[][], number: number) {
  const planned = builds[number % size.subscriptions]?.[Math.floor(number / size.subscriptions) % buildsEach]
  if (!planned) throw new Error('there is no such build')
  const { build, end } = planned
  const step = script[Math.floor(number / size.subscriptions / buildsEach) % script.length]
  const event = step === 'end' ? (end === 'complete' ? 'build_success' : 'build_cancelled') : step
  return {
    token: `storm-${planned.number}-${event}`,
    body: JSON.stringify({ build_id: build.uuid, docker_tags: ['latest'] }),
    happen: () => {
      if (step === 'end') build.phase = end
      else if (step === 'build_start' && build.phase === 'waiting') build.phase = 'building'
    },
  }
}

/** Subscriptions and hooks as they are after `subscribe`; Quay's side of them plays the test. */
async function prepare(database: Where, team: string) {
  const { db, close } = await openDatabase(database, pino({ level: 'silent' }))
  const now = new Date()
  for (let number = 0; number < size.subscriptions; number += 1) {
    const object = `acme/storm-${number}`
    const wish = { owner: 'U0BEA', groups: ['builds'], severity: 'high', tags: [], only: 'all' as const, digest: 'none' as const }
    await db.insert(subscriptions).values({
      id: object,
      team,
      channel: `C0STORM${number}`,
      target: object,
      ...wish,
      checkedAt: now,
      createdAt: new Date(now.getTime() - 60_000),
    })
    for (const event of eventsOf(['builds'])) {
      const token = `storm-${number}-${event}`
      await db.insert(hooks).values({ tokenHash: hashOf(token), object, event, notification: token, createdAt: now, checkedAt: now })
    }
  }
  await close()
}

/** What the bot says that still waits. */
async function backlogOf(port: number) {
  const scraped = readExposition(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text())
  const of = (what: string) => scraped.find(({ name }) => name === `quaymaster_${what}_waiting`)?.value
  return { events: of('events'), cards: of('cards') }
}

/** What the bot had stored when it was ended for good. */
async function storedIn(database: Where) {
  const { db, close } = await openDatabase(database, pino({ level: 'silent' }))
  const told = await db.select({ fannedAt: events.fannedAt }).from(events).where(eq(events.source, 'webhook'))
  await close()
  return { events: told.length, waiting: told.filter(({ fannedAt }) => fannedAt === null).length }
}

// As many as Quay has workers for its notifications, more or less.
const tellers = 10

/** What the bot has done: events that it took, and calls of Slack and Quay. */
interface Work {
  done: number
}

async function tellAll(address: string, all: ReturnType<typeof happening>[], work: Work) {
  const left = all.values()
  await Promise.all(
    Array.from({ length: tellers }, async () => {
      for (const { token, body, happen } of left) {
        happen()
        await tellUntilStored(address + token, body)
        work.done += 1
      }
    }),
  )
}

async function tellUntilStored(address: string, body: string) {
  const tell = () =>
    fetch(address, { method: 'POST', body }).then(
      ({ status }) => status,
      () => 0,
    )
  await expect.poll(tell, { timeout: 300_000, interval: 100 }).toBe(200)
}

const process_ = fileURLToPath(new URL('./bot-process.ts', import.meta.url))

function livesOn(setting: Record<string, string>, database: Where) {
  let child: ChildProcess | undefined
  const end = async () => {
    const over = child?.exitCode === null && child.signalCode === null && once(child, 'exit')
    child?.kill('SIGKILL')
    await over
  }
  onTestFinished(end)
  // As whatever supervises a bot does: one that cannot start, because Slack refuses even that, is started again.
  const start = async (): Promise<void> => {
    child = spawn(
      process.execPath,
      ['--liftoff-only', '--import', './src/db/load.ts', process_, ...[setting, database].map((one) => JSON.stringify(one))],
      {
        stdio: ['ignore', 'pipe', process.env.STORM_LOG ? openSync(process.env.STORM_LOG, 'a') : 'ignore'],
      },
    )
    const listens = child.stdout && once(child.stdout, 'data').then(() => true)
    if (!(await Promise.race([listens, once(child, 'exit').then(() => false)]))) return start()
  }
  const killAndStart = async () => {
    await end()
    await start()
  }
  return { start, end, killAndStart }
}

/** In CI an embedded one, as most who start have it; making it takes longer than the storm of `npm test`. */
async function ownOrEmbedded(): Promise<Where> {
  if (!isCi) {
    const { where, drop } = await ownPostgres()
    onTestFinished(drop)
    return where
  }
  const directory = await mkdtemp(join(tmpdir(), 'quaymaster-storm-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return { dataDir: join(directory, 'data') }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
