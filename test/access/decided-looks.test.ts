import { expect, test } from 'vitest'
import { decidersOf } from '../../src/approvals/access/deciders.ts'
import type { Grant, Hold } from '../../src/approvals/access/hold.ts'
import { rolesOf } from '../../src/approvals/access/hold.ts'
import { inForce, isMore, roleOf } from '../../src/approvals/access/in-force.ts'
import { endOf } from '../../src/approvals/access/length.ts'
import { madeMeanwhile } from '../../src/approvals/access/made-meanwhile.ts'
import { findMeddler } from '../../src/approvals/access/meddled.ts'
import { applyHeld, isReplaced, readHeld, setHeld, teamOfTarget } from '../../src/approvals/access/target.ts'
import { assertTeamLasts } from '../../src/approvals/access/team-terms.ts'
import { valuesOf, warningBefore } from '../../src/approvals/access/tell.ts'
import { Failure } from '../../src/core/failure.ts'
import { type PolicyFile, policyOf } from '../../src/core/policy.ts'
import { at, hour } from '../approvals/made-up.ts'
import { type Answer, startServer } from '../quay/start-server.ts'

// What the usage logs and the permissions of Quay mean for something temporary: by the functions, and a registry that answers as written here.

const holdOf = (change: Partial<Hold> = {}): Hold => ({
  ...{ id: 'hold', kind: 'repository', object: 'acme/web', grantee: 'hana', mark: null, permanent: null, applied: 'write', writing: null },
  ...{ since: new Date(at), attempt: 1, leaseUntil: null, failures: 0, retryAt: null, toldAt: null, createdAt: new Date(at) },
  ...change,
})

const grantOf = (change: Partial<Grant> = {}): Grant => ({
  ...{ id: 'grant', hold: 'hold', reference: 'ref', request: null, team: 'T0QUAY', asker: 'U0BEA', reason: null, role: 'write' },
  ...{ decided: [{ person: 'U0BEA', name: 'bea', account: 'bea' }], state: 'active', startedAt: new Date(at), endsAt: new Date(at + hour) },
  ...{ confirmed: false, warned: false, endedAt: null, outcome: null, breakGlass: false, channel: null, unreviewed: null },
  ...{ verdict: null, reviewer: null, reviewedAt: null, remindedAt: null },
  ...change,
})

interface Entry {
  kind?: string
  minutes?: number
  performer?: string | null
  metadata?: object
}

const logged = ({ kind = 'change_repo_permission', minutes = 10, performer = 'carl', metadata = { username: 'hana' } }: Entry) => ({
  ...{ kind, metadata, datetime: new Date(at + minutes * 60_000).toUTCString(), ip: null },
  ...(performer !== null && { performer: { name: performer, is_robot: false } }),
})

/** A registry whose usage log has these pages, the newest first; a number is the status of a refusal. */
async function withLogs(pages: (Entry[] | number)[], account: string | undefined = 'quaymaster') {
  let read = 0
  const started = await startServer(({ path }): Answer => {
    if (!path.endsWith('/logs')) return { body: { username: 'hana', super_user: false, enabled: true } }
    const page = pages[Math.min(read, pages.length - 1)] ?? []
    read += 1
    if (typeof page === 'number') return { status: page, body: { error_message: 'no' } }
    const more = read < pages.length && { next_page: `page ${read}` }
    return { body: { start_time: new Date(at).toUTCString(), end_time: new Date(at).toUTCString(), logs: page.map(logged), ...more } }
  })
  Object.assign(started.quay.capabilities, { account, unread: [] })
  return { ...started, logReads: () => started.requests.filter(({ path }) => path.endsWith('/logs')) }
}

const nobody = { who: undefined }
const carl = { who: 'carl' }
const old: Entry = { minutes: -10 }
const team = holdOf({ kind: 'team', object: 'acme/developers' })
const member: Entry = { kind: 'org_add_team_member', metadata: { team: 'developers', member: 'hana' } }

test.each([
  ['nothing', holdOf(), [[]], nobody],
  ['somebody else changed it', holdOf(), [[{}]], carl],
  ['somebody else took it', holdOf(), [[{ kind: 'delete_repo_permission' }]], carl],
  ['nobody that Quay names', holdOf(), [[{ performer: null }]], { who: 'nobody' }],
  ['the bot itself', holdOf(), [[{ performer: 'quaymaster' }]], nobody],
  ['who benefits', holdOf(), [[{ performer: 'hana' }]], nobody],
  ['of another account', holdOf(), [[{ metadata: { username: 'ivan' } }]], nobody],
  ['something else', holdOf(), [[{ kind: 'push_repo' }, { kind: 'org_add_team_member' }]], nobody],
  ['before it was given', holdOf(), [[old, {}]], nobody],
  ['right when it was given', holdOf(), [[{ minutes: -1 / 60 }]], carl],
  ['two seconds before', holdOf(), [[{ minutes: -2 / 60 }]], carl],
  ['three seconds before', holdOf(), [[{ minutes: -3 / 60 }]], nobody],
  ['made anew', holdOf(), [[{ kind: 'create_repo' }]], { who: undefined, anew: true }],
  ['made right then', holdOf(), [[{ kind: 'create_repo', minutes: 2 / 60 }]], nobody],
  ['made before', holdOf(), [[{ kind: 'create_repo', minutes: 0 }, {}]], carl],
  ['of a team', holdOf({ grantee: 'team:ops' }), [[{ metadata: { team: 'ops' } }]], carl],
  ['of another team', holdOf({ grantee: 'team:ops' }), [[{ metadata: { team: 'dev', username: 'ops' } }]], nobody],
  ['of a robot', holdOf({ grantee: 'acme+ci' }), [[{ metadata: { username: 'acme+ci' } }]], carl],
  ['into the team', team, [[member]], carl],
  ['out of the team', team, [[{ ...member, kind: 'org_remove_team_member' }]], carl],
  ['into another team', team, [[{ ...member, metadata: { team: 'ops', member: 'hana' } }]], nobody],
  ['another into the team', team, [[{ ...member, metadata: { team: 'developers', member: 'ivan' } }]], nobody],
  ['a permission, not the team', team, [[{ metadata: { team: 'developers', member: 'hana', username: 'hana' } }]], nobody],
  ['the team made anew', team, [[{ kind: 'org_create_team', metadata: { team: 'developers' } }]], { who: undefined, anew: true }],
  ['another team made', team, [[{ kind: 'org_create_team', metadata: { team: 'ops' } }]], nobody],
  ['a repository made in it', team, [[{ kind: 'create_repo', metadata: {} }]], nobody],
  ['on the second page', holdOf(), [[{ kind: 'push_repo' }], [{}]], carl],
  ['on a page after an old one', holdOf(), [[old], [{}]], nobody],
  ['the log is refused', holdOf(), [403], 'unreadable'],
] as [string, Hold, (Entry[] | number)[], unknown][])('who else changed it: %s', async (_, hold, pages, answer) => {
  const { quay } = await withLogs(pages)
  expect(await findMeddler(quay, hold, at + hour)).toEqual(answer)
})

test('after 25 pages nobody can tell; without its own account the bot cannot either; Quay that is away is asked again', async () => {
  const busy = await withLogs(Array.from({ length: 30 }, () => [{ kind: 'push_repo' }]))
  expect(await findMeddler(busy.quay, holdOf(), at + hour)).toBe('unreadable')
  expect(busy.logReads()).toHaveLength(25)
  expect(busy.logReads()[0]?.query.get('starttime')).toBe('11/29/2026')
  const strange = await withLogs([[{}]])
  delete strange.quay.capabilities.account
  expect(await findMeddler(strange.quay, holdOf(), at + hour)).toBe('unreadable')
  expect(strange.requests).toEqual([])
  const away = await withLogs([503])
  await expect(findMeddler(away.quay, holdOf(), at + hour)).rejects.toMatchObject({ code: 'unavailable' })
  const unread = await startServer(() => ({ status: 503, body: {} }))
  await expect(findMeddler(unread.quay, holdOf(), at + hour)).rejects.toMatchObject({
    code: 'unavailable',
    sentence: { message: 'Quaymaster does not know its own Quay user yet.' },
  })
  // What was given just now, by the time that is said, has no log yet.
  const now = await withLogs([[{}]])
  expect(await findMeddler(now.quay, holdOf({ since: null }), at + hour)).toEqual(nobody)
  expect(await findMeddler(now.quay, holdOf({ since: null }), at + 600_000)).toEqual(carl)
})

/** No command of ours made anything. */
const quiet = { db: { select: () => ({ from: () => ({ where: () => ({ limit: async () => [] }) }) }) }, clock: () => at + hour } as never
const ours = (rows: object[]) =>
  ({ db: { select: () => ({ from: () => ({ where: () => ({ limit: async () => rows }) }) }) }, clock: () => at + hour }) as never

const made = async (hold: Hold, grant: Grant, pages: (Entry[] | number)[], bot = quiet) => {
  const { quay, logReads } = await withLogs(pages)
  const [said, ...rest] = await madeMeanwhile(bot, quay, hold, grant)
  expect(rest).toEqual([])
  return { what: said?.values.what, more: said?.values.more, reads: logReads() }
}
const admin = grantOf({ role: 'admin' })
const own: Entry = { performer: 'hana', kind: 'create_robot', metadata: { robot: 'acme+x' } }

test.each([
  [
    'a permission',
    { ...own, kind: 'change_repo_permission', metadata: { username: 'ivan', role: 'admin' } },
    'change_repo_permission ivan admin acme/web',
  ],
  ['a robot', own, 'create_robot acme+x acme/web'],
  ['a default permission', { ...own, kind: 'create_prototype_permission', metadata: {} }, 'create_prototype_permission acme/web'],
  ['a member', { ...own, kind: 'org_add_team_member', metadata: { team: 'ops', member: 'ivan' } }, 'org_add_team_member ops ivan acme/web'],
  ['a team', { ...own, kind: 'org_create_team', metadata: { team: 'ops' } }, 'org_create_team ops acme/web'],
  ['a push', { ...own, kind: 'push_repo' }, undefined],
  ['by somebody else', { ...own, performer: 'carl' }, undefined],
  ['by nobody', { ...own, performer: null }, undefined],
  ['a second before', { ...own, minutes: -1 / 60 }, 'create_robot acme+x acme/web'],
  ['two seconds before', { ...own, minutes: -2 / 60 }, undefined],
] as [string, Entry, string | undefined][])('made meanwhile: %s', async (_, entry, what) => {
  expect((await made(holdOf(), admin, [[entry]])).what).toBe(what)
})

test('who could make nothing is not looked after; of many ten are named; further pages are read until an older one', async () => {
  for (const [hold, grant] of [
    [holdOf(), grantOf()],
    [holdOf(), grantOf({ role: 'read' })],
    [holdOf({ grantee: 'team:ops' }), admin],
  ] as const) {
    const { what, reads } = await made(hold, grant, [[own]])
    expect([what, reads.length]).toEqual([undefined, 0])
  }
  const many = await made(holdOf(), admin, [Array.from({ length: 12 }, (_, index) => ({ ...own, metadata: { robot: `acme+${index}` } }))])
  expect([String(many.what).split('; ').length, many.more]).toEqual([10, 2])
  const ten = await made(holdOf(), admin, [Array.from({ length: 10 }, () => own)])
  expect([String(ten.what).split('; ').length, ten.more]).toEqual([10, 0])
  const two = await made(holdOf(), admin, [[own], [{ ...own, metadata: { robot: 'acme+y' } }, { ...old }, own], [own]])
  expect([two.what, two.reads.length]).toEqual(['create_robot acme+x acme/web; create_robot acme+y acme/web', 2])
  const busy = await made(
    holdOf(),
    admin,
    Array.from({ length: 9 }, () => [own]),
  )
  expect(busy.reads).toHaveLength(5)
  const inTeam = await made(team, grantOf({ role: 'member' }), [[{ ...own, kind: 'org_create_team', metadata: { team: 'ops' } }]])
  expect(inTeam.what).toBe('org_create_team ops')
  expect(inTeam.reads[0]?.query.get('performer')).toBe('hana')
  expect(inTeam.reads[0]?.path).toBe('/api/v1/organization/acme/logs')
})

test('what was made through the bot is named first, and alone where the usage logs cannot be read', async () => {
  const rows = ours([{ operation: 'no such command', input: {} }])
  expect((await made(holdOf(), admin, [[own]], rows)).what).toBe('no such command; create_robot acme+x acme/web')
  expect((await made(holdOf(), admin, [403], rows)).what).toBe('no such command')
  expect((await made(holdOf(), admin, [403])).what).toBe('none')
})

test('a role, as it is held and as it is compared', () => {
  expect([roleOf('repository', 'write'), roleOf('repository', 'member'), roleOf('team', 'member'), roleOf('team', 'read')]).toEqual([
    'write',
    null,
    'member',
    null,
  ])
  expect([roleOf('repository', null), roleOf('repository', undefined), roleOf('repository', 'owner')]).toEqual([null, null, null])
  expect(isMore('repository', 'write', 'read')).toBe(true)
  expect(isMore('repository', 'read', 'read')).toBe(false)
  expect(isMore('repository', 'read', null)).toBe(true)
  expect(isMore('repository', null, null)).toBe(false)
  expect(isMore('team', 'member', null)).toBe(true)
  expect(inForce('repository', 'read', ['admin', 'write'])).toBe('admin')
  expect(inForce('repository', null, [])).toBe(null)
  expect(rolesOf({ kind: 'repository' }, [{ role: 'read' }, { role: 'owner' }, { role: 'admin' }])).toEqual(['read', 'admin'])
})

const end = (length: object, now = at) => {
  try {
    return endOf(length, now)
  } catch (error) {
    return error instanceof Failure ? error.code : error
  }
}

test('when it ends: by a length or a moment, not by both, and never in the past', () => {
  const moment = new Date(at + hour).toISOString()
  expect(end({})).toBeUndefined()
  expect(end({ for: '90m' })).toBe(at + 1.5 * hour)
  expect(end({ for: 'soon' })).toBeUndefined()
  expect(end({ until: moment })).toBe(at + hour)
  expect(end({ until: moment }, at + hour)).toBe('conflict')
  expect(end({ until: moment }, at + hour - 1)).toBe(at + hour)
  expect(end({ until: moment, for: '1h' })).toBe('invalid')
})

test('a warning comes ten minutes before, an hour before what lasts over a day', () => {
  const before = (hours: number) => warningBefore({ startedAt: new Date(at), endsAt: new Date(at + hours * hour) }) / 60_000
  expect([before(1), before(24), before(24.1), before(72)]).toEqual([10, 10, 60, 60])
  const how = (change: Partial<Grant>) => valuesOf(holdOf(), grantOf(change)).how
  expect([how({}), how({ request: 'abc' }), how({ breakGlass: true, request: 'abc' })]).toEqual(['typed', 'asked', 'glass'])
})

test('another object of the same name is told by its mark, if there is one', () => {
  expect(isReplaced(null, { mark: 'a' })).toBe(false)
  expect(isReplaced('a', { mark: 'a' })).toBe(false)
  expect(isReplaced('a', { mark: 'b' })).toBe(true)
  expect(isReplaced('public', { mark: 'b' })).toBe(false)
  expect(isReplaced('a', { mark: 'public' })).toBe(false)
  expect(isReplaced('a', { mark: null })).toBe(true)
  expect(teamOfTarget({ object: 'acme/web-team' })).toEqual({ organization: 'acme', team: 'web-team' })
})

const notFound: Answer = {
  status: 404,
  body: { detail: 'Not Found', error_message: 'Not Found', error_type: 'not_found', status: 404, title: 'not_found' },
}

/** A registry in which hana has `role` on acme/web, and is or is not in a team; a change counts only if `does`. */
async function withRole(role: string | undefined, { does = true, exists = true }: { does?: boolean; exists?: boolean } = {}) {
  let now = role
  const started = await startServer(({ method, path, body }): Answer => {
    if (method !== 'GET') {
      if (does) now = method === 'DELETE' ? undefined : (JSON.parse(body || '{}').role ?? 'member')
      return { status: method === 'DELETE' ? 204 : 200, body: method === 'DELETE' ? undefined : {} }
    }
    if (!exists) return notFound
    if (path.includes('/permissions/')) return now === undefined ? notFound : { body: { role: now, name: 'hana' } }
    if (path.endsWith('/members'))
      return {
        body: {
          name: 'developers',
          members: now === undefined ? [] : [{ name: 'hana', kind: 'user', is_robot: false, invited: false }],
          can_edit: true,
        },
      }
    return {
      body: {
        namespace: 'acme',
        name: 'web',
        is_public: false,
        description: '',
        kind: 'image',
        state: 'NORMAL',
        tags: {},
        can_write: true,
      },
    }
  })
  return {
    ...started,
    changes: () => started.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path.slice(7)}`),
  }
}

const web = { kind: 'repository', object: 'acme/web', grantee: 'hana' } as const
const developers = { kind: 'team', object: 'acme/developers', grantee: 'hana' } as const

test('what Quay has is read, written only where it differs, and read again', async () => {
  const had = await withRole('read')
  expect(await applyHeld(had.quay, web, 'read')).toBe('read')
  expect(had.changes()).toEqual([])
  expect(await applyHeld(had.quay, web, 'admin')).toBe('admin')
  expect(await applyHeld(had.quay, web, null)).toBe(null)
  expect(had.changes()).toEqual(['PUT /repository/acme/web/permissions/user/hana', 'DELETE /repository/acme/web/permissions/user/hana'])
  const stubborn = await withRole('read', { does: false })
  expect(await applyHeld(stubborn.quay, web, 'write')).toBe('read')
  const inTeam = await withRole(undefined)
  expect(await readHeld(inTeam.quay, developers)).toEqual({ mark: 'team', role: null })
  expect(await applyHeld(inTeam.quay, developers, 'member')).toBe('member')
  expect(await readHeld(inTeam.quay, developers)).toEqual({ mark: 'team', role: 'member' })
  expect(await readHeld(inTeam.quay, { ...developers, grantee: 'ivan' })).toEqual({ mark: 'team', role: null })
  await setHeld(inTeam.quay, developers, null)
  expect(inTeam.changes()).toEqual([
    'PUT /organization/acme/team/developers/members/hana',
    'DELETE /organization/acme/team/developers/members/hana',
  ])
})

test('what is not known is neither taken nor given, and what is gone has no mark', async () => {
  const strange = await withRole('owner')
  await expect(readHeld(strange.quay, web)).rejects.toMatchObject({ code: 'conflict' })
  const gone = await withRole('read', { exists: false })
  expect(await readHeld(gone.quay, web)).toEqual({ mark: null, role: null })
  expect(await readHeld(gone.quay, developers)).toEqual({ mark: null, role: null })
})

test('being put into a team is subject to the terms of what the team gives', async () => {
  const permissions = (roles: string[]) =>
    startServer(() => ({ body: { permissions: roles.map((role) => ({ repository: { name: 'web', is_public: false }, role })) } }))
  const lasts = async (temporary: PolicyFile['temporary'], role: string, given: string[], endsAt?: number) => {
    const { quay, requests } = await permissions(given)
    const bot = { policy: policyOf({ temporary }), clock: () => at, slack: {} } as never
    const team = { organization: 'acme', team: 'ops', role }
    const limit = await assertTeamLasts(bot, quay, { id: 'U0HANA' }, team, endsAt).catch((error: Failure) => error.code)
    return [limit, requests.length]
  }
  const write = { required: [{ permissions: ['write' as const], longest: '2h' }] }
  expect(await lasts({ longest: '8h' }, 'member', ['write'])).toEqual([8 * hour, 0])
  expect(await lasts(undefined, 'member', ['write'])).toEqual([undefined, 0])
  expect(await lasts(write, 'member', ['write'])).toEqual(['denied', 1])
  expect(await lasts(write, 'member', ['write'], at + hour)).toEqual([2 * hour, 1])
  expect(await lasts(write, 'member', ['write'], at + 3 * hour)).toEqual(['denied', 1])
  expect(await lasts(write, 'member', ['read'])).toEqual([undefined, 1])
  expect(await lasts(write, 'member', ['read', 'write'], at + hour)).toEqual([2 * hour, 1])
  expect(await lasts(write, 'admin', ['write'])).toEqual([undefined, 0])
  const all = {
    required: [
      { permissions: ['admin' as const], longest: '3h' },
      { permissions: ['team' as const], longest: '5h' },
    ],
  }
  expect(await lasts(all, 'admin', [], at + hour)).toEqual([3 * hour, 0])
  expect(await lasts(all, 'member', [], at + hour)).toEqual([5 * hour, 1])
  expect(await lasts(all, 'member', ['owner'], at + hour)).toEqual([3 * hour, 1])
})

test('who decided: the approvers of the request, or who typed it', async () => {
  const from = (rows: object[]) =>
    ({ db: { select: () => ({ from: () => ({ innerJoin: () => ({ where: async () => rows }) }) }) } }) as never
  const person = { id: 'U0BEA', name: 'bea', account: 'bea' } as never
  const dora = { person: 'U0DORA', name: 'dora', account: 'quayadmin' }
  expect(await decidersOf({ bot: from([dora]), person, reference: 'x' })).toEqual([dora])
  expect(await decidersOf({ bot: from([]), person, reference: undefined })).toEqual([{ person: 'U0BEA', name: 'bea', account: 'bea' }])
  const unlinked = { id: 'U0EVE', name: 'eve', account: undefined } as never
  expect(await decidersOf({ bot: from([]), person: unlinked, reference: 'x' })).toEqual([{ person: 'U0EVE', name: 'eve', account: null }])
})
