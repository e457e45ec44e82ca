const letters = ['', 'K', 'M', 'G', 'T', 'P'] as const

/** A size as people write it: `10 GiB`, `500MB`, `1.5 TB`. */
export const size = /^\d{1,6}(?:\.\d{1,3})? ?(?:B|[KMGTP]i?B)$/i

/** `10 GiB` in bytes; `GB` is decimal. The text must match `size`. */
export function bytesOf(text: string): number {
  const unit = text.replace(/[\d. ]/g, '').toUpperCase()
  const power = letters.findIndex((letter) => letter !== '' && unit.startsWith(letter))
  return Math.round(Number.parseFloat(text) * (unit.includes('I') ? 1024 : 1000) ** Math.max(power, 0))
}

/** Bytes in the unit that gives the shortest exact number, so that typed sizes come back: `500 GB`, `10 GiB`. */
export function exactSize(bytes: number): string {
  const written = letters.flatMap((letter, power) => [
    { unit: `${letter}iB`, value: bytes / 1024 ** power, allowed: power > 0 },
    { unit: `${letter}B`, value: bytes / 1000 ** power, allowed: true },
  ])
  const exact = written.filter(({ value, allowed }) => allowed && (value >= 1 || bytes === 0) && Number.isInteger(value * 1000))
  const [shortest] = exact.toSorted((one, other) => String(one.value).length - String(other.value).length)
  return shortest ? `${shortest.value} ${shortest.unit}` : `${bytes} B`
}

/** The typed size with its unit in standard spelling: `10GIB` is `10 GiB`. The text must match `size`. */
export function typedSize(text: string): string {
  const unit = text.replace(/[\d. ]/g, '')
  return `${Number.parseFloat(text)} ${unit.toUpperCase().replace('I', 'i')}`
}
