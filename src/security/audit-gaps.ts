import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'

/** Entry numbers that were assigned but have no entry; the first five ranges. */
export interface Gaps {
  count: number
  spans: [first: number, last: number][]
}

// Longer than any of our transactions that holds a number and is not committed yet.
const underWay = 500

/**
 * The database numbers entries consecutively. A missing number means a deleted row, whoever deleted it,
 * or a transaction that was rolled back.
 */
export async function gapsIn(db: Db): Promise<Gaps> {
  const first = await readGaps(db)
  if (first.count === 0) return first
  await wait(underWay)
  return readGaps(db)
}

async function readGaps(db: Db): Promise<Gaps> {
  // Entries that retention has removed are accounted for by their stubs.
  const given = sql`select (select coalesce(sum(removed), 0) from audit_stubs)::float8 as removed,
    (select coalesce(max(last_id), 0) from audit_stubs)::float8 as floor, coalesce((select last_value from pg_sequences where schemaname = current_schema()
    and sequencename = 'audit_id_seq'), 0)::float8 as last, count(*)::float8 as there, coalesce(max(id), 0)::float8 as newest from audit`
  const [counted] = (await db.execute(given)).rows as { last: number; there: number; newest: number; removed: number; floor: number }[] // the type of the line above
  const { last = 0, there = 0, newest = 0, removed = 0, floor = 0 } = counted ?? {}
  // Somebody may have reset the sequence.
  const count = Math.max(last, newest, floor) - there - removed
  if (count <= 0) return { count: 0, spans: [] }
  const between = sql`select (before + 1)::float8 as first, (id - 1)::float8 as last from
    (select id, coalesce(lag(id) over (order by id), ${floor}::bigint) as before from audit where id > ${floor}::bigint) as rows where id > before + 1 order by id limit 5`
  const found = (await db.execute(between)).rows as { first: number; last: number }[] // the type of the line above
  const spans = found.map((span): [number, number] => [span.first, span.last])
  const end = Math.max(newest, floor)
  return { count, spans: end < last ? [...spans.slice(0, 4), [end + 1, last]] : spans }
}
