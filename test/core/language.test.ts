import { IntlMessageFormat } from 'intl-messageformat'
import { expect, test } from 'vitest'
import ja from '../../src/core/languages/ja.json' with { type: 'json' }
import later from '../../src/core/languages/pending.json' with { type: 'json' }
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
  const wrong = Object.entries(japanese).filter(([english, written]) => valuesOf(english) !== valuesOf(written))
  expect(wrong).toEqual([])
})

type Element = ReturnType<IntlMessageFormat['getAst']>[number]

/** The values of a sentence, and the cases of its choices, in one order whatever the order in the sentence. */
function valuesOf(message: string) {
  return [...new Set(named(new IntlMessageFormat(message, 'ja', undefined, { ignoreTag: true }).getAst()))].toSorted().join(' ')
}

function named(elements: Element[]): string[] {
  return elements.flatMap((element) => {
    if ('options' in element) {
      // Which plural forms there are is each language's own affair.
      const cases = 'pluralType' in element ? '' : Object.keys(element.options).toSorted().join('|')
      return [`${element.value}:${cases}`, ...Object.values(element.options).flatMap(({ value }) => named(value))]
    }
    // Numbers 0 and 7 are letters and the # of a plural: all else is a value.
    return element.type === 0 || element.type === 7 || !('value' in element) ? [] : [String(element.value)]
  })
}
