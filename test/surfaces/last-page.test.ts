import { expect, test } from 'vitest'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

// Quay names a page after the last one as well, which is empty (seen on a running Quay).
test.for(sampled([0, 1, 19, 20, 21, 39, 40, 41], 4, 1))(
  'a log of %i entries ends where its entries do: no Older leads to an empty page',
  async (count) => {
    const { dora, quay } = await startBot()
    const entry = quay.registry.logs.findLast(({ namespace }) => namespace === 'acme')
    // Two kinds in turn: the same one after the other would be one row.
    const kinds = ['push_repo', 'pull_repo']
    quay.registry.logs = Array.from({ length: count }, (_, index) => ({
      ...structuredClone(entry!), // it is seeded
      at: entry!.at - index * 1000,
      kind: kinds[index % 2] ?? '',
    }))

    let page = await dora.types('/quay logs namespace acme', 'dora')
    const counts = [rows(page)]
    while (labels(page).includes('Older')) {
      page = await dora.presses('Older', page, 'dora')
      counts.push(rows(page))
    }
    expect(counts).toEqual(count === 0 ? [0] : [...Array.from({ length: Math.ceil(count / 20) - 1 }, () => 20), count % 20 || 20])
    if (count > 20) expect(rows(await dora.presses('Newer', page, 'dora'))).toBe(20)
  },
)

test('where the page behind is slow in coming, Older is drawn all the same', async () => {
  const { dora, quay } = await startBot()
  quay.faults({ latencyMs: 5_000, match: 'next_page' })
  const page = await dora.types('/quay logs namespace acme', 'dora')
  expect(labels(page)).toContain('Older')
})

type Reply = Awaited<ReturnType<Awaited<ReturnType<typeof startBot>>['dora']['types']>>

function rows({ blocks }: Reply) {
  return blocks.flatMap((block) => block.text?.text.split('\n').filter((line) => line.startsWith('•')) ?? []).length
}

function labels({ blocks }: Reply) {
  return blocks.flatMap((block) => block.elements?.flatMap((element) => element.text?.text ?? []) ?? [])
}
