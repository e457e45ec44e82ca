import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// Whoever looks for a sentence in the table of docs/operations.md has copied it from Slack or from the log, so it stands there as it is said.

const sources = globSync('src/{app,approvals,command,commands,core,db,notifications,quay,security,slack,surfaces}/**/*.ts')
const said = sources.map((file) => readFileSync(file, 'utf8')).join('\n')

const page = readFileSync('docs/operations.md', 'utf8')
const table = page.slice(page.indexOf('## When something is wrong'), page.indexOf('## A stolen token'))
const quoted = [...table.matchAll(/“([^”]+)”/g)].map(([, sentence = '']) => sentence)

test('the table has every entry that it had', () => {
  expect(quoted.length).toBeGreaterThan(12)
})

test.each(quoted)('“%s” is said by the bot', (sentence) => {
  expect(said).toContain(sentence)
})
