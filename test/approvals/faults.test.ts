import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { decide } from '../../src/approvals/decide.ts'
import { runRequest } from '../../src/approvals/run.ts'
import { command } from '../../src/command/command.ts'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { requests } from '../../src/db/schema.ts'
import { newRepositoryName } from '../../src/quay/names.ts'
import { createRepository } from '../../src/quay/repositories.ts'
import { message } from '../../src/slack/blocks.ts'
import { isCi, sized } from '../sized.ts'
import { seen, startRequests } from './start-requests.ts'

const post = 'POST /api/v1/repository'

test('Quay does it and its answer is lost: the next attempt finds it, and does not repeat it', async () => {
  const { alice, quay, clock, asks, decides, card, becomes, changes } = await startRequests()
  await asks(alice, 'globex/web')
  quay.faults({ cut: true, match: post, times: 1 })
  await decides('U0DORA')
  await card(/Quay does not respond\. Quaymaster retries until it does\./)
  await clock.advance(10_000)
  await becomes('succeeded')
  expect(changes().filter((call) => call === post)).toHaveLength(1)
})

test('Quay is down for an hour: the requester is told, nothing is lost, and it runs once when Quay is back', async () => {
  const { alice, quay, clock, asks, decides, notice, becomes, changes, row } = await startRequests()
  await asks(alice, 'globex/web')
  // Reading still works for the decision; the changing call meets a dead Quay.
  quay.faults({ status: 503, match: post })
  await decides('U0DORA')
  await notice(alice, /Quay does not respond\. Quaymaster retries until it does\./)
  const step = sized(30, 10, 10)
  for (let minutes = 0; minutes < 60; minutes += step) {
    await clock.advance(step * 60_000)
    await expect.poll(async () => (await row()).retryAt !== null || (await row()).state !== 'running', { timeout: 30_000 }).toBe(true)
    expect((await row()).state).toBe('running')
  }
  quay.faults(undefined)
  await clock.advance(600_000)
  await becomes('succeeded')
  await notice(alice, /and done/)
  expect(changes().filter((call) => call === post).length).toBeGreaterThanOrEqual(1)
  expect(quay.registry.repositories.filter(({ namespace, name }) => namespace === 'globex' && name === 'web')).toHaveLength(1)
})

test('a job that comes twice leaves alone what another replica is running, whatever Quay says meanwhile', async () => {
  const { alice, quay, asks, bot, row } = await startRequests()
  await asks(alice, 'globex/web')
  const { id } = await row()
  const held = { state: 'running' as const, mode: 'later' as const, attempt: 1, leaseUntil: new Date(Date.now() + 60_000) }
  await bot.db.update(requests).set(held)
  quay.faults({ status: 503, match: 'GET ' })
  await runRequest(bot, { id })
  quay.faults(undefined)
  await runRequest(bot, { id })
  expect(await row()).toMatchObject(held)
})

test('Slack takes nothing for a minute (429): the card and the message come afterwards, and the decision runs', async () => {
  const { alice, slack, clock, decides, card, notice, row, bot } = await startRequests()
  slack.faults({ rateLimit: { method: 'chat.postMessage', retryAfter: 60 } })
  await alice.sends('/quay repo create globex/web reason=shop')
  await expect.poll(() => bot.db.$count(requests), { timeout: 20_000 }).toBe(1)
  await expect.poll(async () => (await row()).drawAt !== null, { timeout: 20_000 }).toBe(true)
  slack.faults(undefined)
  await clock.advance(61_000)
  await card(/Needs \d/)
  await decides('U0DORA')
  await card(/and done/)
  await notice(alice, /and done/)
})

test('Slack takes one message a second: the cards of four requests made at once come as fast as that', async () => {
  const { alice, slack } = await startRequests()
  slack.workspace.rateLimits = true
  for (const name of ['a', 'b', 'c', 'd']) await alice.sends(`/quay repo create globex/${name} reason=shop`)
  const cards = () => slack.workspace.messages.filter((one) => one.channel === 'C0APPROVALS')
  await expect.poll(() => cards().length, { timeout: 14_000 }).toBe(4)
  expect(slack.traffic.some(({ status }) => status === 429)).toBe(true)
})

test('the approval channel is archived: the requester is told, and the card comes when it is open again', async () => {
  const { alice, slack, clock, card, notice, row } = await startRequests()
  slack.faults({ archived: ['C0APPROVALS'] })
  await alice.types('/quay repo create globex/web reason=shop')
  await notice(alice, /The channel .* is archived, so approvers get this request by direct message/)
  // The next attempt has its time before the clock moves on.
  await expect.poll(async () => (await row()).drawAt).not.toBeNull()
  slack.faults(undefined)
  await clock.advance(3_600_000)
  await card(/Needs \d/)
  await notice(alice, /Needs \d/)
})

// Nobody can look whether it happened: as with a build that leaves nothing to find.
const once = command({
  summary: 'Create a repository without looking back',
  input: z.strictObject({ repository: newRepositoryName.meta({ of: 'new-repository' }) }),
  examples: ['repo once acme/web'],
  permissions: [{ permission: 'create', on: 'repository' }],
  changes: { effects: ['creates'], facts: { none: 'a test' }, retry: 'never', manualCheck: ({ repository }) => `repo show ${repository}` },
  run: ({ quay, input }) => createRepository(quay, { ...input, visibility: 'private', description: '' }),
  view: ({ name }, t) => message(t('Created {name}.', { name })),
})

async function startOnce() {
  await loadCommands()
  commands.set('repo once', once as never) // the map holds operations of every kind
  onTestFinished(() => void commands.delete('repo once'))
  return startRequests({ operations: ['repo create', 'repo once'] })
}

test('what can never be repeated ends unknown when its answer is lost; a person looks and says what happened', async () => {
  const { alice, dora, quay, decides, card, notice, row, changes } = await startOnce()
  await alice.types('/quay repo once globex/web reason=shop')
  const asked = await card(/Needs \d/)
  quay.faults({ cut: true, match: post, times: 1 })
  await decides('U0DORA')
  const unknown = await card(/result is unknown/)
  expect(unknown.ts).toBe(asked.ts)
  expect(seen(unknown)).toContain('Check the current state with `/quay repo show globex/web`.')
  expect(seen(unknown)).toMatch(/It was done.*It was not done.*Run it again/s)
  await notice(alice, /result is unknown/)
  await dora.press('It was done', unknown, 'quay-approvals')
  await card(/dora checked in Quay: it was done\./)
  expect((await row()).state).toBe('succeeded')
  expect(changes().filter((call) => call === post)).toHaveLength(1)
})

const count = sized(8, 30, 1_000)

test.runIf(isCi)(
  `${count} that can never be repeated, every third answer lost, all approved twice at once: at most one effect each, every unknown told`,
  {
    timeout: 1_800_000,
  },
  async () => {
    const { slack, bot, quay } = await startOnce()
    for (let index = 0; index < count; index += 10)
      await Promise.all(
        Array.from({ length: Math.min(10, count - index) }, (_, more) =>
          slack.slash({ user: 'U0ALICE', channel: 'C0ACMEDEV', text: `repo once globex/once${index + more} reason=race` }),
        ),
      )
    await expect.poll(() => bot.db.$count(requests), { timeout: 300_000 }).toBe(count)
    for (const [index, { id, revision }] of (await bot.db.select().from(requests)).entries()) {
      if (index % 3 === 0) quay.faults({ cut: true, match: post, times: 1 })
      const press = () => decide(bot, { id, revision, decision: 'approved', user: 'U0DORA', reference: 'race' })
      const presses = await Promise.allSettled([press(), press()])
      expect(presses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    }
    const states = async () => (await bot.db.select().from(requests)).map(({ state }) => state)
    await expect
      .poll(async () => (await states()).filter((state) => state !== 'succeeded' && state !== 'unknown').length, { timeout: 300_000 })
      .toBe(0)
    const posts = quay.exchanges.filter(({ method, path }) => `${method} ${path}` === post)
    expect(posts).toHaveLength(count)
    expect(new Set(posts.map(({ body }) => (body as { repository: string }).repository)).size).toBe(count)
    expect((await states()).filter((state) => state === 'unknown')).toHaveLength(posts.filter(({ status }) => status === 'cut').length)
  },
)
