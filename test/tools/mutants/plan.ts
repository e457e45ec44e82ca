/** What the next run of tests does, for the processes that run them. */
export interface Plan {
  phase: 'cover' | 'try'
  /** Code that holds mutants; it is loaded before any test, so that what runs at import is known. */
  files: string[]
  /** For a test, `file#name`, the mutants that are tried by it, one after another. */
  tests: Record<string, string[]>
  /** Test files whose tests lean on one another: all of them run once, in their order, each with its first mutant if it has one. */
  inOrder: string[]
  /** For a test file whose hooks alone reach it, the mutant that it runs with from its first line to its last. */
  whole: Record<string, string>
}

/** What came of one repetition of a test, or of a file. */
export interface Mark {
  test?: string
  file?: string
  mutant?: string
  /** How it failed. */
  said?: string
  ms?: number
  reached?: string[]
  atImport?: string[]
}

export const planFile = '.stryker/plan.json'
export const marksFile = '.stryker/marks.jsonl'
