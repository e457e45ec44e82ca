import { commas } from '../../core/commas.ts'
import type { Translate } from '../../core/i18n.ts'
import { code, rawMarkup } from '../blocks.ts'

/** Several names in code style, with commas. */
export function codes(names: string[], t: Translate) {
  return rawMarkup(
    commas(
      t,
      names.map((name) => code(name).markup),
    ),
  )
}

const shownAtMost = 20

/** Names in code style, and how many more there are: “`v1`, `v2` and 7 more”. */
export function someCodes(names: string[], t: Translate) {
  const rest = names.length - shownAtMost
  const shown = codes(names.slice(0, shownAtMost), t)
  return rest > 0 ? rawMarkup(t('{names} and {rest, number} more', { names: shown, rest })) : shown
}
