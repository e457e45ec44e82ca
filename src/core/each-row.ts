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
    if (error instanceof Failure) log.info({ ...about, ...logged(error) }, 'could not process an entry now; retrying later')
    else log.error({ ...about, err: error }, 'unexpected error while processing an entry')
    return false
  }
}

// Quay may fail on one repository for ever, and it may be away: then the other rows would wait for it one after the other.
const awayAfter = 3

/**
 * Runs the work of a job for each row, in turn. Returns whether a row failed that may succeed later. Throws `unavailable` if
 * three rows in a row could not be done: then the others cannot either.
 */
export async function attemptEach<Row>(
  log: Logger,
  rows: Iterable<Row>,
  about: (row: Row) => Record<string, unknown>,
  work: (row: Row) => Promise<unknown>,
): Promise<boolean> {
  let inARow = 0
  let isLeft = false
  for (const row of rows) {
    const done = await attemptRow(
      log,
      about(row),
      () => work(row),
      (error) => {
        const passes = error instanceof Failure && error.code === 'unavailable'
        isLeft ||= passes
        inARow = passes ? inARow + 1 : 0
        return inARow >= awayAfter
      },
    )
    if (done) inARow = 0
  }
  return isLeft
}
