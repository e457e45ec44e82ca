import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { freePort } from './start-postgres.ts'

const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'].find(
  (path) => spawnSync(path, ['--version']).status === 0,
)

/** Whether PgBouncer is installed here: Debian's package `pgbouncer`. */
export const hasPgBouncer = program !== undefined

/**
 * PgBouncer in transaction mode, as its package comes, in front of a PostgreSQL server. `through` leads the URL of one of its
 * databases through it.
 */
export async function startPgBouncer(server: string, { poolSize = 20 } = {}) {
  if (program === undefined) throw new Error('PgBouncer is not installed: apt-get install pgbouncer')
  const folder = await mkdtemp(join(tmpdir(), 'quaymaster-pgbouncer-'))
  const { hostname, port: behind, username, password } = new URL(server)
  const port = await freePort()
  const settings = `[databases]
* = host=${hostname} port=${behind}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users')}
admin_users = ${username}
pool_mode = transaction
default_pool_size = ${poolSize}
server_login_retry = 1
`
  await writeFile(join(folder, 'users'), `"${username}" "${password}"\n`)
  await writeFile(join(folder, 'settings'), settings)
  await chmod(folder, 0o755)
  let child: ChildProcess
  const start = async () => {
    // It refuses to run as root.
    const user = userInfo().uid === 0 ? ['-u', 'nobody'] : []
    child = spawn(program, [...user, join(folder, 'settings')], { stdio: 'ignore' })
    await vi.waitUntil(() => answers(port), { timeout: 20_000, interval: 20 })
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await start()
  return {
    through: (databaseUrl: string) => Object.assign(new URL(databaseUrl), { port: String(port) }).href,
    kill,
    start,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function answers(port: number) {
  return new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
    socket.unref()
    socket.on('connect', () => socket.end())
  })
}
