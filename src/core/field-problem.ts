import { Failure } from './failure.ts'
import type { Sentence } from './i18n.ts'

/** The Failure `invalid` for a field that only other fields, or Quay, show to be wrong. The modal shows it below that field. */
export function fieldProblem(field: string, message: string, values: Sentence['values'] = {}) {
  return new Failure('invalid', message, values, { fields: { [field]: { message, values } } })
}
