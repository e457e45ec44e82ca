import { Failure } from './failure.ts'
import type { Sentence } from './i18n.ts'

/** What only several fields together, or Quay, can tell is wrong with one of them: said under that field. */
export function fieldProblem(field: string, message: string, values: Sentence['values'] = {}) {
  return new Failure('invalid', message, values, { fields: { [field]: { message, values } } })
}
