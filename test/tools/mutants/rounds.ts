import type { Known } from './known.ts'
import type { Mark, Plan } from './plan.ts'

/** How many tests a mutant meets in each round, until one notices it. */
const steps = [3, 4, 6, 8, 12]
/** So many repetitions of one test in a round, so that no file takes all the time. */
const most = 15
/** Milliseconds. */
const quick = 60

/** What the next round tries of the mutants that no test has noticed yet; undefined when each has met enough tests. */
export function nextRound(known: Known, alive: string[], round: number, enough: number): Omit<Plan, 'files'> | undefined {
  const tests: Plan['tests'] = {}
  const busy = new Set<string>()
  const whole: Plan['whole'] = {}
  const wanted = steps[round] ?? 16
  const byMutant = reaching(known, alive)
  for (const mutant of alive) {
    const met = known.passed[mutant] ?? []
    let left = Math.min(wanted, enough - met.length)
    const open = (byMutant[mutant] ?? []).filter((test) => !met.includes(test) && !met.includes(`${fileOf(test)}#`))
    for (const test of manyFilesFirst(open, met)) {
      if (left < 1) break
      const file = fileOf(test)
      if (whole[file] !== undefined) continue
      if (test.endsWith('#')) {
        if (busy.has(file)) continue
        whole[file] = mutant
      } else {
        if ((tests[test]?.length ?? 0) >= (known.leaning.includes(file) ? 1 : most)) continue
        // Of those that take no time many are met at once.
        if ((known.tests[test]?.ms ?? quick) < quick) left += 0.8
        tests[test] = [...(tests[test] ?? []), mutant]
        busy.add(file)
      }
      left -= 1
    }
  }
  if (Object.keys(tests).length + Object.keys(whole).length === 0) return undefined
  return { phase: 'try', tests, inOrder: known.leaning.filter((file) => busy.has(file)), whole }
}

/** Notes what came of a round. What a test seemed to notice is not counted when it failed without a mutant, too. */
export function noteRound(known: Known, plan: Omit<Plan, 'files'>, marks: Mark[]) {
  const unsound = new Set<string>()
  for (const { test, mutant, said } of marks) {
    if (test === undefined || mutant !== undefined || !plan.tests[test] || plan.inOrder.includes(fileOf(test))) continue
    known.clean.all += 1
    if (said === undefined) continue
    known.clean.failed += 1
    unsound.add(test)
    if (!known.leaning.includes(fileOf(test))) known.leaning.push(fileOf(test))
  }
  const failed = new Set<string>()
  for (const { test, file, mutant, said } of marks) {
    const by = test ?? file
    if (by === undefined) continue
    // What fails after another one has failed may fail because of that.
    if (said !== undefined && plan.inOrder.includes(fileOf(by))) {
      if (failed.has(fileOf(by))) continue
      failed.add(fileOf(by))
    }
    if (mutant === undefined) continue
    if (said !== undefined && !unsound.has(by)) known.killed[mutant] ??= { by, said: said.slice(0, 300) }
    else if (said === undefined)
      known.passed[mutant] = [...new Set([...(known.passed[mutant] ?? []), file === undefined ? by : `${file}#`])]
  }
}

/**
 * For each mutant the tests that reach it, in the order in which they are likely to notice it: those that reach little else and are
 * quick, those of the same part of the code, and those of files that have noticed others of the same source.
 */
function reaching(known: Known, alive: string[]): Record<string, string[]> {
  const wanted = new Set(alive)
  const whole: Record<string, number> = {}
  for (const { file, ms } of Object.values(known.tests)) whole[file] = (whole[file] ?? 0) + ms
  const noticed: Record<string, number> = {}
  for (const [mutant, { by }] of Object.entries(known.killed)) {
    const pair = `${sourceOf(mutant)} ${fileOf(`${by}#`)}`
    noticed[pair] = (noticed[pair] ?? 0) + 1
  }
  const found: Record<string, [number, string][]> = {}
  for (const [test, { passes, ms, reached, file }] of Object.entries(known.tests)) {
    if (!passes) continue
    const cost = test.endsWith('#') || known.leaning.includes(file) ? (whole[file] ?? ms) : ms
    const weight = reached.length * (cost + 300) ** 1.5
    for (const mutant of reached.filter((one) => wanted.has(one))) {
      const source = sourceOf(mutant)
      const near = source.split('/').some((folder) => file.split('/').includes(folder)) ? 60 : 1
      found[mutant] = [...(found[mutant] ?? []), [weight / near / (1 + 5 * (noticed[`${source} ${file}`] ?? 0)), test]]
    }
  }
  return Object.fromEntries(Object.entries(found).map(([mutant, list]) => [mutant, list.sort(([a], [b]) => a - b).map(([, test]) => test)]))
}

function sourceOf(mutant: string): string {
  return mutant.slice(0, mutant.lastIndexOf(':'))
}

/** One test of each file first: what one test lets pass its neighbors often do, too. */
function manyFilesFirst(tests: string[], met: string[]): string[] {
  const files = new Set(met.map(fileOf))
  const first = tests.filter((test) => {
    const file = fileOf(test)
    if (files.has(file)) return false
    files.add(file)
    return true
  })
  return [...first, ...tests.filter((test) => !first.includes(test))]
}

function fileOf(test: string): string {
  return test.slice(0, test.indexOf('#'))
}
