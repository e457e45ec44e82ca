import { afterAll, expect, onTestFinished, test } from 'vitest'
import { startBot } from '../../start-bot.ts'

const { alice, bea, quay } = await startBot({ until: afterAll })

test('everybody sees what they may read in Quay, and no private name beyond it', async () => {
  const own = await bea.types('/quay repo list acme')
  expect(JSON.stringify(own.blocks)).toContain('acme/base')

  const foreign = await alice.types('/quay repo list globex')
  expect(JSON.stringify(foreign.blocks)).toContain('globex/site')
  expect(JSON.stringify(foreign.blocks)).not.toContain('secret')
  expect(quay.exchanges.filter(({ method }) => method !== 'GET')).toEqual([])
})

test('a namespace that nobody has, and one without anything to see, are one sentence', async () => {
  expect((await alice.types('/quay repo list nowhere')).text).toBe('No repositories in *nowhere* that you can see.')
})

test('Quay is down: a sentence, and the next step', async () => {
  quay.faults({ status: 503 })
  onTestFinished(() => quay.faults(undefined))
  const reply = await alice.types('/quay repo list acme')
  expect(reply.text).toBe('Quay is not available right now.')
  expect(JSON.stringify(reply.blocks)).toContain('Try again in a minute')
})
