/** JSON with its keys in order: equal values are equal text, also after the database has ordered them its own way. */
export function canonical(value: unknown): string {
  return JSON.stringify(ordered(JSON.parse(JSON.stringify(value ?? null))))
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => [key, ordered(one)] as const)
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/** As it may be stored and drawn: JSON, in which every credential is `[credential]`. */
export function plain(result: unknown): unknown {
  return result === undefined ? null : JSON.parse(JSON.stringify(result))
}
