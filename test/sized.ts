const sizes = ['loop', 'ci', 'all'] as const

/** How much is tried: `loop` with `npm test`, `ci` where CI runs the same, `all` with `npm run test:faults`. */
const size = sizes.find((one) => one === process.env.FAULTS) ?? 'loop'

/** One of three counts, by how much is tried: the same promise, kept less or more often. */
export function sized<Value>(loop: Value, ci: Value, all: Value): Value {
  return { loop, ci, all }[size]
}
