import { code, rawMarkup } from '../blocks.ts'

/** Several names in code style, with commas. */
export function codes(names: string[]) {
  return rawMarkup(names.map((name) => code(name).markup).join(', '))
}
