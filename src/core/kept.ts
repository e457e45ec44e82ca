/** What a process keeps for its parts, gone when it ends. One for all copies of a context. */
export type Kept = Map<object, unknown>

/** Declares something that a process keeps: `const busy = keeps(() => new Set<string>())`, and `busy(bot)` is this process's set. */
export function keeps<Value, Context = unknown>(make: (context: Context) => Value) {
  const key = {}
  return (context: Context & { runtime: { kept: Kept } }): Value => {
    const { kept } = context.runtime
    if (!kept.has(key)) kept.set(key, make(context))
    return kept.get(key) as Value // `make` made it, above or earlier
  }
}
