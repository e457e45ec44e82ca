import config from './vitest.config.ts'

const tests = process.env.MUTANT_TESTS?.split(' ').filter(Boolean)

/** As `npm test`, in one process: each mutant is tried there, by the tests that reach it. */
export default {
  test: {
    ...config.test,
    ...(tests && tests.length > 0 && { include: tests }),
    // In a thread, as Stryker's runner wants it: there Node takes no settings of its memory.
    execArgv: ['--import', './src/db/load.ts'],
    maxWorkers: 1,
    testTimeout: 20_000,
  },
}
