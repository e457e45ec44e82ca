import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** A test, and what is known of it. */
interface KnownTest {
  file: string
  passes: boolean
  ms: number
  reached: string[]
}

/** What the tests reach and what came of mutants, kept between runs. */
export interface Known {
  tests: Record<string, KnownTest>
  /** Per test file: a digest of its text, so that a changed file is looked at again. */
  seen: Record<string, string>
  /** Test files whose tests cannot be repeated: one leans on what another has left behind. */
  leaning: string[]
  atImport: string[]
  killed: Record<string, { by: string; said: string }>
  /** Per mutant, the tests (or, for a whole file, `file#`) that let it pass. */
  passed: Record<string, string[]>
  /** Repetitions without a mutant, and those of them that failed. */
  clean: { all: number; failed: number }
}

const path = '.stryker/known.json'

/** What earlier runs have found out, or nothing. */
export function readKnown(): Known {
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'))
  return { tests: {}, seen: {}, leaning: [], atImport: [], killed: {}, passed: {}, clean: { all: 0, failed: 0 } }
}

/** Keeps it for the next run. */
export function keepKnown(known: Known) {
  writeFileSync(path, JSON.stringify(known))
}

/** The mutants that a test reaches, and those that run only at import, where they cannot be switched. */
export function placesOf({ tests, atImport }: Known) {
  const reached = new Set(Object.values(tests).flatMap((test) => test.reached))
  return { reached, onlyAtImport: new Set(atImport.filter((id) => !reached.has(id))) }
}

/** A digest of a test file's text. */
export function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
