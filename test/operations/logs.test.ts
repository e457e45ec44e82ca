import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { deedOf } from '../../src/draw/log-kinds.ts'
import { translator } from '../../src/language.ts'
import { detailsOf } from '../../src/quay/log-details.ts'
import { startBot } from '../start-bot.ts'

test('usage logs: the registry’s for superusers, an organisation’s and a repository’s for their admins', async () => {
  const { dora, alice, bea, quay } = await startBot()

  const first = await dora.types('/quay logs')
  expect(first.text).toMatch(/^Usage log of the registry, <!date\^\d+\^.*> – <!date/)
  const drawn = JSON.stringify(first.blocks)
  expect(drawn).toContain('robot *acme+ci* pushed the tag latest – `acme/api` (198.51.100.7)')
  expect(drawn).toContain('*bea* put ivan into the team frontend – `acme`')
  expect(drawn).not.toContain('next_page')
  const older = await dora.presses('Older', first)
  expect(older.blocks).not.toEqual(first.blocks)
  expect(JSON.stringify(await dora.presses('Newer', older))).toContain('acme/api')

  const pushes = await dora.types('/quay logs kind="push repo" performer=hana')
  expect(JSON.stringify(pushes.blocks)).toContain('*hana* pushed the tag latest – `globex/site`')
  expect(JSON.stringify(pushes.blocks)).toMatch(/\d+ entries of this page are left out: Quay cannot filter by this/)
  expect(JSON.stringify((await dora.types('/quay logs from=2020-01-01 to=2020-01-02')).blocks)).toContain(
    'There are no older entries in this time.',
  )
  expect((await dora.types('/quay logs from=2020-01-02 to=2020-01-01')).text).toBe('The first day is after the last one.')
  expect((await dora.types('/quay logs from=yesterday')).text).toMatch(/^From: /)

  const totals = await dora.types('/quay logs totals')
  expect(totals.text).toMatch(/^\d+ log entries on \d days?$/)
  expect(JSON.stringify(totals.blocks)).toMatch(/`push_repo` – \d+ \(\d{4}-\d\d-\d\d: \d+/)

  expect(JSON.stringify((await bea.types('/quay logs namespace acme performer=alice')).blocks)).toContain('*alice* created the tag v1.1')
  expect((await bea.types('/quay logs namespace acme performer=nobody')).text).toBe('Quay has no account nobody.')
  expect((await bea.types('/quay logs repo acme/api')).text).toMatch(/^Usage log of \*acme\/api\*, /)

  expect((await bea.types('/quay logs')).text).toContain('You need to be a *superuser* of Quay.')
  expect((await bea.types('/quay logs totals')).text).toContain('You need to be a *superuser* of Quay.')
  expect((await bea.types('/quay logs namespace globex')).text).toContain('You need to be an *admin* of globex.')
  expect((await alice.types('/quay logs repo acme/api')).text).toContain('You need to be an *admin* of acme/api.')
  quay.faults({ status: 503 })
  expect((await dora.types('/quay logs')).text).toBe('Quay is not available right now.')
})

test('every kind of log entry that a real Quay was recorded to write has words', () => {
  const t = translator('en')
  const exchanges = readFileSync(new URL('../recorded/quay/exchanges.jsonl', import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean)
  const seen = new Map<string, Record<string, string>>()
  for (const line of exchanges)
    for (const { kind, metadata } of JSON.parse(line).response?.body?.logs ?? []) if (metadata) seen.set(kind, metadata)
  expect(seen.size).toBeGreaterThan(60)
  for (const [kind, metadata] of seen) {
    expect(deedOf(kind, detailsOf(metadata), t)).not.toBe(kind)
  }
  expect(deedOf('something_new', {}, t)).toBe('something_new')
})
