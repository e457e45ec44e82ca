import type { Logger } from 'pino'
import { type Environment, readStorage } from '../core/config.ts'
import { Failure } from '../core/failure.ts'
import { type Keys, secretsKey } from '../core/keys.ts'
import { openLog } from '../core/log.ts'
import type { Where } from '../db/database.ts'

export interface Storage {
  /** DATA_DIR, where the embedded database is unless DATABASE_URL is set. */
  dataDir: string
  databaseUrl: string | undefined
  where: Where
  /** Made, if the embedded database has none yet. */
  keys(): Promise<Keys>
  /** To stderr, from warnings on: the answer of a tool goes to stdout. */
  log: Logger
}

/** Where the data are, for the tools of an operator, which need neither Slack nor Quay. Throws a Failure that names all wrong settings. */
export function storageOf(environment: Environment): Storage {
  const read = readStorage(environment)
  if ('problems' in read) throw new Failure('invalid', '{problems}', { problems: read.problems.join('\n') })
  const { DATA_DIR: dataDir, DATABASE_URL: databaseUrl, SECRETS_KEY: setting } = read.config
  return {
    dataDir,
    databaseUrl,
    where: databaseUrl === undefined ? { dataDir } : { databaseUrl, pool: 2 },
    keys: () => {
      if (databaseUrl !== undefined && setting === undefined)
        throw new Failure('invalid', 'SECRETS_KEY is missing. It is required with DATABASE_URL.')
      return secretsKey({ setting, ...(databaseUrl === undefined && { dataDir }) })
    },
    log: openLog({ ...read.config, LOG_LEVEL: 'warn' }, { write: (line) => void process.stderr.write(line) }),
  }
}
