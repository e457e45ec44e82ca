import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Instrumenter } from '@stryker-mutator/instrumenter'

/** One small change of the code. */
export interface Mutant {
  /** The file and the number of the change in it: `src/approvals/run.ts:12`. */
  id: string
  file: string
  line: number
  column: number
  kind: string
  was: string
  becomes: string
}

const silent = () => undefined
const logger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
}
const instrumenter = new Instrumenter(logger)

/** A file with all its mutants inside, each switched on by its id in `globalThis.__stryker__.activeMutant`, and the list of them. */
export async function instrumented(file: string): Promise<{ code: string; mutants: Mutant[] }> {
  const content = readFileSync(file, 'utf8')
  const starts = [0, ...[...content.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const offset = ({ line, column }: { line: number; column: number }) => (starts[line] ?? 0) + column
  const result = await instrumenter.instrument([{ name: join(process.cwd(), file), content, mutate: true }], {
    // What only words and logs differ by is no decision.
    excludedMutations: ['StringLiteral', 'ObjectLiteral'],
    ignorers: [],
    plugins: null,
  })
  const mutants = result.mutants
    .filter(({ status }) => status === undefined)
    .map(({ id, location: { start, end }, mutatorName, replacement }) => ({
      id: `${file}:${id}`,
      file,
      line: start.line + 1,
      column: start.column,
      kind: mutatorName,
      was: content.slice(offset(start), offset(end)),
      becomes: replacement,
    }))
  // The instrumenter counts from 0 in every file; the name of the file makes its numbers the only ones.
  const code = (result.files[0]?.content ?? content).replace(
    /(stryMutAct_9fa48|stryCov_9fa48)\(((?:"\d+"(?:, )?)+)\)/g,
    (_, call, ids) => `${call}(${ids.replace(/"(\d+)"/g, `"${file}:$1"`)})`,
  )
  return { code, mutants }
}
