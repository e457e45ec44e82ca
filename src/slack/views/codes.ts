import { code, drawn } from '../blocks.ts'

/** Several names in code style, with commas. */
export function codes(names: string[]) {
  return drawn(names.map((name) => code(name).markup).join(', '))
}
