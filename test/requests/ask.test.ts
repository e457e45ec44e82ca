import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

test('grace-like carl asks for a repository elsewhere: a card, an approval, the repository, one message', async () => {
  const { alice, dora, changes, log } = await startBot()

  const reply = await alice.types('/quay repo create globex/web reason="For the shop"')
  expect(reply.text).toContain('waits for a decision')
  await expect.poll(async () => (await dora.sees('quay-approvals')).length, { timeout: 20_000 }).toBe(1)
  const [card] = await dora.sees('quay-approvals')
  console.log(JSON.stringify(card, null, 1))
  await dora.press('Approve', card!, 'quay-approvals')
  try {
  await expect.poll(async () => JSON.stringify(await dora.sees('quay-approvals')), { timeout: 20_000 }).toContain('Done on the authority')
  } catch (e) { console.log(log().slice(-3000)); throw e }
  console.log(JSON.stringify(await alice.sees('alice'), null, 1), changes())
})
