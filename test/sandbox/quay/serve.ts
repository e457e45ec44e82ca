import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type SimulatedQuay, simulateQuay } from '../../../src/sandbox/quay/api.ts'

export interface Served {
  quay: SimulatedQuay
  clock: { now: number }
  origin: string
  /** Goes through the front door; the body comes back parsed where it is JSON. */
  call: (method: string, path: string, options?: CallOptions) => Promise<Answered>
  stop: () => Promise<void>
}

interface CallOptions {
  token?: string | undefined
  body?: unknown
  /** Sent as it is, instead of `body`. */
  text?: string
  headers?: Record<string, string>
}

export interface Answered {
  status: number
  body: unknown
  text: string
  headers: Headers
}

/** A simulated Quay behind a real socket, with a clock that stands still until a test moves it. */
export async function serveQuay(now = Date.parse('2026-11-23T08:00:00Z')): Promise<Served> {
  const clock = { now }
  const at = { origin: '' }
  const quay = simulateQuay({ clock: () => clock.now, origin: () => at.origin })
  const server = createServer((request: IncomingMessage, response: ServerResponse) => void quay.handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  at.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on TCP

  const call: Served['call'] = async (method, path, { token, body, text, headers = {} } = {}) => {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body))
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const all = { 'content-type': 'application/json', ...authorization, ...headers }
    const answer = await fetch(at.origin + path, { method, redirect: 'manual', headers: all, ...(sent !== undefined && { body: sent }) })
    const received = await answer.text()
    return { status: answer.status, body: parsed(received), text: received, headers: answer.headers }
  }
  const stop = async () => {
    quay.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { quay, clock, origin: at.origin, call, stop }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
