import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

const { bea, slack } = await startBot({ until: afterAll })

test('a hint in a modal has no marks of code, which Slack would show as they are', async () => {
  const modal = await bea.opens('/quay trigger run acme/api')
  const view = slack.workspace.views.find(({ id }) => id === modal.id)
  expect(JSON.stringify(view?.blocks)).toContain('as shown by trigger list')
})
