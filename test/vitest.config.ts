import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { secondTries } from './tools/second-tries.ts'
import { SpreadWaits } from './tools/spread-waits.ts'

const results = process.env.VITEST_RESULTS

export default defineConfig({
  test: {
    root: '.',
    include: ['test/**/*.test.ts'],
    // They need a browser: `npm run test:browser`; and PgBouncer: `npm run test:pgbouncer`.
    exclude: ['test/browser/**', 'test/pgbouncer/**', '**/node_modules/**'],
    // A busy machine starts databases and sockets slowly; tests wait for something observable, never for time.
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // Bots in processes of their own start in half the time, as they do for `npm start` (src/main.ts).
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'quaymaster-compiled') },
    hookTimeout: 60_000,
    globalSetup: 'test/db/shared-server.ts',
    pool: 'forks',
    // A bot and its simulators make much that lives for a moment: a young generation of this size is collected a tenth as often.
    execArgv: ['--import', './src/db/load.ts', '--max-semi-space-size=64'],
    // More than CI has processors: most of the time a test waits for something.
    maxWorkers: 5,
    sequence: { sequencer: SpreadWaits },
    // Node itself strips the types: a transform of every file takes longer than most of their tests.
    experimental: { viteModuleRunner: false },
    // Files share their process: what a test changes outside its own bot it puts back.
    isolate: false,
    // .ci/run reads the counts for its closing line from here. A test that fails there is tried once more, and named.
    ...(results && { retry: 1, reporters: ['default', 'json', secondTries()], outputFile: { json: results } }),
  },
})
