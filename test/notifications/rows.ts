import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ErrorCode } from '@slack/web-api'
import { afterAll } from 'vitest'
import { type Bot, newRuntime } from '../../src/context.ts'
import { stopTimers } from '../../src/core/timers.ts'
import { openCache } from '../../src/core/ttl-cache.ts'
import { builds, cards, channelTurns, events, follows, hooks, posts, subscriptions } from '../../src/db/schema.ts'
import { openQuay } from '../../src/quay/http.ts'
import { openDrawing } from '../../src/slack/drawing.ts'
import { openState } from '../db/open-state.ts'

type Answer = object | number | ((query: URLSearchParams, body: unknown) => object | number | Promise<object>)
type Method = (given: never) => unknown

/** What a client of Slack throws. */
export const slackError = {
  platform: (error: string, more: object = {}) =>
    Object.assign(new Error(error), { code: ErrorCode.PlatformError, data: { ok: false, error, ...more } }),
  limited: (retryAfter: number) => Object.assign(new Error('limited'), { code: ErrorCode.RateLimitedError, retryAfter }),
  lost: () => Object.assign(new Error('lost'), { code: ErrorCode.RequestError, original: { code: 'ECONNRESET' } }),
}

/** Throws it when Slack is called. */
export const refusing = (error: () => Error) => () => {
  throw error()
}

/**
 * Rows alone, without a running bot: a database of their own, a registry that answers what a test says, and a Slack that writes down
 * what it is called with. Functions are called on it directly, and nothing goes on by itself.
 */
export async function openRows() {
  const state = await openState({ until: afterAll })
  let now = Date.parse('2026-11-03T09:00:00Z')
  const clock = () => now
  const answers: Record<string, Answer> = {}
  const quayCalls: { call: string; query: URLSearchParams; body: unknown }[] = []
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
    const url = new URL(request.url ?? '/', 'http://quay')
    const call = `${request.method} ${decodeURIComponent(url.pathname).replace(/^\/api\/v1/, '')}`
    const body: unknown = pieces.length > 0 ? JSON.parse(Buffer.concat(pieces).toString() || 'null') : undefined
    quayCalls.push({ call, query: url.searchParams, body })
    const found = answers[call] ?? 404
    const answer = typeof found === 'function' ? await found(url.searchParams, body) : found
    const refused = { status: answer, error_type: 'not_found', error_message: 'Not Found', detail: 'Not Found', title: 'not_found' }
    response
      .writeHead(typeof answer === 'number' ? answer : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(typeof answer === 'number' ? refused : answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const quay = openQuay({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on a port
    token: 'a-token-of-the-registry-1234',
    rate: 1000,
    limits: { pauses: [] },
  })
  afterAll(async () => {
    stopTimers(bot)
    await quay.network.close()
    server.closeAllConnections()
    server.close()
  })

  const slackCalls: { method: string; given: Record<string, unknown> }[] = []
  const slackAnswers: Record<string, Method> = {}
  let posted = 0
  const usual: Record<string, Method> = {
    'chat.postMessage': ({ channel }: { channel: string }) => {
      posted += 1
      return { ok: true, channel, ts: `1762.${posted}` }
    },
    'conversations.info': () => ({ ok: true, channel: { is_member: true } }),
    'conversations.open': ({ users }: { users: string }) => ({ ok: true, channel: { id: `D${users}` } }),
  }
  const called = (method: string) => async (given: Record<string, unknown>) => {
    slackCalls.push({ method, given })
    return (slackAnswers[method] ?? usual[method])?.(given as never) ?? { ok: true }
  }
  const groupOf = (group: string) => new Proxy({}, { get: (_, name) => called(`${group}.${String(name)}`) })
  const client = new Proxy({}, { get: (_, group) => groupOf(String(group)) })
  const slack = {
    ...{ team: 'T0ACME', url: 'https://acme.slack.com/', user: 'U0BOT', bot: 'B0BOT', enterprise: undefined, log: state.bot.log },
    ...{ cards: client, messages: client, modals: client, homes: client, files: client, directory: client, pauses: [] },
    ...{ people: openCache(60, clock), aliases: new Map(), unknown: new Map() },
    drawing: openDrawing({ tables: 'off', charts: 'off', plans: 'off', cellButtons: false }, clock),
  }
  const jobs: string[] = []
  const bot = {
    ...state.bot,
    ...{ clock, quay, slack, runtime: newRuntime(), cache: openCache(30, clock) },
    boss: { send: async (job: string) => void jobs.push(job) },
    config: { LANGUAGE: 'en', QUAY_RATE: 1000, PUBLIC_URL: 'https://bot.example.com' },
    policy: {},
  } as unknown as Bot // the rest of a bot is not asked by anything under test

  let made = 0
  const { db } = bot
  const at = (after = 0) => new Date(now + after)
  return {
    bot,
    log: state.log,
    jobs,
    /** What the registry answers: `answers['GET /repository/acme/api']`; 404 unless said, and a number is a status. */
    answers,
    quayCalls,
    /** What Slack answers, by method. */
    slackAnswers,
    slackCalls,
    calledSlack: (method: string) => slackCalls.filter((one) => one.method === method).map(({ given }) => given),
    now: clock,
    passes: (milliseconds: number) => {
      now += milliseconds
    },
    at,
    /** Nothing is stored, cached or noted, and nobody answers anything but the usual. */
    async forget() {
      for (const table of [cards, channelTurns, events, builds, follows, hooks, subscriptions, posts]) await db.delete(table)
      for (const all of [answers, slackAnswers]) for (const name of Object.keys(all)) delete all[name]
      for (const all of [quayCalls, slackCalls, jobs]) all.length = 0
      slack.people.clear()
      bot.cache.clear()
      slack.unknown.clear()
      slack.aliases.clear()
    },
    async card(more: Partial<typeof cards.$inferInsert> = {}) {
      made += 1
      const row = { id: `card-${made}`, channel: 'C1', subject: `notice ${made}`, dueAt: at(), createdAt: at() }
      const data = { sentence: { message: `Notice ${made}`, values: {} } }
      const [card] = await db
        .insert(cards)
        .values({ ...row, data, ...more })
        .returning()
      await db
        .insert(channelTurns)
        .values({ channel: card?.channel ?? '', dueAt: at() })
        .onConflictDoNothing()
      if (!card) throw new Error('no card')
      return card
    },
    async event(more: Partial<typeof events.$inferInsert> = {}) {
      made += 1
      const row = { object: 'acme/api', kind: 'repo_push', source: 'webhook' as const, key: `key ${made}`, body: {}, receivedAt: at() }
      const [event] = await db
        .insert(events)
        .values({ ...row, ...more })
        .returning()
      if (!event) throw new Error('no event')
      return event
    },
    async subscription(more: Partial<typeof subscriptions.$inferInsert> = {}) {
      made += 1
      const own = { id: `subscription-${made}`, team: 'T0ACME', channel: 'C1', target: 'acme/api', owner: 'U0BEA' }
      const filters = { groups: ['builds', 'pushes'], severity: 'high', tags: [], only: 'all' as const, digest: 'none' as const }
      const [row] = await db
        .insert(subscriptions)
        .values({ ...own, ...filters, checkedAt: at(), createdAt: at(), ...more })
        .returning()
      if (!row) throw new Error('no subscription')
      return row
    },
    async hook(more: Partial<typeof hooks.$inferInsert> = {}) {
      made += 1
      const row = { tokenHash: `hash ${made}`, object: 'acme/api', event: 'repo_push', notification: `n-${made}` }
      const [hook] = await db
        .insert(hooks)
        .values({ ...row, createdAt: at(), checkedAt: at(), ...more })
        .returning()
      if (!hook) throw new Error('no hook')
      return hook
    },
  }
}
