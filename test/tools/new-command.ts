import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'

// `npm run new:command repo/count`: the file of a new command, its lines in the table of promises and of what commands
// cost, its line in the comparison with Quay's own permissions, and its sentences as pending in Japanese. The command runs at once: it reads a repository.

const { positionals, values } = parseArgs({ allowPositionals: true, options: { root: { type: 'string', default: '.' } } })
const [path = '', given] = positionals
const root = values.root

if (!/^[a-z][a-z-]*(\/[a-z][a-z-]*){0,2}$/.test(path)) refuse('Say which: npm run new:command repo/count "Count the repositories"')
const file = `src/commands/${path}.ts`
if (existsSync(join(root, file))) refuse(`${file} is there already.`)

const words = path.replaceAll('/', ' ')
const summary = given ?? capital(words.split(' ').toReversed().join(' ').replaceAll('-', ' '))
if (!/^[A-Z][\w ,/-]*\w$/.test(summary)) refuse('The summary is a verb and an object, without a full stop: "Count the repositories"')
const src = relative(dirname(file), 'src')

write(
  file,
  `import { z } from 'zod'
import { command } from '${src}/command/command.ts'
import { repositoryField } from '${src}/command/common-fields.ts'
import { readRepository } from '${src}/quay/repositories.ts'
import { link, message } from '${src}/slack/blocks.ts'

export default command({
  summary: '${summary}',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['${words} acme/api'],
  permissions: [{ permission: 'read', on: 'repository' }],
  run: ({ quay, input: { repository } }) => readRepository(quay, repository),
  view: ({ name, url }, t) => message(t('${summary}: {repository}', { repository: link(url, name) })),
})
`,
)
const promises = 'test/commands/table-entries.ts'
insertSorted(
  promises,
  'const lines:',
  `  ${quoted(words)}: ['alice', 'acme/api', /^${summary.replaceAll('/', '\\/')}: <.*\\|acme\\/api>$/],`,
)
const counted = 'test/commands/table-calls.ts'
// Who it is, their teams and the roles of these, their own permission, and the repository.
insertSorted(counted, 'export const callsOf:', `  ${quoted(words)}: 5,`)
const compared = 'test/security/commands.ts'
insertSorted(compared, 'export const attempts:', `  ${quoted(words)}: readable,`)
const pending = addPending([summary, `${summary}: {repository}`])

process.stdout.write(`Written:
  ${file}
  ${promises}: what is typed, by whom, and what is said
  ${counted}: how many calls of Quay it costs
  ${compared}: what is tried as every kind of account, there and in Quay
  ${pending}: its sentences, pending
Next:
  1. Write what it does. A changing command also declares changes and facts (docs/CONTRIBUTING.md).
  2. Say in these tables what you type, and what it costs.
  3. npm run test:command ${path}
`)

/** Into the object that begins at this line, before the first entry that sorts after it. */
function insertSorted(name: string, beginning: string, line: string) {
  const lines = readFileSync(join(root, name), 'utf8').split('\n')
  const start = lines.findIndex((one) => one.startsWith(beginning))
  const end = lines.findIndex((one, index) => index > start && one === '}')
  const at = lines.findIndex((one, index) => index > start && index < end && (/^ {2}'?([a-z -]+?)'?:/.exec(one)?.[1] ?? '') > words)
  if (start < 0 || end < 0) refuse(`There is no "${beginning}" in ${name}.`)
  write(name, lines.toSpliced(at < 0 ? end : at, 0, line).join('\n'))
}

function addPending(sentences: string[]) {
  const name = 'src/core/languages/pending.json'
  const before: Record<string, string> = JSON.parse(readFileSync(join(root, name), 'utf8'))
  const after = { ...before, ...Object.fromEntries(sentences.map((sentence) => [sentence, 'ja'])) }
  write(name, `${JSON.stringify(after, undefined, 2)}\n`)
  return name
}

function quoted(text: string) {
  return /^\w+$/.test(text) ? text : `'${text}'`
}

function capital(text: string) {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function write(name: string, text: string) {
  mkdirSync(dirname(join(root, name)), { recursive: true })
  writeFileSync(join(root, name), text)
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`)
  process.exit(1)
}
