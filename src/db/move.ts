import { type SQLWrapper, sql } from 'drizzle-orm'
import { Failure } from '../core/failure.ts'
import type { Db } from './database.ts'
import { type Content, contentOf, keyOf, listed, type Table, tablesOf } from './tables.ts'

const batch = 2_000

// Lives in the target while data are moved: which source they come from.
const marker = sql.identifier('quaymaster_move')

/** A statement at a time, in the time zone in which rows are compared. */
function inUtc<Result>(db: Db, work: (tx: Db) => Promise<Result>): Promise<Result> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local timezone = 'UTC'`)
    return work(tx)
  })
}

/**
 * Copies all rows of one database into another that is empty, or goes on where the same move was interrupted. Both have the tables of
 * this release. `id`: names the source. Throws `conflict` for a target that has other data, and if both do not hold the same in the end.
 * Returns what was moved, by table.
 */
export async function moveRows(source: Db, target: Db, id: string): Promise<Record<string, Content>> {
  const tables = await tablesOf(source)
  await beginIn(target, tables, id)
  for (const table of tables) await copy(source, target, table)
  await continueNumbers(source, target)
  const moved: Record<string, Content> = {}
  for (const table of tables) {
    const [there, here] = [await inUtc(source, (tx) => contentOf(tx, table)), await inUtc(target, (tx) => contentOf(tx, table))]
    if (there.rows !== here.rows || there.sum !== here.sum)
      throw new Failure(
        'conflict',
        'The table {table} has {there, number} rows in DATA_DIR and {here, number} in DATABASE_URL, or their content differs. Empty the target and run it again.',
        { table: table.name, there: there.rows, here: here.rows },
      )
    moved[table.name] = here
  }
  return moved
}

/** After it the target is an ordinary database. */
export async function endMove(target: Db): Promise<void> {
  await target.execute(sql`drop table ${marker}`)
}

async function beginIn(target: Db, tables: Table[], id: string) {
  const { rows } = await target.execute<{ there: boolean }>(sql`select to_regclass('public.quaymaster_move') is not null as there`)
  if (rows[0]?.there) {
    const begun = await target.execute<{ source: string }>(sql`select source from ${marker}`)
    if (begun.rows[0]?.source === id) return
    throw new Failure('conflict', 'Data of another DATA_DIR are being moved to DATABASE_URL. Empty the target first.')
  }
  for (const { name } of tables) {
    // Readiness may have written its row.
    const full = await target.execute(
      name === 'entries' ? sql`select 1 from entries where key <> 'health' limit 1` : sql`select 1 from ${sql.identifier(name)} limit 1`,
    )
    if (full.rows.length > 0)
      throw new Failure('conflict', 'The database of DATABASE_URL is not empty: the table {table} has rows. Name an empty one.', {
        table: name,
      })
  }
  await target.transaction(async (tx) => {
    await tx.execute(sql`delete from entries`)
    await tx.execute(sql`create table ${marker} (source text not null)`)
    await tx.execute(sql`insert into ${marker} values (${id})`)
  })
}

/** In the order of the key; what is there already stays, so that an interrupted copy goes on behind it. */
async function copy(source: Db, target: Db, table: Table) {
  const name = sql.identifier(table.name)
  let after = await lastKey(target, table)
  for (;;) {
    const from =
      after === undefined
        ? sql``
        : sql`where (${keyOf(table)}) > (select ${keyOf(table)} from jsonb_populate_record(null::${name}, ${after}::jsonb))`
    const { rows } = await inUtc(source, (tx) =>
      tx.execute<{ given: string | null; count: number }>(
        sql`select jsonb_agg(one)::text as given, count(*)::int as count from (select * from ${name} ${from} order by ${keyOf(table)} limit ${batch}) as one`,
      ),
    )
    const { given, count = 0 } = rows[0] ?? {}
    if (!given) return
    // As text all the way: JavaScript would round large numbers.
    const set = sql`jsonb_populate_recordset(null::${name}, ${given}::jsonb)`
    after = await inUtc(target, async (tx) => {
      await tx.execute(sql`insert into ${name} (${listed(table.columns)}) overriding system value
        select ${listed(table.columns)} from ${set} on conflict do nothing`)
      return highestKey(tx, table, set)
    })
    if (count < batch) return
  }
}

/** The highest key that the target has of a table, as JSON. */
function lastKey(target: Db, table: Table) {
  return inUtc(target, (tx) => highestKey(tx, table, sql.identifier(table.name)))
}

async function highestKey(tx: Db, table: Table, rowsIn: SQLWrapper) {
  const { rows } = await tx.execute<{ key: string }>(
    sql`select to_jsonb(one)::text as key from (select ${listed(table.key)} from ${rowsIn} as given order by ${keyOf(table, sql`desc`)} limit 1) as one`,
  )
  return rows[0]?.key
}

/** Numbers that the database gives go on behind those that the source has given, even where their rows are gone. */
async function continueNumbers(source: Db, target: Db) {
  const { rows } = await source.execute<{ sequence: string; last: string }>(
    sql`select sequencename::text as sequence, last_value::text as last from pg_sequences where schemaname = 'public' and last_value is not null`,
  )
  for (const { sequence, last } of rows) await target.execute(sql`select setval(${sequence}::regclass, ${last}::bigint)`)
}
