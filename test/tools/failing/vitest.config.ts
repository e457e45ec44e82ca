import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/** As `npm test`, of one test that fails. */
export default defineConfig({ test: { ...base.test, include: ['test/tools/failing/fails.ts'], reporters: ['default'] } })
