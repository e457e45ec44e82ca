import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

// Quay writes what the bot does under the bot's name; the audit log knows for whom.

test('what bea did through Quaymaster says so; what nobody did through it does not', async () => {
  const { bea, quay } = await startBot()
  const own = quay.registry.users.find(({ name }) => name === 'quaymaster') ? 'quaymaster' : 'quayadmin'
  await bea.types('/quay repo description acme/api description="The API"')
  const shown = JSON.stringify(await bea.types('/quay logs repo acme/api'))
  expect(shown).toContain(`${own} for @bea`)
  expect(shown.split('for @bea').length).toBe(2)
})

test('two people at the same moment on the same repository: nobody is named', async () => {
  const { bea, carl } = await startBot()
  await Promise.all([
    bea.types('/quay repo description acme/api description="One"'),
    carl.types('/quay repo description acme/api description="Two"', 'acme-dev'),
  ])
  const shown = JSON.stringify(await bea.types('/quay logs repo acme/api'))
  expect(shown).not.toMatch(/for @(bea|carl)/)
})

test('the same event again and again on the same object is one row that says how often', async () => {
  const { bea } = await startBot()
  for (const text of ['One', 'Two', 'Three']) await bea.types(`/quay repo description acme/shop description="${text}"`)
  const shown = JSON.stringify(await bea.types('/quay logs repo acme/shop'))
  expect(shown).toMatch(/\(3 times\)/)
})

test('a command with a number about another namespace, at the same moment, is passed over', async () => {
  const { bea, dora } = await startBot({ policy: { approvals: [] } })
  const set = await dora.presses('Set', await dora.types('/quay prune set globex keep=7'))
  expect(set.text).toBe('Auto-prune policy of *globex* set.')
  await bea.types('/quay team create acme passing')
  const shown = JSON.stringify(await bea.types('/quay logs namespace acme'))
  expect(shown).toContain('for @bea')
  expect(shown).not.toContain('for @dora')
})
