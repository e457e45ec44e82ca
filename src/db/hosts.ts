import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { databaseUrls } from '../core/database-url.ts'

/** How to connect: what every client and pool is given. */
export interface Hosts {
  connectionString: string
  /** The hosts in words, without user and password. */
  named: string
  /** With several hosts: a connection to the one that takes writes. */
  stream?: () => Socket
}

const readOnly = '25006'

// A host that says nothing for so long, in milliseconds, is passed over.
const patience = 2_000

/** The hosts of DATABASE_URL. pg knows only one, so with several its sockets are led to the host that takes writes at that moment. */
export function hostsOf(databaseUrl: string): Hosts {
  const urls = databaseUrls(databaseUrl) ?? [databaseUrl]
  const named = urls.map((url) => URL.parse(url)?.host ?? '').join(',')
  const [connectionString = databaseUrl] = urls
  if (urls.length === 1) return { connectionString, named }
  const find = finder(urls)
  return { connectionString, named, stream: () => socketTo(find) }
}

/** Asks the host that was the right one last, then the others in their order. */
function finder(urls: string[]): () => Promise<string> {
  let order = urls
  let asking: Promise<string> | undefined
  const find = async () => {
    let refusal: unknown
    for (const url of order) {
      try {
        await takesWrites(url)
        order = [url, ...urls.filter((other) => other !== url)]
        return url
      } catch (error) {
        // A host that was made read-only needs somebody; all else passes when a standby has taken over.
        if (!isReadOnly(refusal)) refusal = error
      }
    }
    throw refusal
  }
  return () => {
    // Whoever comes while it is asked waits for the same answer. It is not remembered for longer: a host may die at any moment.
    asking ??= find().finally(() => {
      asking = undefined
    })
    return asking
  }
}

function isReadOnly(refusal: unknown) {
  return refusal instanceof Error && 'code' in refusal && refusal.code === readOnly
}

/** Throws the error of the connection, or one that says that it is a standby. */
async function takesWrites(url: string) {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: patience,
    query_timeout: patience,
    application_name: 'quaymaster host',
  })
  // It breaks while it is asked; the statement reports that.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query(
      `select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as "readOnly"`,
    )
    // While it fails over there are only standbys: as if the database were away (57P03, cannot_connect_now).
    if (rows[0]?.standby) throw Object.assign(new Error('no host takes writes: a standby'), { code: '57P03' })
    if (rows[0]?.readOnly) throw Object.assign(new Error('no host takes writes: read-only'), { code: readOnly })
  } finally {
    // A host that does not answer does not say goodbye either.
    void Promise.race([client.end(), sleep(patience, undefined, { ref: false })]).catch(() => undefined)
  }
}

/** A socket that goes to the host that is found instead of the one that pg names. */
function socketTo(find: () => Promise<string>): Socket {
  const socket = new Socket()
  const connect = socket.connect.bind(socket)
  socket.connect = () => {
    find().then(
      (url) => {
        const { hostname, port } = new URL(url)
        // pg may have given up meanwhile.
        if (!socket.destroyed) connect(Number(port || 5432), decodeURIComponent(hostname).replace(/^\[|\]$/g, ''))
      },
      (error: Error) => socket.destroy(error),
    )
    return socket
  }
  return socket
}
