import type { Translate } from '../../core/i18n.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** Bytes for a person: `86 MB`, in decimal units like Quay's web console. ICU says `0 byte` for what the console calls `0 B`. */
export function sizeText(bytes: number, t: Translate) {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  if (power === 0) return `${new Intl.NumberFormat(t.language).format(bytes)} B`
  const options = { style: 'unit', unit: units[power] ?? 'byte', maximumFractionDigits: power > 2 ? 1 : 0 } as const
  return new Intl.NumberFormat(t.language, options).format(bytes / 1000 ** power)
}
