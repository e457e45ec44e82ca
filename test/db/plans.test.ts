import { eq, inArray } from 'drizzle-orm'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyRetention } from '../../src/app/retention.ts'
import { waitingCount } from '../../src/approvals/pending.ts'
import { listRequests, openStates } from '../../src/approvals/request.ts'
import { sweepRequests } from '../../src/approvals/sweep.ts'
import { findOrphans } from '../../src/command/idempotency.ts'
import type { Bot } from '../../src/context.ts'
import { makeQueues } from '../../src/db/queues.ts'
import { namespacePasses, requests } from '../../src/db/schema.ts'
import { followBuilds } from '../../src/notifications/builds/poll.ts'
import { enqueueSubjectUpdate, revive } from '../../src/notifications/cards.ts'
import { deliver } from '../../src/notifications/deliver.ts'
import { sendDigests } from '../../src/notifications/digest.ts'
import { endChannel } from '../../src/notifications/end-channel.ts'
import { fanOut } from '../../src/notifications/fan-out.ts'
import { enqueueHomeRefresh } from '../../src/notifications/home-refresh.ts'
import { isKnownHook } from '../../src/notifications/known-hooks.ts'
import { addOnce, oldestUnfinished } from '../../src/notifications/namespace-pass.ts'
import { sendPosts } from '../../src/notifications/outbox.ts'
import { goRounds } from '../../src/notifications/owner-rounds.ts'
import { readPlan } from '../../src/notifications/pass-plan.ts'
import { listSubscriptions, subscriptionsOf } from '../../src/notifications/subscriptions.ts'
import { findDoubtful } from '../../src/notifications/webhook-doubts.ts'
import { reconcile } from '../../src/notifications/webhook-reconcile.ts'
import { countUnsealed, listAudit } from '../../src/security/audit-log.ts'
import { listSealed } from '../../src/security/secrets.ts'
import { showHomes } from '../../src/surfaces/home/publish.ts'
import { sized } from '../sized.ts'
import { openState } from './open-state.ts'
import { postgresOfRun } from './own-database.ts'
import { populate } from './populated.ts'
import { recordStatements, type Statement } from './recorded.ts'

const size = sized(10_000, 40_000, 40_000)
const person = { id: 'U7', team: 'T0ACME', name: 'p7', account: 'p7', timeZone: undefined } as never // of a person only what these look at
const day = 24 * 3_600_000

let server: Awaited<ReturnType<typeof postgresOfRun>>
let bot: Bot
let statements: Statement[]
let client: Client | undefined
const closings: (() => Promise<void>)[] = []

beforeAll(async () => {
  server = await postgresOfRun()
  const databaseUrl = await server.database()
  const state = await openState({ database: { databaseUrl }, until: (close) => closings.push(close) })
  bot = {
    ...state.bot,
    // Of Slack and the settings only what these look at; nothing is due that would call anybody.
    slack: { team: 'T0ACME' },
    config: { QUAY_RATE: 4, PUBLIC_URL: 'https://bot.example.com' },
    quay: { capabilities: { features: { QUOTA_NOTIFICATIONS: true }, offers: () => true }, rateLimiter: {} },
  } as unknown as Bot
  await makeQueues(bot.boss)
  await populate(bot.db, size, bot.clock())
  // Once in the life of a process everything is looked through.
  await addOnce(bot)
  await bot.db.update(namespacePasses).set({ dueAt: new Date(bot.clock() + day) })
  statements = recordStatements(bot.db)
  client = new Client({ connectionString: databaseUrl })
  await client.connect()
}, 120_000)

afterAll(async () => {
  await client?.end()
  for (const close of closings) await close()
  await server.stop()
})

interface Node {
  'Node Type': string
  'Relation Name'?: string
  Plans?: Node[]
}

/** The tables that the statements of some work read from their first row to their last. */
async function scannedBy(work: () => Promise<unknown>): Promise<string[]> {
  statements.length = 0
  await work()
  const scanned = new Set<string>()
  for (const { sql, params } of [...statements]) {
    // The queue's own are not ours.
    if (!/^\s*(select|insert|update|delete|with)\b/i.test(sql) || sql.includes('pgboss.')) continue
    const explained = await client?.query<{ 'QUERY PLAN': { Plan: Node }[] }>({ text: `explain (format json) ${sql}`, values: params })
    for (const { Plan } of explained?.rows[0]?.['QUERY PLAN'] ?? []) for (const table of scansIn(Plan)) scanned.add(`${table}: ${sql}`)
  }
  expect(statements.length, 'it has asked nothing').toBeGreaterThan(0)
  return [...scanned]
}

// They have a row for each channel, namespace or kind of work, and are read whole.
const small = new Set(['channel_turns', 'namespace_passes', 'leases', 'background_calls', 'background_share'])

function scansIn(node: Node): string[] {
  const own = node['Node Type'] === 'Seq Scan' && !small.has(node['Relation Name'] ?? '') ? [node['Relation Name'] ?? ''] : []
  return [...own, ...(node.Plans ?? []).flatMap(scansIn)]
}

const hot: Record<string, () => Promise<unknown>> = {
  'audit list': () => listAudit(bot),
  'audit list by account': () => listAudit(bot, { filters: { account: 'p7' } }),
  'audit list by person': () => listAudit(bot, { filters: { person: 'U7' } }),
  'audit list by command': () => listAudit(bot, { filters: { operation: 'command 7' } }),
  'audit list by phase': () => listAudit(bot, { filters: { phase: 'refused' } }),
  'audit list by reference': () => listAudit(bot, { filters: { reference: 'r77' } }),
  'audit list by request': () => listAudit(bot, { filters: { request: 'q77' } }),
  'audit list of a day': () =>
    listAudit(bot, { filters: { from: new Date(bot.clock() - 3 * day), until: new Date(bot.clock() - 2 * day) } }),
  'audit list by account, the next page': () => listAudit(bot, { filters: { account: 'p7' }, page: `${bot.clock() - day} 30000` }),
  'unsealed entries': () => countUnsealed(bot.db),
  'interrupted commands': () => findOrphans(bot.db, new Date(bot.clock())),
  'request list': () => listRequests(bot, { team: 'T0ACME', states: openStates }),
  'request list of a person': () => listRequests(bot, { team: 'T0ACME', requester: 'U7' }),
  'a request by its reference': () => bot.db.select().from(requests).where(eq(requests.reference, 'r7')),
  'open requests for the metrics': () => bot.db.select({ id: requests.id }).from(requests).where(inArray(requests.state, openStates)),
  'requests that wait for a person': () => waitingCount(bot, person),
  'sweep-requests': () => sweepRequests(bot),
  'fan-out': () => fanOut(bot),
  deliver: () => deliver(bot),
  'follow-builds': () => followBuilds(bot),
  'send-posts': () => sendPosts(bot),
  'show-homes': () => showHomes(bot),
  reconcile: () => reconcile(bot),
  'heal-subscriptions': () => goRounds(bot),
  digest: () => sendDigests(bot),
  'a webhook’s token': () => isKnownHook(bot, 'h77'),
  'webhooks of a namespace': async () => findDoubtful(bot, { namespace: 'org7', list: undefined, plan: await readPlan(bot) }),
  'subscriptions to an event': () => subscriptionsOf(bot, 'org7/web355', 'builds'),
  'subscriptions of a channel': () => listSubscriptions(bot, { channel: 'C7' }),
  'subscriptions of a person': () => listSubscriptions(bot, { owner: 'U7' }),
  'a channel that is gone': () => bot.db.transaction((tx) => endChannel(bot, tx, 'C499', 'is_archived')),
  'a channel that is back': () => bot.db.transaction((tx) => revive(bot, tx, 'C499')),
  'cards of a subject': () => bot.db.transaction((tx) => enqueueSubjectUpdate(bot, tx, 'push 77')),
  'homes of people': () => bot.db.transaction((tx) => enqueueHomeRefresh(bot, tx, { people: ['U7', 'U8'] })),
  'homes that show a request': () => bot.db.transaction((tx) => enqueueHomeRefresh(bot, tx, { request: 'q77' })),
  'credentials of a person': () => listSealed(bot, { id: 'U7', team: 'T0ACME' }),
  'the oldest pass': () => oldestUnfinished(bot),
}

test.for(Object.keys(hot))('%s reads no table from its first row to its last', async (name) => {
  expect(await scannedBy(hot[name] ?? (() => Promise.reject(new Error(name))))).toEqual([])
})

test('clean-up finds what it deletes by an index, and deletes in batches', async () => {
  expect(await scannedBy(() => applyRetention(bot))).toEqual([])
  expect(statements.filter(({ sql }) => /^\s*delete from "events"/.test(sql))).not.toHaveLength(0)
})
