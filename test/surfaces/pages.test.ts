import { afterAll, expect, test } from 'vitest'
import { pages } from '../../src/db/schema.ts'
import { emptyRepository } from '../../src/sandbox/quay/seed-parts.ts'
import { ownPostgres } from '../db/own-database.ts'
import type { Seen } from '../people.ts'
import { startBot } from '../start-bot.ts'

// A bot that starts again finds it as the first one left it.
const own = await ownPostgres()
const started = await startBot({
  database: own.where,
  policy: { approvals: [] },
  // Twenty rows a page, as lines.
  environment: { TABLES: 'off' },
  until: (stop) => afterAll(async () => stop().then(own.drop)),
})
const { alice, bea, carl, slack, quay, clock } = started

for (let number = 100; number < 165; number++)
  quay.registry.repositories.push(emptyRepository({ id: 5000 + number, namespace: 'acme', name: `many-${number}`, created: clock.now() }))
const owners = quay.registry.organizations.find(({ name }) => name === 'acme')?.teams.find(({ name }) => name === 'owners')

/** The next page was fetched before anybody asked for it. */
const fetchedAhead = (index: number) =>
  expect
    .poll(async () => (await started.bot.db.select().from(pages)).some(({ ahead }) => ahead?.index === index), { timeout: 20_000 })
    .toBe(true)
const labels = ({ blocks }: Seen) => blocks.flatMap(({ elements = [] }) => elements.map(({ text }) => text?.text)).filter(Boolean)
const shown = ({ blocks }: Seen) => [...JSON.stringify(blocks).matchAll(/many-\d+/g)].map(([name]) => name)

test('a page that was fetched ahead is there without a call to Quay, however slow Quay is', async () => {
  const first = await bea.types('/quay repo list acme')
  await fetchedAhead(1)
  quay.faults({ latencyMs: 800 })
  const before = quay.exchanges.length
  const second = await bea.presses('Older', first)
  const answered = slack.traffic.findLast(({ kind }) => kind === 'response_url')?.at ?? 0
  expect(shown(second)).not.toEqual(shown(first))
  expect(quay.exchanges.slice(before).filter(({ at }) => at < answered)).toEqual([])
  quay.faults(undefined)
})

test('two presses at once turn one page, and Newer leads back to the first', async () => {
  const first = await bea.types('/quay repo list acme')
  const answers = () => slack.traffic.filter(({ kind }) => kind === 'response_url').length
  const before = answers()
  await Promise.all([bea.press('Older', first), bea.press('Older', first)])
  // Both are answered: the later answer must not be taken for the one to Newer.
  await expect.poll(answers, { timeout: 20_000 }).toBe(before + 2)
  expect((await bea.sees()).filter((one) => labels(one).includes('Newer') && one.ts === first.ts)).toHaveLength(1)
  const second = (await bea.sees()).find(({ ts }) => ts === first.ts) ?? first
  expect(shown(await bea.presses('Newer', second))).toEqual(shown(first))
})

test('a shared list is turned by whom it was shared by; everybody else is offered to run it by their own rights', async () => {
  const list = await bea.types('/quay repo list acme', 'acme-dev')
  await bea.presses('Share in channel', list, 'acme-dev')
  const shared = (await alice.sees('acme-dev')).findLast(({ ephemeral }) => !ephemeral)
  if (!shared) throw new Error('nothing is shared')
  expect(JSON.stringify(shared.blocks)).toContain('Shared by <@U0BEA>')

  const refused = await alice.presses('Older', shared, 'acme-dev')
  expect(refused.text).toContain('Only the person who ran this command can change its pages. Run it yourself.')
  expect(refused.ephemeral).toBe(true)
  const own = await alice.presses('Run it yourself', refused, 'acme-dev')
  expect(own.text).toMatch(/[Rr]epositories in/)
  expect(shown(own)).toEqual([])

  await bea.presses('Older', shared, 'acme-dev')
  const turned = (await alice.sees('acme-dev')).find(({ ts }) => ts === shared.ts)
  expect(turned && shown(turned)).not.toEqual(shown(shared))
  expect(JSON.stringify(turned?.blocks)).toContain('Shared by <@U0BEA>')
  expect(turned && labels(turned)).toEqual(['Newer', 'Older'])
})

test('where people of other workspaces read, nothing is shared', async () => {
  const list = await bea.types('/quay repo list acme', 'general')
  expect((await bea.presses('Share in channel', list)).text).toContain(
    'People from other workspaces can read this channel, so nothing is shared here. Copy only what they are allowed to see.',
  )
})

test('a right that is taken away between two presses ends the list within half a minute', async () => {
  const first = await carl.types('/quay logs namespace acme')
  expect(labels(first)).toContain('Older')
  const members = owners?.members ?? []
  members.splice(members.indexOf('carl'), 1)
  const second = await carl.presses('Older', first)
  expect(second.text).not.toContain('You need')
  await clock.advance(31_000)
  expect((await carl.presses('Newer', second)).text).toContain('You need to be an *admin* of acme.')
  members.push('carl')
})

test('an account that is disabled between two presses turns no page', async () => {
  await clock.advance(31_000)
  const first = await carl.types('/quay logs namespace acme')
  Object.assign(quay.registry.users.find(({ name }) => name === 'carl') ?? {}, { enabled: false })
  await clock.advance(31_000)
  expect((await carl.presses('Older', first)).text).toBe('Your Quay user carl is disabled.')
  Object.assign(quay.registry.users.find(({ name }) => name === 'carl') ?? {}, { enabled: true })
})

test('buttons work after a restart of the bot', async () => {
  const first = await bea.types('/quay repo list acme')
  await started.restart()
  expect(shown(await bea.presses('Older', first))).not.toEqual(shown(first))
})

test('a command that Slack delivers twice is done once, and both answers say the same', async () => {
  slack.faults({ duplicate: true })
  const before = started.changes().length
  await alice.types('/quay repo create acme/twice')
  await expect
    .poll(() => slack.workspace.messages.filter(({ text }) => /Created|already running/.test(text)).length, { timeout: 20_000 })
    .toBeGreaterThanOrEqual(2)
  slack.faults(undefined)
  expect(
    started
      .changes()
      .slice(before)
      .filter((call) => call === 'POST /api/v1/repository'),
  ).toHaveLength(1)
})
