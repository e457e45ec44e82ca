import { expect, test } from 'vitest'
import { hooks } from '../../src/db/schema.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { passNow } from './hooks.ts'

const devs = 'acme-dev'
const told = (name: string) => new RegExp(`The subscription to ${name} has ended: Quay no longer has`)

test('a deleted repository ends its subscription: the channel and its owner are told once, and nothing of it is left', async () => {
  const started = await startBot()
  const { bea, alice, bot, quay } = started
  await bea.types('/quay subscribe acme/api', devs)
  await bea.types('/quay subscribe acme/base', devs)
  quay.registry.repositories = quay.registry.repositories.filter(({ namespace, name }) => `${namespace}/${name}` !== 'acme/api')
  await passNow(bot)
  await passNow(bot)
  await bea.finds(told('acme/api'), devs)
  await bea.finds(told('acme/api'))
  const all = [...(await bea.sees(devs)), ...(await bea.sees('bea'))].filter(({ text }) => told('acme/api').test(text))
  expect(all).toHaveLength(2)
  expect((await bot.db.select().from(hooks)).map(({ object }) => object)).not.toContain('acme/api')
  // The other goes on.
  expect((await bea.types('/quay subscription list', devs)).text).toContain('2 subscriptions')
  expect(JSON.stringify((await bea.sees(devs)).at(-1))).toMatch(/acme\/base[\s\S]*active/)

  // Whoever is in the channel may tidy up: nobody holds a permission on what is gone.
  expect((await alice.types('/quay unsubscribe acme/base', devs)).text).not.toContain('Unsubscribed')
  expect((await alice.types('/quay unsubscribe acme/api', devs)).text).toContain('Unsubscribed')
})

test.runIf(isCi)('a deleted organization ends what follows all of it, even if its last owner is gone too', async () => {
  const { bea, bot, quay } = await startBot()
  await bea.presses('Subscribe', await bea.types('/quay subscribe acme/* events=quota', devs), devs)
  const { registry } = quay
  registry.organizations = registry.organizations.filter(({ name }) => name !== 'acme')
  registry.repositories = registry.repositories.filter(({ namespace }) => namespace !== 'acme')
  await passNow(bot)
  await bea.finds(told('acme/\\*'), devs)
  await bea.finds(told('acme/\\*'))
})

test('what Quay does not answer, or only refuses to show, is not gone', async () => {
  const { bea, bot, quay } = await startBot()
  await bea.types('/quay subscribe acme/api', devs)
  for (const status of [403, 500, 503]) {
    quay.faults({ status, match: 'GET /api/v1/repository/acme/api' })
    await passNow(bot).catch(() => undefined)
  }
  quay.faults(undefined)
  expect(JSON.stringify(await bea.types('/quay subscription list', devs))).toMatch(/acme\/api[\s\S]*active/)
})

test('whoever subscribed may end it without the permission, also where the bot was taken out of the channel', async () => {
  const { bea, bot, quay, slack } = await startBot()
  await bea.types('/quay subscribe acme/api', devs)
  const acme = quay.registry.organizations.find(({ name }) => name === 'acme')
  for (const team of acme?.teams ?? []) team.members = team.members.filter((one) => one !== 'bea')
  bot.cache.clear()
  const channel = slack.workspace.channels.find(({ name }) => name === devs)
  if (channel) channel.members = channel.members.filter((one) => one !== 'U0QUAYBOT')
  expect((await bea.types('/quay unsubscribe acme/api', devs)).text).toContain('Unsubscribed')
})
