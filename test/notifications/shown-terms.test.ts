import { expect, test } from 'vitest'
import { allOf } from '../commands/drawn.ts'
import { startBot } from '../start-bot.ts'

// What somebody asked for is what a subscription says of itself: a filter that is not shown is taken for a fault.

test('a subscription shows its filters, its digest and whether it is muted', async () => {
  const { bea } = await startBot()
  const shown = async () => allOf(await bea.types('/quay subscription show acme/api', 'acme-dev'))
  await bea.types('/quay subscribe acme/api events=builds,pushes tags=v1* only=changes digest=weekly', 'acme-dev')
  expect(await shown()).toMatch(/changes only, weekly digest, by .*, active[\s\S]*only the tags .*v1\*/)
  await bea.types('/quay subscription mute acme/api for=1d', 'acme-dev')
  expect(await shown()).toMatch(/changes only, weekly digest, by .*, muted/)
  await bea.types('/quay subscribe acme/api events=builds', 'acme-dev')
  expect(await shown()).not.toMatch(/only the tags|changes only|digest/)
})
