import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { drawn } from './draw.ts'
import { instrumented, type Mutant } from './instrument.ts'
import { digestOf, type Known, keepKnown, placesOf, readKnown } from './known.ts'
import type { Mark } from './plan.ts'
import { report } from './report.ts'
import { filesOf, rooms, testFiles } from './rooms.ts'
import { nextRound, noteRound } from './rounds.ts'
import { openVitest } from './vitest.ts'

interface Sample {
  /** So many mutants of each room. */
  sample: number
  rooms: string[]
  seed: number
  /** A mutant that has met so many tests and is still there has survived. */
  enough: number
  workers: number
  /** Tries again what survived, by all tests. */
  again: boolean
}

/** Draws mutants of each room, tries each by the tests that reach it, and prints how many were noticed and which were not. */
export async function scoreOfSample(words: string[]) {
  const wanted = wantedBy(words)
  mkdirSync('.stryker', { recursive: true })
  const all: Record<string, Mutant[]> = {}
  for (const room of wanted.rooms)
    all[room] = (await Promise.all(filesOf(rooms[room] ?? []).map(instrumented))).flatMap(({ mutants }) => mutants)
  const known = readKnown()
  const vitest = await openVitest(Object.values(rooms).flatMap(filesOf), wanted.workers)
  try {
    await cover(vitest, known)
    await tryAll(vitest, known, drawnOf(all, known, wanted), wanted)
  } finally {
    await vitest.close()
  }
  report(known, all, drawnOf(all, known, wanted), wanted.seed)
}

function wantedBy(words: string[]): Sample {
  const { values } = parseArgs({
    args: words,
    options: {
      sample: { type: 'string', default: '40' },
      rooms: { type: 'string', default: Object.keys(rooms).join(',') },
      seed: { type: 'string', default: '20261129' },
      enough: { type: 'string', default: '40' },
      workers: { type: 'string', default: '3' },
      again: { type: 'boolean', default: false },
    },
  })
  const { sample, seed, enough, workers, again } = values
  return {
    sample: Number(sample),
    rooms: values.rooms.split(','),
    seed: Number(seed),
    enough: Number(enough),
    workers: Number(workers),
    again,
  }
}

/** The mutants to be tried: of each room the first of the draw that can be switched while the code runs. */
function drawnOf(all: Record<string, Mutant[]>, known: Known, { seed, sample }: Sample): Record<string, Mutant[]> {
  const { onlyAtImport } = placesOf(known)
  const drawnFrom = (mutants: Mutant[]) => drawn(mutants, seed).filter(({ id }) => !onlyAtImport.has(id))
  return Object.fromEntries(Object.entries(all).map(([room, mutants]) => [room, drawnFrom(mutants).slice(0, sample)]))
}

type Vitest = Awaited<ReturnType<typeof openVitest>>

/** Runs the tests that are new or changed once, to see what each reaches. Twenty files at a time, each kept when done. */
async function cover(vitest: Vitest, known: Known) {
  const missing = testFiles().filter((file) => known.seen[file] !== digestOf(file))
  while (missing.length > 0) {
    const some = missing.splice(0, 20)
    console.log(`${new Date().toTimeString().slice(0, 8)} looks at what tests reach, ${missing.length + some.length} files left`)
    noteCover(known, some, await vitest.run({ phase: 'cover', tests: {}, inOrder: [], whole: {} }, some))
    keepKnown(known)
  }
}

function noteCover(known: Known, some: string[], marks: Mark[]) {
  for (const [test, { file }] of Object.entries(known.tests)) if (some.includes(file)) delete known.tests[test]
  // What a test let pass before it was changed says nothing of it now.
  const isChanged = (test: string) => some.some((file) => test.startsWith(`${file}#`))
  for (const [mutant, passed] of Object.entries(known.passed)) known.passed[mutant] = passed.filter((test) => !isChanged(test))
  const tests: Known['tests'] = {}
  for (const { test, said, ms = 0, reached, atImport } of marks) {
    if (test !== undefined) {
      const one = tests[test] ?? { file: test.slice(0, test.indexOf('#')), passes: true, ms: 0, reached: [] }
      tests[test] = one
      if (reached) one.reached = [...new Set([...one.reached, ...reached])]
      else {
        one.ms = ms
        one.passes &&= said === undefined
        if (said !== undefined) console.log(`  does not pass: ${test}: ${said.slice(0, 160)}`)
      }
    }
    if (atImport) known.atImport = [...new Set([...known.atImport, ...atImport])]
  }
  Object.assign(known.tests, tests)
  for (const file of some) known.seen[file] = digestOf(file)
}

/** Lets each mutant meet more and more tests until one notices it, or it has met enough. */
async function tryAll(vitest: Vitest, known: Known, drawn: Record<string, Mutant[]>, { again, enough }: Sample) {
  const all = Object.values(drawn).flatMap((mutants) => mutants.map(({ id }) => id))
  if (again) for (const id of all) if (!known.killed[id]) delete known.passed[id]
  for (let round = 0; ; round += 1) {
    const alive = all.filter((id) => !known.killed[id])
    const plan = nextRound(known, alive, round, enough)
    if (!plan) return
    const tests = [...new Set([...Object.keys(plan.tests).map((test) => test.slice(0, test.indexOf('#'))), ...Object.keys(plan.whole)])]
    console.log(
      `${new Date().toTimeString().slice(0, 8)} round ${round + 1}: ${alive.length} of ${all.length} alive, ${tests.length} test files`,
    )
    noteRound(known, plan, await vitest.run(plan, tests))
    keepKnown(known)
  }
}
