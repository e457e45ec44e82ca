import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

// Quay takes few calls, so their number is part of what a command promises. Nothing is remembered here: these are the most that a
// person whose account is known costs. What is written down may only become less.

const { alice, dora, bot, quay } = await startBot({ until: afterAll })

/** What the commands of a test cost from here on, as a person whom the bot has linked and otherwise forgotten. */
async function afresh() {
  await alice.types('/quay whoami')
  bot.cache.clear()
  quay.exchanges.length = 0
}

const calls = () => quay.exchanges.map(({ method, path }) => `${method} ${path.replace('/api/v1', '').replace(/\?.*/, '')}`)

/** What follows the reply (cards, notes) is part of it. */
async function quiet() {
  let before = -1
  await expect
    .poll(
      () => {
        const still = before === quay.exchanges.length
        before = quay.exchanges.length
        return still
      },
      { interval: 300 },
    )
    .toBe(true)
}

test('whoami: one', async () => {
  await afresh()
  await alice.types('/quay whoami')
  expect(calls()).toEqual(['GET /superuser/users/alice'])
})

test('repo list', async () => {
  await afresh()
  await alice.types('/quay repo list acme')
  expect(calls()).toHaveLength(6)
})

test('repo create', async () => {
  await afresh()
  expect((await alice.types('/quay repo create acme/web')).text).toContain('Created')
  expect(calls()).toHaveLength(8)
})

test('repo create as a request, and the approval with its run', async () => {
  await afresh()
  expect((await alice.types('/quay repo create globex/web reason=shop')).text).toContain('Asked')
  await expect.poll(async () => (await dora.sees('quay-approvals')).length).toBeGreaterThan(0)
  await quiet()
  expect(calls()).toHaveLength(13)

  bot.cache.clear()
  quay.exchanges.length = 0
  const card = (await dora.sees('quay-approvals')).at(-1)
  await dora.press('Approve', { ts: card?.ts ?? '' }, 'quay-approvals')
  await alice.finds(/Created/)
  await quiet()
  expect(calls()).toHaveLength(13)
})

test('mirror create', async () => {
  await afresh()
  const reply = await alice.types('/quay mirror create acme/mirrored docker.io/library/busybox robot=acme+ci')
  expect(reply.text).toContain('Created')
  expect(calls()).toHaveLength(15)
})
