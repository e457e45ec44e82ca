import { globSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { lookUpShortcut, shortcuts } from '../../src/surfaces/shortcuts.ts'
import schema from '../recorded/slack/manifest-schema.json' with { type: 'json' }
import methods from '../recorded/slack/methods.json' with { type: 'json' }

interface Manifest {
  features: {
    slash_commands: { command: string; should_escape: boolean }[]
    shortcuts: { callback_id: string; type: string }[]
    unfurl_domains: string[]
    app_home: object
  }
  oauth_config: { scopes: { bot: string[]; bot_optional?: string[] } }
  settings: { event_subscriptions: { bot_events: string[] }; interactivity: { is_enabled: boolean }; socket_mode_enabled: boolean }
}

const manifest = parse(readFileSync('manifest.yml', 'utf8')) as Manifest
const scopes = [...manifest.oauth_config.scopes.bot, ...(manifest.oauth_config.scopes.bot_optional ?? [])]
const source = globSync('src/**/*.ts')
  .filter((file) => !file.startsWith('src/sandbox/'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

test('Slack takes the manifest in one paste', () => {
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  const valid = ajv.validate(schema, manifest)
  expect(ajv.errors ?? []).toEqual([])
  expect(valid).toBe(true)
})

test('every scope that a call of the bot needs is in the manifest', () => {
  expect(usedMethods().length).toBeGreaterThan(5)
  for (const method of usedMethods()) {
    const wanted = scopesOf(method)
    expect(wanted.length === 0 || wanted.some((scope) => scopes.includes(scope)), `${method} needs one of ${wanted.join(', ')}`).toBe(true)
  }
})

test('no scope is in the manifest that nothing needs', () => {
  const used = new Set([
    ...usedMethods().flatMap(scopesOf),
    ...manifest.settings.event_subscriptions.bot_events.flatMap(scopesOfEvent),
    'commands',
  ])
  expect(scopes.filter((scope) => !used.has(scope))).toEqual([])
})

test('the events that the bot listens to are the events it asks Slack for', () => {
  // Of the messages only those to the bot itself: with others it would read whole channels.
  const listened = [...source.matchAll(/app\.event\('(\w+)'/g)].map(([, name]) => (name === 'message' ? 'message.im' : name))
  expect(listened.toSorted()).toEqual(manifest.settings.event_subscriptions.bot_events.toSorted())
})

test('people can write to the bot, and whoever installs the app may leave that out', () => {
  expect(manifest.features.app_home).toMatchObject({ messages_tab_enabled: true, messages_tab_read_only_enabled: false })
  expect(manifest.oauth_config.scopes.bot_optional).toEqual(expect.arrayContaining(['app_mentions:read', 'im:history']))
})

test('every shortcut that Slack offers opens a command of the bot', async () => {
  await loadCommands()
  expect(manifest.features.shortcuts.map(({ callback_id }) => callback_id)).toEqual([...Object.keys(shortcuts), lookUpShortcut])
  for (const operation of Object.values(shortcuts)) expect(commands.has(operation), operation).toBe(true)
})

test('links are asked for in one place, which an operator fills in', () => {
  expect(manifest.features.unfurl_domains).toEqual(['quay.example.com'])
  expect(readFileSync('README.md', 'utf8')).toContain('unfurl_domains')
})

test('people, channels and addresses arrive as ids, in every slash command', () => {
  for (const command of manifest.features.slash_commands) expect(command.should_escape).toBe(true)
  expect(manifest.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } })
})

/** The Web API methods whose calls stand in the source: `slack.messages.chat.postMessage(`. */
function usedMethods() {
  const calls = [
    ...source.matchAll(
      /\.(?:modals|messages|files|cards|homes|directory|client)\.((?:chat|views|users|usergroups|conversations|files|team|auth|reactions|pins)\.\w+(?:\.\w+)?)\(/g,
    ),
  ]
  return [...new Set(calls.map(([, method = '']) => method))]
}

function scopesOf(method: string) {
  const found = (methods as Record<string, { scope?: { bot?: string[] } } | undefined>)[method]
  if (!found) throw new Error(`${method} is in no list of Slack's methods`)
  return found.scope?.bot ?? []
}

// Slack's pages of the events; those that are not here need none (docs/slack.md §4).
function scopesOfEvent(event: string) {
  const needed: Record<string, string[]> = {
    user_change: ['users:read'],
    subteam_members_changed: ['usergroups:read'],
    link_shared: ['links:read'],
    app_mention: ['app_mentions:read'],
    'message.im': ['im:history'],
  }
  return needed[event] ?? []
}
