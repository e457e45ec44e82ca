import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const files = globSync('src/**/*.{ts,tsx}').filter((file) => !file.startsWith('src/sandbox/page/'))
const imports = files.flatMap((file) => importsOf(file).map((from) => ({ file, from })))

test('operations know Quay and the message vocabulary, and nothing of Bolt, HTTP, the database or each other', () => {
  const forbidden = (_: string, from: string) =>
    /^(@slack\/bolt|undici|drizzle-orm)/.test(from) ||
    ['src/surfaces/execute.ts', 'src/core/config.ts'].includes(from) ||
    from.startsWith('src/commands/') ||
    (from.startsWith('src/slack/') && from !== 'src/slack/blocks.ts') ||
    from.startsWith('src/db/')
  expect(broken('src/commands/', forbidden)).toEqual([])
})

test('the API service layer of Quay imports nothing of ours but failures and credentials', () => {
  const allowed = (from: string) =>
    !from.startsWith('src/') || from.startsWith('src/quay/') || ['src/core/failure.ts', 'src/core/credential.ts'].includes(from)
  expect(broken('src/quay/', (_, from) => !allowed(from))).toEqual([])
})

test('the Slack adapter speaks neither HTTP nor SQL nor Quay', () => {
  expect(broken('src/slack/', (_, from) => /^(undici|drizzle-orm)/.test(from) || from.startsWith('src/quay/'))).toEqual([])
})

test('the rest of the bot does not know that there is a sandbox', () => {
  expect(
    broken('src/', (file, from) => !file.startsWith('src/sandbox/') && from.startsWith('src/sandbox/') && file !== 'src/app/run.ts'),
  ).toEqual([])
  expect(readFileSync('src/app/run.ts', 'utf8')).not.toMatch(/^import .*sandbox/m)
})

test('Bolt is used in src/slack/ alone, Quay is reached by src/quay/http.ts and archives alone', () => {
  expect(broken('src/', (file, from) => from === '@slack/bolt' && !file.startsWith('src/slack/'))).toEqual([])
  expect(broken('src/', (file, from) => from === 'undici' && !file.startsWith('src/quay/') && !file.startsWith('src/sandbox/'))).toEqual([])
})

test('process.env is read in src/core/config.ts alone, and jobs are sent by enqueue and the periodic ones alone', () => {
  expect(files.filter((file) => /process\.env/.test(read(file)) && file !== 'src/core/config.ts')).toEqual([])
  expect(files.filter((file) => /boss\.send\(/.test(read(file)) && !['src/context.ts', 'src/app/jobs.ts'].includes(file))).toEqual([])
})

test('only operations about the bot itself are given the bot', () => {
  // Builds and mirrors ask the policy and the clock, prune, tag and service-key the clock, logs queue an export,
  // and repo create subscribes a channel.
  const about =
    /^src\/operations\/(help|whoami|can-i|status|request|audit|subscribe|unsubscribe|subscription|build|logs|mirror|tag\/(?:expire|restore)|prune|service-key|repo\/create)\b/
  expect(files.filter((file) => file.startsWith('src/commands/') && !about.test(file) && /\bbot\b/.test(codeOf(file)))).toEqual([])
})

test('no drawers for leftovers, no classes but errors', () => {
  expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|services?|managers?)(\/|\.ts$)/.test(file))).toEqual([])
  expect(files.filter((file) => /^(export )?(abstract )?class (?!\w+ extends \w*Error)/m.test(read(file)))).toEqual([])
})

test('no file of ours is longer than 250 lines', () => {
  expect(files.filter((file) => read(file).split('\n').length > 250)).toEqual([])
})

function broken(folder: string, forbidden: (file: string, from: string) => boolean) {
  return imports
    .filter(({ file, from }) => file.startsWith(folder) && forbidden(file, from))
    .map(({ file, from }) => `${file} imports ${from}`)
}

function importsOf(file: string) {
  return [...read(file).matchAll(/^(?:import|export)\b[^'"\n]*?(?:[^'"]*?from )?'([^']+)'/gm)].map(([, from = '']) =>
    from.startsWith('.') ? normalize(join(dirname(file), from)) : from,
  )
}

function codeOf(file: string) {
  return read(file).replaceAll(/^\s*(\/\/|\*|\/\*\*).*$/gm, '')
}

function read(file: string) {
  return readFileSync(file, 'utf8')
}
