import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { and, asc, gte, lt, sql } from 'drizzle-orm'
import { aDay } from '../core/durations.ts'
import type { Db } from '../db/database.ts'
import { auditStubs, audit as table } from '../db/schema.ts'

const batch = 1_000

interface Exported {
  /** The days that were written: `2026-11-28`. */
  days: string[]
  entries: number
}

/**
 * Writes the audit log to a folder as JSON Lines, a file for each day in UTC: `audit-2026-11-28.jsonl`. Every line is an entry with
 * its position and seal. A day is written whole or not at all, and again if it is there; a day of which retention has removed entries
 * is left as it was exported before.
 */
export async function exportAudit(
  db: Db,
  folder: string,
  { from, until }: { from?: Date | undefined; until?: Date | undefined },
): Promise<Exported> {
  const [range] = await db
    .select({ first: sql<string | null>`min(${table.at})::text`, last: sql<string | null>`max(${table.at})::text` })
    .from(table)
    .where(and(from && gte(table.at, from), until && lt(table.at, until)))
  if (!range?.first || !range.last) return { days: [], entries: 0 }
  const removed = await removedThrough(db)
  const done: Exported = { days: [], entries: 0 }
  for (let day = startOf(new Date(range.first)); day <= new Date(range.last).getTime(); day += aDay) {
    if (day <= removed) continue
    const entries = await writeDay(db, folder, day)
    if (entries === 0) continue
    done.days.push(nameOf(day))
    done.entries += entries
  }
  return done
}

/** The last moment of which entries were removed, in milliseconds; before all time if none were. */
async function removedThrough(db: Db) {
  const [stub] = await db.select({ through: sql<string | null>`max(${auditStubs.through})::text` }).from(auditStubs)
  return stub?.through ? new Date(stub.through).getTime() : Number.NEGATIVE_INFINITY
}

async function writeDay(db: Db, folder: string, day: number) {
  const file = join(folder, `audit-${nameOf(day)}.jsonl`)
  const within = and(gte(table.at, new Date(day)), lt(table.at, new Date(day + aDay)))
  const handle = await open(`${file}.unfinished`, 'w', 0o600)
  let count = 0
  try {
    for (let last: { at: Date; id: number } | undefined; ; ) {
      const behind = last && sql`(${table.at}, ${table.id}) > (${last.at.toISOString()}::timestamptz, ${last.id}::bigint)`
      const rows = await db.select().from(table).where(and(within, behind)).orderBy(asc(table.at), asc(table.id)).limit(batch)
      last = rows.at(-1)
      if (!last) break
      await handle.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
      count += rows.length
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  if (count > 0) await rename(`${file}.unfinished`, file)
  return count
}

function startOf(moment: Date) {
  return Math.floor(moment.getTime() / aDay) * aDay
}

function nameOf(day: number) {
  return new Date(day).toISOString().slice(0, 10)
}
