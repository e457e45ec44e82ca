import { once } from 'node:events'
import type { Server } from 'node:http'
import { Failure } from '../core/failure.ts'

/** Listens on a port. Throws `conflict` if the port is in use or not permitted. */
export async function listen(server: Server, port: number, host: string) {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (cause) {
    const { code, message: problem } = cause as NodeJS.ErrnoException // node:net throws nothing else
    if (code === 'EADDRINUSE')
      throw new Failure('conflict', 'Port {port} is in use. Choose another one: npm start -- --port {another}', {
        port: String(port),
        another: String(port + 1),
      })
    throw new Failure('conflict', 'Port {port} of {host} cannot be used: {problem}', { port: String(port), host, problem }, { cause })
  }
}
