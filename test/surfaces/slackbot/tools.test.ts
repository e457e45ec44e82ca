import { afterAll, expect, test } from 'vitest'
import { fieldsOf } from '../../../src/command/fields.ts'
import { commands } from '../../../src/command/registry.ts'
import { tools, typedOnly } from '../../../src/surfaces/slackbot/tools.ts'
import { startBot } from '../../start-bot.ts'
import { dataOf, slackbotAt } from './slackbot.ts'

const started = await startBot({ until: afterAll })
const { bot } = started
const slackbot = slackbotAt(started)

const eras = ['legacy', 'modern'] as const

test.each(eras)('the protocol’s own client of the %s era lists the tools and calls them', async (era) => {
  const client = await slackbot.client('U0ALICE', era)
  const { tools: listed } = await client.listTools()
  expect(listed.map(({ name }) => name)).toEqual(tools().map(({ name }) => name))
  expect(listed.find(({ name }) => name === 'quay_list_tags')).toMatchObject({
    title: 'List tags',
    annotations: { readOnlyHint: true },
    inputSchema: { type: 'object', required: ['repository'], additionalProperties: false },
    _meta: { slack: { supportsBlockKit: true } },
  })
  const answer = await client.callTool({ name: 'quay_list_tags', arguments: { repository: 'acme/api' } })
  expect(answer.isError).toBeFalsy()
  expect(JSON.stringify(answer.content)).toContain('/quay tag list acme/api')
  await expect(client.callTool({ name: 'quay_apply', arguments: {} })).rejects.toThrow(/not found|unknown/i)
  await client.close()
})

test('the list is constant: at most 25 tools, the same for everybody and for every policy', async () => {
  const [alice, carl] = [await slackbot.client('U0ALICE', 'legacy'), await slackbot.client('U0CARL', 'modern')]
  const first = (await alice.listTools()).tools
  bot.policy.mcp = { allow: 'read', commands: ['tag list'] }
  expect((await carl.listTools()).tools).toEqual(first)
  bot.policy.mcp = { allow: 'on', commands: undefined }
  expect(first.length).toBeLessThanOrEqual(25)
  expect(first.length).toBeGreaterThan(20)
})

test('every command is reached by exactly one tool that prepares, or by one that reads, or is left to people', () => {
  const prepared = tools().flatMap(({ does }) => (typeof does === 'object' && 'prepare' in does ? does.prepare : []))
  const changing = [...commands].flatMap(([name, { changes }]) => (changes ? [name] : []))
  expect([...prepared, ...typedOnly].toSorted()).toEqual(changing.toSorted())
  for (const { does } of tools()) {
    if (typeof does !== 'object' || !('read' in does) || does.read === 'any') continue
    expect(commands.get(does.read)?.changes).toBeUndefined()
  }
})

test('names, titles, descriptions and hints are those that clients take', () => {
  for (const { name, title, description, annotations, does } of tools()) {
    expect(name).toMatch(/^quay_[a-z_]{3,40}$/)
    expect(title.length).toBeLessThanOrEqual(40)
    expect(description.length).toBeLessThanOrEqual(600)
    const isPreparing = typeof does === 'object' && 'prepare' in does
    expect(annotations).toEqual({ readOnlyHint: !isPreparing, destructiveHint: false, idempotentHint: true, openWorldHint: false })
    expect(JSON.stringify(name)).not.toMatch(/apply|confirm|approve|run_change/)
  }
})

test('no tool takes a credential, by any name', async () => {
  const secrets = [...commands].flatMap(([command, declared]) =>
    fieldsOf(declared).flatMap(({ secret, name }) => (secret ? [{ command, name }] : [])),
  )
  expect(secrets.length).toBeGreaterThan(2)
  const schemas = JSON.stringify(
    (await (await slackbot.client('U0ALICE', 'legacy')).listTools()).tools.map(({ inputSchema }) => inputSchema),
  )
  expect(schemas).not.toMatch(/"password"|"token"|"url"/)
  const answer = await slackbot.call('U0ALICE', 'quay_prepare_repository', {
    command: 'mirror create',
    arguments: { repository: 'acme/mirrored', external_reference: 'quay.io/projectquay/quay', password: 'hunter2hunter2' },
  })
  expect(answer).toMatchObject({ isError: true })
  expect(answer.content[0]?.text).toContain('is a credential')
  expect(JSON.stringify(answer)).not.toContain('hunter2')
})

test('arguments are strict: what is missing, unknown or of another type is refused by name, and nothing runs', async () => {
  const calls = started.quay.exchanges.length
  const wrong = [
    ['quay_list_tags', {}],
    ['quay_list_tags', { repository: 'acme/api', confirm: true }],
    ['quay_list_tags', { repository: ['acme/api'] }],
    ['quay_list_tags', { repository: 'x'.repeat(5_000) }],
    ['quay_read_command', { command: 'repo delete', arguments: { repository: 'acme/api' } }],
    ['quay_read_command', { command: 'tag list', arguments: 'acme/api' }],
    ['quay_prepare_tag', { command: 'repo delete', arguments: { repository: 'acme/api' } }],
    ['quay_prepare_tag', { command: 'tag delete', arguments: { repository: 'acme/api', tag: 'v1' }, apply: true }],
  ] as const
  for (const [name, given] of wrong) {
    const answer = await slackbot.call('U0ALICE', name, given)
    expect({ name, given, isError: answer.isError, data: dataOf(answer) }).toMatchObject({ isError: true, data: { refused: 'invalid' } })
  }
  expect(started.quay.exchanges.length).toBe(calls)
})

test('values are read like typed ones: a pasted address, another word for an option, a moment', async () => {
  const answer = await slackbot.call('U0ALICE', 'quay_show_repository', { repository: `${started.origin}/repository/acme/api?tab=tags` })
  expect(answer.content[0]?.text).toContain('/quay repo show acme/api')
  const granted = await slackbot.call('U0BEA', 'quay_prepare_access', {
    command: 'permission grant',
    arguments: { repository: 'acme/api', to: 'carl', role: 'push', for: '2 hours' },
  })
  expect(granted.content[0]?.text).toMatch(/permission grant acme\/api carl write/)
})

test('commands are found by words, with their fields and the tool that takes them', async () => {
  const found = dataOf(await slackbot.call('U0ALICE', 'quay_find_command', { words: 'rotate robot token' }))
  expect(found.commands).toContainEqual(
    expect.objectContaining({
      command: 'robot rotate',
      tool: 'quay_prepare_access',
      changes: true,
      fields: [expect.objectContaining({ field: 'robot', required: true })],
    }),
  )
  const typed = dataOf(await slackbot.call('U0ALICE', 'quay_find_command', { words: 'subscribe' }))
  expect(typed.commands).toContainEqual(
    expect.objectContaining({ command: 'subscribe', typed_only: expect.stringContaining('/quay subscribe') }),
  )
})

test('the policy says what Slackbot may do: read only, or some commands only, at each call', async () => {
  const description = { command: 'repo description', arguments: { repository: 'acme/api', description: 'by policy' } }
  const tags = () => slackbot.call('U0ALICE', 'quay_list_tags', { repository: 'acme/api' })
  bot.policy.mcp = { allow: 'read', commands: undefined }
  expect(await slackbot.call('U0ALICE', 'quay_prepare_repository', description)).toMatchObject({ isError: true })
  expect((await tags()).isError).toBeUndefined()
  bot.policy.mcp = { allow: 'on', commands: ['repo description'] }
  expect((await slackbot.call('U0ALICE', 'quay_prepare_repository', description)).isError).toBeUndefined()
  expect(await tags()).toMatchObject({ isError: true })
  expect(dataOf(await tags())).toMatchObject({ refused: 'denied' })
  bot.policy.mcp = { allow: 'on', commands: undefined }
})
