import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { createVitest } from 'vitest/node'
import config from '../../vitest.config.ts'
import { instrumented } from './instrument.ts'
import { type Mark, marksFile, type Plan, planFile } from './plan.ts'

/** Vitest, kept open between runs, with the code of these files replaced by code that holds their mutants. */
export async function openVitest(files: string[], workers: number) {
  const holding = new Set(files)
  const vitest = await createVitest(
    {
      ...config.test,
      config: false,
      watch: false,
      runner: './test/tools/mutants/runner.ts',
      reporters: [{}],
      maxWorkers: workers,
      retry: 0,
      update: 'none',
      // A test that waits for what a mutant keeps from happening waits this long only.
      expect: { poll: { timeout: 4000 } },
      testTimeout: 15_000,
      hookTimeout: 12_000,
      teardownTimeout: 5000,
      dangerouslyIgnoreUnhandledErrors: true,
    },
    {
      plugins: [
        {
          name: 'mutants',
          enforce: 'pre',
          load: async (id: string) => {
            const file = relative(process.cwd(), id.replace(/\?.*/, ''))
            return holding.has(file) ? (await instrumented(file)).code : undefined
          },
        },
      ],
    },
  )
  return {
    /** Runs these test files by the plan, and says what was marked meanwhile. */
    run: async (plan: Omit<Plan, 'files'>, tests: string[]): Promise<Mark[]> => {
      writeFileSync(planFile, JSON.stringify({ ...plan, files }))
      rmSync(marksFile, { force: true })
      const project = vitest.getRootProject()
      await vitest.runTestSpecifications(tests.map((file) => project.createSpecification(join(process.cwd(), file))))
      if (!existsSync(marksFile)) return []
      return readFileSync(marksFile, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    },
    close: () => vitest.close(),
  }
}
