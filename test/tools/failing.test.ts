import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { isCi } from '../sized.ts'

// Vitest within vitest.
test.runIf(isCi)('a run in which a test fails ends in failure, whatever the tests have started', () => {
  const { VITEST_RESULTS: _, ...environment } = process.env
  const parameters = ['run', '--config', 'test/tools/failing/vitest.config.ts']
  const { status, stdout } = spawnSync('node_modules/.bin/vitest', parameters, { env: { ...environment, NO_COLOR: '1' }, encoding: 'utf8' })
  expect(stdout).toMatch(/Tests +1 failed/)
  expect(status).toBe(1)
})
