import type { Logger } from 'pino'
import { Failure, logged } from './failure.ts'

/**
 * Runs the work of a job for one row. An error concerns only this row: it is logged with `about` (its id), as a Failure or as a
 * bug, and the job continues with the others. Returns whether the row was done. Throws only errors that
 * `concernsAll` rows.
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
