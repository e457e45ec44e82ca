import { defineConfig } from 'vitest/config'
import { secondTries } from '../tools/second-tries.ts'

const results = process.env.VITEST_RESULTS

/** The sandbox page in a real browser: `npm run test:browser`. */
export default defineConfig({
  test: {
    root: '.',
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One browser at a time: two would take the processors from each other.
    maxWorkers: 1,
    // Beside the results of the other tests; .ci/run adds them up.
    ...(results && {
      retry: 1,
      reporters: ['default', 'json', secondTries()],
      outputFile: { json: results.replace(/\.json$/, '-browser.json') },
    }),
  },
})
