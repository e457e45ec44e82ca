import { expect, test } from 'vitest'
import { startRequests } from './start-requests.ts'

// What somebody types for a request is the beginning of its id, and never a pattern.

test('the beginning of an id finds the request; what only looks like one finds nothing', async () => {
  const { alice, asks, row } = await startRequests()
  await asks(alice, 'globex/web')
  const { id } = await row()
  const show = async (typed: string) => (await alice.types(`/quay request show ${typed}`)).text
  expect(await show(id.slice(0, 4))).toContain('globex/web')
  for (const typed of [`${id.slice(0, 3)}%`, `${id.slice(0, 3)}_`, `${id.slice(0, 4)}%`, `${id}x`])
    expect(await show(typed), typed).not.toContain('globex/web')
  expect(await show(`${id.slice(0, 3)}%`)).toContain('not found')
})
