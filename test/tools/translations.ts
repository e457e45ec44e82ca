import { IntlMessageFormat } from 'intl-messageformat'

/** How far a language is behind: each sentence in one of the lists. */
export interface Behind {
  /** Said, without a translation. */
  missing: string[]
  /** Translated, and no longer said. */
  unused: string[]
  /** The English changed: the translation of `from` is kept for `to` until somebody has reviewed it. */
  changed: { from: string; to: string }[]
  /** Kept over an earlier change, and not reviewed yet. */
  unreviewed: string[]
}

type Catalog = Record<string, string>

/**
 * Compares what the source says with what is translated. A sentence that is gone and one that is new are one that changed if they
 * have the same values and choices and most of their words in common: its translation is still better than English.
 */
export function compare(said: Set<string>, translated: Catalog, pending: Catalog): Behind {
  const missing = [...said].filter((sentence) => !(sentence in translated)).toSorted()
  const unused = Object.keys(translated).filter((sentence) => !said.has(sentence))
  const changed: Behind['changed'] = []
  for (const to of missing) {
    const candidates = unused.filter((from) => !changed.some((one) => one.from === from) && valuesOf(from) === valuesOf(to))
    const [best] = candidates.map((from) => ({ from, alike: likeness(from, to) })).toSorted((a, b) => b.alike - a.alike)
    if (best && best.alike >= 0.5) changed.push({ from: best.from, to })
  }
  return {
    missing: missing.filter((sentence) => !changed.some(({ to }) => to === sentence)),
    unused: unused.filter((sentence) => !changed.some(({ from }) => from === sentence)),
    changed,
    unreviewed: Object.keys(pending).filter((sentence) => sentence in translated && said.has(sentence)),
  }
}

/** The catalog and the list of pending sentences after this: changed ones keep their translation, unused ones go. */
export function broughtUpToDate(translated: Catalog, pending: Catalog, { missing, unused, changed }: Behind) {
  const newName = new Map(changed.map(({ from, to }) => [from, to]))
  const kept = Object.entries(translated).filter(([sentence]) => !unused.includes(sentence))
  const known = Object.entries(pending).filter(
    ([sentence, why]) => why === 'changed' && sentence in translated && !unused.includes(sentence),
  )
  return {
    translated: Object.fromEntries(kept.map(([sentence, text]) => [newName.get(sentence) ?? sentence, text])),
    pending: Object.fromEntries([
      ...missing.map((sentence) => [sentence, 'missing'] as const),
      ...known.map(([sentence]) => [newName.get(sentence) ?? sentence, 'changed'] as const),
      ...changed.map(({ to }) => [to, 'changed'] as const),
    ]),
  }
}

/** The share of the words that two sentences have in common. */
function likeness(one: string, other: string) {
  const [first, second] = [wordsOf(one), wordsOf(other)]
  const common = first.filter((word) => second.includes(word)).length
  return (2 * common) / (first.length + second.length)
}

function wordsOf(sentence: string): string[] {
  return sentence.toLowerCase().match(/[\p{L}\d]+/gu) ?? []
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number]

/** The values of a message and the cases of its choices, in one order whatever the order in the sentence. */
export function valuesOf(message: string) {
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
