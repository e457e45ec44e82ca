import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

// `npm run new:command repo/count`: the file of a new command, its line in the table of promises, and its sentences, whose
// translation is pending. The command runs at once: it reads a namespace and says its name.

const root = fileURLToPath(new URL('../../', import.meta.url))
const [path = ''] = process.argv.slice(2)

if (!/^[a-z][a-z-]*(\/[a-z][a-z-]*){0,2}$/.test(path)) refuse('Say which: npm run new:command repo/count')
const file = `${root}src/commands/${path}.ts`
if (existsSync(file)) refuse(`src/commands/${path}.ts is there already.`)

const words = path.replaceAll('/', ' ')
const up = relative(dirname(file), `${root}src`)
const summary = `${capital(words.split(' ').toReversed().join(' '))}`

mkdirSync(dirname(file), { recursive: true })
writeFileSync(
  file,
  `import { z } from 'zod'
import { command } from '${up}/command/command.ts'
import { namespaceField } from '${up}/command/common-fields.ts'
import { readOrganization } from '${up}/quay/organizations.ts'
import { bold, message } from '${up}/slack/blocks.ts'

export default command({
  summary: '${summary}',
  input: z.strictObject({ namespace: namespaceField }),
  examples: ['${words} acme'],
  permissions: [{ permission: 'member', on: 'namespace' }],
  run: async ({ quay, input: { namespace } }) => ({ name: (await readOrganization(quay, namespace)).name }),
  view: ({ name }, t) => message(t('${summary}: {name}', { name: bold(name) })),
})
`,
)
insertSorted(
  'test/commands/table-entries.ts',
  /^ {2}('[a-z -]+'|[a-z-]+): \[/,
  `  '${words}': ['alice', 'acme', /^${summary}: \\*acme\\*$/],`,
)
addPending([summary, `${summary}: {name}`])

process.stdout.write(`src/commands/${path}.ts
  1. Write what it does. A changing command also declares changes and facts (docs/CONTRIBUTING.md).
  2. Say in test/commands/table-entries.ts what is typed, by whom, and what is said.
  3. npm run test:command ${path}
  4. npm test -- --update draws the help snapshots. The Japanese is pending: npm run language
`)

/** The line before the first one that sorts after it. */
function insertSorted(name: string, pattern: RegExp, line: string) {
  const lines = readFileSync(root + name, 'utf8').split('\n')
  const keyOf = (text: string) => (/^ {2}'?([a-z -]+)'?: /.exec(text)?.[1] ?? '').trim()
  const at = lines.findIndex((one) => pattern.test(one) && keyOf(one) > words)
  if (at < 0) refuse(`No place for the line in ${name}.`)
  writeFileSync(root + name, lines.toSpliced(at, 0, line).join('\n'))
}

function addPending(sentences: string[]) {
  const name = `${root}src/core/languages/pending.json`
  const pending: string[] = existsSync(name) ? JSON.parse(readFileSync(name, 'utf8')) : []
  writeFileSync(name, `${JSON.stringify([...new Set([...pending, ...sentences])].toSorted(), undefined, 2)}\n`)
}

function capital(text: string) {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`)
  process.exit(1)
}
