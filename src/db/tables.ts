import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './database.ts'

export interface Table {
  name: string
  /** The columns of its primary key, in order. */
  key: string[]
  /** Those of them that are text. Their order must not depend on the language of a database. */
  texts: string[]
  columns: string[]
}

/** Every table of ours, those first that others refer to. */
export async function tablesOf(db: Db): Promise<Table[]> {
  const { rows } = await db.execute<{ name: string; key: string[]; texts: string[]; columns: string[] }>(sql`
    select relname::text as name,
      (select array_agg(attname::text order by array_position(conkey, attnum)) from pg_constraint join pg_attribute on attrelid = conrelid and attnum = any(conkey)
        where conrelid = pg_class.oid and contype = 'p') as key,
      (select coalesce(array_agg(attname::text), '{}') from pg_attribute where attrelid = pg_class.oid and attnum > 0 and atttypid = 'text'::regtype) as texts,
      (select array_agg(attname::text order by attnum) from pg_attribute where attrelid = pg_class.oid and attnum > 0 and not attisdropped) as columns
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
    order by exists (select 1 from pg_constraint where conrelid = pg_class.oid and contype = 'f'), relname`)
  return rows
}

/** The key of a table, for comparing and ordering. `after`: what follows each column, such as `desc`. */
export function keyOf({ key, texts }: Table, after: SQL = sql``): SQL {
  const columns = key.map((column) => sql`${sql.identifier(column)}${texts.includes(column) ? sql` collate "C"` : sql``} ${after}`)
  return sql.join(columns, sql`, `)
}

/** A list of columns of a table. */
export function listed(columns: string[]): SQL {
  return sql.join(
    columns.map((column) => sql.identifier(column)),
    sql`, `,
  )
}

export interface Content {
  rows: number
  /** The same for the same rows, in whatever order and in whatever release of PostgreSQL. */
  sum: string
}

/** What is in a table: as many rows, and their content as one number. Call it with the time zone UTC. */
export async function contentOf(db: Db, { name }: Table): Promise<Content> {
  const { rows } = await db.execute<{ rows: number; sum: string }>(sql`
    select count(*)::float8 as rows, coalesce(sum(('x' || left(encode(sha256(convert_to(to_jsonb(one)::text, 'UTF8')), 'hex'), 15))::bit(60)::bigint), 0)::text as sum
    from ${sql.identifier(name)} as one`)
  return rows[0] ?? { rows: 0, sum: '0' }
}
