import { afterAll, expect, test } from 'vitest'
import { enqueue } from '../../src/context.ts'
import { startBot } from '../start-bot.ts'

const started = await startBot({ until: afterAll })
const { alice, bea, dora, quay } = started

test('dora pages the usage logs of the registry: older, newer, and to the end', async () => {
  const first = await dora.types('/quay logs', 'dora')
  expect(first.text).toContain('Usage logs of the registry')
  expect(rows(first)).toHaveLength(20)

  const second = await dora.presses('Older', first, 'dora')
  expect(rows(second)).toHaveLength(20)
  expect(rows(second)[0]).not.toBe(rows(first)[0])
  const back = await dora.presses('Newer', second, 'dora')
  expect(rows(back)).toEqual(rows(first))

  let page = back
  for (let turns = 0; turns < 30 && labels(page).includes('Older'); turns += 1) page = await dora.presses('Older', page, 'dora')
  expect(labels(page)).not.toContain('Older')
  expect(JSON.stringify(page.blocks)).not.toContain('next_page')
})

test('the next page is fetched before it is asked for: the press makes no call for it', async () => {
  const first = await dora.types('/quay logs namespace acme', 'dora')
  const paged = () => quay.exchanges.filter(({ path }) => path.includes('/organization/acme/logs') && path.includes('next_page')).length
  await expect.poll(paged).toBe(1)
  const token = quay.exchanges.findLast(({ path }) => path.includes('next_page'))?.path

  await dora.presses('Older', first, 'dora')

  expect(quay.exchanges.filter(({ path }) => path === token)).toHaveLength(1)
})

test('admins see the logs of what is theirs; who is none is refused, with who could help', async () => {
  expect((await bea.types('/quay logs repo acme/api')).text).toContain('acme/api')
  const refusal = await alice.types('/quay logs namespace acme')
  expect(refusal.text).toBe('You need to be an *admin* of acme.')
  expect(JSON.stringify(refusal.blocks)).toMatch(/<@U0(BEA|CARL)>.*can help/)
  expect((await bea.types('/quay logs')).text).toBe('You need to be a *superuser* of Quay.')
})

test('filters that Quay lacks are looked for on the page, and the reply says so', async () => {
  const reply = await bea.types('/quay logs repo acme/api kind=push_repo')
  expect(rows(reply).every((row) => row.includes(' – Push'))).toBe(true)
  expect(JSON.stringify(reply.blocks)).toContain('Quay can’t filter by this, so a page may show fewer than 20 entries.')
})

test('totals count by kind; Quay failing is a sentence', async () => {
  expect((await dora.types('/quay logs totals', 'dora')).text).toContain('Usage of the registry,')
  quay.faults({ status: 503, match: 'superuser/logs' })
  expect((await dora.types('/quay logs', 'dora')).text).toBe('Quay is not available right now.')
  quay.faults(undefined)
})

type Reply = Awaited<ReturnType<typeof dora.types>>

function rows({ blocks }: Reply) {
  return blocks.flatMap((block) => block.text?.text.split('\n').filter((line) => line.startsWith('•')) ?? [])
}

function labels({ blocks }: Reply) {
  return blocks.flatMap((block) => block.elements?.flatMap((element) => element.text?.text ?? []) ?? [])
}

test('an export comes as a file by direct message; days the wrong way round are refused', async () => {
  const today = new Date().toISOString().slice(0, 10)
  expect((await bea.types(`/quay logs export namespace acme ${today} 2026-01-01`)).text).toBe(
    'The first day must not be after the last day.',
  )
  expect((await bea.types(`/quay logs export namespace acme 2026-01-01 ${today}`)).text).toContain('The usage logs of')
  await expect.poll(async () => JSON.stringify(await bea.get('files?user=bea')), { timeout: 20_000 }).toContain('usage-logs-2026-01-01')
  expect(JSON.stringify(await bea.sees('bea'))).toContain('log entries of acme')
})

test('whoever has lost the right by the time an export is written hears that none comes', async () => {
  const { bot } = started
  // As it was queued while bea was still an admin of globex.
  const queued = { person: 'U0BEA', scope: 'namespace', name: 'globex', from: '2026-01-01', to: '2026-01-02', reference: 'q7f3m2' } as const
  await bot.db.transaction((tx) => enqueue(bot, tx, 'export-logs', queued))
  await expect
    .poll(async () => (await bea.sees('bea')).map(({ text }) => text), { timeout: 20_000 })
    .toContainEqual(
      expect.stringMatching(/^The export of the usage logs of 2026-01-01 – 2026-01-02 failed\. You need to be an \*admin\* of globex/),
    )
  expect(JSON.stringify(await bea.get('files?user=bea'))).not.toContain('usage-logs-2026-01-01-2026-01-02')
})

test('an export that Quay never answers is given up after its last attempt, and the person hears of it', async () => {
  quay.faults({ status: 503 })
  const queued = { person: 'U0BEA', scope: 'namespace', name: 'acme', from: '2026-02-01', to: '2026-02-02', reference: 'q7f3m3' } as const
  await started.bot.boss.send('export-logs', queued, { retryLimit: 0 })
  await expect
    .poll(async () => (await bea.sees('bea')).map(({ text }) => text), { timeout: 60_000 })
    .toContainEqual(expect.stringMatching(/^The export of the usage logs of 2026-02-01 – 2026-02-02 failed\. Quay/))
  quay.faults({})
})

test('an export holds what Quay gave, in cells that no spreadsheet takes for a formula', async () => {
  const entry = quay.registry.logs.findLast(({ namespace }) => namespace === 'acme')
  const formulas = ['=HYPERLINK("https://evil.example")', '+1', '-1', '@SUM(A1)']
  const now = started.clock.now()
  for (const kind of formulas) quay.registry.logs.push({ ...structuredClone(entry!), kind, at: now }) // acme is seeded with entries
  const today = new Date(now).toISOString().slice(0, 10)
  await bea.types(`/quay logs export namespace acme ${today} ${today}`)
  const csv = async () => {
    const { files } = await bea.get<{ files: { name: string; content?: string }[] }>('files?user=bea')
    return files.find(({ name }) => name === `usage-logs-${today}-${today}.csv`)?.content ?? ''
  }
  await expect.poll(csv, { timeout: 20_000 }).toContain('HYPERLINK')
  const cells = (await csv())
    .trim()
    .split('\n')
    .map((line) => line.split(',')[1])
  expect(cells.slice(1, 5).map((cell) => cell?.replaceAll('"', '').slice(0, 3))).toEqual(["'@S", "'-1", "'+1", "'=H"])
  expect(cells[0]).toBe('kind')
})

test('Filter under a list opens its fields, filled with what it shows now; what is chosen there is a list of its own', async () => {
  const list = await bea.types('/quay logs repo acme/api from=2026-01-01')
  const modal = await bea.pressesToOpen('Filter', list)
  expect(modal.fields).toMatchObject({ repository: 'acme/api', from: '2026-01-01' })
  const known = (await bea.sees()).length
  await bea.submits(modal, { kind: 'push_repo' })
  await expect.poll(async () => (await bea.sees()).length, { timeout: 20_000 }).toBeGreaterThan(known)
  const filtered = (await bea.sees()).at(-1)
  expect(filtered && rows(filtered).every((row) => row.includes(' – Push'))).toBe(true)
  expect(labels(await dora.types('/quay user list'))).toEqual(['Filter', 'Download'])
})
