import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { version } from '../src/core/version.ts'
import { startPglite } from '../src/db/pglite.ts'
import { isCi } from './sized.ts'

// Every release that was given out left a database in test/recorded/release-<version>/, and today's migrations take it. What its
// messages and buttons do afterwards is in upgrade.test.ts.

const changelog = readFileSync('docs/CHANGELOG.md', 'utf8')
const released = [...changelog.matchAll(/^## (\d+\.\d+\.\d+) \(\d{4}-\d{2}-\d{2}\)$/gm)].map(([, release = '']) => release)
const folders = globSync('test/recorded/release-*')

test('every release of the changelog has its database here, and the version that runs is its newest heading', () => {
  expect(released).toContain('0.1.0')
  for (const release of released) expect(folders).toContain(`test/recorded/release-${release}`)
  expect(changelog).toMatch(new RegExp(`^# Changelog[^#]+## ${version.replaceAll('.', '\\.')} `))
})

async function countsOf(client: PGlite) {
  const { rows } = await client.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  )
  const counts = rows.map(async ({ name }) => {
    const { rows: found } = await client.query<{ count: number }>(`select count(*)::int as count from "${name}"`)
    return [name, found[0]?.count ?? 0] as const
  })
  return Object.fromEntries(await Promise.all(counts))
}

test.runIf(isCi).each(folders)('%s: its database is upgraded, and every row is there', async (folder) => {
  const dump = join(folder, 'database.tar.gz')
  expect(existsSync(dump)).toBe(true)
  const client = await PGlite.create({ loadDataDir: new Blob([gunzipSync(readFileSync(dump))]) })
  const before = await countsOf(client)
  expect(Object.keys(before).length).toBeGreaterThan(10)
  const { db, close } = await startPglite(client, pino({ enabled: false }))
  onTestFinished(close)
  const after = await countsOf(client)
  for (const [table, count] of Object.entries(before)) expect(after, table).toHaveProperty(table, count)
  expect(Object.keys(after).length).toBeGreaterThan(Object.keys(before).length)
  await expect(db.execute(sql`select count(*) from access_holds`)).resolves.toBeDefined()
})
