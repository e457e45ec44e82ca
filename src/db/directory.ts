import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { Logger } from 'pino'
import { diskProblem, isAlmostFull } from '../core/disk-problem.ts'
import { Failure } from '../core/failure.ts'
import type { Database } from './database.ts'
import { holdDirectory } from './lock.ts'
import { startPglite } from './pglite.ts'

// PGlite's directory has this name only once it is complete.
const whole = 'pglite'
const unfinished = 'pglite.new'

// PostgreSQL's own 128 MB of buffers would be memory of this process. The files are in the memory of the system anyway.
const lean = { startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'] }

/** The embedded database in DATA_DIR. */
export async function openDirectory(dataDir: string, log: Logger): Promise<Database> {
  const directory = resolve(dataDir)
  await prepare(directory, log)
  refuseMoved(directory)
  const release = holdDirectory(directory)
  try {
    await initialise(directory, log)
    const pglite = await open(directory)
    const database = await startPglite(pglite, log, { hasRoom: () => !isAlmostFull(directory) })
    const copyTo = async (to: string) => {
      await pglite.exec('checkpoint')
      // No statement runs meanwhile; one that waits in a transaction is not part of the copy.
      await pglite.runExclusive(() => cp(join(directory, whole), join(to, whole), { recursive: true }))
    }
    return { ...database, copyTo, close: () => database.close().finally(release) }
  } catch (error) {
    release()
    throw error
  }
}

const movedAway = 'moved-to-postgresql'

/** Two bots, one on each copy of the data, would do everything twice. */
export async function markMoved(directory: string): Promise<void> {
  await writeFile(join(directory, movedAway), `${new Date().toISOString()}\n`)
}

function refuseMoved(directory: string) {
  const file = join(directory, movedAway)
  if (existsSync(file))
    throw new Failure(
      'conflict',
      'The data in {directory} were moved to PostgreSQL. Set DATABASE_URL, or remove {file} to use the old data again.',
      { directory, file },
    )
}

async function prepare(directory: string, log: Logger) {
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((cause: Error) => {
    const problem = diskProblem(cause, directory)
    if (problem) throw problem
    throw new Failure(
      'conflict',
      'The directory {directory} cannot be made: {problem}. Set DATA_DIR to one that can be written.',
      { directory, problem: cause.message },
      { cause },
    )
  })
  // A volume may belong to another user, who then sets its permissions.
  await chmod(directory, 0o700).catch((err: unknown) => log.warn({ err, directory }, 'DATA_DIR is readable by other users'))
}

async function open(directory: string) {
  // PostgreSQL never opens again beside an empty one, which a process leaves that is killed as it writes it. `holdDirectory` is the lock.
  await rm(join(directory, whole, 'postmaster.pid'), { force: true }).catch(() => undefined) // opening says what is wrong
  return PGlite.create(join(directory, whole), lean).catch(async (cause: Error) => {
    // PGlite only reports “Aborted()”.
    const problem = await unwritable(join(directory, whole))
    if (problem) throw problem
    throw new Failure(
      'conflict',
      'The embedded database in {directory} cannot be opened: it is damaged, or of another release. Put back a copy of the directory.',
      { directory },
      { cause },
    )
  })
}

/** Whether the disk is full or the files are not writable, found out by writing. */
async function unwritable(directory: string) {
  const file = join(directory, 'writable')
  try {
    await writeFile(file, '')
    await rm(file)
    // If PGlite aborted for lack of space, a little may be left.
    return diskProblem(undefined, directory)
  } catch (error) {
    return diskProblem(error, directory)
  }
}

/** A process killed during the first initialization leaves half a directory that PGlite cannot open, so it is created elsewhere and renamed. */
async function initialise(directory: string, log: Logger) {
  for (const name of await readdir(directory)) {
    if (name.startsWith(unfinished)) await rm(join(directory, name), { recursive: true })
  }
  if (existsSync(join(directory, whole))) return
  log.info({ directory }, 'creating the embedded database (first start only)')
  const aside = join(directory, unfinished)
  await mkdir(aside, { mode: 0o700 }).catch((error: unknown) => {
    throw diskProblem(error, directory) ?? error
  })
  const pglite = await PGlite.create(aside, lean).catch(async (error: unknown) => {
    throw (await unwritable(aside)) ?? error
  })
  await pglite.close()
  await rename(aside, join(directory, whole))
}
