import { defineConfig } from 'vitest/config'
import { secondTries } from '../tools/second-tries.ts'
import base from '../vitest.config.ts'

const results = process.env.VITEST_RESULTS

/** What uses PostgreSQL, through PgBouncer in transaction mode: `npm run test:pgbouncer`. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      'test/pgbouncer/*.test.ts',
      'test/db/kinds.test.ts',
      'test/db/background-share.test.ts',
      'test/db/shedding.test.ts',
      'test/approvals/two-at-once.test.ts',
      'test/approvals/lease.test.ts',
      'test/approvals/kill.test.ts',
      'test/app/bad-rows.test.ts',
      'test/notifications/passes.test.ts',
      'test/security/directory-replicas.test.ts',
    ],
    exclude: ['**/node_modules/**'],
    // Beside it are the browser's tests.
    maxWorkers: 3,
    // What a test says of the embedded database is no different here.
    testNamePattern: /^(?!.*pglite)/i,
    env: { ...base.test?.env, THROUGH_PGBOUNCER: 'yes' },
    // Beside the results of the other tests; .ci/run adds them up.
    ...(results && {
      retry: 1,
      reporters: ['default', 'json', secondTries()],
      outputFile: { json: results.replace(/\.json$/, '-pgbouncer.json') },
    }),
  },
})
