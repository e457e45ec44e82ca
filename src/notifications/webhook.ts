import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { eq, getTableColumns, sql } from 'drizzle-orm'
import { LRUCache } from 'lru-cache'
import { type Bot, enqueue } from '../context.ts'
import { aMinute } from '../core/durations.ts'
import { storable, storableValue } from '../core/foreign-text.ts'
import { keeps } from '../core/kept.ts'
import { events, hooks } from '../db/schema.ts'
import { kindOf } from './event-kinds.ts'
import { forgetHook, isKnownHook } from './known-hooks.ts'
import { eventsPath, hashOf } from './webhook-registration.ts'

// In bytes. Quay's bodies have a few kilobytes; the longest part is a commit message.
const bodyAtMost = 256 * 1024
const rawAtMost = 2_000
const halfMinute = 30_000
const perMinute = 100

type Hook = typeof hooks.$inferSelect
type Known = Hook & { recent: number }

/**
 * Receives an event from Quay. It is stored before the answer, which is always 200 for one of our URLs, because Quay
 * disables a notification after three failures. Any other URL gets a 404 without detail.
 */
export async function receive(bot: Bot, pathname: string, request: IncomingMessage): Promise<{ status: 200 | 404 | 429 }> {
  const hash = hashOf(pathname.slice(eventsPath.length))
  if (request.method !== 'POST') return { status: 404 }
  // Only requests with unknown tokens are rate limited, never Quay itself, so the token is checked first (docs/SECURITY.md rule 18).
  const webhook = (await isKnownHook(bot, hash)) ? await findHook(bot, hash) : undefined
  if (!webhook) {
    forgetHook(bot, hash)
    return { status: tooMany(strangers(bot), request.socket.remoteAddress ?? '') ? 429 : 404 }
  }
  const text = await bodyOf(request)
  await store(bot, webhook, text)
  return { status: 200 }
}

/** The webhook of a token, with the number of its events in the last minute. */
async function findHook({ db, clock }: Bot, hash: string): Promise<Known | undefined> {
  const since = new Date(clock() - aMinute).toISOString()
  // Written out, because drizzle omits the table name in a query on one table, and `id` would be the event's own.
  const recent = sql<number>`(select count(*) from ${events} where "events"."hook" = "hooks"."id" and "events"."received_at" > ${since})`
  const [hook] = await db
    .select({ ...getTableColumns(hooks), recent: recent.mapWith(Number) })
    .from(hooks)
    .where(eq(hooks.tokenHash, hash))
  return hook
}

/** The addresses that sent unknown tokens in the last minute. */
const strangers = keeps(({ clock }: Bot) => new LRUCache<string, { times: number }>({ max: 10_000, ttl: aMinute, perf: { now: clock } }))

function tooMany(known: LRUCache<string, { times: number }>, from: string) {
  const knock = known.get(from) ?? { times: 0 }
  knock.times += 1
  if (knock.times === 1) known.set(from, knock)
  return knock.times > perMinute
}

/** The body as text. A body that is too long is cut, is then unreadable, and is stored as such. */
async function bodyOf(request: IncomingMessage) {
  const pieces: Buffer[] = []
  let length = 0
  // A stream without encoding yields Buffers.
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length
    if (length <= bodyAtMost) pieces.push(piece)
  }
  const text = Buffer.concat(pieces).toString()
  return length > bodyAtMost ? `${text.slice(0, rawAtMost)}…` : text
}

/** Stores the event and queues its job, in one transaction. */
async function store(bot: Bot, webhook: Known, text: string) {
  const now = bot.clock()
  const body = readBody(webhook.event, text)
  const key = keyOf(webhook, body, text, now)
  const kind = kindOf(webhook.event)
  if (body && kind?.isExample(body)) return answered(bot, webhook, now)
  await bot.db.transaction(async (tx) => {
    const [stored] = await tx
      .insert(events)
      .values({
        hook: webhook.id,
        object: webhook.object,
        kind: webhook.event,
        source: 'webhook',
        // More than a hundred events a minute at one URL are merged into one per minute, which makes the bot poll Quay.
        key: webhook.recent < perMinute ? key : `${webhook.id} capped ${Math.floor(now / aMinute)}`,
        body,
        raw: body ? null : unreadable(text),
        receivedAt: new Date(now),
        fannedAt: body ? null : new Date(now),
      })
      // A second push of the same tag has the same body, so the event is processed again (docs/SECURITY.md rule 17).
      .onConflictDoUpdate({
        target: events.key,
        set: { repeats: sql`${events.repeats} + 1`, fannedAt: sql`case when ${events.body} is null then ${events.fannedAt} end` },
      })
      .returning({ id: events.id })
    if (stored && body) await enqueue(bot, tx, 'fan-out', {})
  })
}

function readBody(event: string, text: string): Record<string, unknown> | null {
  const kind = kindOf(event)
  if (!kind) return null
  try {
    return kind.schema.safeParse(storableValue(JSON.parse(text))).data ?? null
  } catch {
    return null
  }
}

function unreadable(text: string) {
  return storable(text.slice(0, rawAtMost))
}

/** For builds the id and the event; for others the body within half a minute. */
function keyOf(webhook: Hook, body: Record<string, unknown> | null, text: string, now: number) {
  const own = body && kindOf(webhook.event)?.key?.(body)
  if (own) return `${webhook.id} ${own}`
  const hash = createHash('sha256').update(text).digest('base64url')
  return `${webhook.id} ${hash} ${Math.floor(now / halfMinute)}`
}

/** Quay's example event has arrived, which ends a webhook test. Nothing is posted. */
async function answered({ db }: Bot, webhook: Hook, now: number) {
  await db
    .update(hooks)
    .set({ answeredAt: new Date(now) })
    .where(eq(hooks.id, webhook.id))
}
