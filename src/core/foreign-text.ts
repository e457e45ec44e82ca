/** What PostgreSQL and JSON cannot hold, NUL and half characters, is shown as what cannot be read (U+FFFD). */
export function storable(text: string) {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return whole.includes('\u0000') ? whole.replaceAll('\u0000', '\uFFFD') : whole
}

/** The same for every text in a JSON value, names included. Nothing of it leads to what every object has (`__proto__`). */
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

/** What a table of ours has under a name that comes from outside: `constructor` and `toString` are in no table. */
export function entryOf<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
