import { fieldProblem } from '../core/field-problem.ts'
import { type PatternProblem, readSharedPattern } from '../core/pattern.ts'

const sentences: Record<PatternProblem, string> = {
  syntax: '{pattern} is not a valid regular expression.',
  'look-around': 'Look-ahead, look-behind and atomic groups can’t be used in {pattern}. Write it without them.',
  'back-reference': 'Back-references can’t be used in {pattern}. Repeat the text instead.',
  'too-large': '{pattern} is too long or repeats too often (1,000 times at most).',
  'not-python': 'Quay reads {pattern} differently. Use Python regular expressions, without \\p, \\Q, \\z or POSIX classes.',
}

/** Throws `invalid` for a tag pattern that Quay or this process cannot read: Quay accepts any text, and then applies it to nothing. */
export function checkPattern(pattern: string) {
  const read = readSharedPattern(pattern)
  if ('problem' in read) throw fieldProblem('pattern', sentences[read.problem], { pattern })
}
