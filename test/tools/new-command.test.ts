import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isCi } from '../sized.ts'

const copy = mkdtempSync(join(tmpdir(), 'quaymaster-new-command-'))
afterAll(() => rmSync(copy, { recursive: true, force: true }))
for (const name of ['src', 'test', 'package.json', 'tsconfig.json', 'policy.example.yml', 'manifest.yml'])
  cpSync(name, join(copy, name), { recursive: true })
symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'), 'junction')

const script = (name: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`test/tools/${name}.ts`, ...args], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(copy, 'node_modules/.bin')}:${process.env.PATH}`, NO_COLOR: '1', VITEST_RESULTS: '' },
  })
  return { status, said: stdout + stderr }
}
const read = (name: string) => readFileSync(join(copy, name), 'utf8')

test('new:command writes a command that runs: its file, its lines in the tables, its sentences as pending', () => {
  expect(script('new-command', 'scan/count', 'Count the vulnerabilities')).toMatchObject({ status: 0 })

  expect(read('src/commands/scan/count.ts')).toContain("examples: ['scan count acme/api']")
  expect(read('test/commands/table-entries.ts')).toMatch(/\n {2}'scan count': \[.*\n {2}'scan diff': /)
  expect(read('test/commands/table-calls.ts')).toMatch(/\n {2}'scan count': 5,\n {2}'scan diff': /)
  expect(read('test/security/commands.ts')).toMatch(/\n {2}'scan count': readable,\n {2}'scan diff': /)
  expect(JSON.parse(read('src/core/languages/pending.json'))).toMatchObject({
    'Count the vulnerabilities': 'ja',
    'Count the vulnerabilities: {repository}': 'ja',
  })

  // It runs vitest within vitest, which takes longer than anything else here.
  if (!isCi) return
  const { status, said } = script('test-command', 'scan/count')
  expect(said).toMatch(/scan count|passed/)
  expect(said).not.toMatch(/failed/)
  expect(status).toBe(0)
  expect(read('test/commands/__snapshots__/table.test.ts.snap')).toContain('scan count > its help is what it says of itself')
})

test('the example of the page for contributors is a command that loads', () => {
  const [, example = ''] = /```ts\n(.*?)```/s.exec(readFileSync('docs/CONTRIBUTING.md', 'utf8')) ?? []
  writeFileSync(join(copy, 'src/commands/repo/count.ts'), example)
  const load = `const { default: command } = await import('./src/commands/repo/count.ts'); console.log(command.examples[0])`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', load], { cwd: copy, encoding: 'utf8' })
  expect(stdout + stderr).toBe('repo count acme\n')
  rmSync(join(copy, 'src/commands/repo/count.ts'))
})

test('what would be overwritten, or is no name of a command, is refused in words', () => {
  expect(script('new-command', 'repo/create')).toEqual({ status: 1, said: 'src/commands/repo/create.ts is there already.\n' })
  expect(script('new-command', '../repo/x').said).toContain('Say which: npm run new:command repo/count')
  expect(script('new-command', 'tag/count', 'count tags.').said).toContain('The summary is a verb and an object')
  expect(script('test-command', 'repo/nothing')).toMatchObject({ status: 1 })
  expect(existsSync(join(copy, 'src/commands/tag/count.ts'))).toBe(false)
})

test('language lists what is not translated and what is pending, and is an error only when it is asked to be strict', () => {
  script('new-command', 'tag/count', 'Count the tags')
  const { status, said } = script('language', '--strict')
  expect(status).toBe(1)
  expect(said).toMatch(/not translated: \d+\n(?: {2}.*\n)* {2}Count the tags\n/)
  expect(said).toContain('translated, and no longer said: 0')
  if (isCi) expect(script('language')).toMatchObject({ status: 0, said })
})
