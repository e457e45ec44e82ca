import { afterAll, expect, test } from 'vitest'
import { startBot } from '../../start-bot.ts'

const { alice, bea, carl, frank } = await startBot({ until: afterAll })

test('a reader sees a repository; a missing one and a forbidden one are the same refusal', async () => {
  expect((await bea.types('/quay repo show acme/base')).text).toContain('acme/base')
  const forbidden = await alice.types('/quay repo show globex/secret')
  const missing = await alice.types('/quay repo show globex/nothing')
  expect(forbidden.text).toBe('You need *read* permission on globex/secret.')
  expect(missing.text).toBe(forbidden.text.replace('secret', 'nothing'))
  expect((await bea.types('/quay repo show acme/nothing')).text).toBe('Repository acme/nothing not found.')
})

test('its reply is shared in the channel under the name of who shared it', async () => {
  const reply = await bea.types('/quay repo show acme/base', 'acme-dev')

  await bea.presses('Share in channel', reply, 'acme-dev')

  await expect.poll(async () => JSON.stringify(await carl.sees('acme-dev'))).toContain('Shared by <@U0BEA>')
})

test('where people of other workspaces read along nothing is shared', async () => {
  const reply = await bea.types('/quay repo show acme/base')
  expect((await bea.presses('Share in channel', reply)).text).toContain('People from other workspaces can read this channel')
  expect(JSON.stringify(await frank.sees())).not.toContain('acme/base')
})
