import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { pino } from 'pino'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { casing, migrations } from '../../src/db/migrate.ts'
import { startPglite } from '../../src/db/pglite.ts'
import { sized } from '../sized.ts'

interface Journal {
  entries: { tag: string }[]
}

const journal: Journal = JSON.parse(await readFile(join(migrations.migrationsFolder, 'meta/_journal.json'), 'utf8'))
const tags = journal.entries.map(({ tag }) => tag)

/** A cluster without tables, and the schema that today's code makes in one. */
let empty: Blob
let today: string[]

beforeAll(async () => {
  const pglite = await PGlite.create()
  empty = await pglite.dumpDataDir('none')
  const database = await startToday(pglite)
  today = await schemaOf(pglite)
  await database.close()
})

function startToday(pglite: PGlite) {
  return startPglite(pglite, pino({ level: 'silent' }))
}

/** The migrations folder as it was when this was the last one. */
async function migrationsUpTo(count: number) {
  const migrationsFolder = await mkdtemp(join(tmpdir(), 'quaymaster-migrations-'))
  onTestFinished(() => rm(migrationsFolder, { recursive: true }))
  await cp(migrations.migrationsFolder, migrationsFolder, { recursive: true })
  const first = { ...journal, entries: journal.entries.slice(0, count) }
  await writeFile(join(migrationsFolder, 'meta/_journal.json'), JSON.stringify(first))
  return { migrationsFolder }
}

async function rowsOf<Row>(pglite: PGlite, query: string) {
  return (await pglite.query<Row>(query)).rows
}

/** Everything that there is in the bot's own schema, a line each. */
async function schemaOf(pglite: PGlite) {
  const [columns, indexes, constraints, triggers] = await Promise.all([
    rowsOf<{ line: string }>(
      pglite,
      `select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') || is_identity as line
       from information_schema.columns where table_schema = 'public'`,
    ),
    rowsOf<{ line: string }>(pglite, `select indexdef as line from pg_indexes where schemaname = 'public'`),
    rowsOf<{ line: string }>(
      pglite,
      `select conrelid::regclass || ' ' || pg_get_constraintdef(oid) as line from pg_constraint where connamespace = 'public'::regnamespace`,
    ),
    rowsOf<{ line: string }>(pglite, `select pg_get_triggerdef(oid) as line from pg_trigger where not tgisinternal`),
  ])
  return [...columns, ...indexes, ...constraints, ...triggers].map(({ line }) => line).toSorted()
}

const values: Record<string, string> = {
  text: `'x'`,
  jsonb: `'{}'`,
  bigint: '1',
  integer: '1',
  'double precision': '1',
  boolean: 'true',
  'timestamp with time zone': 'now()',
}

/** A row in each table, with whatever a row has to have. */
async function fill(pglite: PGlite) {
  const tables = await rowsOf<{ name: string }>(
    pglite,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
     order by exists (select 1 from pg_constraint where conrelid = pg_class.oid and contype = 'f'), oid`,
  )
  for (const { name } of tables) {
    const columns = await rowsOf<{ name: string; type: string }>(
      pglite,
      `select column_name as name, data_type as type from information_schema.columns
       where table_schema = 'public' and table_name = '${name}' and is_nullable = 'NO' and column_default is null and is_identity = 'NO'`,
    )
    const given = columns.map(({ type }) => values[type] ?? `a value of ${type}`)
    await pglite.query(`insert into "${name}" (${columns.map((column) => `"${column.name}"`).join()}) values (${given.join()})`)
  }
  return tables.map(({ name }) => name)
}

// Each replays all that came before it: with `npm test` the one before the newest alone, whose rows the newest finds.
const all = tags.map((tag, index) => [tag, index + 1] as const)
const tried = sized(all.slice(-2, -1), all, all)

test.each(tried)('from the schema of %s on, with a row in every table', async (_, count) => {
  const pglite = await PGlite.create({ loadDataDir: empty })
  await migrate(drizzle(pglite, { casing }), await migrationsUpTo(count))
  const tables = await fill(pglite)
  expect(tables).not.toEqual([])

  const database = await startToday(pglite)
  onTestFinished(() => database.close())

  expect(await schemaOf(pglite)).toEqual(today)
  for (const name of tables) expect(await rowsOf(pglite, `select 1 from "${name}"`), name).toHaveLength(1)
})
