import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ownPostgres } from '../db/own-database.ts'

/**
 * The configured bot in a process of its own, as `npm start` runs it, with these settings and nothing else of ours but a database on
 * the run's PostgreSQL: an embedded one takes five times as long to make as the bot to start.
 */
export async function spawnBot(environment: Record<string, string>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'quaymaster-spawned-'))
  let text = ''
  const { where, drop } = await ownPostgres()
  const database = { DATABASE_URL: where.databaseUrl, SECRETS_KEY: 'a setting of thirty-two letters or more' }
  const started = spawn(process.execPath, ['--liftoff-only', 'src/main.ts'], {
    env: { PATH: process.env.PATH ?? '', HOME: dataDir, PORT: '0', HOST: '127.0.0.1', ...database, ...environment },
  })
  for (const stream of [started.stdout, started.stderr]) {
    stream.on('data', (piece) => {
      text += piece
    })
  }
  // When it has ended and all it said is here.
  const over = once(started, 'close').then(([code]) => code as number | null)
  onTestFinished(async () => {
    started.kill('SIGKILL')
    await over
    await drop()
    await rm(dataDir, { recursive: true, force: true })
  })
  return { process: started, output: () => text, over }
}
