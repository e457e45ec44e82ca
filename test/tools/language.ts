import { writeFileSync } from 'node:fs'
import ja from '../../src/core/languages/ja.json' with { type: 'json' }
import later from '../../src/core/languages/pending.json' with { type: 'json' }
import { allSentences } from '../core/sentences.ts'

// `npm run language`: how far Japanese is behind. With `-- --write` the list of pending sentences is brought up to date, and
// translations of sentences that are gone are removed; with `-- --strict` anything missing is an error, for a release.

const languages = 'src/core/languages/'
const japanese: Record<string, string> = ja
const sentences = await allSentences()
const pending = Object.keys(later)
const missing = [...sentences].filter((sentence) => !(sentence in japanese)).toSorted()
const unused = Object.keys(japanese).filter((sentence) => !sentences.has(sentence))

list(
  'Not translated, and listed as pending',
  missing.filter((sentence) => pending.includes(sentence)),
)
list(
  'Not translated, and not listed',
  missing.filter((sentence) => !pending.includes(sentence)),
)
list('Translated, and no longer said', unused)
list(
  'Listed as pending, and translated or no longer said',
  pending.filter((sentence) => !missing.includes(sentence)),
)

if (process.argv.includes('--write')) {
  const kept = Object.fromEntries(Object.entries(japanese).filter(([sentence]) => sentences.has(sentence)))
  writeFileSync(`${languages}ja.json`, `${JSON.stringify(kept, undefined, 2)}\n`)
  writeFileSync(
    `${languages}pending.json`,
    `${JSON.stringify(Object.fromEntries(missing.map((sentence) => [sentence, 'ja'])), undefined, 2)}\n`,
  )
}
process.exit(process.argv.includes('--strict') && missing.length + unused.length > 0 ? 1 : 0)

function list(title: string, found: string[]) {
  process.stdout.write(`${title}: ${found.length}\n${found.map((sentence) => `  ${sentence}\n`).join('')}`)
}
