import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { signedHeaders } from './slackbot.ts'

interface Door {
  url: string
  secret: string
  now: () => number
  identity: (user: string) => object
}

/**
 * Stands between any client of the protocol and the door, as Slack does: names the person in each call, and signs what is sent on.
 * Everything else passes as it came, both ways. Returns its address and how it is stopped.
 */
export async function startSigningProxy({ url, secret, now, identity }: Door, user: string) {
  // The suite sends the same bytes again and again, which within a second would be a copy of the same signed call.
  let sent = 0
  const second = () => {
    sent = (sent + 1) % 500
    return now() - 250 + sent
  }
  const server = createServer((request, response) => {
    const pass = async () => {
      const body = named((await buffer(request)).toString(), identity(user))
      const headers = { ...passed(request.headers), ...stamps(signedHeaders(secret, body, second())) }
      const method = request.method ?? 'GET'
      const answer = await fetch(url, { method, headers, ...(method === 'POST' && { body }) })
      // Decoded and whole by now.
      const {
        'content-length': _,
        'content-encoding': __,
        connection: ___,
        'transfer-encoding': ____,
        ...rest
      } = Object.fromEntries(answer.headers)
      response.writeHead(answer.status, rest).end(Buffer.from(await answer.arrayBuffer()))
    }
    pass().catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, stop } // it listens on a port
}

/** The message with the person in its `_meta`, where it is a call of a tool; else as it came. */
function named(text: string, slack: object): string {
  try {
    const message = JSON.parse(text) as { method?: unknown; params?: { _meta?: object } }
    if (message.method !== 'tools/call') return text
    return JSON.stringify({ ...message, params: { ...message.params, _meta: { ...message.params?._meta, slack } } })
  } catch {
    return text
  }
}

/** What a client says, without what belongs to its own connection. */
function passed(headers: IncomingHttpHeaders): Record<string, string> {
  const own = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding', 'keep-alive'])
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (own.has(name) ? [] : [[name, String(value)]])))
}

/** Slack's signature alone: the type and what is accepted are the client's own. */
function stamps({ 'x-slack-request-timestamp': at, 'x-slack-signature': by }: ReturnType<typeof signedHeaders>) {
  return { 'x-slack-request-timestamp': at, 'x-slack-signature': by }
}
