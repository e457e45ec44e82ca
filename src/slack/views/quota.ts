import type { Translate } from '../../core/i18n.ts'
import type { QuotaLimit } from '../../quay/quotas.ts'
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

/** Bytes as a quota is set, exactly: `10 GB` and `10 GiB` each in its own unit, which is the one that takes fewer digits. */
export function quotaText(bytes: number, t: Translate) {
  const exact = units.flatMap(([unit, size]) => {
    const count = Number((bytes / size).toFixed(3))
    return count >= 1 && count * size === bytes ? [`${count} ${unit}`] : []
  })
  const [shortest] = exact.toSorted((one, other) => one.replace(/ .*/, '').length - other.replace(/ .*/, '').length)
  return shortest ?? sizeText(bytes, t)
}

/** What was typed, with its unit as everybody writes it: `10GIB` is `10 GiB`. */
export function typedQuota(text: string) {
  const unit = text.replace(/[\d. ]/g, '')
  return `${Number.parseFloat(text)} ${unit.toUpperCase().replace('I', 'i')}`
}

const units = Object.entries(powers).flatMap(([letter, power]): [unit: string, size: number][] =>
  power === 0
    ? [['B', 1]]
    : [
        [`${letter}iB`, 1024 ** power],
        [`${letter}B`, 1000 ** power],
      ],
)

/** What happens at so many percent of a quota. */
export function limitLine({ type, percent }: Omit<QuotaLimit, 'id'>, t: Translate) {
  return t('{type, select, reject {• Pushes are refused at {percent} %} other {• A warning at {percent} %}}', { type, percent })
}
