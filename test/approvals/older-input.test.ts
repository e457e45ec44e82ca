import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { requests } from '../../src/db/schema.ts'
import { seen, startRequests } from './start-requests.ts'

test('a request of a release without the fields of today is drawn, approved and run', async () => {
  const { alice, dora, asks, card, notice, bot, row, repository } = await startRequests()
  const asked = await asks(alice, 'globex/web')
  const { id } = await row()
  await bot.db
    .update(requests)
    .set({ input: { repository: 'globex/web', visibility: 'private' } })
    .where(eq(requests.id, id))

  expect(seen(await dora.types(`/quay request show ${id}`))).toContain('globex/web')
  await dora.press('Approve', asked, 'quay-approvals')
  expect(seen(await card(/Approved by \*dora\* and done/))).toContain('Created <')
  await notice(alice, /and done/)
  expect(repository('globex/web')).toBeDefined()
})
