import { afterEach, beforeEach, expect, test } from 'vitest'
import { sentinelIn } from '../../../src/sandbox/quay/sentinels.ts'
import { type Served, serveQuay } from './serve.ts'

let served: Served
let token: string
beforeEach(async () => {
  served = await serveQuay()
  token = served.quay.tokenOf('quaymaster')
})
afterEach(() => served.stop())

const create = (repository: string) => {
  const body = { namespace: 'acme', repository, visibility: 'private', description: '' }
  return served.call('POST', '/api/v1/repository', { token, body })
}
const exists = async (repository: string) => (await served.call('GET', `/api/v1/repository/acme/${repository}`, { token })).status

test('a person who names a repository quay-503 or quay-429 meets a broken and an overrun Quay', async () => {
  expect(await create('quay-503')).toMatchObject({ status: 503, text: expect.stringContaining('nginx') })
  expect(await create('my-quay-429')).toMatchObject({ status: 429 })
  expect(served.quay.registry.repositories.map(({ name }) => name)).not.toContain('quay-503')
})

test('quay-cut-answer does the work and swallows the answer, and looking afterwards tells the truth', async () => {
  await expect(create('quay-cut-answer')).rejects.toThrow('fetch failed')
  expect(await exists('quay-cut-answer')).toBe(200)
  expect(served.quay.exchanges.map(({ status }) => status)).toEqual(['cut', 200])
})

test('quay-slow answers after Slack has given up waiting', () => {
  expect(sentinelIn('GET', '/api/v1/repository/acme/quay-slow', '')?.latencyMs).toBeGreaterThan(3000)
})

test('a fault hits the calls it is meant for, as often as it was asked, and then never again', async () => {
  served.quay.faults({ status: 502, match: 'POST /api/v1/repository', times: 1 })
  expect(await exists('api')).toBe(200)
  expect((await create('web')).status).toBe(502)
  expect((await create('web')).status).toBe(201)
})

test('a fault that cuts the answer keeps the effect', async () => {
  served.quay.faults({ cut: true, times: 1 })
  await expect(create('web')).rejects.toThrow('fetch failed')
  expect(await exists('web')).toBe(200)
})

test('a revoked token reads as nobody and writes as a stranger', async () => {
  served.quay.revoke(token)
  expect((await served.call('GET', '/api/v1/superuser/users/', { token })).status).toBe(401)
  expect(await create('web')).toMatchObject({ status: 403, text: '{"error": "CSRF token was invalid or missing."}' })
})

test('deleting a repository with the name of a route deletes what the route means', async () => {
  const path = '/api/v1/repository/acme/api/permissions/user/acme+ci'
  expect((await served.call('GET', path, { token })).status).toBe(200)
  expect((await served.call('DELETE', path, { token })).status).toBe(204)
  expect((await served.call('GET', path, { token })).status).toBe(400)
  expect((await served.call('DELETE', '/api/v1/repository/acme/api/no-such-thing', { token })).status).toBe(204)
  expect(await exists('api')).toBe(200)
})

test('what is remembered of calls and shown of the state holds no credential', async () => {
  const { quay, call } = served
  const made = await call('PUT', '/api/v1/organization/acme/robots/new', { token, body: {} })
  const robot = made.body as { token: string }
  const config = { url: 'https://bot.example.com/hooks/s3cret' }
  const body = { event: 'repo_push', method: 'webhook', config, eventConfig: {}, title: 't' }
  await call('POST', '/api/v1/repository/acme/api/notification/', { token, body })
  await call('POST', '/api/v1/superuser/users/', { token, body: { username: 'nina', email: 'nina@example.com' } })
  const all = JSON.stringify([quay.exchanges, quay.snapshot()])
  for (const secret of [robot.token, 's3cret', token]) expect(all).not.toContain(secret)
  expect(quay.exchanges[0]?.answer).toMatchObject({ name: 'acme+new', token: '[credential]' })
  expect(quay.exchanges[1]?.body).toMatchObject({ config: { url: 'https://bot.example.com/[credential]' } })
  expect(quay.exchanges[2]?.answer).toMatchObject({ password: '[credential]', encrypted_password: '[credential]' })
})

test('a reset brings back the seed and forgets what was asked, but not the tokens that were given out', async () => {
  const { registry } = served.quay
  await create('web')
  served.quay.reset()
  expect(registry.repositories.map(({ name }) => name)).not.toContain('web')
  expect(served.quay.exchanges).toEqual([])
  expect(await exists('api')).toBe(200)
})
