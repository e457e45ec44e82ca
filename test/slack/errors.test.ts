import { expect, test } from 'vitest'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const failures = sampled([{ status: 503 }, { status: 500 }], 2)

test.each(failures)('Slack answers $status: that is no bug of ours, and is not told as one', async (fault) => {
  const { carl, slack, log } = await startBot()
  slack.faults(fault)
  const { text } = await carl.types('/quay whoami')
  expect(text).toContain('Slack is having problems.')
  expect(JSON.stringify(text)).not.toContain('reference')
  expect(log()).not.toContain('unexpected error')
  slack.faults(undefined)
  expect((await carl.types('/quay whoami')).text).toContain('carl')
})
