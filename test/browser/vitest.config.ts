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
    // As the other tests: a busy machine takes longer than vitest's own second.
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    // As the other tests: no transform of each file, and one process for all of them.
    execArgv: ['--import', './src/db/load.ts'],
    experimental: { viteModuleRunner: false },
    isolate: false,
    // One waits for what the page draws while the other draws.
    maxWorkers: 2,
    // Beside the results of the other tests; .ci/run adds them up.
    ...(results && {
      retry: 1,
      reporters: ['default', 'json', secondTries()],
      outputFile: { json: results.replace(/\.json$/, '-browser.json') },
    }),
  },
})
