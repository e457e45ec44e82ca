import { EventEmitter } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A connection to PostgreSQL that has no client at the moment, and what its server said when it began. */
interface Kept {
  socket: Socket
  greeting: Buffer
  /** Hears that it broke, as long as it has no client. */
  broken: () => void
}

const discard = message('Q', Buffer.from('DISCARD ALL\0'))
const authenticated = message('R', Buffer.from([0, 0, 0, 0]))
const ready = message('Z', Buffer.from('I'))
const terminate = 'X'.charCodeAt(0)

/**
 * Connections to one database that outlive their clients: each costs the server a process, which takes longer than most tests.
 * `stream` is what pg calls for a connection. A client that ends leaves it as new (DISCARD ALL), and the next one with the same
 * name gets it, without asking for its password again. One that was cut short, or is in a transaction, really ends.
 */
export function keptConnections() {
  const free = new Map<string, Kept[]>()
  const leaving = new Set<Promise<void>>()
  const inUse = new Set<Socket>()

  /** One client's view of a connection. It has what pg's own Connection uses of a socket (pg 8.23, lib/connection.js). */
  const stream = () => {
    const client = new EventEmitter()
    let address: { port: number; host: string } | undefined
    let started = ''
    let socket: Socket | undefined
    let heard: Buffer[] | undefined = []
    let greeting: Buffer | undefined
    let isIdle = false
    let hasLeft = false
    let said: Buffer[] = []

    const onData = (data: Buffer) => {
      isIdle = data.length >= ready.length && data.subarray(-ready.length).equals(ready)
      if (heard) {
        heard.push(data)
        if (isIdle) {
          const all = Buffer.concat(heard)
          greeting = all.subarray(all.indexOf(authenticated))
          heard = undefined
        }
      }
      client.emit('data', data)
    }
    const onError = (error: Error) => client.emit('error', error)
    const onEnd = () => client.emit('end')
    const onClose = () => {
      inUse.delete(socket as Socket) // it was opened, or it would not close
      client.emit('close')
    }
    /** What a statement consists of, together: each write costs as much as a small statement. */
    const say = () => {
      const all = said.length === 1 && said[0] ? said[0] : Buffer.concat(said)
      said = []
      socket?.write(all)
    }
    const listen = (to: Socket) => {
      socket = to
      inUse.add(to)
      to.ref()
      to.on('data', onData).on('error', onError).on('end', onEnd).on('close', onClose)
    }
    const begin = (startup: Buffer) => {
      started = startup.toString('latin1')
      const kept = free.get(started)?.pop()
      if (kept && !kept.socket.destroyed) {
        kept.socket.off('error', kept.broken).off('close', kept.broken)
        heard = undefined
        greeting = kept.greeting
        listen(kept.socket)
        setImmediate(onData, kept.greeting)
      } else if (address) {
        const opened = connect(address).setNoDelay()
        listen(opened)
        opened.write(startup)
      }
    }
    /** Gives the connection to whoever comes next, if nothing is under way on it. */
    const leave = () => {
      if (hasLeft) return
      hasLeft = true
      const left = socket
      if (!left || left.destroyed) return void setImmediate(() => client.emit('close'))
      if (!isIdle || !greeting) return void left.end()
      left.off('data', onData).off('error', onError).off('end', onEnd).off('close', onClose)
      inUse.delete(left)
      const cleaned = clean(left, greeting, (kept) => free.set(started, [...(free.get(started) ?? []), kept]))
      leaving.add(cleaned)
      void cleaned.then(() => leaving.delete(cleaned))
      setImmediate(() => client.emit('close'))
    }

    Object.defineProperty(client, 'writable', { get: () => !hasLeft && !socket?.destroyed })
    return Object.assign(client, {
      connect: (port: number, host: string) => {
        address = { port, host }
        setImmediate(() => client.emit('connect'))
      },
      write: (data: Buffer, written?: () => void) => {
        if (started === '') begin(data)
        else if (data[0] !== terminate) {
          isIdle = false
          said.push(data)
          if (said.length === 1) process.nextTick(say)
        } else if (!isIdle || !greeting) socket?.write(data)
        if (written) setImmediate(written)
        return true
      },
      end: leave,
      destroy: (error?: Error) => {
        hasLeft = true
        if (socket) socket.destroy(error)
        else
          setImmediate(() => {
            if (error) client.emit('error', error)
            client.emit('close')
          })
      },
      setNoDelay: () => undefined,
      setKeepAlive: () => undefined,
      ref: () => socket?.ref(),
      unref: () => socket?.unref(),
    }) as unknown as Socket // pg uses no more of it
  }

  return {
    stream,
    /** Whether every client has left, and the server knows nothing of them any more. False: something still uses the database. */
    areFree: async () => {
      await Promise.all(leaving)
      // One that was cut short is gone a moment later.
      for (let look = 0; look < 20 && inUse.size > 0; look += 1) await sleep(5)
      return inUse.size === 0
    },
    close: () => {
      for (const kept of free.values()) for (const { socket } of kept) socket.destroy()
      for (const socket of inUse) socket.destroy()
    },
  }
}

/** Makes the session as new. `done` only if the server says so. */
function clean(socket: Socket, greeting: Buffer, done: (kept: Kept) => void): Promise<void> {
  return new Promise((resolve) => {
    const broken = () => {
      socket.destroy()
      resolve()
    }
    const onData = (data: Buffer) => {
      if (data.length < ready.length || !data.subarray(-ready.length).equals(ready)) return
      socket.off('data', onData).off('close', broken)
      // It may end the process while nobody uses it, and break unheard.
      socket.unref()
      done({ socket, greeting, broken })
      resolve()
    }
    socket.on('error', broken).on('close', broken).on('data', onData)
    socket.write(discard)
  })
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}
