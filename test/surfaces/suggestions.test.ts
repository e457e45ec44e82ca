import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

test('a select offers what the person may know, the typed text first, and keeps the rest to itself', async () => {
  const { alice, bea } = await startBot()
  const modal = await alice.opens('/quay repo show')

  const offered = async (query: string) => texts(await alice.options(modal, 'repository', query))
  await expect.poll(() => offered(''), { timeout: 20_000 }).toContain('acme/shop')
  expect(await offered('site')).toEqual(['site', 'globex/site'])
  expect(await offered('globex/sec')).toEqual(['globex/sec'])

  const create = await bea.opens('/quay repo create')
  await expect
    .poll(async () => texts(await bea.options(create, 'repository', 'web')), { timeout: 20_000 })
    .toEqual(['web', 'acme/web', 'labs/web'])
})

function texts(answer: unknown) {
  const { options = [] } = answer as { options?: { text?: { text: string } | string; value: string }[] }
  return options.map(({ value }) => value)
}
