import { expect, test } from 'vitest'
import { recent } from '../../src/db/schema.ts'
import { startBot } from '../start-bot.ts'

test('what a person ran is offered to them again; help, which nobody repeats, is not', async () => {
  const { alice, bot } = await startBot()
  await alice.types('/quay whoami')
  await alice.types('/quay help tag list')
  await alice.types('/quay repo show acme/api')
  const operations = async () => (await bot.db.select().from(recent)).map(({ operation }) => operation).sort()
  await expect.poll(operations).toEqual(['repo show', 'whoami'])
})
