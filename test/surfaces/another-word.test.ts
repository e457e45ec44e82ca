import { globSync, readFileSync } from 'node:fs'
import { parseAst } from 'rolldown/parseAst'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { manifestOf } from '../../src/app/manifest.ts'
import { commands } from '../../src/command/registry.ts'
import japanese from '../../src/core/languages/ja.json' with { type: 'json' }
import { setSlashCommand } from '../../src/core/slash-command.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

// Two registries can each have a bot in one workspace: SLACK_COMMAND is the word of this one.

const started = await startBot({ environment: { SLACK_COMMAND: 'registry' }, until: afterAll })
afterAll(() => setSlashCommand('/quay'))
const { alice, carl, dora, slack, quay } = started

const usual = /\/quay(?![\w/-])/

/** Everything that anybody was shown, and every window that is open. */
function shown() {
  return [...slack.workspace.messages, ...slack.workspace.views].map((one) => JSON.stringify(one)).filter((text) => usual.test(text))
}

test('the word of the manifest is typed, and the usual one is no command', async () => {
  expect((await alice.types('/registry repo create acme/elsewhere')).text).toMatch(/^Created .*acme\/elsewhere/)
  expect(await alice.sends('/quay repo list acme')).toMatchObject({ ok: false })
  // People type the word twice, or the usual one out of habit.
  expect((await alice.types('/registry registry repo show acme/elsewhere')).text).toContain('acme/elsewhere')
  expect((await alice.types('/registry /quay repo show acme/elsewhere')).text).toContain('acme/elsewhere')
})

test('help of every command, first contact, refusals, offers, requests, App Home and the failures of Quay name it', async () => {
  const names = sampled([...commands.keys()], 15)
  for (const name of names) {
    const { text, blocks } = await dora.types(`/registry help ${name}`)
    expect(text + JSON.stringify(blocks), name).toContain(`/registry ${name}`)
  }
  for (const line of ['', 'help', 'help all', 'status', 'whoami', 'setup', 'frobnicate', 'repo', 'repo rpo', 'user list', 'repo list acme'])
    await alice.types(`/registry ${line}`)
  await alice.types('/registry tag lock acme/api v1.0')
  expect((await alice.types('/registry tag delete acme/api v1.0 dry-run=yes')).text).toContain('/registry tag')
  await carl.types('/registry repo create labs/pay reason="a try"')
  await alice.types('/registry build start acme/api https://downloads.example.com/fail.tar.gz')
  await alice.post('home', {})
  quay.faults({ status: 400, body: '{"error_message": "Could not find robot with specified username"}', times: 1 } as never)
  await alice.types('/registry build list acme/api')
  quay.faults(undefined as never)
  await alice.post('user', { locale: 'ja-JP' })
  await alice.types('/registry help repo create')
  await alice.types('/registry tag list acme/api')
  expect(slack.workspace.messages.length).toBeGreaterThan(names.length)
  expect(shown()).toEqual([])
})

// Where the word stands for itself, and what only people who write code read.
const allowed = new Set(['src/core/slash-command.ts', 'src/core/config.ts', 'src/core/setting-flaws.ts', 'src/command/reading.ts'])

test('no text of the source writes the word out: sentences have {slash}, commands are made by slash()', () => {
  const found = globSync('src/**/*.{ts,tsx}')
    .filter((file) => !allowed.has(file) && !/^src\/sandbox\/page\/app\/workspace\.ts$/.test(file))
    .map((file) => [file, readFileSync(file, 'utf8')] as const)
    .filter(([, source]) => source.includes('/quay'))
    .flatMap(([file, source]) => textsIn(parseAst(source, { lang: file.endsWith('x') ? 'tsx' : 'ts' })).map((text) => `${file}: ${text}`))
  expect(found.filter((text) => /(^|[\s`"'(:]) ?\/quay(?![\w/-])/.test(text.slice(text.indexOf(': ') + 2)))).toEqual([])
  expect(Object.entries(japanese).filter((pair) => pair.some((text) => usual.test(text)))).toEqual([])
})

/** Every literal text of a syntax tree. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== 'object' || value === null) return []
  const node = value as { type?: string; value?: unknown } // read as far as its fields look
  if (node.type === 'Literal' || node.type === 'JSXText') return typeof node.value === 'string' ? [node.value] : []
  if (node.type === 'TemplateElement') return [String((node.value as { cooked?: string }).cooked ?? '')]
  return Object.values(node).flatMap(textsIn)
}

test('the manifest follows: the word, the registry’s domain, and nothing else', () => {
  const original = readFileSync('manifest.yml', 'utf8')
  const own = manifestOf({ registry: 'https://registry.corp.example:8443', command: '/registry' })
  expect(own).toContain('# Who somebody is, before anything is done for them.')
  const wanted = parse(original) as { features: { slash_commands: { command: string }[]; unfurl_domains: string[] } } // of this repository
  expect(wanted.features.slash_commands).toHaveLength(1)
  Object.assign(wanted.features.slash_commands[0] ?? {}, { command: '/registry' })
  wanted.features.unfurl_domains = ['registry.corp.example']
  expect(parse(own)).toEqual(wanted)
  expect(parse(manifestOf({ registry: undefined, command: '/quay' }))).toEqual(parse(original))
})
