import { expect, test } from 'vitest'
import { targetRepositories } from '../../src/notifications/webhook-needs.ts'
import { isFinal } from '../../src/quay/build-phase.ts'
import { findBuild } from '../../src/quay/builds.ts'
import { windowQuery } from '../../src/quay/dates.ts'
import { totalRegistryLogs } from '../../src/quay/log-totals.ts'
import { listNamespaceLogs, listRegistryLogs } from '../../src/quay/logs.ts'
import { findManifest } from '../../src/quay/manifests.ts'
import { findMember, findTeams } from '../../src/quay/members.ts'
import { createMirror, findMirror, updateMirror } from '../../src/quay/mirrors.ts'
import { findNotification } from '../../src/quay/notifications.ts'
import { findOrganization } from '../../src/quay/organizations.ts'
import { findPermission, findPermissions, listPermissions } from '../../src/quay/permissions.ts'
import { findProxyCache } from '../../src/quay/proxy-caches.ts'
import { listQuotas } from '../../src/quay/quotas.ts'
import type { Quay } from '../../src/quay/registry.ts'
import { findRepository, listRepositories } from '../../src/quay/repositories.ts'
import { findRobot, findRobotToken } from '../../src/quay/robots.ts'
import { findScan } from '../../src/quay/security.ts'
import { findTag, listTagHistory } from '../../src/quay/tags.ts'
import { findTeamMembers } from '../../src/quay/teams.ts'
import { createUser, findUser, listUsers } from '../../src/quay/users.ts'
import { recordings, templateOf, textOf } from './recordings.ts'
import { startServer } from './start-server.ts'

/** A registry that answers with these recordings, each where it was made. */
async function answering(...names: string[]) {
  const chosen = names.map((name) => {
    const found = recordings.find((recording) => recording.name === name)
    if (!found) throw new Error(`nothing was recorded as ${name}`)
    return found
  })
  const { quay, requests } = await startServer(({ method, path }) => {
    const fits = chosen.filter(({ request }) => request.method === method && templateOf(request.path) === templateOf(path))
    // The next one each time, and the last one from then on.
    const answer = fits.length > 1 ? (chosen.splice(chosen.indexOf(fits[0]!), 1)[0] ?? fits[0]) : fits[0]
    return answer ? { status: answer.response.status, body: textOf(answer) } : { status: 404, body: { detail: 'Not Found' } }
  })
  return { quay, requests }
}

async function from<Result>(name: string, ask: (quay: Quay) => Promise<Result>) {
  return ask((await answering(name)).quay)
}

test('accounts: superusers, global readers, the disabled, and those without an address', async () => {
  expect(await from('su-user-get', (quay) => findUser(quay, 'alice'))).toEqual({
    username: 'alice',
    email: 'alice@example.com',
    verified: true,
    enabled: true,
    superuser: false,
    globalReader: false,
    size: 0,
  })
  expect(await from('su-user-get-disabled', (quay) => findUser(quay, 'alice'))).toMatchObject({ enabled: false })
  expect(await from('su-user-delete-missing', (quay) => findUser(quay, 'alice'))).toBeUndefined()
  expect(await from('su-user-create-noemail', (quay) => createUser(quay, { username: 'bob' }))).toMatchObject({
    username: 'bob',
    email: undefined,
  })
})

test('accounts are read page by page', async () => {
  const { quay, requests } = await answering('su-users-list-limit2-page1', 'su-users-list-limit2-page2', 'su-users-list-limit100')
  const page = await listUsers(quay, { limit: 2 })
  const rest = await listUsers(quay, { limit: 2, next: page.next })

  expect([...page.users, ...rest.users].map(({ username }) => username)).toEqual(['devtable', 'disabled', 'public', 'freshuser'])
  expect(requests[1]?.query.get('next_page')).toBe(page.next)
})

test('a list of repositories that begins anew is noticed: a subscription to all of them loses none of its webhooks', async () => {
  const circle = await answering('repo-list-paged-page1')
  await expect(targetRepositories(circle.quay, { target: 'titi/*' })).rejects.toMatchObject({ code: 'unavailable' })
  expect(circle.requests).toHaveLength(2)
})

test('repositories: where they are, who sees them, what state they are in', async () => {
  const { quay } = await answering('repo-get-readonly-state')
  expect(await findRepository(quay, 'devtable/readonly')).toEqual({
    name: 'devtable/readonly',
    url: `${quay.url}/repository/devtable/readonly`,
    visibility: 'private',
    description: 'Read-Only Repo.',
    state: 'read-only',
    ownedByOrganization: false,
    // A hash of what Quay shows of a private one: it tells it from another of its name.
    mark: expect.stringMatching(/^[\w-]{12}$/),
  })
  const { repositories, next } = await from('repo-list-namespace-full', (quay) => listRepositories(quay, 'devtable'))
  expect(repositories[0]).toMatchObject({ name: 'devtable/simple', lastModified: '2026-11-23T07:06:09.000Z', size: 92 })
  expect(next).toBeUndefined()
  expect((await from('repo-list-paged-page1', (quay) => listRepositories(quay, 'titi'))).next).toBeTruthy()
})

test('permissions are one list, and none is none', async () => {
  const { quay } = await answering('repo-perm-user-list-after', 'repo-perm-team-list-after')
  expect(await listPermissions(quay, 'neworg/app')).toEqual([
    { kind: 'team', name: 'devs', role: 'write' },
    { kind: 'user', name: 'devtable', role: 'admin' },
    { kind: 'user', name: 'reader', role: 'write' },
    { kind: 'robot', name: 'neworg+ci', role: 'write' },
  ])
  expect(await from('repo-perm-user-transitive', (quay) => findPermissions(quay, 'neworg/app', 'reader'))).toEqual(['write'])
  expect(await from('repo-perm-user-transitive-none', (quay) => findPermissions(quay, 'neworg/app', 'reader'))).toEqual([])
  expect(await from('repo-perm-user-get-none', (quay) => findPermission(quay, 'neworg/app', { kind: 'user', name: 'x' }))).toBeUndefined()
  expect(await from('repo-perm-team-get', (quay) => findPermission(quay, 'neworg/app', { kind: 'team', name: 'devs' }))).toBe('write')
})

test('the teams of a person take two calls, and say nothing of others', async () => {
  const { quay, requests } = await answering('org-get', 'org-member-get')

  expect(await findTeams(quay, 'buynlarge', 'reader')).toEqual([{ team: 'readers', role: 'member' }])
  expect(requests).toHaveLength(2)
  expect(await from('org-member-get-missing', (quay) => findMember(quay, 'buynlarge', 'x'))).toBeUndefined()
  expect(await from('org-get-missing', (quay) => findTeams(quay, 'nosuchorg', 'reader'))).toEqual([])
})

test('an organization whose teams Quay hides from the bot is not one without teams', async () => {
  expect(await from('nofullaccess-org-get-other', (quay) => findOrganization(quay, 'readersorg'))).toMatchObject({
    name: 'readersorg',
    email: undefined,
    teams: undefined,
  })
})

test('members of a team: robots, and people who are invited', async () => {
  const found = await from('ldap-team-members-after-unsync', (quay) => findTeamMembers(quay, { organization: 'neworg', team: 'ldapteam' }))

  expect(found).toEqual({
    members: [
      { name: 'reader', kind: 'user', invited: false },
      { name: 'neworg+ci', kind: 'robot', invited: false },
    ],
    synced: undefined,
    canSync: { service: 'ldap', base: 'dc=quay,dc=io' },
  })
})

test('a robot’s token is read only by who asks for it', async () => {
  const { quay, requests } = await answering('org-robots-notoken')
  const robot = await findRobot(quay, 'neworg+ci')

  expect(robot).toMatchObject({ name: 'neworg+ci', description: 'CI robot', created: '2026-11-23T07:21:06.000Z', lastAccessed: undefined })
  expect(requests[0]?.query.get('token')).toBe('false')
  const found = await from('org-robot-get', (quay) => findRobotToken(quay, 'neworg+ci'))
  expect(found?.token.reveal()).toMatch(/^BPWX4L15/)
  expect(JSON.stringify(found)).toContain('"token":"[credential]"')
})

test('a build: its archive is shown without what only Quay may know', async () => {
  const build = await from('build-get-building', (quay) => findBuild(quay, 'neworg/app', '1'))

  expect(build).toMatchObject({
    repository: 'neworg/app',
    phase: 'building',
    started: '2026-11-23T07:25:36.000Z',
    archive: 'https://example.com/src.tar.gz',
    startedBy: 'devtable',
    trigger: undefined,
    progress: { command: 1, commands: 3, pulled: 1, pushed: 0, heartbeat: '2026-11-23T07:25:47.000Z' },
  })
  expect(isFinal('complete')).toBe(true)
  expect(isFinal('pushing')).toBe(false)

  const signed = 'https://bea:secret@storage.example.com/a.tgz?signature=abc#x'
  const { quay } = await startServer(() => ({
    body: { id: '1', phase: 'waiting', repository: { namespace: 'a', name: 'b' }, archive_url: signed },
  }))
  const other = await findBuild(quay, 'a/b', '1')
  expect(other?.archive).toBe('https://storage.example.com/a.tgz')
  expect(other?.archiveUrl?.reveal()).toBe(signed)
  expect(JSON.stringify(other)).not.toMatch(/secret|signature/)
})

test('a mirror, as it is and as it is changed', async () => {
  const { quay, requests } = await answering('mirror-get-extended', 'mirror-put-config', 'mirror-create-disabled')
  const mirror = await findMirror(quay, 'neworg/mirror')
  expect(mirror).toMatchObject({
    reference: 'registry.redhat.io/ubi8/ubi',
    username: 'user',
    start: '2026-11-24T00:00:00.000Z',
    status: 'never-run',
    timeout: 600,
  })
  expect(mirror?.proxy).toEqual({ http: 'http://proxy.corp/', https: 'https://proxy.corp:80/', none: 'domain.corp' })

  await updateMirror(quay, 'neworg/mirror', {
    start: '2026-12-01T12:00:00.000Z',
    verifyTls: false,
    proxy: { http: 'http://proxy:3128', none: '' },
  })
  // One proxy at a time: of several Quay loses some.
  expect(requests.slice(1).map(({ body }) => JSON.parse(body))).toEqual([
    { sync_start_date: '2026-12-01T12:00:00Z', external_registry_config: { verify_tls: false } },
    { external_registry_config: { proxy: { http_proxy: 'http://proxy:3128' } } },
    { external_registry_config: { proxy: { no_proxy: null } } },
  ])

  await createMirror(quay, 'neworg/mirror', {
    reference: 'quay.io/minio/mc',
    tags: ['latest'],
    interval: 600,
    start: '2021-08-06T11:11:39Z',
    robot: 'orga+robot',
  })
  expect(JSON.parse(requests.at(-1)?.body ?? '')).toEqual({
    external_reference: 'quay.io/minio/mc',
    sync_interval: 600,
    sync_start_date: '2021-08-06T11:11:39Z',
    root_rule: { rule_kind: 'tag_glob_csv', rule_value: ['latest'] },
    robot_username: 'orga+robot',
    skopeo_timeout_interval: 300,
  })
  expect(await from('mirror-get-none', (quay) => findMirror(quay, 'neworg/app'))).toBeUndefined()
})

test('usage logs: who, when, where, and nothing that could be a credential', async () => {
  const { quay, requests } = await answering('su-logs-page05')
  const page = await listRegistryLogs(quay, { from: '2026-11-22', to: '2026-11-23' })

  expect(Object.fromEntries(requests[0]?.query ?? [])).toEqual({ starttime: '11/22/2026', endtime: '11/23/2026' })
  expect(page).toMatchObject({ from: '2026-11-22T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z', next: expect.any(String) })
  expect(page.entries).toHaveLength(20)
  expect(page.entries[0]).toEqual({
    kind: 'repo_mirror_config_changed',
    at: '2026-11-23T07:29:01.000Z',
    ip: '127.0.0.1',
    performer: { name: 'devtable', kind: 'user' },
    namespace: 'neworg',
    repository: 'neworg/mirror1',
    details: { changed: 'verify_tls', username: 'devtable', oauth_token_application: 'recorder' },
  })
  expect((await from('su-aggregatelogs', (quay) => totalRegistryLogs(quay, { today: '2026-11-23' })))[0]).toEqual({
    kind: 'pull_repo',
    day: '2026-11-22',
    count: 1,
  })
})

test('a performer that Quay does not know is asked for first, as Quay would fail on it', async () => {
  const { quay, requests } = await answering('org-logs-performer')

  await expect(listNamespaceLogs(quay, 'acme', { performer: 'nosuchuser' })).rejects.toMatchObject({ code: 'not_found' })

  expect(requests.map(({ path }) => path)).toEqual(['/api/v1/superuser/users/nosuchuser'])
})

test('dates that Quay would silently ignore are refused', () => {
  expect(windowQuery({ from: '2026-11-20' })).toEqual({ starttime: '11/20/2026', endtime: undefined })
  for (const day of ['11/20/2026', '2026-13-01', '2026-11-20T00:00:00Z', 'yesterday'])
    expect(() => windowQuery({ from: day })).toThrow('is not a day')
  expect(() => windowQuery({ from: '2026-11-23', to: '2026-11-20' })).toThrow('The first day must not be after the last day.')
})

test('tags: those there are, and what they stood for', async () => {
  const { quay, requests } = await answering('tags-list-latest', 'oci-tags-after-delete')
  expect(await findTag(quay, 'devtable/simple', 'latest')).toEqual({
    name: 'latest',
    digest: 'sha256:51f142807e82537c92527a6138850a834cbdcacd9862517a368a5e40837ca645',
    size: 92,
    platforms: 'one',
    since: '2026-11-23T07:06:09.000Z',
    until: undefined,
    restored: false,
    immutable: false,
  })
  expect(Object.fromEntries(requests[0]?.query ?? [])).toEqual({ specificTag: 'latest', onlyActiveTags: 'true' })
  const { tags } = await listTagHistory(quay, 'neworg/oci')
  expect(tags[0]).toMatchObject({
    name: 'stable',
    platforms: 'several',
    size: undefined,
    restored: true,
    until: '2026-11-23T07:24:21.000Z',
  })
})

test('images, and what a scan found in them', async () => {
  expect(await from('oci-manifest-get-list', (quay) => findManifest(quay, 'neworg/oci', 'sha256:a0'))).toMatchObject({
    platforms: [{ os: 'linux', architecture: 'amd64', digest: expect.stringMatching(/^sha256:afde/) }],
  })
  expect(await from('security-scanned', (quay) => findScan(quay, 'devtable/simple', 'sha256:51'))).toMatchObject({
    status: 'scanned',
    vulnerabilities: [
      {
        name: 'CVE-2021-3450',
        severity: 'High',
        package: 'openssl-libs',
        fixedIn: '1:1.1.1g-15.el8_3',
        link: 'https://access.redhat.com/security/cve/CVE-2021-3450',
      },
      { name: 'CVE-2021-3449', severity: 'Medium', fixedIn: undefined },
    ],
  })
  expect(await from('security-queued', (quay) => findScan(quay, 'devtable/simple', 'sha256:51'))).toEqual({
    status: 'queued',
    vulnerabilities: [],
  })
})

test('a quota is whole bytes, whatever words it was set in', async () => {
  const withFullAccess = (quay: Quay) => ({ ...quay, capabilities: { ...quay.capabilities, superusersFullAccess: true } })
  expect(await from('org-quota-list', (quay) => listQuotas(withFullAccess(quay), { kind: 'organization', name: 'buynlarge' }))).toEqual([
    { id: '1', bytes: 3000, limits: [{ id: '1', type: 'warning', percent: 50 }], byDefault: false },
  ])
})

test('a notification’s address is a credential', async () => {
  const found = await from('notif-get-after-three-failures', (quay) => findNotification(quay, 'neworg/app', '1'))

  expect(found).toMatchObject({ event: 'build_queued', method: 'webhook', failures: 3 })
  expect(found?.url?.reveal()).toBe('http://127.1:9099/fail/x')
  expect(JSON.stringify(found)).not.toContain('9099')
})

test('empty strings are Quay’s way to say that there is no proxy cache', async () => {
  expect(await from('org-proxycache-get-none', (quay) => findProxyCache(quay, 'acme'))).toBeUndefined()
  expect(await from('org-proxycache-get', (quay) => findProxyCache(quay, 'acme'))).toEqual({
    upstream: 'docker.io',
    expiration: 86400,
    insecure: false,
  })
})
