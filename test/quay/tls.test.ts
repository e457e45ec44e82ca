import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { trustAuthorities } from '../../src/core/network.ts'
import { readBuildLog } from '../../src/quay/build-log.ts'
import { call, openQuay } from '../../src/quay/http.ts'
import { token } from './start-server.ts'

const folder = new URL('tls/', import.meta.url)
const authority = fileURLToPath(new URL('authority.pem', folder))

/** A registry behind a certificate of a private authority. */
async function start(listener: RequestListener) {
  const server = createServer(
    { key: readFileSync(new URL('server.key', folder)), cert: readFileSync(new URL('server.pem', folder)) },
    listener,
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}` // an object, as it listens on a port
}

function open(url: string, trusted?: string) {
  if (trusted !== undefined) onTestFinished(trustAuthorities(trusted))
  const quay = openQuay({ url, token, rate: 1000, limits: { pauses: [], archive: 5000 } })
  onTestFinished(() => quay.dispatcher.destroy())
  return quay
}

test('a private authority is trusted when CA_FILE names it, and only then', async () => {
  const url = await start((_, response) => response.end('{"messages":[]}'))
  const read = { method: 'GET', path: '/messages', response: z.object({ messages: z.array(z.unknown()) }) } as const

  await expect(call(open(url), read)).rejects.toMatchObject({
    code: 'unavailable',
    cause: { failed: expect.stringContaining('certificate') },
  })
  await expect(call(open(url, authority), read)).resolves.toEqual({ messages: [] })
})

const logs = [
  { message: 'pulling', type: 'phase', data: { datetime: '2026-11-23 07:30:00.000000' } },
  { message: 'Step 1/3 : FROM ubi8', type: 'command' },
  { message: 'something bad', type: 'error' },
]
const archived = JSON.stringify({ start: 0, total: 3, logs })

/** Reads a build log that is archived at `where`, next to the registry itself. */
async function readArchived(where: string, listener: RequestListener, start = 0) {
  const seen: (string | undefined)[] = []
  const url = await startWith((request, response) => {
    if (request.url?.startsWith('/api/')) return response.end(JSON.stringify({ logs_url: where.replace('HERE', url) }))
    seen.push(request.headers.authorization)
    return listener(request, response)
  })
  const log = await readBuildLog(open(url, authority), 'acme/web', '1', start).catch((error: unknown) => error)
  return { log, seen }
}

const startWith = start

test.each([
  ['packed', gzipSync(archived)],
  ['plain', archived],
])('an archived log is read where it lies, %s, without the token', async (_, bytes) => {
  const { log, seen } = await readArchived('HERE/archive/1?signature=abc', (_, response) => response.end(bytes), 1)

  expect(log).toMatchObject({ start: 1, total: 3, entries: [{ kind: 'command' }, { kind: 'error', message: 'something bad' }] })
  expect(seen).toEqual([undefined])
})

test.each([
  [
    'HERE/x',
    (_: unknown, response: { writeHead(status: number, headers: object): { end(): void } }) =>
      response.writeHead(302, { location: '/signin' }).end(),
    'conflict',
  ],
  ['http://127.0.0.1:9/x', () => undefined, 'conflict'],
  ['/logarchive/1', () => undefined, 'conflict'],
  ['https://bea:secret@127.0.0.1:9/x', () => undefined, 'conflict'],
  ['https://127.0.0.1:9/x?signature=abc', () => undefined, 'unavailable'],
])('an archive at %s cannot be read', async (where, listener, code) => {
  const { log } = await readArchived(where, listener as RequestListener) // only what it uses is declared

  expect(log).toMatchObject({ code })
  expect(JSON.stringify(log) + (log as Error).stack + JSON.stringify((log as Error).cause)).not.toMatch(/signature|secret/)
})

test.each([
  ['bytes', 'x'.repeat(6000)],
  ['unpacked bytes', gzipSync('x'.repeat(100_000))],
  ['nonsense', 'no log'],
])('an archive with too many or wrong %s is no log', async (_, bytes) => {
  const { log } = await readArchived('HERE/x', (_, response) => response.end(bytes))

  expect(log).toMatchObject({ code: 'unavailable' })
})

test.each([
  [503, { code: 'unavailable' }],
  [502, { code: 'unavailable' }],
  [404, { code: 'conflict', message: expect.stringContaining('did not return this log') }],
  [403, { code: 'conflict', message: expect.stringContaining('did not return this log') }],
  [307, { code: 'conflict', message: expect.stringContaining('only be viewed in the Quay web console') }],
])('an archive that answers %d: trying again is offered only where it can help', async (status, said) => {
  const { log } = await readArchived('HERE/x', (_, response) => response.writeHead(status).end())

  expect(log).toMatchObject(said)
})
