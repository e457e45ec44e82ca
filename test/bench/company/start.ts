import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { type Started, startBot } from '../../../src/app/start.ts'
import { loadCommands } from '../../../src/command/registry.ts'
import { readConfig } from '../../../src/core/config.ts'
import { secretsKey } from '../../../src/core/keys.ts'
import { openLog } from '../../../src/core/log.ts'
import { hooks } from '../../../src/db/schema.ts'
import { hashOf } from '../../../src/notifications/webhook-registration.ts'
import { sandboxPolicy } from '../../../src/sandbox/policy.ts'
import { findList } from '../../../src/security/directory/lists.ts'
import type { FrontCall } from './front.ts'
import { personIn } from './person.ts'
import { nameOf, tokenOf } from './registry.ts'

export const rate = 4

/** A place in the queue for Quay: whom it served, and how long it waited, in milliseconds. */
interface Turn {
  at: number
  class: string
  person: string | undefined
  waited: number
}

export interface World {
  origin: string
  environment: Record<string, string>
}

let queries = 0
const { query } = Client.prototype
// Every statement of this process, whoever sends it: the bot's pools, its jobs, its probe.
Client.prototype.query = function counted(this: Client, ...given: Parameters<typeof query>) {
  queries += 1
  return query.apply(this, given)
} as typeof query

/** The real bot at Quay's default rate on a fresh PostgreSQL database, against a company in another process. */
export async function startCompany(databaseUrl: string, { webhooks = false } = {}) {
  let started: Started | undefined
  const server = createServer((request, response) => {
    if (started) return void started.handle(request, response)
    response.writeHead(503).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a port
  const { child, world } = await startWorld(own)
  const { origin, environment } = world
  const settings = {
    ...environment,
    QUAY_RATE: String(rate),
    DATABASE_URL: databaseUrl,
    SECRETS_KEY: 'k'.repeat(43),
    LOG_LEVEL: process.env.BENCH_LOG ?? 'fatal',
  }
  const read = readConfig({ ...settings, ...(webhooks && { PUBLIC_URL: own }) })
  if ('problems' in read) throw new Error(read.problems.join('\n'))
  await loadCommands()
  const keys = await secretsKey({ setting: 'k'.repeat(43) })
  const log = openLog(read.config)
  started = await startBot({ config: read.config, policy: sandboxPolicy(), database: { databaseUrl }, keys, log })
  const { bot } = started
  const { turns, waiting } = watchTurns(bot.quay.rateLimiter)
  const calls = async (from = 0) => (await (await fetch(`${origin}/_company/calls?from=${from}`)).json()) as FrontCall[]
  if (webhooks) await knowWebhooks(bot.db, origin)

  return {
    bot,
    origin,
    /** Where the bot itself answers. */
    own,
    turns,
    calls,
    person: (name: string, options?: { every?: number; own?: string }) => personIn(origin, name, options),
    /** One of the first five hundred, in the channel that is theirs. */
    member: (number: number) => personIn(origin, nameOf(number), { own: `team-${number}` }),
    queries: () => queries,
    /** Does something without any limit, to prepare a figure. */
    unlimited: async (work: () => Promise<unknown>) => {
      const { turn } = bot.quay.rateLimiter
      await fetch(`${origin}/_company/limits?on=no`)
      bot.quay.rateLimiter.turn = async () => undefined
      await work().finally(() => {
        bot.quay.rateLimiter.turn = turn
      })
      await fetch(`${origin}/_company/limits?on=yes`)
    },
    /** Waits until the directory knows all accounts, as it does soon after the start. */
    accountsRead: async () => {
      while (!(await findList(bot, 'users'))?.finishedAt) await sleep(100)
    },
    /** Waits until no person's call is under way, and the budget is whole again. */
    rests: async () => {
      const isBusy = () =>
        waiting.people > 0 || Date.now() - Math.max(0, ...turns.filter((one) => one.class !== 'background').map(({ at }) => at)) < 4_000
      while (isBusy()) await sleep(100)
    },
    stop: async () => {
      await started?.stop()
      server.closeAllConnections()
      server.close()
      const gone = once(child, 'exit')
      child.stdin?.end()
      await gone
    },
  }
}

export type Company = Awaited<ReturnType<typeof startCompany>>

async function startWorld(bot: string): Promise<{ child: ChildProcess; world: World }> {
  const file = new URL('../company-world.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [file, bot], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  return { child, world: JSON.parse(String(line)) }
}

function watchTurns(limiter: Started['bot']['quay']['rateLimiter']) {
  const turns: Turn[] = []
  const waiting = { people: 0 }
  const { turn } = limiter
  limiter.turn = async (purpose, limit) => {
    const since = performance.now()
    const one = purpose.class === 'background' ? 0 : 1
    waiting.people += one
    await turn(purpose, limit).finally(() => {
      waiting.people -= one
    })
    turns.push({ at: Date.now(), class: purpose.class, person: purpose.person, waited: performance.now() - since })
  }
  return { turns, waiting }
}

/** As if the bot had registered the webhooks that Quay has, of the organizations that channels subscribe to. */
async function knowWebhooks(db: Started['bot']['db'], origin: string) {
  const all = (await (await fetch(`${origin}/_company/hooks`)).json()) as { object: string; notification: string }[]
  const now = new Date()
  const subscribed = all.filter(({ object }) => /^org\d+\//.test(object))
  const rows = subscribed.map(({ object, notification }) => ({
    object,
    notification,
    event: 'repo_push',
    tokenHash: hashOf(tokenOf(object)),
    createdAt: now,
    checkedAt: now,
  }))
  for (let from = 0; from < rows.length; from += 1_000) await db.insert(hooks).values(rows.slice(from, from + 1_000))
}
