const names = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** 600 as “10 minutes”. */
export function durationText(seconds: number, t: { language: string }) {
  const [unit, size] = names.find(([, size]) => seconds % size === 0) ?? names[4]
  return new Intl.NumberFormat(t.language, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size)
}
