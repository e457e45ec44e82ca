import { expect, test } from 'vitest'
import ja from '../../src/core/languages/ja.json' with { type: 'json' }
import later from '../../src/core/languages/pending.json' with { type: 'json' }
import { sampled } from '../sized.ts'
import { valuesOf } from '../tools/translations.ts'
import { allSentences } from './sentences.ts'

const japanese: Record<string, string> = ja
const pending = Object.keys(later)

test('every sentence that a person can meet has its Japanese one or is pending, and no entry is left over', async ({ annotate }) => {
  const sentences = await allSentences()
  // A language that is behind is listed, and no error for who adds a sentence: until it is translated people read the English one.
  const missing = [...sentences].filter((sentence) => !(sentence in japanese) && !pending.includes(sentence))
  if (missing.length > 0) await annotate(`npm run language -- --write lists these as pending:\n${missing.join('\n')}`, 'warning')
  expect(
    Object.keys(japanese).filter((sentence) => !sentences.has(sentence)),
    'npm run language -- --write removes these',
  ).toEqual([])
})

test('every Japanese sentence can be read, and takes the values of its English one', () => {
  const wrong = sampled(Object.entries(japanese), 4).filter(([english, written]) => valuesOf(english) !== valuesOf(written))
  expect(wrong).toEqual([])
})
