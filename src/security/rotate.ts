import { and, asc, eq, gt, isNotNull, ne, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Bot } from '../context.ts'
import { opened, type Sealed, sealed } from '../core/keys.ts'
import type { Db } from '../db/database.ts'
import { replies, requests, secrets } from '../db/schema.ts'

export interface Rotated {
  /** How many were sealed anew. */
  resealed: number
  /** How many no key of the ring opens, so that they stay as they are. */
  lost: number
}

type Rotating = Pick<Bot, 'db' | 'keys'>

const batch = 200

/**
 * Seals everything anew that was sealed by another key than the first: credentials that wait for *Reveal*, and those in requests and
 * in offers to request. It may run beside the bot and again: what changes meanwhile is left to the next run. Entries of the audit
 * log keep their seals.
 */
export async function rotateKeys(bot: Rotating): Promise<Rotated> {
  const counts = { resealed: 0, lost: 0 }
  for (const place of [inSecrets, inRequests, inReplies]) {
    let after: string | undefined = ''
    while (after !== undefined) after = await place(bot, after, counts)
  }
  return counts
}

/** The value sealed by the first key; undefined, and counted, if no key opens it. */
function resealed({ keys }: Rotating, context: string[], box: Sealed, counts: Rotated): Sealed | undefined {
  try {
    return sealed(keys, context, opened(keys, context, box))
  } catch {
    // Of another key, or damaged: nothing opens it, now or later.
    counts.lost += 1
    return undefined
  }
}

async function inSecrets(bot: Rotating, after: string, counts: Rotated) {
  const { db, keys } = bot
  const rows = await db
    .select()
    .from(secrets)
    .where(and(gt(secrets.id, after), ne(secrets.keyId, keys.id)))
    .orderBy(asc(secrets.id))
    .limit(batch)
  for (const row of rows) {
    const box = resealed(bot, [row.id, row.person, row.team], row, counts)
    if (!box) continue
    const isSame = and(eq(secrets.id, row.id), eq(secrets.nonce, row.nonce))
    counts.resealed += (await db.update(secrets).set(box).where(isSame).returning({ id: secrets.id })).length
  }
  return rows.at(-1)?.id
}

async function inRequests(bot: Rotating, after: string, counts: Rotated) {
  const { db, keys } = bot
  const rows = await db
    .select({ id: requests.id, requester: requests.requester, team: requests.team, box: requests.sealed })
    .from(requests)
    .where(and(gt(requests.id, after), isNotNull(requests.sealed), sql`${requests.sealed} ->> 'keyId' <> ${keys.id}`))
    .orderBy(asc(requests.id))
    .limit(batch)
  for (const { id, requester, team, box: old } of rows) {
    const box = old && resealed(bot, ['input', id, requester, team], old, counts)
    if (!old || !box) continue
    // A request that ends meanwhile has lost its credentials, and they stay lost.
    const isSame = and(eq(requests.id, id), sql`${requests.sealed} ->> 'nonce' = ${old.nonce}`)
    counts.resealed += (await db.update(requests).set({ sealed: box }).where(isSame).returning({ id: requests.id })).length
  }
  return rows.at(-1)?.id
}

const boxed = z.looseObject({
  box: z.looseObject({ id: z.string(), sealed: z.object({ keyId: z.string(), nonce: z.string(), ciphertext: z.string() }) }),
})

async function inReplies(bot: Rotating, after: string, counts: Rotated) {
  const { db, keys } = bot
  const rows = await db
    .select({ id: replies.id, person: replies.person, team: replies.team, result: replies.result })
    .from(replies)
    .where(and(gt(replies.id, after), sql`${replies.result} #>> '{box,sealed,keyId}' <> ${keys.id}`))
    .orderBy(asc(replies.id))
    .limit(batch)
  for (const { id, person, team, result } of rows) {
    const { data } = boxed.safeParse(result)
    const box = data && resealed(bot, ['input', data.box.id, person, team], data.box.sealed, counts)
    if (!data || !box) continue
    await db
      .update(replies)
      .set({ result: { ...data, box: { ...data.box, sealed: box } } })
      .where(eq(replies.id, id))
    counts.resealed += 1
  }
  return rows.at(-1)?.id
}

/** How many entries of the audit log each key has sealed, by its id. */
export async function keysOfAudit(db: Db): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ key: string; count: number }>(
    sql`select split_part(seal, ':', 1) as key, count(*)::float8 as count from audit where seal is not null group by 1`,
  )
  return new Map(rows.map(({ key, count }) => [key, count]))
}
