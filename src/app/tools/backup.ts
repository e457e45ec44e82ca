import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Environment } from '../../core/config.ts'
import { Failure } from '../../core/failure.ts'
import { backUp } from '../../db/backup.ts'
import type { Database } from '../../db/database.ts'
import { openDatabase } from '../../db/open.ts'
import { askRunning } from '../control.ts'
import { storageOf } from '../storage.ts'
import { runTool } from './tool.ts'

/** `npm run backup -- --to /backups`: copies the embedded database while the bot runs, or without it. */
export async function backup(environment: Environment, words: string[]): Promise<string> {
  const { dataDir, databaseUrl, where, log } = storageOf(environment)
  if (databaseUrl !== undefined)
    return 'The data are in PostgreSQL. Back it up with pg_dump or its own tools, and SECRETS_KEY apart from it.'
  const running = await askRunning(dataDir, 'backup', [folderIn(dataDir, words)])
  if (running !== undefined) return running
  if (!existsSync(join(dataDir, 'pglite')))
    throw new Failure('invalid', 'The directory {directory} has no embedded database. Set DATA_DIR to where it is.', { directory: dataDir })
  const database = await openDatabase(where, log)
  return answerBackup(database, dataDir)([folderIn(dataDir, words)]).finally(() => database.close())
}

function folderIn(dataDir: string, words: string[]) {
  return resolve(parseArgs({ args: words, options: { to: { type: 'string' } } }).values.to ?? join(dataDir, 'backups'))
}

/** What the running bot does for it. */
export function answerBackup(database: Pick<Database, 'copyTo'>, dataDir: string) {
  return async ([folder = '']: string[]) => {
    const made = await backUp(database, dataDir, folder)
    const key = existsSync(join(made, 'secrets.key'))
      ? ' It holds secrets.key, too: whoever has it opens sealed credentials.'
      : ' Keep SECRETS_KEY apart from it.'
    return `Backed up to ${made}.${key} To restore, stop Quaymaster and set DATA_DIR to a copy of it.`
  }
}

if (import.meta.main) await runTool('back up', backup)
