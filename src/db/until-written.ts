import { setTimeout as sleep } from 'node:timers/promises'
import { troubleOf } from './errors.ts'

const firstPause = 200
const longestPause = 5_000

/**
 * Writes what has happened already and must not be lost because the database is away: again and again, for up to `limit`
 * milliseconds, until it stands there. What is written twice must be harmless. Throws the last trouble, and every other error at once.
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
