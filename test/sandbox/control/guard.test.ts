import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fields, fieldsOf } from '../../../src/sandbox/slack/json.ts'
import { type Running, startSlack } from '../slack/start-slack.ts'

let running: Running
beforeAll(async () => {
  running = await startSlack()
})
afterAll(() => running.stop())

/** A request as a foreign page or a rebound name would send it; fetch does not let anybody set these headers. */
async function knock(headers: Record<string, string>) {
  const { port } = new URL(running.origin)
  return new Promise<{ status?: number; body: Fields }>((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path: '/_control/workspace', headers }, async (response) => {
      let body = ''
      for await (const chunk of response) body += chunk
      resolve({ status: response.statusCode, body: fieldsOf(JSON.parse(body)) })
    })
    call.on('error', reject)
    call.end()
  })
}

const knocks: [what: string, headers: (port: string) => Record<string, string>, status: number][] = [
  ['localhost', (port) => ({ host: `localhost:${port}` }), 200],
  ['[::1]', (port) => ({ host: `[::1]:${port}` }), 200],
  ['the page itself', (port) => ({ host: `localhost:${port}`, origin: `http://localhost:${port}`, 'sec-fetch-site': 'same-origin' }), 200],
  ['a typed address', () => ({ 'sec-fetch-site': 'none' }), 200],
  ['a name that was bound to this machine', () => ({ host: 'evil.example' }), 403],
  ['an address that is not this machine', () => ({ host: '10.0.0.1' }), 403],
  ['a page of the internet', () => ({ origin: 'https://evil.example' }), 403],
  ['a page without an origin', () => ({ origin: 'null' }), 403],
  ['another port of this machine', () => ({ origin: 'http://127.0.0.1:1' }), 403],
  ['a page of the same site', () => ({ 'sec-fetch-site': 'same-site' }), 403],
  ['a page of another site', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
]

test.each(knocks)('%s is let in or not', async (_what, headers, status) => {
  const { port } = new URL(running.origin)
  const answer = await knock(headers(port))
  expect(answer.status).toBe(status)
  if (status === 403) expect(answer.body).toMatchObject({ ok: false, error: expect.stringContaining('The sandbox') })
})
