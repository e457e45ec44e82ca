import type { Client } from 'pg'

const ours = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'`
// System objects have lower ids.
const firstOfUs = 16_384

/** What tells whether tables, columns, triggers, functions or settings of a database were changed: a text, the same for a copy of it. */
export const fingerprint = `select concat_ws(' ',
  (select concat(count(*), '-', max(xmin::text::int8)) from pg_class where oid >= ${firstOfUs}),
  (select concat(count(*), '-', max(xmin::text::int8)) from pg_attribute where attrelid >= ${firstOfUs}),
  (select concat(count(*), '-', max(xmin::text::int8)) from pg_trigger),
  (select concat(count(*), '-', max(xmin::text::int8)) from pg_proc where oid >= ${firstOfUs}),
  (select concat(count(*), '-', max(xmin::text::int8)) from pg_constraint where oid >= ${firstOfUs}),
  (select count(*) from pg_namespace),
  (select count(*) from pg_db_role_setting where setdatabase = (select oid from pg_database where datname = current_database()))
) as fingerprint`

interface Table {
  /** With its schema. */
  name: string
  /** Those that a row is inserted with, as a list. */
  columns: string
}

/** All tables of ours, those of the job queue included. */
export async function tablesIn(client: Pick<Client, 'query'>): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select format('%I.%I', n.nspname, c.relname) as name,
      (select string_agg(quote_ident(a.attname), ', ') from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${ours} and c.relkind in ('r', 'p') and not c.relispartition order by 1`)
  return rows
}

/** Statements that give all tables of a database, or of a copy of it, the rows again that they have now. */
export async function restoring(client: Pick<Client, 'query'>): Promise<string> {
  const tables = await tablesIn(client)
  const sequences = await client.query<{ name: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours} and c.relkind = 'S'`)
  const rows = await Promise.all(tables.map((table) => rowsOf(client, table)))
  const values = await Promise.all(
    sequences.rows.map(async ({ name }) => {
      const { rows: value } = await client.query(`select last_value, is_called from ${name}`)
      return `select setval('${name}', ${value[0].last_value}, ${value[0].is_called});`
    }),
  )
  return [
    // Neither triggers nor references to rows that come later.
    'begin; set local session_replication_role = replica;',
    ...tables.map(({ name }) => `delete from ${name};`),
    ...rows,
    ...values,
    'commit;',
  ].join('\n')
}

/** A statement that gives a table the rows that it has now; empty without rows. */
export async function rowsOf(client: Pick<Client, 'query'>, { name, columns }: Table): Promise<string> {
  const { rows } = await client.query(`select json_agg(t)::text as rows from ${name} t`)
  if (rows[0].rows === null) return ''
  return `insert into ${name} (${columns}) overriding system value
    select ${columns} from json_populate_recordset(null::${name}, $rows$${rows[0].rows}$rows$);`
}
