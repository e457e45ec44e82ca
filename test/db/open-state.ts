import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { type Bot, newRuntime } from '../../src/context.ts'
import { secretsKey } from '../../src/core/keys.ts'
import type { Where } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/open.ts'
import { openMemory } from '../../src/sandbox/start/memory-database.ts'
import { ownDatabase } from './own-database.ts'

export const alice = { id: 'U0ALICE', team: 'T0ACME', name: 'alice', account: 'alice' }
export const bea = { id: 'U0BEA', team: 'T0ACME', name: 'bea', account: 'bea' }

export const hour = 3_600_000

/** Has one connection: what a test begins there at the same moment is done in its order, and rows come back as they were written. */
export const embedded: Where = { memory: openMemory }

interface Options {
  /** One of its own, unless said. */
  database?: Where
  /** When it closes: after the test, or with vitest's `afterAll` after all tests of the file. */
  until?: (close: () => Promise<void>) => void
}

/** All of the bot that state needs, with a clock that moves when it is told to. */
export async function openState({ database: given, until = onTestFinished }: Options = {}) {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  const { where, drop } = given ? { where: given, drop: async () => {} } : await ownDatabase()
  const database = await openDatabase(where, log)
  until(async () => {
    await database.close()
    await drop()
  })
  let now = Date.parse('2026-11-03T09:00:00Z')
  const keys = await secretsKey({ setting: 'a setting of thirty-two letters or more' })
  const state = { ...database, log, keys, clock: () => now, runtime: newRuntime() }
  return {
    // The rest of a bot is not asked by anything under test.
    bot: state as unknown as Bot & typeof database,
    /** Everything that was logged. */
    log: () => lines.join(''),
    passes: (milliseconds: number) => {
      now += milliseconds
    },
  }
}
