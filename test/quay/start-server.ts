import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { closeQuay, openQuay } from '../../src/quay/http.ts'
import type { Limits } from '../../src/quay/retry.ts'

export interface Request {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: string
}

/** What a request is answered: a value becomes JSON, text stays as it is; or a function that answers as it likes. */
export type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | ((response: ServerResponse) => void)

export const token = 'theBotsOwnTokenABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** A client of ours and the server that it asks, over real HTTP. */
export async function startServer(answer: (request: Request, count: number) => Answer, limits: Partial<Limits> = {}) {
  const requests: Request[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const url = new URL(request.url ?? '', 'http://registry')
    const read = { method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers, body }
    requests.push(read)
    write(response, answer(read, requests.length))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // an object, as it listens on a port
  const quay = openQuay({ url, token, rate: 10_000, limits: { pauses: [5, 10], ...limits } })
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await quay.dispatcher.destroy()
  })
  return { quay, requests, url, close: () => closeQuay(quay) }
}

function write(response: ServerResponse, answer: Answer) {
  if (typeof answer === 'function') return answer(response)
  const { status = 200, body, headers = {} } = answer
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}
