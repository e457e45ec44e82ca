import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { aMinute } from '../../../src/core/durations.ts'
import { audit, replies } from '../../../src/db/schema.ts'
import { startBot } from '../../start-bot.ts'
import { dataOf, slackbotAt } from './slackbot.ts'

const description = (text = 'From Slackbot', repository = 'acme/api') => ({
  command: 'repo description',
  arguments: { repository, description: text },
})

async function start(options: Parameters<typeof startBot>[0] = {}) {
  const started = await startBot(options)
  const slackbot = slackbotAt(started)
  const prepare = (given: object, user = 'U0ALICE', group = 'repository') => slackbot.call(user, `quay_prepare_${group}`, given)
  const waiting = async (user = 'U0ALICE') => dataOf(await slackbot.call(user, 'quay_request_status')).waiting
  return { ...started, slackbot, prepare, waiting }
}

// For what prepares nothing.
const shared = await start({ until: afterAll })

test('a change is prepared by direct message, and happens only by a press of Apply there', async () => {
  const { prepare, alice, repository, changes } = await start()
  const answer = await prepare(description())
  expect(answer.isError).toBeUndefined()
  expect(answer.content[0]?.text).toContain('Prepared, and nothing has changed')
  expect(dataOf(answer)).toMatchObject({ prepared: { message: expect.stringMatching(/slack\.com\/archives\/D/) }, needs_approval: false })
  const message = await alice.finds(/Prepared by Slackbot/)
  expect(JSON.stringify(message.blocks)).toContain('From Slackbot')
  expect(changes()).toEqual([])
  const done = await alice.presses('Apply', message, 'alice')
  await expect.poll(() => repository('acme/api')?.description).toBe('From Slackbot')
  expect(done.text).not.toContain('Prepared by Slackbot')
  const ended = (await alice.sees('alice')).find(({ ts }) => ts === message.ts)
  expect(JSON.stringify(ended)).toContain('You pressed Apply')
  expect(JSON.stringify(ended)).not.toContain('prepared:apply')
})

test('the same call prepares once, however often and however many at a time', async () => {
  const { prepare, alice, waiting } = await start()
  const answers = await Promise.all(Array.from({ length: 8 }, () => prepare(description())))
  expect(answers.filter(({ isError }) => isError)).toEqual([])
  await prepare(description())
  expect(await waiting()).toHaveLength(1)
  expect((await alice.sees('alice')).filter(({ text }) => text.includes('Prepared by Slackbot'))).toHaveLength(1)
})

test('at most five wait for each person, and another person has five of their own', async () => {
  const { prepare, waiting, alice } = await start()
  const seven = await Promise.all(Array.from({ length: 7 }, (_, index) => prepare(description(`number ${index}`))))
  const refused = seven.filter(({ isError }) => isError)
  expect(refused).toHaveLength(2)
  expect(refused[0]?.content[0]?.text).toContain('You already have 5 prepared changes.')
  expect((await prepare(description('of bea'), 'U0BEA')).isError).toBeUndefined()
  const [message] = await alice.sees('alice')
  if (!message) throw new Error('nothing was said')
  await alice.press('Cancel', message, 'alice')
  await expect.poll(() => waiting()).toHaveLength(4)
  expect((await prepare(description('the eighth'))).isError).toBeUndefined()
})

test('after ten minutes Apply changes nothing, and the same call prepares anew', async () => {
  const { prepare, alice, waiting, clock, changes } = await start()
  await prepare(description())
  const message = await alice.finds(/Prepared by Slackbot/)
  await clock.advance(10 * aMinute + 1_000)
  expect(await waiting()).toEqual([])
  await alice.press('Apply', message, 'alice')
  await alice.finds(/has expired/)
  expect(changes()).toEqual([])
  await prepare(description())
  expect(await waiting()).toHaveLength(1)
})

test('pressed twice it happens once', async () => {
  const { prepare, alice, changes, repository } = await start()
  await prepare(description())
  const message = await alice.finds(/Prepared by Slackbot/)
  await Promise.all([alice.press('Apply', message, 'alice'), alice.press('Apply', message, 'alice')])
  await expect.poll(() => repository('acme/api')?.description).toBe('From Slackbot')
  await alice.finds(/already|Apply/)
  expect(changes()).toHaveLength(1)
})

test('nobody else can apply it, and no button with its value anywhere else', async () => {
  const { prepare, alice, bea, bot, changes, slack } = await start()
  await prepare(description())
  const message = await alice.finds(/Prepared by Slackbot/)
  const [row] = await bot.db.select().from(replies).where(eq(replies.operation, 'repo description'))
  if (!row) throw new Error('nothing was prepared')
  const apply = {
    type: 'actions',
    elements: [{ type: 'button', action_id: 'prepared:apply', value: row.id, text: { type: 'plain_text', text: 'Apply' } }],
  }
  // The bot itself would have to post it; this is somebody who found a way.
  const { ts = '' } = await bot.slack.cards.chat.postMessage({ channel: 'C0GENERAL', text: 'x', blocks: [apply] as never })
  for (const person of [alice, bea]) await person.press('Apply', { ts }, 'general')
  await alice.finds(/Press Apply in the direct message/, 'general')
  await bea.finds(/Only the person who ran this command/, 'general')
  expect(changes()).toEqual([])
  expect(slack.workspace.messages.some(({ ts: one }) => one === message.ts)).toBe(true)
})

test('what changed since it was prepared is drawn again, and runs only after another look', async () => {
  const { prepare, alice, repository, changes } = await start()
  await prepare(description())
  const message = await alice.finds(/Prepared by Slackbot/)
  const web = repository('acme/api')
  if (web) web.description = 'Somebody was faster'
  await alice.press('Apply', message, 'alice')
  const again = await alice.finds(/This has changed since you viewed it/)
  expect(again.ts).toBe(message.ts)
  expect(changes()).toEqual([])
  await alice.press('Apply', again, 'alice')
  await expect.poll(() => repository('acme/api')?.description).toBe('From Slackbot')
})

test('permissions are asked again at the press', async () => {
  const { prepare, alice, quay, changes, bot } = await start()
  await prepare(description())
  const message = await alice.finds(/Prepared by Slackbot/)
  const web = quay.registry.repositories.find(({ name, namespace }) => `${namespace}/${name}` === 'acme/api')
  const acme = quay.registry.organizations.find(({ name }) => name === 'acme')
  if (web) Object.assign(web, { userPermissions: {}, teamPermissions: {} })
  for (const team of acme?.teams ?? []) team.members = team.members.filter((one) => one !== 'alice')
  bot.cache.clear()
  await alice.press('Apply', message, 'alice')
  await alice.finds(/You need/)
  expect(changes()).toEqual([])
})

test('switching Slackbot off holds for what waits, too', async () => {
  const { prepare, alice, bot, changes, repository } = await start()
  await prepare(description())
  const message = await alice.finds(/Prepared by Slackbot/)
  bot.policy.mcp = { allow: 'read', commands: undefined }
  await alice.press('Apply', message, 'alice')
  await alice.finds(/The policy allows Slackbot only to read/)
  bot.policy.mcp = { allow: 'off', commands: undefined }
  await alice.press('Apply', message, 'alice')
  await alice.finds(/The policy does not allow Slackbot/)
  expect(changes()).toEqual([])
  bot.policy.mcp = { allow: 'on', commands: undefined }
  await alice.press('Apply', message, 'alice')
  await expect.poll(() => repository('acme/api')?.description).toBe('From Slackbot')
})

test('a change that needs approval becomes a request by the press, with its reason', async () => {
  const { prepare, alice, quay, changes, dora } = await start()
  const answer = await prepare({ command: 'repo create', arguments: { repository: 'globex/kiosk' }, reason: 'The shop moves' })
  expect(dataOf(answer)).toMatchObject({ needs_approval: true })
  const message = await alice.finds(/Prepared by Slackbot/)
  expect(JSON.stringify(message.blocks)).toContain('The shop moves')
  expect(changes()).toEqual([])
  await alice.press('Apply', message, 'alice')
  await alice.finds(/Request .* sent to/)
  await dora.finds(/requests approval for/, 'quay-approvals')
  expect(quay.registry.repositories.some(({ name }) => name === 'kiosk')).toBe(false)
})

test('without the direct message nothing is prepared, and the answer says so', async () => {
  const { prepare, slack, waiting, bot, changes } = shared
  slack.faults({ failing: [{ method: 'chat.postMessage', error: 'messages_tab_disabled' }] })
  const answer = await prepare(description())
  expect(answer).toMatchObject({ isError: true })
  expect(answer.content[0]?.text).toContain('Nothing was prepared')
  slack.faults({ failing: [{ method: 'chat.postMessage', error: '500' }] })
  expect((await prepare(description('other'))).isError).toBe(true)
  slack.faults(undefined)
  expect(await waiting()).toEqual([])
  expect(await bot.db.select().from(replies).where(eq(replies.operation, 'repo description'))).toEqual([])
  expect(changes()).toEqual([])
})

test('a credential that a change makes is revealed in Slack, and Slackbot never has it', async () => {
  const { prepare, bea, quay, slackbot } = await start()
  const answer = await prepare({ command: 'robot create', arguments: { robot: 'acme+slackbot' } }, 'U0BEA', 'access')
  expect(answer.isError).toBeUndefined()
  await bea.press('Apply', await bea.finds(/Prepared by Slackbot/), 'bea')
  await bea.finds(/Only you can reveal it/)
  const shown = await slackbot.call('U0BEA', 'quay_read_command', { command: 'robot show', arguments: { robot: 'acme+slackbot' } })
  expect(shown.isError).toBeUndefined()
  const token = quay.registry.robots.find(({ name }) => name === 'acme+slackbot')?.token ?? ''
  expect(token.length).toBeGreaterThan(10)
  expect(JSON.stringify([answer, shown])).not.toContain(token)
})

test('the audit log has person, door, tool, digest of the arguments and verdict of each call', async () => {
  const { prepare, slackbot, bot } = await start()
  await prepare(description())
  await slackbot.call('U0ALICE', 'quay_list_tags', { repository: 'acme/api' })
  await slackbot.call('U0EVE', 'quay_list_tags', { repository: 'acme/api' })
  await slackbot.call('U0ALICE', 'quay_list_tags', {})
  const rows = await bot.db.select().from(audit).where(eq(audit.phase, 'tool'))
  expect(rows.map(({ person, operation, input, outcome }) => ({ person, operation, input, said: outcome?.message }))).toEqual([
    {
      person: 'U0ALICE',
      operation: 'repo description',
      input: { door: 'slackbot', tool: 'quay_prepare_repository', arguments: expect.stringMatching(/^sha256:/) },
      said: 'Prepared by Slackbot: nothing was changed.',
    },
    { person: 'U0ALICE', operation: 'tag list', input: expect.objectContaining({ tool: 'quay_list_tags' }), said: 'Answered Slackbot.' },
    { person: 'U0EVE', operation: 'tag list', input: expect.anything(), said: expect.any(String) },
    {
      person: 'U0ALICE',
      operation: 'quay_list_tags',
      input: expect.anything(),
      said: 'The argument {name} is missing, unknown or of another type.',
    },
  ])
})

test('a permission that shows only on the way refuses the preparation, as it refuses typed words', async () => {
  const { prepare, alice, waiting, changes } = shared
  // She may create repositories in acme, but not the robot account that the mirror needs.
  const answer = await prepare({
    command: 'mirror create',
    arguments: { repository: 'acme/copy', external_reference: 'quay.io/acme/copy' },
  })
  const typed = await alice.types('/quay mirror create acme/copy quay.io/acme/copy')
  expect(dataOf(answer)).toMatchObject({ refused: 'denied' })
  expect(typed.text.replaceAll('*', '')).toContain(answer.content[0]?.text.split('\n')[0])
  expect(await waiting()).toEqual([])
  expect(changes()).toEqual([])
})

test('what is not there is said at once, and nothing waits for a press', async () => {
  const { prepare, waiting, bea } = shared
  const answer = await prepare({ command: 'repo delete', arguments: { repository: 'acme/nothing' } }, 'U0BEA')
  expect(answer.isError).toBe(true)
  expect(answer.content[0]?.text).toContain('acme/nothing')
  expect(await waiting('U0BEA')).toEqual([])
  expect((await bea.sees('bea')).filter(({ text }) => text.includes('Prepared by Slackbot'))).toEqual([])
})
