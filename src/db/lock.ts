import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { diskProblem } from '../core/disk-problem.ts'
import { Failure } from '../core/failure.ts'

/**
 * Locks a directory for this process. Two processes on one PGlite directory would destroy it, and a file with a process id
 * would outlive a crash, while SQLite's lock ends with the process. Returns the function that releases the directory.
 */
export function holdDirectory(directory: string) {
  // A process that is just ending releases it within two seconds.
  const lock = opened(directory)
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw diskProblem(error, directory) ?? error
    throw new Failure(
      'conflict',
      'Another Quaymaster is running on {directory}. Stop it first, or set DATA_DIR to a directory of its own.',
      { directory },
    )
  }
  return () => lock.close()
}

function opened(directory: string) {
  try {
    return new DatabaseSync(join(directory, 'lock.db'), { timeout: 2_000 })
  } catch (error) {
    throw diskProblem(error, directory) ?? error
  }
}

function isBusy(error: unknown) {
  return error instanceof Error && 'errcode' in error && error.errcode === 5 // SQLITE_BUSY
}
