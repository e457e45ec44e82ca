import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import * as schema from '../../src/db/schema.ts'
import { openState } from './open-state.ts'

interface Snapshot {
  tables: Record<string, { name: string; columns: object; indexes: object }>
}

const migrations = fileURLToPath(new URL('../../src/db/migrations/', import.meta.url))

test('the migrations make the schema: nothing is left for `npm run migration`', async () => {
  const snapshot = globSync('meta/*_snapshot.json', { cwd: migrations }).toSorted().at(-1)
  const made = JSON.parse(readFileSync(`${migrations}${snapshot}`, 'utf8'))
  const wanted = generateDrizzleJson(schema, made.id, undefined, 'snake_case')
  expect(await generateMigration(made, wanted)).toEqual([])
})

test('the migrated database has every column and index of the schema: a merge that loses a file of two of the same number is noticed', async () => {
  const snapshot = globSync('meta/*_snapshot.json', { cwd: migrations }).toSorted().at(-1)
  const { tables }: Snapshot = JSON.parse(readFileSync(`${migrations}${snapshot}`, 'utf8'))
  const wanted = Object.values(tables).flatMap(({ name, columns, indexes }) => [
    ...Object.keys(columns).map((column) => `${name}.${column}`),
    ...Object.keys(indexes),
  ])
  const { bot } = await openState()
  const { rows } = await bot.db.execute<{ name: string }>(sql`
    select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public'
    union all select indexname from pg_indexes where schemaname = 'public'`)
  const there = new Set(rows.map(({ name }) => name))
  expect(wanted.filter((name) => !there.has(name))).toEqual([])
})

test('migrations only add: the release before still works while replicas are replaced one by one', () => {
  for (const file of globSync('*.sql', { cwd: migrations })) {
    expect(readFileSync(`${migrations}${file}`, 'utf8'), file).not.toMatch(/\bdrop\b|\brename\b|set data type|set not null/i)
  }
})
