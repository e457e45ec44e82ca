import type { Translate } from '../../core/i18n.ts'
import type { ImmutabilityRule } from '../../quay/immutability.ts'
import { code } from '../blocks.ts'

/** The effect of a policy, as a sentence. */
export function immutabilitySentence({ pattern, matching }: ImmutabilityRule, t: Translate) {
  return t(
    '{matching, select, yes {Tags that match {pattern} are immutable.} other {All tags except those that match {pattern} are immutable.}}',
    { matching: matching ? 'yes' : 'no', pattern: code(pattern) },
  )
}
