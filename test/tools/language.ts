import { writeFileSync } from 'node:fs'
import ja from '../../src/core/languages/ja.json' with { type: 'json' }
import later from '../../src/core/languages/pending.json' with { type: 'json' }
import { allSentences } from '../core/sentences.ts'
import { broughtUpToDate, compare } from './translations.ts'

// `npm run language`: what is missing in Japanese, what is unused, and whose English changed since it was translated.
// `-- --write` brings the catalog up to date: a changed sentence keeps its translation and is listed in pending.json until somebody
// has reviewed it (then: `-- --reviewed`, or `-- --reviewed "the sentence"`). `-- --strict` fails if anything is left, for a release.

const languages = 'src/core/languages/'
const behind = compare(await allSentences(), ja, later)

list('Missing: not translated', behind.missing)
list('Unused: translated, and no longer said', behind.unused)
list(
  'Changed: the English differs from the one that was translated',
  behind.changed.map(({ from, to }) => `${from}\n    → ${to}`),
)
list('To review: a translation kept over a change of the English', behind.unreviewed)

const [option = '', sentence] = process.argv.slice(2)
if (option === '--write') {
  const { translated, pending } = broughtUpToDate(ja, later, behind)
  write('ja.json', translated)
  write('pending.json', pending)
}
if (option === '--reviewed') {
  const left = Object.entries(later).filter(([one, why]) => why !== 'changed' || (sentence !== undefined && one !== sentence))
  write('pending.json', Object.fromEntries(left))
}
const left = behind.missing.length + behind.unused.length + behind.changed.length + behind.unreviewed.length
process.exit(option === '--strict' && left > 0 ? 1 : 0)

function list(title: string, found: string[]) {
  process.stdout.write(`${title}: ${found.length}\n${found.map((one) => `  ${one}\n`).join('')}`)
}

function write(file: string, catalog: Record<string, unknown>) {
  writeFileSync(`${languages}${file}`, `${JSON.stringify(catalog, undefined, 2)}\n`)
}
