import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readManifest } from '../../../src/sandbox/slack/manifest.ts'
import { cardProblem } from '../../../src/sandbox/slack/slackbot-cards.ts'
import { startBot } from '../../start-bot.ts'

const started = await startBot({ until: afterAll })
const { alice, slack } = started

interface Shown {
  ok: boolean
  asks?: string
  denied?: boolean
  error?: string
  text?: string
  blocks?: object[]
  dropped?: string
  link?: string
}

const ask = (tool: string, given: object, consent?: string) =>
  alice.post('slackbot', { tool, arguments: given, ...(consent !== undefined && { consent }) }) as Promise<Shown>

test('Slackbot asks before it uses a tool for somebody, also one that only reads, and for each tool anew', async () => {
  const tags = { repository: 'acme/api' }
  expect(await ask('quay_list_tags', tags)).toEqual({ ok: true, asks: 'Using List tags from Quaymaster MCP' })
  expect(await ask('quay_list_tags', tags, 'deny')).toEqual({ ok: true, denied: true })
  expect((await ask('quay_list_tags', tags, 'once')).text).toContain('/quay tag list acme/api')
  expect(await ask('quay_list_tags', tags)).toHaveProperty('asks')
  expect((await ask('quay_list_tags', tags, 'always')).text).toContain('/quay tag list acme/api')
  expect((await ask('quay_list_tags', tags)).text).toContain('/quay tag list acme/api')
  expect(await ask('quay_show_repository', tags)).toHaveProperty('asks')
})

test('its card is shown, and what it prepared waits in the direct message with the bot', async () => {
  const repository = await ask('quay_show_repository', { repository: 'acme/api' }, 'once')
  expect(repository).toMatchObject({ ok: true, blocks: expect.arrayContaining([expect.objectContaining({ type: 'section' })]) })
  expect(repository).not.toHaveProperty('dropped')
  const given = { command: 'repo description', arguments: { repository: 'acme/api', description: 'By the panel' } }
  const prepared = await ask('quay_prepare_repository', given, 'once')
  expect(prepared.link).toMatch(/^https:\/\/[\w-]+\.slack\.com\/archives\/D/)
  await alice.presses('Apply', await alice.finds(/Prepared by Slackbot/), 'alice')
  await expect.poll(() => started.repository('acme/api')?.description).toBe('By the panel')
})

test('the control API lists the tools, and knows none that is not there', async () => {
  const { tools } = await alice.get<{ tools: { name: string }[] }>('slackbot')
  expect(tools.map(({ name }) => name)).toContain('quay_request_status')
  expect(await ask('quay_apply', {}, 'once')).toEqual({ ok: false, error: 'The app has no tool quay_apply.' })
})

test('an app without mcp_servers or without mcp:connect has no tools', async () => {
  const { scopes } = slack.workspace
  slack.workspace.scopes = scopes.filter((scope) => scope !== 'mcp:connect')
  expect(await ask('quay_list_tags', {}, 'once')).toMatchObject({ ok: false, error: expect.stringContaining('mcp:connect') })
  slack.workspace.scopes = scopes
  const read = (server: object) => readManifest({ mcp_servers: { quay: server } }).mcpServer
  expect(read({ url: 'https://quaymaster.example.com/mcp/slack', auth_type: 'slack_identity_auth' })).toContain('/mcp/slack')
  expect(read({ url: 'http://quaymaster.example.com/mcp/slack', auth_type: 'slack_identity_auth' })).toBeUndefined()
  expect(read({ url: 'https://quaymaster.example.com/mcp/slack', auth_type: 'no_auth' })).toBeUndefined()
})

test('while the policy keeps Slackbot out, it hears that the app did not answer', async () => {
  const { mcp } = started.bot.policy
  started.bot.policy.mcp = { allow: 'off', commands: undefined }
  expect(await ask('quay_list_tags', {}, 'once')).toMatchObject({ ok: false })
  started.bot.policy.mcp = mcp
})

test('one bad block, also an inner one, and all blocks are dropped', () => {
  const section = { type: 'section', text: { type: 'mrkdwn', text: 'x' } }
  const nested = (depth: number): object => (depth === 0 ? section : { type: 'container', blocks: [nested(depth - 1)] })
  const bad: [string, object[]][] = [
    ['more than 50', Array.from({ length: 51 }, () => section)],
    ['of the type plan', [section, { type: 'plan' }]],
    ['levels', [nested(21)]],
    ['a container of more than 10', [{ type: 'container', blocks: Array.from({ length: 11 }, () => section) }]],
    ['more than 2 charts', Array.from({ length: 3 }, () => ({ type: 'data_visualization' }))],
    ['a table that is too long', [{ type: 'table', rows: ['x'.repeat(10_000)] }]],
    ['a data_table that is too long', [{ type: 'data_table', rows: ['x'.repeat(20_000)] }]],
    ['too long together', Array.from({ length: 3 }, () => ({ type: 'table', rows: ['x'.repeat(8_000)] }))],
    ['an action preview:confirm', [{ type: 'actions', elements: [{ type: 'button', action_id: 'preview:confirm' }] }]],
    ['the address data:', [{ type: 'image', image_url: 'data:image/png;base64,x' }]],
    ['the address http:', [{ type: 'image', image_url: 'http://images.example.com/x.png' }]],
  ]
  for (const [why, blocks] of bad) expect(cardProblem(blocks as never), why).toContain(why)
  expect(
    cardProblem([section, { type: 'actions', elements: [{ type: 'button', action_id: 'tool:quay_list_tags', value: '{}' }] }]),
  ).toBeUndefined()
})

test('the manifest’s variant in docs/operations.md is one that Slack takes, and the rest of the manifest stays', () => {
  const [, variant = ''] = /```yaml\n(oauth_config:[\s\S]*?)```/.exec(readFileSync('docs/operations.md', 'utf8')) ?? []
  const added = parse(variant) as { oauth_config: { scopes: { bot: string[] } }; mcp_servers: object }
  const manifest = parse(readFileSync('manifest.yml', 'utf8')) as { oauth_config: { scopes: { bot: string[] } } }
  expect(added.oauth_config.scopes.bot).toEqual(['mcp:connect'])
  expect(readManifest({ ...manifest, mcp_servers: added.mcp_servers }).mcpServer).toBe('https://quaymaster.example.com/mcp/slack')
  expect(manifest.oauth_config.scopes.bot).not.toContain('mcp:connect')
})
