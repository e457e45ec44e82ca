// The shape of a JSON value: its type, the keys of an object, and for a list what its elements may be, recursively.

export interface Shape {
  types: Set<string>
  keys: Map<string, Shape>
  element?: Shape
}

export function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) {
    const shape: Shape = { types: new Set(['list']), keys: new Map() }
    return value.length === 0 ? shape : { ...shape, element: value.map(shapeOf).reduce(merged) }
  }
  if (value === null || typeof value !== 'object') return { types: new Set([value === null ? 'null' : typeof value]), keys: new Map() }
  return { types: new Set(['object']), keys: new Map(Object.entries(value).map(([key, item]) => [key, shapeOf(item)])) }
}

function merged(a: Shape, b: Shape): Shape {
  const keys = new Map(a.keys)
  for (const [key, shape] of b.keys) keys.set(key, keys.has(key) ? merged(keys.get(key) as Shape, shape) : shape) // has() was asked
  const element = a.element && b.element ? merged(a.element, b.element) : (a.element ?? b.element)
  return { types: new Set([...a.types, ...b.types]), keys, ...(element && { element }) }
}

/** Where the simulator's answer has another shape than the recorded one; what is free-form is not looked into. */
export function differences(recorded: Shape, simulated: Shape, path: string, isFree: (path: string) => boolean): string[] {
  if (isFree(path)) return []
  const foreign = [...simulated.types].filter((type) => !recorded.types.has(type))
  if (foreign.length > 0) return [`${path || 'body'} is ${foreign} instead of ${[...recorded.types]}`]
  const missing = [...recorded.keys.keys()].filter((key) => !simulated.keys.has(key)).map((key) => `${path}.${key} is missing`)
  const extra = [...simulated.keys.keys()].filter((key) => !recorded.keys.has(key)).map((key) => `${path}.${key} is too much`)
  const inner = [...recorded.keys].flatMap(([key, shape]) => {
    const other = simulated.keys.get(key)
    return other ? differences(shape, other, `${path}.${key}`, isFree) : []
  })
  if (Boolean(recorded.element) !== Boolean(simulated.element) && recorded.types.has('list'))
    return [`${path} is ${recorded.element ? 'empty' : 'not empty'}`]
  const elements = recorded.element && simulated.element ? differences(recorded.element, simulated.element, `${path}[]`, isFree) : []
  return [...missing, ...extra, ...inner, ...elements]
}
