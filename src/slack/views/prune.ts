import type { Translate } from '../../core/i18n.ts'
import type { PruneRule } from '../../quay/pruning.ts'
import { isOneOf } from '../../quay/word.ts'
import { code } from '../blocks.ts'

/** A rule without the fields that only Quay needs. */
export function shownRule({ value, method, pattern, matching }: PruneRule): PruneRule {
  return { value, method, pattern, matching }
}

// By method, and by which tags the pattern selects.
const sentences = {
  number_of_tags: {
    all: '{count, plural, one {Keeps only the newest tag.} other {Keeps the newest # tags.}}',
    matching: 'Of the tags that match {pattern}, keeps the newest {count, number}.',
    others: 'Of the tags that do not match {pattern}, keeps the newest {count, number}.',
  },
  creation_date: {
    all: 'Deletes tags older than {value}.',
    matching: 'Deletes tags older than {value} that match {pattern}.',
    others: 'Deletes tags older than {value} that do not match {pattern}.',
  },
}

/** The effect of a rule, as a sentence. */
export function pruneSentence({ method, value, pattern, matching }: PruneRule, t: Translate) {
  const which = pattern === undefined ? 'all' : matching ? 'matching' : 'others'
  const values = { method, value: code(String(value)), count: Number(value), pattern: code(pattern ?? '') }
  return isOneOf(Object.keys(sentences), method)
    ? t(sentences[method as keyof typeof sentences][which], values) // one of its keys, as just compared
    : t('Deletes tags by the method {method} of a newer Quay release, with {value}.', values)
}
