import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../../src/sandbox/quay/routes.ts'
import { type Served, serveQuay } from './serve.ts'

let served: Served
let token: string
beforeAll(async () => {
  served = await serveQuay()
  token = served.quay.tokenOf('quaymaster')
})
afterAll(() => served.stop())

const get = (path: string, as = token) => served.call('GET', path, { token: as })

test('the sandbox has the accounts and things that its story needs, and no acme/web', async () => {
  const users = (await get('/api/v1/superuser/users/')).body as { users: Record<string, unknown>[] }
  const names = ['quaymaster', 'quayadmin', 'alice', 'bea', 'carl', 'eve', 'hana', 'ivan']
  expect(users.users.map(({ name }) => name)).toEqual(names)
  expect(users.users).toContainEqual(
    expect.objectContaining({ name: 'quayadmin', email: 'dora@example.com', super_user: true, verified: true }),
  )
  expect((await get('/api/v1/organization/acme')).body).toMatchObject({ ordered_teams: ['owners', 'creators', 'developers', 'frontend'] })
  expect((await get('/api/v1/repository/acme/web')).status).toBe(404)
  expect((await get('/api/v1/repository/acme/api/permissions/user/ivan/transitive')).body).toEqual({ permissions: [{ role: 'write' }] })
})

test('the usage logs of the seed fill more than a page everywhere, and the last page is an empty one', async () => {
  for (const path of ['/api/v1/organization/acme/logs', '/api/v1/organization/globex/logs', '/api/v1/repository/acme/api/logs']) {
    const sizes: number[] = []
    let next: string | undefined
    do {
      const query = next === undefined ? '' : `?next_page=${next}`
      const page = (await get(path + query)).body as { logs: unknown[]; next_page?: string }
      sizes.push(page.logs.length)
      next = page.next_page
    } while (next !== undefined)
    expect(sizes.length).toBeGreaterThan(2)
    expect(sizes.at(-1)).toBe(0)
  }
})

test('entries written between two pages neither repeat nor lose one', async () => {
  const first = (await get('/api/v1/superuser/logs')).body as { logs: unknown[]; next_page: string }
  await served.call('PUT', '/api/v1/repository/acme/api', { token, body: { description: 'new' } })
  const second = (await get(`/api/v1/superuser/logs?next_page=${first.next_page}`)).body as { logs: unknown[] }
  const again = (await get('/api/v1/superuser/logs')).body as { logs: unknown[] }
  expect(again.logs.slice(1)).toEqual(first.logs.slice(0, -1))
  expect(second.logs).not.toContainEqual(first.logs.at(-1))
  expect((await get('/api/v1/superuser/logs?next_page=nonsense')).body).toMatchObject({ logs: again.logs })
})

test('a page token is forgotten after two days and is then silently the first page', async () => {
  const users = async (query: string) =>
    (await get(`/api/v1/superuser/users/?limit=3${query}`)).body as { users: { name: string }[]; next_page: string }
  const first = await users('')
  expect((await users(`&next_page=${first.next_page}`)).users[0]?.name).toBe('bea')
  served.clock.now += 49 * 3600 * 1000
  expect((await users(`&next_page=${first.next_page}`)).users[0]?.name).toBe('quaymaster')
})

test('everybody reads the feature flags, and a switched-off feature takes its routes away', async () => {
  const { registry } = served.quay
  const config = (await served.call('GET', '/config')).body
  expect(config).toMatchObject({ features: { MAILING: true, SUPER_USERS: true, BILLING: false, SUPERUSERS_FULL_ACCESS: true } })
  registry.features.REPO_MIRROR = false
  expect((await get('/api/v1/superuser/mirror/health')).text).toContain('<!DOCTYPE html>')
  registry.features.REPO_MIRROR = true
  expect((await get('/api/v1/superuser/mirror/health')).status).toBe(200)
})

test('the API document names exactly the routes that are served', async () => {
  const document = (await get('/api/v1/discovery?internal=true')).body as { paths: Record<string, Record<string, unknown>> }
  const served = new Set(routes.map(({ method, path }) => `${method} /api/v1${path}`))
  const named = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const operations = named.filter((address) => /^(GET|PUT|POST|DELETE) /.test(address))
  expect(operations.filter((address) => !served.has(address))).toEqual([])
  expect(operations.length).toBeGreaterThan(230)
})

test('links in messages lead to a page', async () => {
  expect(await served.call('GET', '/repository/acme/api')).toMatchObject({
    status: 200,
    text: expect.stringContaining('/repository/acme/api'),
  })
})
