import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

const soon = { timeout: 50_000, interval: 20 }
const pages = 60

/** A registry that takes 20 calls a second, and a log of acme of 60 pages. */
async function withLongLog() {
  const started = await startBot({ environment: { QUAY_RATE: '20' } })
  const { quay, bea, bot } = started
  const now = Date.now()
  const entry = {
    kind: 'pull_repo',
    metadata: { repo: 'api', namespace: 'acme' },
    ip: null,
    performer: 'bea',
    namespace: 'acme',
    repository: 'acme/api',
  }
  quay.registry.logs.splice(0)
  for (let index = 0; index < pages * 20; index += 1)
    quay.registry.logs.push({ ...entry, metadata: { ...entry.metadata, tag: `v${index}` }, at: now - index })
  const day = new Date(now).toISOString().slice(0, 10)
  const asks = () => bea.types(`/quay logs export namespace acme 2026-01-01 ${day}`)
  const isPage = ({ path }: { path: string }) => path.startsWith('/api/v1/organization/acme/logs')
  const read = () => quay.exchanges.filter(isPage).length
  const sent = async (name: string) =>
    (await started.bea.get<{ files: { name: string; content?: string }[] }>(`files?user=${name}`)).files.map(({ content = '' }) => content)
  const spool = join(bot.config.DATA_DIR, 'spool')
  const spooled = async () => readdir(spool).catch(() => [])
  return { ...started, asks, isPage, read, sent, spool, spooled }
}

test('a long log is exported: what others type meanwhile goes first, and the file grows on disk page by page', async () => {
  const { alice, asks, isPage, quay, read, sent, spool, spooled } = await withLongLog()
  await asks()
  await expect.poll(read, soon).toBeGreaterThan(10)
  const from = quay.exchanges.length
  expect((await alice.types('/quay repo list acme')).text).not.toMatch(/Too many|moment/)
  const meanwhile = quay.exchanges.slice(from)
  // The answer has come in the middle of the export, and between two calls of hers there are a few of its pages at most.
  expect(read()).toBeLessThan(pages)
  const own = meanwhile.flatMap((one, index) => (isPage(one) ? [] : [index]))
  expect(own.length).toBeGreaterThan(0)
  const between = own.map((index, nth) => index - (own[nth - 1] ?? -1) - 1)
  expect(Math.max(...between)).toBeLessThanOrEqual(10)
  const [file] = await spooled()
  expect((await stat(join(spool, file ?? ''))).size).toBeGreaterThan(0)

  await expect.poll(async () => (await sent('bea')).length, soon).toBe(1)
  // With its header.
  expect((await sent('bea'))[0]?.trim().split('\n')).toHaveLength(pages * 20 + 1)
  await expect.poll(spooled, soon).toEqual([])
})

test('the same log is asked for twice at a time: it is read once, both get it, and the file is gone afterwards', async () => {
  const { asks, read, sent, spooled } = await withLongLog()
  await asks()
  await expect.poll(read, soon).toBeGreaterThan(2)
  await asks()
  await expect.poll(async () => (await sent('bea')).length, soon).toBe(2)
  const [one, other] = await sent('bea')
  expect(other).toBe(one)
  expect(read()).toBeLessThan(1.5 * pages)
  await expect.poll(spooled, soon).toEqual([])
})
