import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { serveQuay } from '../sandbox/quay/serve.ts'
import { startBot } from '../start-bot.ts'
import { furnish } from './table-registry.ts'

interface Oddity {
  /** Fields that this release does not know: they are in no definition of its API document, and ignored in every body. */
  without?: string[]
  /** Fields that it has in its document, and drops from every body all the same. */
  drops?: string[]
  /** A field that it leaves out of what it shows of an organization. */
  hides?: string
  /** Fields whose values are all words that only it knows, in whatever it shows; it is furnished as the table of commands wants it. */
  newWords?: string[]
  /** Calls (`PUT /api/v1/…`) that it answers well without doing anything. */
  ignores?: { call: RegExp; status: number; body: unknown }[]
}

/** The bot with a simulated Quay that is older than the newest, or answers "Updated" and does nothing. */
export async function startWithOddQuay(oddity: Oddity, until: (stop: () => Promise<void>) => void = onTestFinished) {
  const served = await serveQuay(Date.now())
  if (oddity.newWords) furnish(served.quay)
  const sent: { call: string; body: unknown }[] = []
  const door = createServer(async (request, response) => {
    const { method = '', url = '' } = request
    const body = await read(request)
    if (method !== 'GET') sent.push({ call: `${method} ${url}`, body })
    const ignored = oddity.ignores?.find(({ call }) => call.test(`${method} ${url}`))
    if (ignored) return response.writeHead(ignored.status, { 'content-type': 'application/json' }).end(JSON.stringify(ignored.body))
    const answer = await fetch(served.origin + url, {
      method,
      headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(forwarded(`${method} ${url}`, body, oddity)) }),
    })
    const text = await answer.text()
    const told = method === 'GET' && /^\/api\/v1\/(?!discovery|user\/)/.test(url) ? (oddity.newWords ?? []) : []
    const hidden = /^GET \/api\/v1\/organization\/\w+$/.test(`${method} ${url}`) ? (oddity.hides ?? '') : ''
    response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/html' })
      .end(/^[{[]/.test(text) ? JSON.stringify(renamed(without(JSON.parse(text), [...(oddity.without ?? []), hidden]), told)) : text)
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  until(async () => {
    door.closeAllConnections()
    await new Promise((resolve) => door.close(resolve))
    await served.stop()
  })
  const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}` // it listens on TCP
  const bot = await startBot({ until, policy: { approvals: [] }, registry: { url, token: served.quay.tokenOf('quaymaster') } })
  const repository = (name: string) => served.quay.registry.repositories.find((one) => `${one.namespace}/${one.name}` === name)
  const organization = (name: string) => served.quay.registry.organizations.find((one) => one.name === name)
  return { ...bot, registry: served.quay.registry, repository, organization, sent }
}

/** What stands behind is the newest Quay, which wants what older ones did not know. */
function forwarded(call: string, body: unknown, { without: unknown = [], drops = [] }: Oddity) {
  const known = without(body, [...unknown, ...drops])
  return /^POST .*\/mirror$/.test(call) ? { skopeo_timeout_interval: 300, ...(known as object) } : known // a mirror's body is an object
}

async function read(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer) // a request without an encoding gives nothing else
  const text = Buffer.concat(pieces).toString()
  return text === '' ? undefined : JSON.parse(text)
}

export const newWord = 'of_a_newer_quay'

/** The same with a new word as the value of each of these keys, however deep. */
function renamed(value: unknown, keys: string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, keys))
  if (typeof value !== 'object' || value === null) return value
  const one = (key: string, held: unknown) => (keys.includes(key) && typeof held === 'string' ? newWord : renamed(held, keys))
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, one(key, held)]))
}

/** The same without these keys, however deep. */
function without(value: unknown, keys: string[] = []): unknown {
  if (Array.isArray(value)) return value.filter((one) => !keys.includes(String(one))).map((one) => without(one, keys))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !keys.includes(key))
      .map(([key, one]) => [key, without(one, keys)]),
  )
}
