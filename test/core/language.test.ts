import { IntlMessageFormat } from 'intl-messageformat'
import { expect, test } from 'vitest'
import ja from '../../src/core/languages/ja.json' with { type: 'json' }
import { allSentences } from './sentences.ts'

const japanese: Record<string, string> = ja

test('every sentence that a person can meet has its Japanese one, and no entry is left over', async () => {
  const sentences = await allSentences()
  expect([...sentences].filter((sentence) => !(sentence in japanese))).toEqual([])
  expect(Object.keys(japanese).filter((sentence) => !sentences.has(sentence))).toEqual([])
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
