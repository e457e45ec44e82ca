import { once } from 'node:events'
import { createServer, type IncomingMessage, request as send } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { onTestFinished } from 'vitest'

interface Settings {
  /** Where the hosts lie that nobody else can resolve: `slack.corp.example:443` is a port of this machine. */
  hosts: Record<string, number>
  /** `user:password` that everybody must name. */
  login?: string
}

/** A company's proxy: tunnels (CONNECT) and plain requests with a whole URL. Writes down each. */
export async function startProxy({ hosts, login }: Settings) {
  const log: string[] = []
  const wanted = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`
  const isKnown = ({ headers }: IncomingMessage) => wanted === undefined || headers['proxy-authorization'] === wanted
  const server = createServer((request, response) => {
    log.push(`${request.method} ${request.url}`)
    const url = URL.parse(request.url ?? '')
    const port = hosts[`${url?.hostname}:${url?.port || 80}`]
    if (!isKnown(request)) return void response.writeHead(407, { 'proxy-authenticate': 'Basic' }).end()
    if (!url || port === undefined) return void response.writeHead(502).end('unknown host')
    const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = request.headers
    const onward = send({ port, method: request.method, path: url.pathname + url.search, headers: { ...headers, host: url.host } })
    onward.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)))
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  server.on('connect', (request, socket, head) => {
    log.push(`CONNECT ${request.url}`)
    socket.on('error', () => undefined)
    if (!isKnown(request)) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n')
    const port = hosts[request.url ?? '']
    if (port === undefined) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.write(head)
      socket.pipe(onward).pipe(socket)
    })
    onward.on('error', () => socket.destroy())
    onward.on('close', () => socket.destroy())
    socket.on('close', () => onward.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on a port
  return { log, url: `http://${login === undefined ? '' : `${login}@`}127.0.0.1:${port}` }
}
