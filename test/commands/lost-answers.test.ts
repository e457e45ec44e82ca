import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

// What is said when Quay answers neither a change nor the question what became of it (docs/SECURITY.md rule 12).

test('the answer is lost and Quay cannot be asked either: nobody may read that it is safe to run it again', async () => {
  const { alice, quay, changes, repository } = await startBot()
  quay.faults({ cut: true, match: '/api/v1/repository' })
  const reply = await alice.types('/quay repo create acme/twice')
  expect(reply.text).toContain('Quay did not confirm this, so the result is unknown.')
  expect(JSON.stringify(reply.blocks)).not.toContain('It is safe to run it again')
  expect(repository('acme/twice')).toBeDefined()
  expect(changes().filter((call) => call === 'POST /api/v1/repository')).toHaveLength(1)
})
