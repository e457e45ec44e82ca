/** The value below which that share of all lies: 0.5 for the median. */
export function percentile(values: number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN
}
