import { setTimeout as sleep } from 'node:timers/promises'
import { troubleOf } from './errors.ts'

const firstPause = 200
const longestPause = 5_000

/**
 * Writes what has happened and must not be lost during an outage of the database: retries for up to `limit` milliseconds.
 * The write must be idempotent. Throws the last database Failure, and any other error at once.
 */
export async function untilWritten<Result>(write: () => Promise<Result>, limit: number): Promise<Result> {
  const started = performance.now()
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      return await write()
    } catch (error) {
      if (!troubleOf(error) || performance.now() - started + pause > limit) throw error
    }
    await sleep(pause)
  }
}
