import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Asked } from '../../src/approvals/asked.ts'
import { earlierOf, heldBy, peersOf } from '../../src/approvals/background.ts'
import { canBeDecided, decidersNow } from '../../src/approvals/candidates.ts'
import { aboutFor } from '../../src/approvals/card-context.ts'
import { requestsWaitingFor, waitingCount } from '../../src/approvals/pending.ts'
import { loadCommands } from '../../src/command/registry.ts'
import { type PolicyFile, policyOf } from '../../src/core/policy.ts'
import { approverNotices, delegations, links, requests, votes } from '../../src/db/schema.ts'
import { embedded, openState } from '../db/open-state.ts'
import { accountAnswer, botOf, inSlack, personOf, registryOf, slackOf } from '../security/parts.ts'
import { isCi, sampled } from '../sized.ts'
import { idOf, invocationOf, requestOf, ruleOf } from './made-up.ts'

// Whom a request waits for, who can decide it, and what its card may tell them: by the functions alone.

let state: Awaited<ReturnType<typeof openState>>
beforeAll(async () => {
  await loadCommands()
  state = await openState({ ...(isCi && { database: embedded }), until: afterAll })
})
beforeEach(async () => {
  const { db } = state.bot
  for (const table of [approverNotices, votes, requests, links, delegations]) await db.delete(table)
})

const people = ['alice', 'bea', 'carl', 'dora']
const team = (name: string, role: string) => ({ name, role })
const member = (name: string, ...teams: string[]) => ({ name, kind: 'user', teams: teams.map((one) => ({ name: one })), repositories: [] })

type Written = NonNullable<PolicyFile['approvals']>[number]

interface Given {
  rule?: Partial<Written>
  more?: object
  superusers?: string[]
  fullAccess?: boolean
  /** In globex: who is in which team. */
  members?: ReturnType<typeof member>[]
}

async function botWith({ rule = {}, more = {}, superusers = [], fullAccess = true, members = [member('bea', 'owners')] }: Given = {}) {
  const accounts = people.map((name) => [`GET /superuser/users/${name}`, accountAnswer(name, { super_user: superusers.includes(name) })])
  const each = members.map((one) => [`GET /organization/globex/members/${one.name}`, one])
  const { quay, asked } = await registryOf(
    {
      ...Object.fromEntries([...accounts, ...each]),
      'GET /organization/globex': {
        name: 'globex',
        teams: { owners: team('owners', 'admin'), makers: team('makers', 'creator'), staff: team('staff', 'member') },
        quota_report: { quota_bytes: 70, configured_quota: 100 },
      },
      'GET /organization/globex/members': { members },
      ...more,
    },
    { superusersFullAccess: fullAccess, account: 'quaymaster' },
  )
  const { db, keys, runtime, clock } = state.bot
  const policy = policyOf({
    identity: { map: Object.fromEntries(people.map((name) => [idOf(name), name])) },
    approvals: [{ name: 'one', operations: ['repo create'], channel: 'C0APPROVALS', approvers: ['U0DORA'], ...rule }],
  })
  const slack = slackOf(people.map((name) => inSlack(idOf(name))))
  return Object.assign(botOf({ db, keys, runtime, quay, slack, policy, clock }), { asked })
}

const personNamed = (name: string, more: object = {}) => personOf({ username: name, ...more }, { id: idOf(name), account: name })

async function stored(change: Partial<ReturnType<typeof requestOf>> = {}) {
  const row = requestOf({ team: 'T0ACME', rule: ruleOf(), ...change })
  await state.bot.db.insert(requests).values(row)
  return row
}

const waiting = async (name: string, given: Given = {}, more: object = {}) =>
  (await requestsWaitingFor(await botWith(given), personNamed(name, more))).map(({ id }) => id)

describe('a request waits for', () => {
  test('who is named, and not for who asked, nor for anybody else', async () => {
    await stored()
    expect(await waiting('dora')).toEqual(['abcdefghj'])
    expect(await waiting('bea')).toEqual([])
    expect(await waiting('alice', { rule: { approvers: ['U0ALICE', 'U0DORA'] } })).toEqual([])
  })

  test('nobody without an enabled account', async () => {
    await stored()
    expect(await waiting('dora', {}, { enabled: false })).toEqual([])
    expect(await requestsWaitingFor(await botWith(), personOf(undefined, { id: 'U0DORA', account: undefined, user: undefined }))).toEqual(
      [],
    )
  })

  test('the admins who were found when its card was made, without asking Quay; superusers with full access too', async () => {
    const rule = { approvers: ['quay:namespace-admin'] }
    await stored({ rule: ruleOf(rule), about: { right: null, admins: ['bea'] } })
    const bot = await botWith({ rule })
    expect(await requestsWaitingFor(bot, personNamed('bea'))).toHaveLength(1)
    expect(await requestsWaitingFor(bot, personNamed('carl'))).toEqual([])
    expect(await requestsWaitingFor(bot, personNamed('carl', { superuser: true }))).toHaveLength(1)
    expect(bot.asked()).toEqual([])
    expect(await waiting('carl', { rule, fullAccess: false }, { superuser: true })).toEqual([])
  })

  test('whom both the rule of the request and that of today name', async () => {
    await stored({ rule: ruleOf({ approvers: ['U0BEA', 'U0DORA'] }) })
    expect(await waiting('bea')).toEqual([])
    expect(await waiting('dora')).toEqual(['abcdefghj'])
  })

  test('nobody who has voted, nobody of another workspace, and nobody once it has ended', async () => {
    await stored({ id: 'voted' })
    await state.bot.db.insert(votes).values({
      ...{ request: 'voted', person: 'U0DORA', name: 'dora', account: 'dora', decision: 'approved', entitled: true },
      at: new Date(0),
    })
    await stored({ id: 'elsewhere', team: 'T0OTHER' })
    await stored({ id: 'over', state: 'succeeded' })
    await stored({ id: 'broken', operation: 'repo explode' })
    await stored({ id: 'open' })
    expect(await waiting('dora')).toEqual(['open'])
  })

  test('the delegate of an approver who is away, where the rule has delegation, but not of who asked', async () => {
    const { db } = state.bot
    const hands = (delegator: string, delegate: string) =>
      db.insert(delegations).values({
        ...{
          id: `${delegator} ${delegate}`,
          team: 'T0ACME',
          delegator: idOf(delegator),
          delegatorName: delegator,
          delegatorAccount: delegator,
        },
        ...{ delegate: idOf(delegate), delegateName: delegate, delegateAccount: delegate },
        ...{ endsAt: new Date(Date.parse('2027-01-01')), createdAt: new Date(0) },
      })
    await hands('dora', 'carl')
    await hands('alice', 'bea')
    const rule = { approvers: ['U0DORA', 'U0ALICE'], delegation: true }
    await stored({ rule: ruleOf(rule) })
    expect(await waiting('carl', { rule })).toEqual(['abcdefghj'])
    expect(await waiting('bea', { rule })).toEqual([])
    expect(await waiting('carl', { rule: { ...rule, delegation: false } })).toEqual([])
  })

  test('who holds the permission, where it is unknown what came of it', async () => {
    await stored({ state: 'unknown', rule: ruleOf({ approvers: ['U0BEA', 'U0DORA'] }) })
    const rule = { approvers: ['U0BEA', 'U0DORA'] }
    expect(await waiting('bea', { rule })).toEqual(['abcdefghj'])
    expect(await waiting('dora', { rule })).toEqual([])
  })

  test('so many at most, the newest first', async () => {
    for (let index = 0; index < 13; index += 1) await stored({ id: `no${index + 10}`, createdAt: new Date(index * 1_000) })
    const bot = await botWith()
    const ids = async (most?: number) => (await requestsWaitingFor(bot, personNamed('dora'), most)).map(({ id }) => id)
    expect(await ids()).toEqual(['no22', 'no21', 'no20', 'no19', 'no18', 'no17', 'no16', 'no15', 'no14', 'no13'])
    expect(await ids(2)).toEqual(['no22', 'no21'])
    expect(await ids(20)).toHaveLength(13)
  })

  test('the count is of pending ones that were given to the person, without those that they have decided', async () => {
    const { db } = state.bot
    for (const id of ['one', 'two', 'over']) {
      await stored({ id, ...(id === 'over' && { state: 'denied' as const }) })
      await db.insert(approverNotices).values({ request: id, person: 'U0DORA', how: 'direct' })
    }
    await db.insert(approverNotices).values({ request: 'one', person: 'U0BEA', how: 'direct' })
    expect(await waitingCount({ db }, personNamed('dora'))).toBe(2)
    await db.insert(votes).values({
      ...{ request: 'two', person: 'U0DORA', name: 'dora', account: 'dora', decision: 'approved', entitled: true },
      at: new Date(0),
    })
    expect(await waitingCount({ db }, personNamed('dora'))).toBe(1)
    expect(await waitingCount({ db }, personNamed('bea'))).toBe(1)
    expect(await waitingCount({ db }, personNamed('carl'))).toBe(0)
  })
})

describe('whether enough people can decide it', () => {
  const can = async (rule: Partial<Written>, given: Given = {}) => {
    const bot = await botWith({ ...given, rule })
    return canBeDecided(bot, requestOf({ team: 'T0ACME', rule: ruleOf(rule) }), invocationOf())
  }

  test.each(
    sampled<[string, Partial<Written>, Given, boolean]>(
      [
        ['one with the permission', { approvers: ['U0BEA'] }, {}, true],
        ['one without it', { approvers: ['U0DORA'] }, {}, false],
        ['two, one with it', { approvers: ['U0BEA', 'U0DORA'], needed: 2 }, {}, true],
        ['one of two that are needed', { approvers: ['U0BEA'], needed: 2 }, {}, false],
        ['the requester alone', { approvers: ['U0ALICE'] }, { members: [member('alice', 'owners')] }, false],
        ['an admin of the namespace', { approvers: ['quay:namespace-admin'] }, {}, true],
        ['no admin of the namespace', { approvers: ['quay:namespace-admin'] }, { members: [member('bea', 'staff')] }, false],
        ['a superuser', { approvers: ['quay:superuser'] }, { superusers: ['carl'] }, true],
        ['no superuser', { approvers: ['quay:superuser'] }, {}, false],
        ['people whom Slack does not know', { approvers: ['U0GONE'] }, {}, false],
      ],
      3,
    ),
  )('%s', async (_, rule, given, is) => expect(await can(rule, given)).toBe(is))

  test('those with the permission come first, so many at most', async () => {
    const rule = { approvers: ['U0CARL', 'U0DORA', 'U0BEA'] }
    const bot = await botWith({ rule })
    const request = requestOf({ team: 'T0ACME', rule: ruleOf(rule) })
    const found = async (most: number) => (await decidersNow(bot, request, invocationOf(), most)).map(({ person }) => person.account)
    expect(await found(5)).toEqual(['bea', 'carl', 'dora'])
    expect(await found(1)).toEqual(['bea'])
  })
})

function askedFor(name = 'repo create', input: object = { repository: 'globex/web' }, more: Partial<Asked> = {}): Asked {
  return { ...invocationOf(name, input), person: personNamed('alice'), rule: ruleOf(), ...more } as Asked // as far as it is looked at
}

describe('what a card tells besides', () => {
  test('what the requester has on each object, each once, and three at most', async () => {
    const bot = await botWith({ members: [member('alice', 'makers')] })
    expect(await heldBy(bot, askedFor())).toEqual([{ object: 'globex', permission: 'create' }])
  })

  test('how the requester’s requests of 90 days ended', async () => {
    const bot = await botWith()
    const ago = (days: number) => new Date(bot.clock() - days * 86_400_000)
    const rows = [
      ['a', 'succeeded', 'U0ALICE', 1],
      ['b', 'succeeded', 'U0ALICE', 89],
      ['c', 'denied', 'U0ALICE', 2],
      ['d', 'pending', 'U0ALICE', 0],
      ['e', 'succeeded', 'U0ALICE', 91],
      ['f', 'denied', 'U0BEA', 1],
    ] as const
    for (const [id, of, requester, days] of rows) await stored({ id, state: of, requester, createdAt: ago(days) })
    await stored({ id: 'g', state: 'denied', team: 'T0OTHER', createdAt: ago(1) })
    expect(await earlierOf(bot, askedFor())).toEqual({ all: 4, done: 2, denied: 1 })
    expect(await earlierOf(bot, askedFor('repo create', { repository: 'globex/web' }, { person: personNamed('carl') }))).toEqual({
      all: 0,
      done: 0,
      denied: 0,
    })
  })

  test('how many others may create: people in teams that can, without the bot', async () => {
    const members = [
      member('alice', 'staff'),
      member('bea', 'owners', 'makers'),
      member('carl', 'makers'),
      member('quaymaster', 'owners'),
      member('globex+ci', 'makers'),
    ]
    const bot = await botWith({ members })
    expect(await peersOf(bot, askedFor(), 0)).toEqual({ kind: 'creators', namespace: 'globex', users: 2 })
    const own = { 'GET /organization/alice': undefined }
    expect(await peersOf(await botWith({ more: own }), askedFor('repo create', { repository: 'alice/web' }), 0)).toBeUndefined()
  })

  test('how many others have such a permission, or more', async () => {
    const user = (name: string, role: string, is_robot = false) => [name, { name, role, is_robot }] as const
    const more = {
      'GET /repository/globex/web/permissions/user/': {
        permissions: Object.fromEntries([
          user('bea', 'admin'),
          user('carl', 'write'),
          user('dora', 'read'),
          user('eve', 'strange'),
          user('globex+ci', 'write', true),
        ]),
      },
      'GET /repository/globex/web/permissions/team/': {
        permissions: { staff: { name: 'staff', role: 'write' }, makers: { name: 'makers', role: 'read' } },
      },
    }
    const bot = await botWith({ more })
    const of = (role: string) => peersOf(bot, askedFor('permission grant', { repository: 'globex/web', to: 'alice', role }), 0)
    expect(await of('write')).toEqual({ kind: 'role', object: 'globex/web', role: 'write', users: 2, teams: 1, robots: 1 })
    expect(await of('read')).toEqual({ kind: 'role', object: 'globex/web', role: 'read', users: 3, teams: 2, robots: 1 })
    expect(await of('admin')).toEqual({ kind: 'role', object: 'globex/web', role: 'admin', users: 1, teams: 0, robots: 0 })
  })

  describe('of the namespace only where every approver may know it', () => {
    const about = async (rule: Partial<Written>, given: Given = {}) => {
      const bot = await botWith({ ...given, rule })
      const { quota, peers, admins } = await aboutFor(bot, askedFor('repo create', { repository: 'globex/web' }, { rule: ruleOf(rule) }))
      return { quota: quota !== undefined, peers: peers !== undefined, admins }
    }
    const all = (more: object) => ({ 'GET /repository': { repositories: [] }, ...more })

    test.each(
      sampled<[string, Partial<Written>, Given, boolean]>(
        [
          ['an admin', { approvers: ['U0BEA'] }, {}, true],
          ['somebody else', { approvers: ['U0DORA'] }, {}, false],
          ['an admin and somebody else', { approvers: ['U0BEA', 'U0DORA'] }, {}, false],
          ['whoever is an admin', { approvers: ['quay:namespace-admin'] }, {}, true],
          ['superusers with full access', { approvers: ['quay:superuser'] }, {}, true],
          ['superusers without it', { approvers: ['quay:superuser'] }, { fullAccess: false }, false],
        ],
        2,
      ),
    )('%s', async (_, rule, given, is) => {
      const found = await about(rule, { ...given, more: all({}) })
      expect({ quota: found.quota, peers: found.peers }).toEqual({ quota: is, peers: is })
      expect(found.admins).toEqual(rule.approvers?.includes('quay:namespace-admin') ? ['bea'] : undefined)
    })
  })
})
