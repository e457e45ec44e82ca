import { afterEach, beforeEach, expect, test } from 'vitest'
import { readmeScopes } from '../../../src/sandbox/quay/api.ts'
import { offByDefault } from '../../../src/sandbox/quay/features.ts'
import { findOrganization, findRepository } from '../../../src/sandbox/quay/lookup.ts'
import { type Served, serveQuay } from './serve.ts'

// What was seen on a running Quay after the exchanges had been recorded.

const day = 24 * 3600 * 1000
const week = 7 * day

let served: Served
let token: string
beforeEach(async () => {
  served = await serveQuay()
  token = served.quay.tokenOf('quaymaster')
})
afterEach(() => served.stop())

const ask = (method: string, path: string, body?: unknown, by = token) => served.call(method, `/api/v1${path}`, { token: by, body })
const tagsOf = async (repository: string) => {
  const { body } = await ask('GET', `/repository/${repository}/tag/?onlyActiveTags=true&limit=100`)
  return (body as { tags: { name: string; start_ts: number; end_ts?: number }[] }).tags
}
const later = (ms: number) => {
  served.clock.now += ms
  served.quay.tick()
}
const organization = (name: string) => {
  const found = findOrganization(served.quay.registry, name)
  if (!found) throw new Error(`${name} is missing`)
  return found
}

test('the life of a tag is counted from its start and cut to 104 weeks, and one that thereby ended is gone', async () => {
  const inAYear = (served.clock.now + 365 * day) / 1000
  const api = findRepository(served.quay.registry, 'acme/api')
  const [old, young] = api?.tags ?? []
  if (!old || !young) throw new Error('acme/api has no tags')
  old.start = served.clock.now - 3 * 365 * day
  young.start = served.clock.now - 100 * week
  expect(await ask('PUT', `/repository/acme/api/tag/${old.name}`, { expiration: inAYear })).toMatchObject({ status: 201, body: 'Updated' })
  expect(await ask('PUT', `/repository/acme/api/tag/${young.name}`, { expiration: inAYear })).toMatchObject({ status: 201 })
  const tags = await tagsOf('acme/api')
  expect(tags.map(({ name }) => name)).not.toContain(old.name)
  expect(tags.find(({ name }) => name === young.name)?.end_ts).toBe((served.clock.now + 4 * week) / 1000)
  const { tags: history } = (await ask('GET', `/repository/acme/api/tag/?specificTag=${old.name}`)).body as { tags: unknown[] }
  expect(history).toHaveLength(1)
  served.quay.cleanUp()
  expect((await ask('GET', `/repository/acme/api/tag/?specificTag=${old.name}`)).body).toMatchObject({ tags: [] })
})

test('a tag that was pushed just now lives for an hour at least', async () => {
  served.quay.registry.pushTag('acme/api', 'fresh', 'ivan')
  await ask('PUT', '/repository/acme/api/tag/fresh', { expiration: served.clock.now / 1000 + 60 })
  const fresh = (await tagsOf('acme/api')).find(({ name }) => name === 'fresh')
  expect(fresh?.end_ts).toBe(served.clock.now / 1000 + 3600)
})

const mirrorBody = (reference: string, ...rule: string[]) => ({
  external_reference: reference,
  sync_interval: 86_400,
  sync_start_date: '2030-01-01T00:00:00Z',
  root_rule: { rule_kind: 'tag_glob_csv', rule_value: rule },
  robot_username: 'acme+ci',
  skopeo_timeout_interval: 300,
})
const sync = async (repository: string) => {
  await ask('POST', `/repository/${repository}/mirror/sync-now`)
  later(2_000)
  later(4_000)
}

test('a mirror deletes every tag of the repository that it does not bring', async () => {
  served.quay.registry.upstreams['quay.example.com/acme/api'] = ['v2.0', 'v2.1', 'nightly']
  expect((await ask('POST', '/repository/acme/api/mirror', mirrorBody('quay.example.com/acme/api', 'v2.*'))).status).toBe(201)
  await sync('acme/api')
  expect((await tagsOf('acme/api')).map(({ name }) => name).sort()).toEqual(['v2.0', 'v2.1'])
})

test('a mirror that finds nothing, or that fails, deletes nothing', async () => {
  await ask('POST', '/repository/acme/shop/mirror', mirrorBody('quay.example.com/acme/shop', 'v9.*'))
  await ask('POST', '/repository/acme/api/mirror', mirrorBody('quay.example.com/acme/fail', 'latest'))
  await sync('acme/shop')
  await sync('acme/api')
  expect(await tagsOf('acme/shop')).toHaveLength(3)
  expect(await tagsOf('acme/api')).toHaveLength(3)
})

test('a deleted repository is listed under a uuid with its robots and permissions until the clean-up', async () => {
  expect((await ask('DELETE', '/repository/acme/api')).status).toBe(204)
  expect((await ask('GET', '/repository/acme/api')).status).toBe(404)
  const lists = async () => {
    const robots = await ask('GET', '/organization/acme/robots?permissions=true')
    const team = await ask('GET', '/organization/acme/team/developers/permissions')
    const robot = await ask('GET', '/organization/acme/robots/ci/permissions')
    return robots.text + team.text + robot.text
  }
  const [row] = served.quay.registry.deletedRepositories
  expect(row?.name).toMatch(/^[0-9a-f-]{36}$/)
  // Of two robots in their list, of the team, and of the robot asked for.
  expect((await lists()).split(row?.name ?? '')).toHaveLength(5)
  later(60_000)
  expect(await lists()).not.toContain(row?.name)
})

test('Quay guards the last admin team against its own member alone, and a superuser walks past', async () => {
  const bea = served.quay.tokenOf('bea')
  organization('acme').teams[0]?.members.splice(1)
  const leave = (by: string) => ask('DELETE', '/organization/acme/team/owners/members/bea', undefined, by)
  expect(await leave(bea)).toMatchObject({
    status: 400,
    body: { message: 'User cannot remove themselves from their only admin team.' },
  })
  expect((await ask('PUT', '/organization/acme/team/owners', { role: 'member' }, bea)).status).toBe(400)
  expect((await ask('DELETE', '/organization/acme/team/owners', undefined, bea)).status).toBe(400)
  expect((await leave(token)).status).toBe(204)
  expect(organization('acme').teams[0]?.members).toEqual([])
})

test('an admin team that its caller is not in breaks Quay when it is deleted; as a member team it goes', async () => {
  expect(await ask('DELETE', '/organization/acme/team/owners')).toMatchObject({
    status: 500,
    text: expect.stringContaining('Internal Server'),
  })
  expect((await ask('PUT', '/organization/acme/team/owners', { role: 'member' })).status).toBe(200)
  expect((await ask('DELETE', '/organization/acme/team/owners')).status).toBe(204)
})

test('the sole admin of an organization cannot be removed from it', async () => {
  organization('acme').teams[0]?.members.splice(1)
  expect(await ask('DELETE', '/organization/acme/members/bea')).toMatchObject({
    status: 400,
    body: { message: 'Cannot remove user as they are the only organization admin' },
  })
})

test('sums of usage logs go back a month, and for superusers Quay breaks instead of saying so', async () => {
  const span = 'starttime=10/01/2026&endtime=11/20/2026'
  expect(await ask('GET', `/organization/acme/aggregatelogs?${span}`)).toMatchObject({
    status: 400,
    body: { message: 'Invalid date range for logs' },
  })
  expect((await ask('GET', `/repository/acme/api/aggregatelogs?${span}`)).status).toBe(400)
  expect((await ask('GET', `/superuser/aggregatelogs?${span}`)).status).toBe(500)
  expect((await ask('GET', '/superuser/aggregatelogs?starttime=10/25/2026')).status).toBe(200)
  // A start alone counts to now.
  expect((await ask('GET', '/superuser/aggregatelogs?starttime=10/01/2026')).status).toBe(500)
})

test('usage logs that are kept in Splunk cannot be read, and without its search they are empty and say so', async () => {
  served.quay.registry.logsIn = 'splunk'
  expect((await ask('GET', '/organization/acme/logs')).status).toBe(501)
  expect((await ask('GET', '/superuser/aggregatelogs')).status).toBe(501)
  served.quay.registry.logsIn = 'splunk without search'
  expect(await ask('GET', '/superuser/logs')).toMatchObject({ status: 200, body: { logs: [], search_unavailable: true } })
  expect(await ask('GET', '/organization/acme/aggregatelogs')).toMatchObject({ body: { aggregated: [], search_unavailable: true } })
})

test('the last page of a usage log leads to an empty one, and a build names nobody but in its metadata', async () => {
  const path = '/organization/acme/logs?starttime=11/01/2026'
  const pages: { kind: string; performer?: unknown; metadata: Record<string, unknown> }[][] = []
  for (let next: string | undefined = ''; next !== undefined && pages.length < 20; ) {
    const { body } = await ask('GET', next ? `${path}&next_page=${encodeURIComponent(next)}` : path)
    const page = body as { logs: (typeof pages)[number]; next_page?: string }
    pages.push(page.logs)
    next = page.next_page
  }
  expect(pages.at(-1)).toEqual([])
  expect(pages.at(-2)?.length).toBeGreaterThan(0)
  const build = pages.flat().find(({ kind }) => kind === 'build_dockerfile')
  expect(build).toMatchObject({ performer: null, metadata: { manual_user: 'ivan' } })
})

test('without its content type JSON is refused and takes no effect', async () => {
  const body = JSON.stringify({ description: 'changed' })
  const headers = { 'content-type': 'text/plain' }
  expect((await served.call('PUT', '/api/v1/repository/acme/api', { token, text: body, headers })).status).toBe(415)
  expect(findRepository(served.quay.registry, 'acme/api')?.description).toBe('The API of the shop')
})

test('other calls that break Quay, or that it refuses in words of its own', async () => {
  const create = { namespace: 'nowhere', repository: 'x', description: '', visibility: 'private' }
  expect((await ask('POST', '/repository', create)).status).toBe(500)
  const hook = { event: 'no_such_event', method: 'webhook', config: { url: 'https://hooks.example.com/x' }, eventConfig: {} }
  expect((await ask('POST', '/repository/acme/api/notification/', hook)).status).toBe(500)
  expect((await ask('POST', '/superuser/users/', { username: 'acme', email: 'acme2@example.com' })).body).toMatchObject({
    message: 'Username has already been taken by an organization and cannot be reused: acme',
  })
  const quota = (path: string) => ask('POST', path, { limit_bytes: 1e9 })
  expect((await quota('/superuser/organization/acme/quota')).status).toBe(201)
  expect((await quota('/superuser/organization/acme/quota')).body).toMatchObject({ detail: "Quota for 'acme' already exists" })
  expect((await quota('/organization/acme/quota')).body).toMatchObject({ detail: "Organization quota for 'acme' already exists" })
  const both = await ask('POST', '/organization/globex/quota', { limit_bytes: 1, limit: '1 GiB' })
  expect(both).toMatchObject({ status: 400, text: expect.stringContaining('is valid under each of') })
  const id = organization('acme').quotas[0]?.id
  expect((await ask('POST', `/organization/acme/quota/${id}/limit`, { type: 'Nonsense', threshold_percent: 50 })).body).toEqual({
    message: 'Quota type must be one of [Warning, Reject]',
  })
  const build = await ask('POST', '/repository/acme/api/build/', { archive_url: 'no address' })
  expect(build.body).toMatchObject({ detail: 'Invalid Archive URL: Must be http or https' })
  const expire = await ask('POST', '/repository/acme/api/tag/v1.0/expire', {})
  expect(expire.body).toMatchObject({ detail: 'manifest_digest required when is_alive set to false' })
})

test('an organization with repositories may become a proxy cache, one with immutable tags not', async () => {
  const cache = { upstream_registry: 'quay.example.com', expiration_s: 86_400, insecure: false }
  expect((await ask('POST', '/organization/globex/proxycache', cache)).status).toBe(201)
  await ask('PUT', '/repository/acme/api/tag/latest', { immutable: true })
  expect((await ask('POST', '/organization/acme/proxycache', cache)).status).toBe(400)
})

test('a builder that breaks down is followed by another try, and after three the build has expired', async () => {
  const start = async (name: string) => {
    const { body } = await ask('POST', '/repository/acme/api/build/', { archive_url: `https://downloads.example.com/${name}.tgz` })
    return (body as { id: string }).id
  }
  const phase = async (id: string) => ((await ask('GET', `/repository/acme/api/build/${id}`)).body as { phase: string }).phase
  const [once, always] = [await start('crash'), await start('expire')]
  later(9_000)
  expect([await phase(once), await phase(always)]).toEqual(['internalerror', 'internalerror'])
  served.quay.registry.redisAnswers = false
  later(5_000)
  expect(await phase(once)).toBe('cannot_load')
  served.quay.registry.redisAnswers = true
  expect(await phase(once)).toBe('waiting')
  later(60_000)
  expect([await phase(once), await phase(always)]).toEqual(['complete', 'expired'])
})

test('whoever has no address where nothing is mailed gets a uuid for one', async () => {
  served.quay.registry.features.MAILING = false
  await ask('POST', '/superuser/users/', { username: 'nina' })
  const { body } = await ask('GET', '/superuser/users/nina')
  expect((body as { email: string }).email).toMatch(/^[0-9a-f-]{36}$/)
})

test('the token of the README reads its own account, and lacks nothing that only the token of all scopes has', async () => {
  const readme = served.quay.tokenWith('quaymaster', readmeScopes)
  expect((await ask('GET', '/user/', undefined, readme)).status).toBe(200)
  expect((await ask('GET', '/organization/acme/robots/ci/permissions', undefined, readme)).status).toBe(200)
  expect((await ask('POST', '/organization/', { name: 'fresh', email: 'fresh@example.com' }, readme)).status).toBe(201)
  const bare = served.quay.tokenWith('quaymaster', ['super:user'])
  expect((await ask('GET', '/user/', undefined, bare)).status).toBe(401)
  expect((await ask('GET', '/organization/acme/robots/ci/permissions', undefined, bare)).status).toBe(403)
  expect((await ask('GET', '/organization/acme/robots?permissions=true', undefined, bare)).status).toBe(200)
  expect((await ask('POST', '/organization/', { name: 'other', email: 'other@example.com' }, bare)).status).toBe(403)
})

test('where people are asked before they join, a stranger is invited, and stays outside until he agrees', async () => {
  served.quay.registry.features.REQUIRE_TEAM_INVITE = true
  const member = (name: string) => ask('PUT', `/organization/acme/team/frontend/members/${name}`)
  expect((await member('hana')).body).toMatchObject({ name: 'hana', invited: true })
  expect((await member('alice')).body).toMatchObject({ name: 'alice', invited: false })
  expect((await member('acme+ci')).body).toMatchObject({ invited: false })
  const { body } = await ask('GET', '/organization/acme/team/frontend/members?includePending=true')
  expect((body as { members: { name: string }[] }).members.map(({ name }) => name)).toEqual(['ivan', 'alice', 'acme+ci', 'hana'])
  expect((await ask('GET', '/organization/acme/members/hana')).status).toBe(404)
  expect((await ask('DELETE', '/organization/acme/team/frontend/members/hana')).status).toBe(204)
  expect((await ask('DELETE', '/organization/acme/team/frontend/members/hana')).status).toBe(400)
})

test('a push is told in the bell of whom a notification names', async () => {
  const config = { target: { kind: 'team', name: 'developers' } }
  const hook = { event: 'repo_push', method: 'quay_notification', config, eventConfig: {} }
  expect((await ask('POST', '/repository/acme/api/notification/', hook)).status).toBe(201)
  served.quay.registry.pushTag('acme/api', 'v2.0', 'ivan')
  const bell = async (name: string) => (await ask('GET', '/user/notifications', undefined, served.quay.tokenOf(name))).body
  const told = { kind: 'repo_push', metadata: { repository: 'acme/api', updated_tags: ['v2.0'] } }
  expect(await bell('alice')).toMatchObject({ notifications: [told] })
  expect(await bell('bea')).toMatchObject({ notifications: [] })
})

test('a run of a custom-git trigger tags the commit, and a search shows the use of what it finds', async () => {
  const [api] = served.quay.registry.repositories
  const run = await ask('POST', `/repository/acme/api/trigger/${api?.triggers[0]?.id}/start`, { commit_sha: 'abcdef0123456789' })
  expect(run).toMatchObject({ status: 201, body: { tags: ['abcdef0'] } })
  const found = await ask('GET', '/find/repositories?query=shop&includeUsage=true')
  expect(found.body).toMatchObject({ results: [{ name: 'shop', stars: 0, popularity: 1309, last_modified: expect.any(Number) }] })
})

test('what Quay has off by default it neither serves nor sends', async () => {
  served.quay.set({ fullAccess: false, features: offByDefault })
  const served404 = ['/organization/acme/quota', '/organization/acme/autoprunepolicy/', '/organization/acme/proxycache']
  for (const path of served404) expect((await ask('GET', path)).status).toBe(404)
  const features = ((await served.call('GET', '/config')).body as { features: Record<string, boolean> }).features
  expect(features).toMatchObject({ SUPERUSERS_FULL_ACCESS: false, REPO_MIRROR: false, IMMUTABLE_TAGS: false })
})

test('before 3.16 only a page tells the version', async () => {
  served.quay.set({ release: '3.12' })
  expect((await served.call('GET', '/config')).body).not.toHaveProperty('version_number')
  expect((await served.call('GET', '/')).text).toContain('<li>Quay v3.12.21</li>')
  served.quay.set({ release: '3.17.1' })
  expect((await served.call('GET', '/config')).body).toMatchObject({ version_number: 'Quay v3.17.1' })
})
