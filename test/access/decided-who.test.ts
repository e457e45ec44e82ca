import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { assertMayProlong } from '../../src/approvals/access/prolong.ts'
import { type Right, whoCan } from '../../src/approvals/access/who-can.ts'
import { Failure } from '../../src/core/failure.ts'
import { policyOf } from '../../src/core/policy.ts'
import { directoryLists, directoryUsers } from '../../src/db/directory-tables.ts'
import { accessGrants, accessHolds, links } from '../../src/db/schema.ts'
import { at, hour } from '../approvals/made-up.ts'
import { embedded, openState } from '../db/open-state.ts'
import { accountAnswer, botOf, personOf, registryOf } from '../security/parts.ts'
import { isCi, sampled } from '../sized.ts'

// Who holds what, and who may let something temporary last longer: by the functions, and a registry that answers as written here.

let db: Awaited<ReturnType<typeof openState>>['bot']['db']
beforeAll(async () => {
  db = (await openState({ ...(isCi && { database: embedded }), until: afterAll })).bot.db
})
beforeEach(async () => {
  for (const table of [accessGrants, accessHolds, links, directoryUsers, directoryLists]) await db.delete(table)
})

interface Temporary {
  kind?: 'repository' | 'team'
  object?: string
  grantee?: string
  role?: string
  permanent?: string | null
  state?: typeof accessGrants.$inferInsert.state
  ends?: number
}

let count = 0
async function held({
  kind = 'repository',
  object = 'acme/web',
  grantee = 'hana',
  role = 'write',
  permanent = null,
  state = 'active',
  ends = 1,
}: Temporary) {
  count += 1
  const id = `${count}`
  await db.insert(accessHolds).values({ id, kind, object, grantee, permanent, createdAt: new Date(at) })
  await db.insert(accessGrants).values({
    ...{ id, hold: id, reference: id, team: 'T0ACME', decided: [], asker: 'U0BEA', role, state },
    ...{ startedAt: new Date(at), endsAt: new Date(at + ends * hour) },
  })
}

const teams = {
  owners: { name: 'owners', role: 'admin' },
  makers: { name: 'makers', role: 'creator' },
  staff: { name: 'staff', role: 'member' },
  callers: { name: 'callers', role: 'member' },
}
const inTeams = (name: string, ...own: string[]) => ({ name, kind: 'user', teams: own.map((team) => ({ name: team })), repositories: [] })
const members = [inTeams('olga', 'owners'), inTeams('mia', 'makers'), inTeams('sam', 'staff'), inTeams('cleo', 'callers', 'staff')]
const acme = {
  'GET /organization/acme': { name: 'acme', teams, is_admin: true },
  'GET /organization/acme/members': { members },
  ...Object.fromEntries(members.map((one) => [`GET /organization/acme/members/${one.name}`, one])),
  'GET /repository/acme/web': { name: 'web', namespace: 'acme', is_public: false, can_write: true, can_admin: true },
  'GET /repository/acme/web/permissions/user/': {
    permissions: {
      hana: { name: 'hana', role: 'write' },
      rita: { name: 'rita', role: 'read' },
      'acme+ci': { name: 'acme+ci', role: 'admin', is_robot: true },
    },
  },
  'GET /repository/acme/web/permissions/team/': { permissions: { callers: { name: 'callers', role: 'write' } } },
}

interface Asked {
  answers?: object
  map?: Record<string, string>
  person?: ReturnType<typeof personOf>
  fullAccess?: boolean
}

const root = personOf({ username: 'root', superuser: true }, { account: 'root' })

async function holders(right: Right, object: string, { answers = {}, map = {}, person = root, fullAccess = true }: Asked = {}) {
  const { quay } = await registryOf({ ...acme, ...answers }, { superusersFullAccess: fullAccess })
  const answer = await whoCan(botOf({ db, quay, policy: policyOf({ identity: { map } }) }), quay, person, right, object)
  const lines = answer.holders.map(
    ({ account, kind, why, until, slack }) =>
      `${kind} ${account}: ${why.map(({ message, values }) => message.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]))).join(' and ')}${until === undefined ? '' : ` until +${(until - at) / hour} h`}${slack === undefined ? '' : ` (${slack})`}`,
  )
  return { ...answer, lines }
}

const owner = 'user olga: team owners: admin of the organization'

describe('who can', () => {
  test('pull: by a permission, a team that has one, and the admins', async () => {
    const { lines, everybody, hidden, asOf } = await holders('pull', 'acme/web')
    expect(lines).toEqual([
      'user cleo: team callers: write',
      'user hana: write permission',
      owner,
      'user rita: read permission',
      'robot acme+ci: admin permission',
    ])
    expect({ everybody, hidden, asOf }).toEqual({ everybody: false, hidden: false, asOf: undefined })
  })

  test.each(
    sampled<[Right, string[]]>(
      [
        ['push', ['user cleo: team callers: write', 'user hana: write permission', owner, 'robot acme+ci: admin permission']],
        ['admin', [owner, 'robot acme+ci: admin permission']],
      ],
      2,
    ),
  )('%s: those whose role is enough, and nobody else', async (right, lines) => {
    expect((await holders(right, 'acme/web')).lines).toEqual(lines)
  })

  test.each(
    sampled<[Right, string[]]>(
      [
        ['create', ['user mia: team makers: creator', 'user olga: team owners: admin']],
        ['admin', ['user olga: team owners: admin']],
        [
          'member',
          [
            'user cleo: team staff: member and team callers: member',
            'user mia: team makers: creator',
            'user olga: team owners: admin',
            'user sam: team staff: member',
          ],
        ],
      ],
      3,
      1,
    ),
  )('%s in an organization: by the teams’ roles', async (right, lines) => {
    expect((await holders(right, 'acme')).lines).toEqual(lines)
  })

  test('pull a public repository: everybody; push it: not', async () => {
    const answers = { 'GET /repository/acme/web': { name: 'web', namespace: 'acme', is_public: true } }
    expect((await holders('pull', 'acme/web', { answers })).everybody).toBe(true)
    expect((await holders('push', 'acme/web', { answers })).everybody).toBe(false)
  })

  test('superusers count with full access alone, global readers for what they read, and each bears the Slack person', async () => {
    const answers = {
      'GET /superuser/users/root': accountAnswer('root', { super_user: true }),
      'GET /superuser/users/gus': accountAnswer('gus', { global_readonly_super_user: true }),
    }
    const map = { U0ROOT: 'root', U0GUS: 'gus', U0GONE: 'gone' }
    const of = async (right: Right, object: string, fullAccess = true) =>
      (await holders(right, object, { answers, map, fullAccess })).lines.filter((line) => /root|gus/.test(line))
    expect(await of('admin', 'acme/web')).toEqual(['user root: superuser (U0ROOT)'])
    expect(await of('pull', 'acme/web')).toEqual(['user gus: global read-only superuser (U0GUS)', 'user root: superuser (U0ROOT)'])
    expect(await of('member', 'acme')).toEqual(['user gus: global read-only superuser (U0GUS)', 'user root: superuser (U0ROOT)'])
    expect(await of('create', 'acme')).toEqual(['user root: superuser (U0ROOT)'])
  })

  test('in a user’s namespace: its owner', async () => {
    const answers = {
      'GET /repository/hana/own': { name: 'own', namespace: 'hana', is_public: false },
      'GET /repository/hana/own/permissions/user/': { permissions: {} },
      'GET /repository/hana/own/permissions/team/': { permissions: {} },
    }
    await db.insert(links).values({ team: 'T0ACME', slackId: 'U0HANA', account: 'hana', at: new Date(at) } as typeof links.$inferInsert)
    expect((await holders('admin', 'hana/own', { answers })).lines).toEqual(['user hana: owner of the namespace (U0HANA)'])
  })

  test('a disabled account cannot, and the answer says how old that is', async () => {
    await db.insert(directoryUsers).values({ name: 'hana', address: 'x', enabled: false, pass: 1, seenAt: new Date(at) })
    await db.insert(directoryUsers).values({ name: 'rita', address: 'y', enabled: true, pass: 1, seenAt: new Date(at) })
    const list = { list: 'users', dueAt: new Date(at), asOf: new Date(at + hour), keyId: 'k' }
    await db.insert(directoryLists).values(list as typeof directoryLists.$inferInsert)
    const { lines, asOf } = await holders('pull', 'acme/web')
    expect(lines.some((line) => line.includes('hana'))).toBe(false)
    expect(lines).toContain('user rita: read permission')
    expect(asOf).toBe(at + hour)
  })

  test('what is temporary has its end; what would be enough without it has none', async () => {
    await held({ grantee: 'hana', ends: 2 })
    await held({ grantee: 'rita', permanent: 'read', role: 'write', ends: 3 })
    const until = async (right: Right, object = 'acme/web') => (await holders(right, object)).lines.filter((line) => line.includes('until'))
    expect(await until('pull')).toEqual(['user hana: write permission until +2 h'])
    await held({ kind: 'team', object: 'acme/callers', grantee: 'cleo', ends: 4 })
    expect(await until('push')).toEqual(['user cleo: team callers: write until +4 h', 'user hana: write permission until +2 h'])
    await held({ grantee: 'team:callers', ends: 1 })
    expect(await until('push')).toEqual(['user cleo: team callers: write until +1 h', 'user hana: write permission until +2 h'])
    await held({ grantee: 'team:callers', object: 'acme/other', ends: 9 })
    await held({ kind: 'team', object: 'globex/callers', grantee: 'cleo', ends: 9 })
    expect(await until('push')).toEqual(['user cleo: team callers: write until +1 h', 'user hana: write permission until +2 h'])
  })

  test('an end that has run is none, and of several reasons the last one to end counts', async () => {
    await held({ grantee: 'hana', state: 'ended' })
    await held({ kind: 'team', object: 'acme/owners', grantee: 'olga', ends: 5 })
    const answers = { 'GET /repository/acme/web/permissions/user/': { permissions: { olga: { name: 'olga', role: 'admin' } } } }
    expect((await holders('admin', 'acme/web')).lines).toContain(`${owner} until +5 h`)
    expect((await holders('admin', 'acme/web', { answers })).lines).toEqual([`${owner} and admin permission`])
    expect((await holders('push', 'acme/web')).lines).toContain('user hana: write permission')
  })
})

describe('who lets something temporary last longer', () => {
  const web = { kind: 'repository', object: 'acme/web', grantee: 'hana' } as const
  const inTeam = (...names: string[]) => ({ members: names.map((name) => ({ name, kind: 'user', is_robot: false })), can_edit: true })

  async function may(account: string | null, { target = web as object, answers = {} } = {}) {
    const { quay } = await registryOf({
      'GET /superuser/users/bea': accountAnswer('bea'),
      'GET /superuser/users/root': accountAnswer('root', { super_user: true }),
      'GET /organization/acme/team/callers/members': inTeam('cleo'),
      'GET /organization/acme/team/leads/members': inTeam('bea'),
      ...answers,
    })
    return assertMayProlong(botOf({ db, quay }), target as typeof web, [{ account }]).then(
      () => 'may',
      (error: unknown) => (error instanceof Failure ? error.sentence.message : String(error)),
    )
  }
  const own = 'You can’t extend your own temporary access to {object}. Someone else must do it.'
  const temporary = 'Your own permission on {object} is temporary. Someone with a permanent one must do this.'

  test('never who has it, directly or through the team; somebody else may', async () => {
    expect(await may('hana')).toBe(own)
    expect(await may('bea')).toBe('may')
    expect(await may(null)).toBe('may')
    const forTeam = { target: { ...web, grantee: 'team:callers' } }
    expect(await may('cleo', forTeam)).toBe(own)
    expect(await may('bea', forTeam)).toBe('may')
    expect(await may('team:callers', forTeam)).toBe('may')
    expect(await may('cleo', { target: { ...web, grantee: 'team:gone' } })).toBe('may')
  })

  test.each(
    sampled<[string, Temporary, string]>(
      [
        ['admin there for a while', { grantee: 'bea', role: 'admin' }, temporary],
        ['write there for a while', { grantee: 'bea', role: 'write' }, 'may'],
        ['admin elsewhere for a while', { grantee: 'bea', role: 'admin', object: 'acme/api' }, 'may'],
        ['admin there until yesterday', { grantee: 'bea', role: 'admin', state: 'ended' }, 'may'],
        ['in a team of the organization for a while', { kind: 'team', object: 'acme/owners', grantee: 'bea', role: 'member' }, temporary],
        ['in a team of another for a while', { kind: 'team', object: 'globex/owners', grantee: 'bea', role: 'member' }, 'may'],
        ['in a team that is admin for a while', { grantee: 'team:leads', role: 'admin' }, temporary],
        ['in no such team', { grantee: 'team:callers', role: 'admin' }, 'may'],
        ['nothing: somebody else is', { grantee: 'carl', role: 'admin' }, 'may'],
      ],
      2,
    ),
  )('is %s', async (_, grant, says) => {
    await held(grant)
    expect(await may('bea')).toBe(says)
  })

  test('a superuser does not hold theirs by a grant', async () => {
    await held({ grantee: 'root', role: 'admin' })
    expect(await may('root')).toBe('may')
  })
})
