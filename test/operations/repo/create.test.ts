import { expect, test } from 'vitest'
import { startBot } from '../../start-bot.ts'

test('alice, a creator in acme, creates a repository by one command', async () => {
  const { alice, quay, changes } = await startBot()

  const reply = await alice.types('/quay repo create acme/web description="Front page"')

  expect(reply).toMatchObject({ ephemeral: true, text: expect.stringMatching(/^Created <http.*\|acme\/web>\.$/) })
  expect(changes()).toContain('POST /api/v1/repository')
  expect(JSON.stringify(quay.snapshot())).toContain('Front page')
})
