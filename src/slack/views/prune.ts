import type { Translate } from '../../core/i18n.ts'
import type { PruneRule } from '../../quay/pruning.ts'
import { code } from '../blocks.ts'

/** A rule without the fields that only Quay needs. */
export function shownRule({ value, method, pattern, matching }: PruneRule): PruneRule {
  return { value, method, pattern, matching }
}

/** The effect of a rule, as a sentence. */
export function pruneSentence({ method, value, pattern, matching }: PruneRule, t: Translate) {
  const which = pattern === undefined ? 'all' : matching ? 'matching' : 'others'
  return t(
    '{method, select, number_of_tags {{which, select, all {Keeps the newest {value} tags.} matching {Of the tags that match {pattern}, keeps the newest {value}.} other {Of the tags that do not match {pattern}, keeps the newest {value}.}}} creation_date {{which, select, all {Deletes tags older than {value}.} matching {Deletes tags older than {value} that match {pattern}.} other {Deletes tags older than {value} that do not match {pattern}.}}} other {Deletes tags by the method {method} of a newer Quay, with {value}.}}',
    { method, which, value: code(String(value)), pattern: code(pattern ?? '') },
  )
}
