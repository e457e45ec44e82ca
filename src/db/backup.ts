import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { diskProblem } from '../core/disk-problem.ts'
import { Failure } from '../core/failure.ts'
import type { Database } from './database.ts'

const unfinished = '.unfinished'

/**
 * Copies an embedded database, with the key that is kept beside it, into a new directory within `folder`, which can be used as DATA_DIR
 * as it is. Returns its path. Throws `conflict` if it cannot be written.
 */
export async function backUp({ copyTo }: Pick<Database, 'copyTo'>, dataDir: string, folder: string): Promise<string> {
  if (!copyTo) throw new Failure('conflict', 'Only an embedded database is copied. Back up PostgreSQL with pg_dump or its own tools.')
  const name = `quaymaster-${new Date().toISOString().replaceAll(':', '-').replace(/\..*/, 'Z')}`
  const made = join(resolve(folder), `${name}${unfinished}`)
  try {
    await mkdir(made, { recursive: true, mode: 0o700 })
    await copyTo(made)
    if (existsSync(join(dataDir, 'secrets.key'))) await copyFile(join(dataDir, 'secrets.key'), join(made, 'secrets.key'))
    const whole = join(resolve(folder), name)
    await rename(made, whole)
    return whole
  } catch (error) {
    await rm(made, { recursive: true, force: true })
    throw diskProblem(error, existsSync(folder) ? folder : dataDir) ?? error
  }
}
