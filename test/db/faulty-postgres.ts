import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { startPostgres } from './start-postgres.ts'

/** What can be wrong with a database. `silent`: it takes what it is sent and answers nothing. `at begin`: it goes as a transaction begins. */
export const databaseFaults = ['away', 'slow', 'full', 'out of connections', 'read-only'] as const
export type DatabaseFault = (typeof databaseFaults)[number] | 'silent' | 'at begin'

const delay = 150

/**
 * A PostgreSQL behind a proxy that cuts, delays and refuses, as networks and servers do. `refuseParameters`: as PgBouncer does
 * with a `statement_timeout` among the parameters of a connection.
 */
export async function startFaultyPostgres({ refuseParameters = false } = {}) {
  const server = await startPostgres()
  const direct = new URL(await server.database())
  const name = direct.pathname.slice(1)
  const sockets = new Set<Socket>()
  let fault: DatabaseFault | undefined

  const proxy = createServer((client) => {
    if (fault === 'away') return void client.destroy()
    if (fault === 'out of connections')
      return void client.once('data', () => client.end(refusal('53300', 'sorry, too many clients already')))
    const behind = connect(Number(direct.port), direct.hostname)
    for (const [from, to] of [
      [client, behind],
      [behind, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.on('data', async (bytes: Buffer) => {
        if (refuseParameters && bytes.includes('statement_timeout\0'))
          return void client.end(refusal('08P01', 'unsupported startup parameter'))
        if (fault === 'silent') return
        if (fault === 'at begin' && bytes.includes('begin')) return void client.destroy()
        // Both ways keep their order: each waits as long.
        if (fault === 'slow') await sleep(delay)
        to.write(bytes)
      })
    }
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const url = new URL(direct)
  url.port = String((proxy.address() as AddressInfo).port) // it listens on a port

  const admin = new Client({ connectionString: direct.href })
  await admin.connect()

  const begin: Partial<Record<DatabaseFault, () => Promise<unknown>>> = {
    away: async () => sockets.forEach((socket) => void socket.destroy()),
    'out of connections': async () => sockets.forEach((socket) => void socket.destroy()),
    full: () => admin.query(refuseWrites),
    'read-only': async () => {
      await admin.query(`alter database ${name} set default_transaction_read_only = on`)
      await reconnect()
    },
  }
  const end: Partial<Record<DatabaseFault, () => Promise<unknown>>> = {
    silent: async () => sockets.forEach((socket) => void socket.destroy()),
    full: () => admin.query(takeWrites),
    'read-only': async () => {
      await admin.query('set default_transaction_read_only = off')
      await admin.query(`alter database ${name} reset default_transaction_read_only`)
      await reconnect()
    },
  }
  // The setting is one of new connections.
  const reconnect = () =>
    admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()', [name])

  return {
    databaseUrl: url.href,
    /** Without the proxy and its faults. */
    admin,
    fails: async (how: DatabaseFault) => {
      fault = how
      await begin[how]?.()
    },
    recovers: async () => {
      const was = fault
      fault = undefined
      if (was) await end[was]?.()
    },
    stop: async () => {
      await admin.end()
      for (const socket of sockets) socket.destroy()
      proxy.close()
      await server.stop()
    },
  }
}

/** How PostgreSQL refuses a connection, in its own protocol. */
function refusal(code: string, message: string) {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

// As PostgreSQL says it when a table cannot grow (SQLSTATE 53100): every table, those of the queue too.
const refuseWrites = `
create or replace function public.disk_is_full() returns trigger language plpgsql as $$
begin
  raise exception 'could not extend file "base/16384/1259": No space left on device' using errcode = '53100', hint = 'Check free disk space.';
end $$;
do $$ declare one record; begin
  for one in select schemaname, tablename from pg_tables where schemaname in ('public', 'pgboss') loop
    execute format('create trigger disk_is_full before insert or update on %I.%I for each statement execute function public.disk_is_full()', one.schemaname, one.tablename);
  end loop;
end $$;`

const takeWrites = `
do $$ declare one record; begin
  for one in select schemaname, tablename from pg_tables where schemaname in ('public', 'pgboss') loop
    execute format('drop trigger if exists disk_is_full on %I.%I', one.schemaname, one.tablename);
  end loop;
end $$;`
