import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

test('without their scopes nobody is answered: the tab is read-only, and status and the log of the start say why', async () => {
  const { alice, origin, log } = await startBot({ slackWithout: ['im:history', 'app_mentions:read'] })
  expect(await alice.writes('whoami')).toMatchObject({ ok: false, error: 'Sending messages to this app has been turned off.' })
  const status = JSON.stringify(await alice.types('/quay status'))
  expect(status).toContain('Direct messages and mentions are not answered: the Slack app lacks app_mentions:read, im:history.')
  await expect.poll(log).toContain('Direct messages and mentions are not answered')
  // It is no trouble of the bot: these scopes are the workspace’s choice.
  expect(await (await fetch(`${origin}/readyz`)).json()).not.toMatchObject({ degraded: ['slack-scopes-missing'] })
})

test('without one of them that one is said', async () => {
  const { alice, log } = await startBot({ slackWithout: ['app_mentions:read'] })
  expect((await alice.says('whoami')).text).toContain('alice')
  expect(JSON.stringify(await alice.says('status'))).toContain('Mentions are not answered: the Slack app lacks app_mentions:read.')
  await expect.poll(log).toContain('Mentions are not answered')
})
