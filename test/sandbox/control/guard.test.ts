import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { startBot } from '../../start-bot.ts'

const { bea, origin } = await startBot({ until: afterAll })

/** A request as a foreign page or a rebound name would send it; fetch does not let anybody set these headers. */
async function knock(headers: Record<string, string>, path = '/_control/workspace') {
  const [response] = await once(request(origin + path, { headers }).end(), 'response')
  return response as IncomingMessage // as node:http emits it
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
  const { port } = new URL(origin)
  const answer = await knock(headers(port))
  expect(answer.statusCode).toBe(status)
  const body: unknown = JSON.parse(await text(answer))
  if (status === 403) expect(body).toMatchObject({ ok: false, error: expect.stringContaining('The sandbox') })
})

test('everything the sandbox has is for this machine alone: exported files, metrics and both simulators too', async () => {
  await bea.types('/quay logs export repo acme/api 2026-11-25 2026-11-30')
  const files = async () => ((await bea.get('files?user=bea')) as { files: { url: string }[] }).files // as reads.ts answers
  await expect.poll(async () => (await files()).length, { timeout: 20_000 }).toBe(1)
  const [file] = await files()
  for (const path of [file?.url ?? '', '/metrics', '/config', '/slack-sim/api/api.test', '/_control/workspace', '/_control/events', '/']) {
    expect(await status({ host: 'evil.example' }, path), path).toBe(403)
    expect(await status({ origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }, path), path).toBe(403)
    expect(await status({}, path), path).toBe(200)
  }
})

/** Without its body, which of a stream never ends. */
async function status(headers: Record<string, string>, path: string) {
  return (await knock(headers, path)).destroy().statusCode
}
