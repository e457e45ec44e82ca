import type { Logger } from 'pino'
import { Failure, logged } from './failure.ts'

/**
 * Does the work of a job for one row. What it throws is that row's failure and nobody else's: it is logged with `about` (its id),
 * as foreseen or as a bug, and the job goes on with the others. Returns whether it was done. Throws only what
 * `concernsAll` the rows.
 */
export async function attemptRow(
  log: Logger,
  about: Record<string, unknown>,
  work: () => Promise<unknown>,
  concernsAll: (error: unknown) => boolean = () => false,
): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (concernsAll(error)) throw error
    if (error instanceof Failure) log.info({ ...about, ...logged(error) }, 'could not process one row now; retrying later')
    else log.error({ ...about, err: error }, 'an unexpected error while processing one row')
    return false
  }
}
