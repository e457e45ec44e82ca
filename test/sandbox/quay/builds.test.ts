import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Served, serveQuay } from './serve.ts'

let served: Served
let token: string
let hooks: { body: Record<string, unknown>; path: string; headers: Record<string, unknown> }[]
let answer: number
let closeHooks: () => void
let hooksAt: string

beforeEach(async () => {
  served = await serveQuay()
  token = served.quay.tokenOf('bea')
  served.quay.registry.allowLoopbackWebhooks = true
  hooks = []
  answer = 200
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    hooks.push({ body: JSON.parse(text) as Record<string, unknown>, path: request.url ?? '', headers: request.headers })
    response.writeHead(answer).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  hooksAt = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  closeHooks = () => {
    server.closeAllConnections()
    server.close()
  }
})
afterEach(async () => {
  closeHooks()
  await served.stop()
})

const api = '/api/v1/repository/acme/api'
const post = (path: string, body: unknown = {}) => served.call('POST', path, { token, body })
const get = (path: string) => served.call('GET', path, { token })

async function subscribe(event: string, more: Record<string, unknown> = {}) {
  const body = { event, method: 'webhook', config: { url: `${hooksAt}/${event}` }, eventConfig: {}, title: event, ...more }
  const made = await post(`${api}/notification/`, body)
  return (made.body as { uuid: string }).uuid
}

async function start(archive: string) {
  const made = await post(`${api}/build/`, { archive_url: `https://downloads.example.com/${archive}`, docker_tags: ['v2'] })
  return (made.body as { id: string }).id
}

function later(seconds: number) {
  served.clock.now += seconds * 1000
  served.quay.tick()
}

async function phasesOf(id: string) {
  const phases: string[] = []
  for (let second = 0; second < 14; second++) {
    const { body } = await get(`${api}/build/${id}/status`)
    const { phase } = body as { phase: string }
    if (phases.at(-1) !== phase) phases.push(phase)
    later(1)
  }
  return phases
}

test('a build goes through its phases, pushes its tags and tells whoever subscribed', async () => {
  for (const event of ['build_queued', 'build_start', 'build_success', 'repo_push']) await subscribe(event)
  const id = await start('app.tar.gz')
  expect(await phasesOf(id)).toEqual(['waiting', 'build-scheduled', 'pulling', 'building', 'pushing', 'complete'])
  await expect.poll(() => hooks.length).toBe(4)
  expect(hooks.map(({ path }) => path).sort()).toEqual(['/build_queued', '/build_start', '/build_success', '/repo_push'])
  const queued = hooks.find(({ path }) => path === '/build_queued')
  // Key for key what a real Quay delivered (recorded/webhook-realevent-build_queued).
  expect(Object.keys(queued?.body ?? {})).toEqual(
    'repository namespace name docker_url homepage build_id docker_tags repo is_manual manual_user'.split(' '),
  )
  expect(queued?.body).toMatchObject({ build_id: id, is_manual: true, manual_user: 'bea' })
  expect(queued?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': expect.stringContaining('python-requests') })
  expect(hooks.find(({ path }) => path === '/repo_push')?.body).toMatchObject({ repository: 'acme/api', updated_tags: ['v2'] })
  expect((await get(`${api}/tag/?specificTag=v2`)).body).toMatchObject({ tags: [{ name: 'v2' }] })
})

test('an archive whose name contains fail fails, with logs that say why', async () => {
  await subscribe('build_failure')
  const id = await start('fail.tar.gz')
  expect(await phasesOf(id)).toEqual(['waiting', 'build-scheduled', 'pulling', 'building', 'error'])
  const { logs } = (await get(`${api}/build/${id}/logs`)).body as { logs: { message: string; type?: string }[] }
  expect(logs).toContainEqual(expect.objectContaining({ type: 'error', message: expect.stringContaining('returned a non-zero code') }))
  await expect.poll(() => hooks[0]?.body).toMatchObject({ build_id: id, error_message: expect.stringContaining('non-zero') })
})

test('only a waiting build can be cancelled, and by an admin alone', async () => {
  const id = await start('app.tar.gz')
  const ivan = served.quay.tokenOf('ivan')
  expect((await served.call('DELETE', `${api}/build/${id}`, { token: ivan })).status).toBe(403)
  expect(await served.call('DELETE', `${api}/build/${id}`, { token })).toMatchObject({ status: 201, body: 'Okay' })
  later(60)
  expect((await get(`${api}/build/${id}`)).body).toMatchObject({ phase: 'cancelled' })
  const running = await start('app.tar.gz')
  later(5)
  expect((await served.call('DELETE', `${api}/build/${running}`, { token })).status).toBe(400)
})

test('three refusals switch a notification off until somebody resets it', async () => {
  const uuid = await subscribe('repo_push')
  const failures = async () => ((await get(`${api}/notification/${uuid}`)).body as { number_of_failures: number }).number_of_failures
  answer = 500
  served.quay.registry.pushTag('acme/api', 'v3')
  await expect.poll(failures).toBe(1)
  // The same body comes again, five minutes apart.
  for (const expected of [2, 3]) {
    later(300)
    await expect.poll(failures).toBe(expected)
  }
  later(3000)
  served.quay.registry.pushTag('acme/api', 'v4')
  expect(await post(`${api}/notification/${uuid}/test`)).toMatchObject({ status: 200, body: {} })
  expect(hooks).toHaveLength(3)
  answer = 200
  expect((await post(`${api}/notification/${uuid}`)).status).toBe(204)
  served.quay.registry.pushTag('acme/api', 'v5')
  await expect.poll(() => hooks.at(-1)?.body.updated_tags).toEqual(['v5'])
  expect(await failures()).toBe(0)
})

test('a pushed image is scanned, and what is found is announced once per flaw', async () => {
  await subscribe('vulnerability_found', { eventConfig: { level: 1 } })
  served.quay.registry.pushTag('acme/api', 'vulnerable')
  later(6)
  await expect
    .poll(() => hooks.map(({ body }) => (body.vulnerability as { priority: string }).priority).sort())
    .toEqual(['Critical', 'High'])
})

test('a tag that is about to expire is announced once', async () => {
  await subscribe('repo_image_expiry', { eventConfig: { days: 5 } })
  const expiration = Math.floor(served.clock.now / 1000) + 4 * 24 * 3600
  await served.call('PUT', `${api}/tag/v1.0`, { token, body: { expiration } })
  later(1)
  later(1)
  await expect.poll(() => hooks.map(({ body }) => body)).toMatchObject([{ tags: ['v1.0'], expiring_in: '5 days' }])
})

test('logs that were archived are only an address', async () => {
  const [build] = served.quay.registry.repositories[0]?.builds ?? []
  Object.assign(build ?? {}, { isArchived: true })
  const { logs_url } = (await get(`${api}/build/${build?.uuid}/logs`)).body as { logs_url: string }
  expect((await served.call('GET', new URL(logs_url).pathname)).body).toMatchObject({ logs: build?.logs })
})

test('the size of the registry is counted after a while', async () => {
  const admin = served.quay.tokenOf('quayadmin')
  const size = async () => (await served.call('GET', '/api/v1/superuser/registrysize/', { token: admin })).body
  expect((await served.call('POST', '/api/v1/superuser/registrysize/', { token: admin })).status).toBe(201)
  expect(await size()).toMatchObject({ size_bytes: 0, queued: true })
  later(4)
  expect(await size()).toMatchObject({
    size_bytes: expect.toSatisfy((bytes: number) => bytes > 10_000_000_000),
    queued: false,
    last_ran: served.clock.now,
  })
})

test('addresses on the machine itself are refused unless the sandbox allows them', async () => {
  served.quay.registry.allowLoopbackWebhooks = false
  const body = { event: 'repo_push', method: 'webhook', config: { url: 'http://localhost:1/x' }, eventConfig: {} }
  expect(await post(`${api}/notification/`, body)).toMatchObject({ status: 400, body: { detail: 'Invalid webhook URL' } })
})

test('a mirror that is told to sync fetches the tags its rule names', async () => {
  const rule = { rule_kind: 'tag_glob_csv', rule_value: ['latest', 'v3.*'] }
  const dates = { sync_start_date: '2030-01-01T00:00:00Z', sync_interval: 86_400, skopeo_timeout_interval: 300 }
  await post('/api/v1/repository/acme/base/mirror', {
    external_reference: 'quay.io/a/b',
    root_rule: rule,
    robot_username: 'acme+ci',
    ...dates,
  })
  expect((await post('/api/v1/repository/acme/base/mirror/sync-now')).status).toBe(204)
  const status = async () => ((await get('/api/v1/repository/acme/base/mirror')).body as { sync_status: string }).sync_status
  expect(await status()).toBe('SYNC_NOW')
  later(2)
  expect(await status()).toBe('SYNCING')
  later(4)
  expect(await status()).toBe('SUCCESS')
  expect((await get('/api/v1/repository/acme/base/tag/?specificTag=latest')).body).toMatchObject({ tags: [{ name: 'latest' }] })
})
