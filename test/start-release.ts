import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import type { Logger } from 'pino'
import { onTestFinished } from 'vitest'
import { type PolicyFile, policyOf } from '../src/core/policy.ts'
import type { Database } from '../src/db/database.ts'
import { startPglite } from '../src/db/pglite.ts'
import { replies, requests } from '../src/db/schema.ts'
import type { Registry } from '../src/sandbox/quay/registry.ts'
import type { View, Workspace } from '../src/sandbox/slack/workspace.ts'
import { openMemory } from '../src/sandbox/start/memory-database.ts'
import { startBot } from './start-bot.ts'

interface World {
  /** SECRETS_KEY */
  key: string
  /** What the clock said, in milliseconds. */
  at: number
  /** Where the sandbox was reached: it stands in links and in addresses of webhooks. */
  origin: string
  /** Requests by what they are for: `pending`, `half`, `unknown`. */
  ids: Record<string, string>
  policy: PolicyFile
  slack: Pick<Workspace, 'users' | 'channels' | 'messages' | 'views' | 'homes' | 'usergroups'>
  quay: Partial<Registry> & Pick<Registry, 'tokens'>
}

/**
 * Today's bot with the database that release 0.1.0 left, against the workspace and the registry as they were at that moment
 * (recorded/release-0.1.0/README.md).
 */
export async function startFromRelease(until: (stop: () => Promise<void>) => void = onTestFinished) {
  const recordedWorld = readWorld()
  const { key, at, policy } = recordedWorld
  let isThere = false
  const memory = async (log: Logger) => {
    if (!isThere) return openMemory(log)
    const database = await openRecorded(log)
    await move(database, recordedWorld.origin, started.origin)
    return database
  }
  const started = await startBot({ environment: { SECRETS_KEY: key }, policy: policyOf(policy), database: { memory }, until })
  const { slack, quay, clock, origin } = started
  const world = readWorld(origin)
  Object.assign(slack.workspace, { ...world.slack, views: world.slack.views.map(renamed), homes: world.slack.homes.map(renamed) })
  Object.assign(quay.registry, { ...world.quay, tokens: [...quay.registry.tokens, ...world.quay.tokens] })
  await clock.advance(at - clock.now())
  isThere = true
  await started.restart()
  // Until then a webhook may still have come to the bot that was stopped: Quay sends it again.
  const before = started.log().length
  const { log } = started
  return Object.assign(started, { ids: world.ids, log: () => log().slice(before) })
}

/** Quay's own address is another in each test; that of an operator stays. The audit is sealed, and keeps what it has. */
async function move({ db }: Database, from: string, to: string) {
  for (const [table, column] of [
    [requests, requests.facts],
    [requests, requests.result],
    [replies, replies.result],
  ] as const)
    await db.execute(sql`update ${table} set ${sql.identifier(column.name)} = replace(${column}::text, ${from}, ${to})::jsonb`)
}

/** The database alone, brought up to date. */
async function openRecorded(log: Logger) {
  const dump = gunzipSync(readFileSync(recorded('database.tar.gz')))
  return startPglite(await PGlite.create({ loadDataDir: new Blob([dump]) }), log)
}

function readWorld(origin?: string): World {
  const text = gunzipSync(readFileSync(recorded('world.json.gz'))).toString()
  const world: World = JSON.parse(text)
  return origin === undefined ? world : JSON.parse(text.replaceAll(world.origin, origin))
}

/** The simulated Slack counts its ids from the beginning again: these would be given to others. */
function renamed(view: View): View {
  return { ...view, id: `${view.id}OLD`, root_view_id: `${view.root_view_id}OLD` }
}

function recorded(name: string) {
  return new URL(`recorded/release-0.1.0/${name}`, import.meta.url)
}
