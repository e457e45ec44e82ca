/** Milliseconds of this thread's own time, so that a busy machine does not count. */
export function costOf(work: () => void) {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

const tooLittle = 15
const times = 5

/**
 * How many times more the work costs for twice the size: about 2 where cost grows with the length, 4 where it grows with the square.
 * Medians of five; 1 where it costs too little to tell. Measured again where the first answer is bad: a garbage collector may have come
 * in between, while what is quadratic stays so.
 */
export function growth(work: (text: string) => void, textOf: (size: number) => string, size: number) {
  const small = textOf(size)
  const large = textOf(2 * size)
  work(textOf(Math.ceil(size / 16)))
  let best = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 3 && best > 2.4; attempt += 1) {
    const first = costOf(() => work(large))
    if (first < tooLittle) return 1
    const runs = Array.from({ length: times }, () => [costOf(() => work(small)), costOf(() => work(large))] as const)
    best = Math.min(best, median(runs.map(([, long]) => long)) / median(runs.map(([short]) => short)))
  }
  return best
}

function median(all: number[]) {
  return all.toSorted((one, other) => one - other)[Math.floor(all.length / 2)] ?? 0
}
