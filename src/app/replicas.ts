import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db } from '../db/database.ts'
import { replicas } from '../db/schema.ts'
import type { RateLimiter } from '../quay/budget.ts'

const every = 5_000
/** A replica that has not been seen for so long is gone, and the others take its part. By the database's clock, which all share. */
const gone = sql`now() - interval '15 seconds'`

interface Sharing {
  db: Db
  rateLimiter: RateLimiter
  log: Logger
}

/**
 * Shares the one budget of calls to Quay with the other replicas: each has an equal part, by a row that it renews every few
 * seconds. While the database is away the part stays as it was. Returns what gives the part back.
 */
export async function shareBudget({ db, rateLimiter, log }: Sharing): Promise<() => Promise<void>> {
  const id = randomUUID()
  const renew = async () => {
    try {
      rateLimiter.share(1 / ((await countOthers(db, id)) + 1))
    } catch (err) {
      log.warn({ err }, 'could not renew the part of the call budget; the last one stays')
    }
  }
  await renew()
  let renewal: Promise<void> | undefined
  const timer = setInterval(() => {
    renewal = renew()
  }, every).unref()
  return async () => {
    clearInterval(timer)
    // One under way would write the row again.
    await renewal
    // Without it the others wait until the row is old.
    await db
      .delete(replicas)
      .where(sql`${replicas.id} = ${id}`)
      .catch(() => undefined)
  }
}

/** One statement: renews our row, deletes those of dead replicas, counts the others. */
async function countOthers(db: Db, id: string): Promise<number> {
  const { rows } = await db.execute<{ others: string | number }>(sql`
    with ours as (
      insert into replicas (id, seen_at) values (${id}, now()) on conflict (id) do update set seen_at = now()
    ), dead as (
      delete from replicas where seen_at < ${gone} and id <> ${id}
    )
    select count(*) as others from replicas where seen_at >= ${gone} and id <> ${id}`)
  return Number(rows[0]?.others ?? 0)
}
