const sizes = ['loop', 'ci', 'all'] as const

/**
 * How much is tried: `loop` with `npm test`, each promise by an example or a few of it; `ci` where CI runs the same, by all its examples;
 * `all` with `npm run test:faults`, again and again (docs/decisions/2026-11-29-the-loop-tries-examples.md).
 */
const size = sizes.find((one) => one === process.env.FAULTS) ?? 'loop'

/** For another example of what `npm test` tries by one: whether it is CI that tries, or `npm run test:faults`. */
export const isCi = size !== 'loop'

/** Rows of a table: all of them, or with `npm test` one of so many, another one for each `turn`, so that together they leave none out. */
export function sampled<Row>(rows: readonly Row[], loop: number, turn = 0): Row[] {
  return rows.filter((_, index) => size !== 'loop' || (index + turn) % loop === 0)
}

/** One of three counts, by how much is tried: the same promise, kept less or more often. */
export function sized<Value>(loop: Value, ci: Value, all: Value): Value {
  return { loop, ci, all }[size]
}
