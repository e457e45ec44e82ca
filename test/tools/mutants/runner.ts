// How vitest runs tests here: with the mutants of a plan switched on in turn, one for each repetition of a test, in one process, so
// that no module is loaded again for a mutant.
import { appendFileSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type RunnerTask, type RunnerTestCase, type RunnerTestFile, TestRunner } from 'vitest'
import { type Mark, marksFile, type Plan, planFile } from './plan.ts'

const stryker: {
  activeMutant?: string
  currentTestId?: string
  hitCount?: number
  hitLimit?: number
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> }
} = Object.assign(globalThis, { __stryker__: {} }).__stryker__

// A loop that a mutant keeps from ending ends here.
stryker.hitLimit = 200_000
/** What nobody has caught during the test that runs: in `npm test` it makes the run fail, too. */
let stray: string | undefined
process.on('unhandledRejection', (error) => {
  stray = String(error)
})

/** What vitest constructs: its own runner, with a few of its steps watched. */
export default function mutantRunner(config: ConstructorParameters<typeof TestRunner>[0]) {
  const runner = new TestRunner(config)
  const plan: Plan = JSON.parse(readFileSync(planFile, 'utf8'))
  const { onBeforeTryTask, onAfterRetryTask, onBeforeRunTask, onAfterRunFiles } = bound(runner)
  let loaded = false
  let startedAt = 0
  let fileStartedAt = 0

  return Object.assign(runner, {
    onBeforeCollect: async (paths: string[]) => {
      if (!loaded) for (const each of plan.files) await import(/* @vite-ignore */ join(process.cwd(), each))
      loaded = true
      fileStartedAt = performance.now()
      // vitest collects and runs one file after another.
      const file = nameOf(paths.join())
      stryker.currentTestId = `${file}#`
      switchTo(plan.whole[file])
    },
    onCollected: (files: RunnerTestFile[]) => {
      if (plan.phase === 'cover') return
      for (const file of files)
        if (plan.whole[nameOf(file.filepath)] === undefined && !plan.inOrder.includes(nameOf(file.filepath)))
          only(file, (test) => plan.tests[keyOf(test)]?.length ?? 0)
    },
    onBeforeRunTask: async (test: RunnerTestCase) => {
      await onBeforeRunTask(test)
      stryker.currentTestId = keyOf(test)
    },
    onBeforeTryTask: (test: RunnerTestCase, options: { retry: number; repeats: number }) => {
      onBeforeTryTask(test, options)
      startedAt = performance.now()
      stray = undefined
      const mutants = plan.tests[keyOf(test)]
      if (mutants) switchTo(mutants[options.repeats])
    },
    onAfterRetryTask: async (test: RunnerTestCase, options: { retry: number; repeats: number }) => {
      await onAfterRetryTask(test, options).catch((error: unknown) => {
        stray = String(error)
      })
      const { result } = test
      const key = keyOf(test)
      const said = result?.errors?.[0]?.message ?? stray
      mark({
        test: key,
        mutant: plan.tests[key]?.[options.repeats] ?? plan.whole[nameOf(test.file.filepath)],
        said,
        ms: since(startedAt),
      })
      if (plan.tests[key]) switchTo(undefined)
      if (result && plan.phase === 'try') Object.assign(result, { state: 'pass', errors: undefined })
      // One failing test is enough.
      if (said !== undefined && plan.whole[nameOf(test.file.filepath)] !== undefined) only(test.file, () => 0)
    },
    onAfterRunFiles: (files: RunnerTestFile[]) => {
      onAfterRunFiles(files)
      switchTo(undefined)
      stryker.currentTestId = undefined
      for (const file of files) {
        const name = nameOf(file.filepath)
        mark({ file: name, mutant: plan.whole[name], said: failedHook(file), ms: since(fileStartedAt) })
      }
      if (plan.phase === 'cover') {
        const { perTest = {}, static: atImport = {} } = stryker.mutantCoverage ?? {}
        for (const [test, hits] of Object.entries(perTest)) mark({ test, reached: Object.keys(hits) })
        mark({ atImport: Object.keys(atImport) })
        for (const test of Object.keys(perTest)) delete perTest[test]
      }
    },
  })

  function switchTo(mutant: string | undefined) {
    stryker.activeMutant = mutant
    stryker.hitCount = 0
  }
}

/** The steps as vitest's runner has them: what stands on the object covers them. */
function bound(runner: TestRunner) {
  return {
    onBeforeTryTask: runner.onBeforeTryTask.bind(runner),
    onAfterRetryTask: runner.onAfterRetryTask.bind(runner),
    onBeforeRunTask: runner.onBeforeRunTask.bind(runner),
    onAfterRunFiles: runner.onAfterRunFiles.bind(runner),
  }
}

/** A hook of the file or of a suite that failed, and so let no test run. */
function failedHook(task: RunnerTask): string | undefined {
  const own = task.type === 'suite' ? task.result?.errors?.[0]?.message : undefined
  return own ?? ('tasks' in task ? task.tasks.map(failedHook).find((said) => said !== undefined) : undefined)
}

/** Lets each test run so often, and what shall not run at all be skipped, suites included. */
function only(task: RunnerTask, times: (test: RunnerTestCase) => number): boolean {
  if (task.type === 'suite') {
    const some = task.tasks.map((each) => only(each, times)).includes(true)
    if (!some) task.mode = 'skip'
    return some
  }
  const count = task.mode === 'skip' || task.mode === 'todo' ? 0 : times(task)
  if (count === 0) task.mode = 'skip'
  // One more without a mutant, to see that those before have left nothing behind.
  else task.repeats = count
  return count > 0
}

function since(moment: number): number {
  return Math.round(performance.now() - moment)
}

function keyOf(test: RunnerTestCase): string {
  return `${nameOf(test.file.filepath)}#${test.fullTestName}`
}

function nameOf(path: string): string {
  return relative(process.cwd(), path)
}

function mark(line: Mark) {
  appendFileSync(marksFile, `${JSON.stringify(line)}\n`)
}
