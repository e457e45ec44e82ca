/** Replaces NUL and lone surrogates, which PostgreSQL and JSON reject, by U+FFFD. */
export function storable(text: string) {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return whole.includes('\u0000') ? whole.replaceAll('\u0000', '\uFFFD') : whole
}

/** The same for every text in a JSON value, names included. Keys such as `__proto__` cannot reach the prototype. */
export function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) return value.map(storableValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== '__proto__')
      .map(([name, one]) => [storable(name), storableValue(one)]),
  )
}

/** Looks up an untrusted name in one of our tables, without inherited properties such as `constructor` and `toString`. */
export function entryOf<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
