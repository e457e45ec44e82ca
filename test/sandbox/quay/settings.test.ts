import { expect, test } from 'vitest'
import { memberScopes, readmeScopes } from '../../../src/sandbox/quay/settings.ts'
import { startBot } from '../../start-bot.ts'
import { type Answered, type Served, serveQuay } from './serve.ts'

// Which Quay it is, and what it gives to the bot.

async function on(
  release: string,
  run: (at: Served, ask: (method: string, path: string, body?: unknown) => Promise<Answered>) => Promise<void>,
) {
  const at = await serveQuay()
  at.quay.set({ release })
  const token = at.quay.tokenWith('quaymaster', ['super:user', 'user:admin'])
  await run(at, (method, path, body) => at.call(method, `/api/v1${path}`, { token, body })).finally(at.stop)
}

/** The statuses of one call on each release. */
async function statuses(releases: string[], method: string, path: string, body?: unknown, prepare: (at: Served) => void = () => {}) {
  const seen: Record<string, number> = {}
  for (const release of releases) {
    await on(release, async (at, ask) => {
      prepare(at)
      seen[release] = (await ask(method, path, body)).status
    })
  }
  return seen
}

test('full access opens a member, and what else hid itself, since the patch that mended it', async () => {
  expect(await statuses(['3.9', '3.10.6', '3.10.7', '3.11.1', '3.11.2', '3.12.0'], 'GET', '/organization/acme/members/alice')).toEqual({
    '3.9': 403,
    '3.10.6': 403,
    '3.10.7': 200,
    '3.11.1': 403,
    '3.11.2': 200,
    '3.12.0': 200,
  })
  expect(await statuses(['3.9', '3.11.2', '3.11.4'], 'GET', '/organization/acme/collaborators')).toEqual({
    '3.9': 403,
    '3.11.2': 403,
    '3.11.4': 200,
  })
  expect(await statuses(['3.9', '3.18'], 'GET', '/organization/acme/members')).toEqual({ '3.9': 200, '3.18': 200 })
  expect(await statuses(['3.9', '3.10'], 'DELETE', '/organization/acme')).toEqual({ '3.9': 403, '3.10': 204 })
  expect(await statuses(['3.17.3', '3.17.4'], 'DELETE', '/organization/acme/team/developers/syncing')).toEqual({
    '3.17.3': 403,
    '3.17.4': 200,
  })
})

const mirror = {
  external_reference: 'quay.example.com/acme/base',
  sync_interval: 86_400,
  sync_start_date: '2030-01-01T00:00:00Z',
  root_rule: { rule_kind: 'tag_glob_csv', rule_value: ['latest'] },
  robot_username: 'acme+ci',
}

test('a mirror is made with the field of its release, or not at all', async () => {
  const path = '/repository/acme/base/mirror'
  const releases = ['3.9', '3.13', '3.14.6', '3.14.7', '3.15', 'newest']
  const without = { '3.9': 201, '3.13': 201, '3.14.6': 201, '3.14.7': 201, '3.15': 400, newest: 400 }
  expect(await statuses(releases, 'POST', path, mirror)).toEqual(without)
  const withIt = { '3.9': 500, '3.13': 500, '3.14.6': 500, '3.14.7': 201, '3.15': 201, newest: 201 }
  expect(await statuses(releases, 'POST', path, { ...mirror, skopeo_timeout_interval: 300 })).toEqual(withIt)
})

test('where the host of a mirror is not checked, its date is not either', async () => {
  const path = '/repository/acme/base/mirror'
  const body = { ...mirror, skopeo_timeout_interval: 300 }
  const releases = ['3.15', '3.17', '3.18', 'newest']
  const nowhere = { ...body, external_reference: 'nowhere.invalid/acme/base' }
  expect(await statuses(releases, 'POST', path, nowhere)).toEqual({ '3.15': 201, '3.17': 400, '3.18': 201, newest: 400 })
  const undated = { ...body, sync_start_date: '2030-01-01' }
  expect(await statuses(releases, 'POST', path, undated)).toEqual({ '3.15': 500, '3.17': 400, '3.18': 500, newest: 400 })
})

const policy = { method: 'number_of_tags', value: 5, tagPattern: '^pr-', tagPatternMatches: true }

test('an old Quay makes of a pattern a policy for all tags, and has one per namespace', async () => {
  const path = '/organization/acme/autoprunepolicy/'
  expect(await statuses(['3.9', '3.10', '3.12', '3.13'], 'POST', path, policy)).toEqual({
    '3.9': 405,
    '3.10': 201,
    '3.12': 201,
    '3.13': 201,
  })
  await on('3.12', async ({ quay }, ask) => {
    await ask('POST', path, policy)
    expect((await ask('GET', path)).body).toEqual({ policies: [{ uuid: expect.any(String), method: 'number_of_tags', value: 5 }] })
    expect(quay.registry.organizations[0]?.prunePolicies).toMatchObject([{ tagPattern: null }])
    const again = await ask('POST', path, { ...policy, value: 9 })
    expect(again.body).toMatchObject({ detail: 'Policy for this namespace already exists, delete existing to create new policy' })
  })
  expect(await statuses(['3.10', '3.11'], 'GET', '/repository/acme/api/autoprunepolicy/')).toEqual({ '3.10': 404, '3.11': 200 })
})

test('an event that the release does not know breaks it', async () => {
  const hook = (event: string) => ({ event, method: 'webhook', config: { url: 'https://hooks.example.com/x' }, eventConfig: {} })
  const path = '/repository/acme/api/notification/'
  expect(await statuses(['3.11', '3.12'], 'POST', path, hook('repo_image_expiry'))).toEqual({ '3.11': 500, '3.12': 201 })
  expect(await statuses(['3.17', '3.18'], 'POST', path, hook('quota_error'))).toEqual({ '3.17': 500, '3.18': 201 })
})

test('quotas take words, full access and flags as the release does', async () => {
  const path = '/organization/acme/quota'
  expect(await statuses(['3.11', '3.12'], 'POST', path, { limit: '10 GiB' })).toEqual({ '3.11': 400, '3.12': 201 })
  const withoutFullAccess = ({ quay }: Served) => quay.set({ fullAccess: false })
  expect(await statuses(['3.15', '3.16'], 'POST', path, { limit_bytes: 1e9 }, withoutFullAccess)).toEqual({ '3.15': 201, '3.16': 403 })
  const superuser = '/superuser/organization/acme/quota'
  expect(await statuses(['3.15', '3.16', 'newest'], 'POST', superuser, { limit_bytes: 1e9 }, withoutFullAccess)).toEqual({
    '3.15': 201,
    '3.16': 201,
    newest: 201,
  })
  const withoutEdit = ({ quay }: Served) => quay.set({ features: { EDIT_QUOTA: false } })
  expect(await statuses(['3.11', '3.12'], 'GET', path, undefined, withoutEdit)).toEqual({ '3.11': 200, '3.12': 404 })
})

test('people and organizations are made by the rules of the release', async () => {
  expect(await statuses(['3.17', '3.18'], 'POST', '/organization/', { name: 'fresh' })).toEqual({ '3.17': 400, '3.18': 201 })
  const restricted = ({ quay }: Served) => quay.set({ features: { RESTRICTED_USERS: true } })
  const named = { name: 'fresh', email: 'fresh@example.com' }
  expect(await statuses(['3.13.1', '3.13.2'], 'POST', '/organization/', named, restricted)).toEqual({ '3.13.1': 403, '3.13.2': 201 })
  const both = ({ quay }: Served) => {
    for (const user of quay.registry.users) if (user.name === 'quaymaster') user.globalReader = true
  }
  const person = { username: 'nina', email: 'nina@example.com' }
  expect(await statuses(['3.15', '3.16'], 'POST', '/superuser/users/', person, both)).toEqual({ '3.15': 200, '3.16': 403 })
  await on('3.10', async (_, ask) => {
    expect((await ask('PUT', '/organization/acme/robots/ci', {})).body).toEqual({ message: 'Existing robot with name: acme+ci' })
  })
})

interface Document {
  paths: Record<string, unknown>
  definitions: Record<string, { properties: object; required?: string[] }>
}
async function documentOf(release: string, query = '?internal=true') {
  let found: Document = { paths: {}, definitions: {} }
  await on(release, async (_, ask) => {
    found = (await ask('GET', `/discovery${query}`)).body as Document
  })
  return found
}

test('the API document tells what the release can, by its definitions and its paths', async () => {
  const knows = async (release: string) => {
    const { paths, definitions } = await documentOf(release)
    return {
      pattern: 'tagPattern' in (definitions.AutoPrunePolicyConfig?.properties ?? {}),
      timeout: definitions.CreateMirrorConfig?.required?.includes('skopeo_timeout_interval'),
      immutable: 'immutable' in (definitions.ChangeTag?.properties ?? {}),
      contact: 'contact_email' in (definitions.NewOrg?.properties ?? {}),
      apptokens: '/api/v1/superuser/apptokens' in paths,
      capabilities: '/api/v1/registry/capabilities' in paths,
    }
  }
  const none = { pattern: false, timeout: false, immutable: false, contact: false, apptokens: false, capabilities: false }
  expect(await knows('3.12')).toEqual(none)
  expect(await knows('3.15')).toEqual({ ...none, pattern: true, timeout: true })
  expect(await knows('3.16')).toEqual({ ...none, pattern: true, timeout: true, apptokens: true })
  expect(await knows('3.18')).toEqual({ pattern: true, timeout: true, immutable: true, contact: true, apptokens: true, capabilities: true })
  const hidden = '/api/v1/superuser/users/{username}'
  expect(Object.keys((await documentOf('3.12', '')).paths)).not.toContain(hidden)
  expect(Object.keys((await documentOf('3.18', '')).paths)).toContain(hidden)
})

test('kinds of usage logs that came later are not written', async () => {
  for (const [release, kinds] of [
    ['3.16', []],
    ['3.17', ['org_create_quota']],
  ] as const) {
    await on(release, async ({ quay }, ask) => {
      const before = quay.registry.logs.length
      await ask('POST', '/organization/acme/quota', { limit_bytes: 1e9 })
      expect(quay.registry.logs.slice(before).map(({ kind }) => kind)).toEqual(kinds)
    })
  }
})

test('JSON without its type, and logs in a Splunk without search, end otherwise on each release', async () => {
  const seen: unknown[] = []
  for (const release of ['3.9', '3.12', 'newest']) {
    await on(release, async ({ quay, call }, ask) => {
      const token = quay.tokenOf('quaymaster')
      const untyped = await call('PUT', '/api/v1/repository/acme/api', {
        token,
        text: '{"description":"x"}',
        headers: { 'content-type': '' },
      })
      quay.set({ logsIn: 'splunk without search' })
      seen.push([untyped.status, (await ask('GET', '/superuser/logs')).status])
    })
  }
  expect(seen).toEqual([
    [500, 500],
    [400, 500],
    [415, 200],
  ])
})

test('a repository that a mirror of its organization brought is shown, and left alone', async () => {
  await on('3.18', async ({ quay }, ask) => {
    const [api] = quay.registry.repositories
    const acme = quay.registry.organizations.find(({ name }) => name === 'acme')
    if (!api || !acme) throw new Error('the seed has acme/api')
    api.state = 'ORG_MIRROR'
    acme.mirror = { external_registry_url: 'https://quay.example.com', external_namespace: 'acme' }
    expect((await ask('GET', '/repository/acme/api')).body).toMatchObject({ state: 'ORG_MIRROR', can_write: false })
    const managed = { status: 400, text: expect.stringContaining('managed by organization-level mirroring') }
    expect(await ask('PUT', '/repository/acme/api/changestate', { state: 'NORMAL' })).toMatchObject(managed)
    const fresh = { namespace: 'acme', repository: 'fresh', description: '', visibility: 'private' }
    expect(await ask('POST', '/repository', fresh)).toMatchObject(managed)
    expect(await ask('POST', '/repository/acme/api/mirror', { ...mirror, skopeo_timeout_interval: 300 })).toMatchObject(managed)
  })
})

test('a bot is started on another Quay, with other scopes and memberships, in one line', async () => {
  const { quay } = await startBot({ quay: { release: '3.12', fullAccess: false, adminOf: ['acme'] }, scopes: readmeScopes })
  const { registry } = quay
  expect(registry).toMatchObject({ release: '3.12', superusersFullAccess: false })
  expect(registry.organizations.find(({ name }) => name === 'acme')?.teams[0]?.members).toContain('quaymaster')
  expect(registry.tokens.map(({ scopes }) => scopes)).toEqual([readmeScopes])
})

test('curl and the page change the registry while it runs, and starting over brings back how it began', async () => {
  const { quay, origin } = await startBot({ quay: { release: '3.15' } })
  const post = async (name: string, body: object) => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    return (await fetch(`${origin}/_control/${name}`, options)).json()
  }
  const settings = { release: '3.10', full_access: false, scopes: memberScopes, admin_of: 'all', redis_answers: false, logs_in: 'splunk' }
  expect(await post('quay/registry', { ...settings, features: { MAILING: false }, clean_up: true })).toEqual({ ok: true })
  const seen = (await (await fetch(`${origin}/_control/registry`)).json()) as Record<string, unknown>
  expect(seen).toMatchObject({ release: '3.10', superusersFullAccess: false, logsIn: 'splunk', redisAnswers: false })
  expect(seen.bot).toEqual({ scopes: memberScopes, adminOf: ['acme', 'globex', 'labs', 'platform'] })
  expect(quay.registry.features.MAILING).toBe(false)
  expect(await post('quay/registry', { admin_of: [] })).toEqual({ ok: true })
  // What nobody else administers it does not leave.
  expect(await (await fetch(`${origin}/_control/registry`)).json()).toMatchObject({ bot: { adminOf: ['platform'] } })
  expect(await post('quay/registry', { release: '2.0' })).toMatchObject({
    ok: false,
    error: expect.stringContaining('There is no release 2.0'),
  })
  expect(await post('quay/registry', { admin_of: ['nowhere'] })).toMatchObject({ ok: false })
  expect(await post('quay/registry', { relase: '3.10' })).toMatchObject({ ok: false })
  await post('reset', {})
  expect(quay.registry).toMatchObject({ release: '3.15', superusersFullAccess: true, logsIn: 'database', redisAnswers: true })
})

test('a build is broken down by curl, and tried again', async () => {
  const { quay, origin, clock } = await startBot()
  const post = async (body: object) => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    return (await (await fetch(`${origin}/_control/quay/build`, options)).json()) as { ok: boolean; id: string; phase: string }
  }
  const { id } = await post({ repository: 'acme/api' })
  expect(await post({ id, outcome: 'internalerror' })).toEqual({ ok: true, phase: 'internalerror' })
  await clock.advance(30_000)
  expect(quay.registry.repositories[0]?.builds.at(-1)?.phase).toBe('complete')
})
