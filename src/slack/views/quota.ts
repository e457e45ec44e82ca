import type { Translate } from '../../core/i18n.ts'
import { sizeText } from './size.ts'

const powers = { B: 0, K: 1, M: 2, G: 3, T: 4, P: 5 } as const

/** `10 GiB`, `500MB`. */
export const quotaSize = /^\d{1,6}(?:\.\d{1,3})? ?(?:B|[KMGTP]i?B)$/i

/** `10 GiB` as bytes; `GB` counts by thousands, as everywhere. */
export function bytesOf(text: string) {
  const unit = text.replace(/[\d. ]/g, '').toUpperCase()
  const power = powers[unit.charAt(0) as keyof typeof powers] // the schema has taken it: one of these
  return Math.round(Number.parseFloat(text) * (unit.includes('I') ? 1024 : 1000) ** power)
}

/** Bytes as a quota is set: in powers of 1024 where that comes out even. */
export function quotaText(bytes: number, t: Translate) {
  const power = Object.entries(powers).findLast(
    ([, power]) => power > 0 && bytes >= 1024 ** power && Number.isInteger((bytes / 1024 ** power) * 10),
  )
  return power ? `${bytes / 1024 ** power[1]} ${power[0]}iB` : sizeText(bytes, t)
}
