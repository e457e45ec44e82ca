import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { expect, test } from 'vitest'
import * as schema from '../../src/db/schema.ts'

const migrations = fileURLToPath(new URL('../../src/db/migrations/', import.meta.url))

test('the migrations make the schema: nothing is left for `npm run migration`', async () => {
  const snapshot = globSync('meta/*_snapshot.json', { cwd: migrations }).toSorted().at(-1)
  const made = JSON.parse(readFileSync(`${migrations}${snapshot}`, 'utf8'))
  const wanted = generateDrizzleJson(schema, made.id, undefined, 'snake_case')
  expect(await generateMigration(made, wanted)).toEqual([])
})

test('migrations only add: the release before still works while replicas are replaced one by one', () => {
  for (const file of globSync('*.sql', { cwd: migrations })) {
    expect(readFileSync(`${migrations}${file}`, 'utf8'), file).not.toMatch(/\bdrop\b|\brename\b|set data type|set not null/i)
  }
})
