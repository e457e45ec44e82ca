import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  allowDelegation,
  decidedNamespaces,
  eligibilityOf,
  isApprover,
  lacksRight,
  neededBy,
  parseStoredCommand,
  refusal,
  requesterNow,
  revalidateVotes,
  rulesOf,
} from '../../src/approvals/approvers.ts'
import { loadCommands } from '../../src/command/registry.ts'
import { Failure } from '../../src/core/failure.ts'
import { type PolicyFile, policyOf } from '../../src/core/policy.ts'
import { links } from '../../src/db/schema.ts'
import { embedded, openState } from '../db/open-state.ts'
import { accountAnswer, botOf, inSlack, personOf, registryOf, slackOf, thrownBy } from '../security/parts.ts'
import { isCi, sampled } from '../sized.ts'
import { idOf, invocationOf, requestOf, ruleOf } from './made-up.ts'

// Whose vote counts, as tables: both sides of every condition.

let state: Awaited<ReturnType<typeof openState>>
beforeAll(async () => {
  await loadCommands()
  state = await openState({ ...(isCi && { database: embedded }), until: afterAll })
})
beforeEach(async () => void (await state.bot.db.delete(links)))

const people = ['alice', 'bea', 'dora']
const named = { approvers: ['U0DORA'] }

interface Given {
  rule?: Partial<NonNullable<PolicyFile['approvals']>[number]> | undefined
  /** Accounts that are superusers of Quay. */
  superusers?: string[]
  /** Accounts that are admins of globex. */
  admins?: string[]
  groups?: Record<string, string[]>
  more?: object
  fullAccess?: boolean
  map?: Record<string, string>
}

async function botWith({ rule = named, superusers = [], admins = [], groups = {}, more = {}, fullAccess = true, map }: Given = {}) {
  const accounts = people.map((name) => [`GET /superuser/users/${name}`, accountAnswer(name, { super_user: superusers.includes(name) })])
  const members = people.map((name) => [
    `GET /organization/globex/members/${name}`,
    { name, kind: 'user', teams: admins.includes(name) ? [{ name: 'owners' }] : [], repositories: [] },
  ])
  const globex = { name: 'globex', teams: { owners: { name: 'owners', role: 'admin' } } }
  const { quay } = await registryOf(
    { ...Object.fromEntries([...accounts, ...members]), 'GET /organization/globex': globex, ...more },
    { superusersFullAccess: fullAccess },
  )
  const { db, keys, runtime } = state.bot
  const policy = policyOf({
    identity: { map: map ?? Object.fromEntries(people.map((name) => [idOf(name), name])) },
    ...(rule && { approvals: [{ name: 'one', operations: ['repo create'], channel: 'C0APPROVALS', ...named, ...rule }] }),
  })
  const slack = slackOf(
    people.map((name) => inSlack(idOf(name))),
    groups,
  )
  return botOf({ db, keys, runtime, quay, slack, policy })
}

const asked = (change: Parameters<typeof requestOf>[0] = {}) => requestOf({ rule: ruleOf(named), ...change })

async function eligible(name: string, given: Given = {}, request = asked({ rule: ruleOf(given.rule ?? named) })) {
  const bot = await botWith(given)
  const found = await thrownBy(async () => {
    throw await eligibilityOf(bot, request, invocationOf(), idOf(name))
  })
  if (found instanceof Failure) return `${found.code}: ${found.sentence.message}`
  const { entitled, lacks, person } = found as Awaited<ReturnType<typeof eligibilityOf>> // nothing else is thrown
  return { account: person.account, entitled, lacks: lacks?.message }
}

const notNamed = 'denied: The policy “{rule}” does not allow you to approve or deny this.'

describe('an approver', () => {
  test.each(
    sampled<[string, string, Given, boolean]>(
      [
        ['somebody who is named', 'dora', {}, true],
        ['somebody who is not', 'bea', {}, false],
        ['a member of a group that is named', 'bea', { rule: { approvers: ['S0LEADS'] }, groups: { S0LEADS: ['U0BEA'] } }, true],
        ['nobody of another group', 'dora', { rule: { approvers: ['S0LEADS'] }, groups: { S0LEADS: ['U0BEA'] } }, false],
        ['a superuser', 'bea', { rule: { approvers: ['quay:superuser'] }, superusers: ['bea'] }, true],
        ['nobody who is no superuser', 'bea', { rule: { approvers: ['quay:superuser'] }, superusers: ['dora'] }, false],
        [
          'no superuser where only admins are named',
          'bea',
          { rule: { approvers: ['quay:namespace-admin'] }, superusers: ['bea'], fullAccess: false },
          false,
        ],
        ['an admin of the namespace', 'bea', { rule: { approvers: ['quay:namespace-admin'] }, admins: ['bea'] }, true],
        ['nobody who is no admin of it', 'bea', { rule: { approvers: ['quay:namespace-admin'] }, admins: ['dora'] }, false],
        ['no admin where only superusers are named', 'bea', { rule: { approvers: ['quay:superuser'] }, admins: ['bea'] }, false],
        ['an admin beside a named person', 'bea', { rule: { approvers: ['U0DORA', 'quay:namespace-admin'] }, admins: ['bea'] }, true],
      ],
      2,
    ),
  )('is %s', async (_, name, given, is) => {
    const found = await eligible(name, given)
    if (is) expect(found).toMatchObject({ account: name })
    else expect(found).toBe(notNamed)
  })

  test('is asked of Quay only where Quay decides', async () => {
    const bot = await botWith({ superusers: ['bea'] })
    const person = personOf({ username: 'bea', superuser: true }, { id: 'U0BEA', account: 'bea' })
    let looked = 0
    const isAdmin = async () => {
      looked += 1
      return true
    }
    expect(await isApprover(bot, person, ['U0DORA'], invocationOf(), isAdmin)).toBe(false)
    expect(await isApprover(bot, person, ['U0BEA', 'quay:namespace-admin'], invocationOf(), isAdmin)).toBe(true)
    expect(await isApprover(bot, person, ['quay:superuser', 'quay:namespace-admin'], invocationOf(), isAdmin)).toBe(true)
    expect(looked).toBe(0)
    expect(await isApprover(bot, person, ['quay:namespace-admin'], invocationOf(), isAdmin)).toBe(true)
    expect(looked).toBe(1)
    expect(await isApprover(bot, person, [], invocationOf(), isAdmin)).toBe(false)
  })
})

describe('a vote', () => {
  test('of a named person without the permission counts, and says what is missing', async () => {
    expect(await eligible('dora')).toMatchObject({ account: 'dora', entitled: false, lacks: expect.stringContaining('You need') })
  })

  test('of a named person with it counts as theirs', async () => {
    expect(await eligible('dora', { admins: ['dora'] })).toEqual({ account: 'dora', entitled: true, lacks: undefined })
  })

  test('on an own request counts never, for an admin and under another id of the same account too', async () => {
    const own = 'denied: Someone else must approve or deny your request.'
    const rule = { approvers: ['U0ALICE', 'U0DORA'] }
    expect(await eligible('alice', { rule, admins: ['alice'], superusers: ['alice'] })).toBe(own)
    const map = { U0ALICE: 'alice', U0DORA: 'alice' }
    expect(await eligible('dora', { rule, map })).toBe(own)
  })

  test('of somebody without an account of Quay counts never', async () => {
    expect(await eligible('dora', { map: {} })).toMatch(/^denied: /)
    expect(await eligible('dora', { more: { 'GET /superuser/users/dora': accountAnswer('dora', { enabled: false }) } })).toBe(
      'denied: Your Quay user {account} is disabled.',
    )
  })

  test('counts only where the rule of the request and that of today both name the person', async () => {
    const snapshot = asked({ rule: ruleOf({ approvers: ['U0BEA', 'U0DORA'] }) })
    expect(await eligible('bea', {}, snapshot)).toBe(notNamed)
    expect(await eligible('dora', {}, snapshot)).toMatchObject({ account: 'dora' })
    expect(await eligible('bea', { rule: { approvers: ['U0BEA', 'U0DORA'] } }, asked())).toBe(notNamed)
  })

  test('cannot be determined where Quay does not answer', async () => {
    const away = { more: { 'GET /organization/globex': 503 }, rule: { approvers: ['quay:namespace-admin'] } }
    expect(await eligible('bea', away)).toBe('unavailable: Quay is not available right now.')
  })

  test('is counted again later by what holds then; those that do not count any more are told apart', async () => {
    const rule = { approvers: ['U0BEA', 'U0DORA'] }
    const bot = await botWith({ rule: { approvers: ['U0DORA'] } })
    const vote = (name: string, account = name) => ({ person: idOf(name), account, name, decision: 'approved' as const })
    const all = [vote('bea'), vote('dora'), vote('dora', 'another')]
    const given = all.map((one) => ({ ...requestVote, ...one }))
    const { counted, gone } = await revalidateVotes(bot, asked({ rule: ruleOf(rule) }), invocationOf(), given)
    expect(counted.map(({ person }) => person.account)).toEqual(['dora'])
    expect(gone.map(({ account }) => account)).toEqual(['bea', 'another'])
  })
})

const requestVote = { request: 'abcdefghj', reason: null, entitled: false, behalf: null, at: new Date(0) } as unknown as Parameters<
  typeof revalidateVotes
>[3][number] // what of a vote is not looked at here

describe('the rules that hold', () => {
  test('are the one of today, if it is that of the request, and both, if it is not', async () => {
    const bot = await botWith()
    const today = bot.policy.approvals[0]
    expect(rulesOf(bot, asked({ rule: JSON.parse(JSON.stringify(today)) }), invocationOf())).toEqual([today])
    const before = ruleOf({ approvers: ['U0BEA'] })
    expect(rulesOf(bot, asked({ rule: before }), invocationOf())).toEqual([before, today])
  })

  test('are none where the policy has none any more: nobody may decide', async () => {
    const bot = await botWith({ rule: undefined })
    const without = { ...bot, policy: policyOf({}) }
    expect(await thrownBy(() => rulesOf(without, asked(), invocationOf()))).toMatchObject({
      code: 'denied',
      sentence: { message: 'The policy no longer allows requests for this.' },
    })
  })

  test('need as many approvals as the strictest, and a delegation in each', () => {
    const [one, two] = [ruleOf(), ruleOf({ needed: 2, approvers: ['U0DORA', 'U0BEA'] })]
    expect(neededBy([one])).toBe(1)
    expect(neededBy([two, one])).toBe(2)
    const hands = ruleOf({ delegation: true })
    expect([allowDelegation([hands]), allowDelegation([hands, one]), allowDelegation([one])]).toEqual([true, false, false])
  })
})

describe('the namespaces whose admins decide', () => {
  test.each<[string, object, string[]]>([
    ['repo create', { repository: 'globex/web' }, ['globex']],
    ['repo delete', { repository: 'acme/api' }, ['acme']],
    ['prune set', { target: 'acme', keep: 5 }, ['acme']],
  ])('%s %j: %j', (name, input, all) => expect(decidedNamespaces(invocationOf(name, input))).toEqual(all))
})

describe('a refusal', () => {
  test('is the sentence of what is denied or not there; anything else is no refusal', async () => {
    const throws = (error: unknown) => async () => {
      throw error
    }
    expect(await refusal(async () => 'fine')).toBeUndefined()
    expect(await refusal(throws(new Failure('denied', 'No.')))).toEqual({ message: 'No.', values: {} })
    expect(await refusal(throws(new Failure('not_found', 'None.')))).toEqual({ message: 'None.', values: {} })
    for (const error of [new Failure('unavailable', 'Away.'), new Failure('conflict', 'Full.'), new Error('ours')])
      await expect(refusal(throws(error))).rejects.toBe(error)
  })

  test('of a missing permission names it where it is known', () => {
    expect(lacksRight({ lacks: { message: 'You need {x}.', values: { x: 'admin' } } })).toMatchObject({
      code: 'denied',
      sentence: { message: 'You need {x}.', values: { x: 'admin' } },
    })
    expect(lacksRight({}).sentence.message).toBe('You don’t have the permission in Quay that this needs.')
  })
})

describe('the requester, when the request runs', () => {
  const now = async (given: Given, request = asked()) => {
    const bot = await botWith(given)
    const found = await thrownBy(async () => {
      throw await requesterNow(bot, request, invocationOf())
    })
    return found instanceof Failure ? `${found.code}: ${found.sentence.message}` : (found as { account?: string }).account // a person
  }
  const other = 'denied: {requester} is now linked to a different Quay user than at the time of the request.'
  const noLonger = 'denied: {requester} is no longer allowed to request this.'

  test('is who asked, with the same account', async () => {
    expect(await now({})).toBe('alice')
    expect(await now({}, asked({ account: 'alicia' }))).toBe(other)
    expect(await now({}, asked({ account: null }))).toBe(other)
  })

  test('is still among those who may ask', async () => {
    expect(await now({ rule: { requesters: ['U0ALICE'] } })).toBe('alice')
    expect(await now({ rule: { requesters: ['U0BEA'] } })).toBe(noLonger)
    expect(await now({ rule: { requesters: ['U0BEA', 'everyone'] } })).toBe('alice')
    expect(await now({}, asked({ rule: ruleOf({ requesters: ['U0BEA'] }) }))).toBe(noLonger)
    expect(await now({ rule: { requesters: ['S0DEV'] }, groups: { S0DEV: ['U0ALICE'] } })).toBe('alice')
  })

  test('still has the permission themself where everybody is always asked', async () => {
    expect(await now({ rule: { ask: 'always' } })).toMatch(/^denied: You need/)
    expect(await now({ rule: { ask: 'always' }, admins: ['alice'] })).toBe('alice')
  })
})

describe('a stored command', () => {
  test('is read by today’s code, with what came since', () => {
    const request = asked({ input: { repository: 'globex/web' } })
    expect(parseStoredCommand(state.bot, request)).toMatchObject({ name: 'repo create', input: { repository: 'globex/web', admins: [] } })
  })

  test.each(
    sampled(
      [
        ['a command that is gone', { operation: 'repo explode' }, 'The command {command} no longer exists.'],
        [
          'an input that is not accepted',
          { input: { repository: '../x' } },
          '{command} no longer accepts the requested input. Request it again.',
        ],
        [
          'a field that is unknown',
          { input: { repository: 'globex/web', color: 'red' } },
          '{command} no longer accepts the requested input. Request it again.',
        ],
      ],
      3,
    ),
  )('%s is refused', async (_, change, message) => {
    expect(await thrownBy(() => parseStoredCommand(state.bot, asked(change)))).toMatchObject({ code: 'invalid', sentence: { message } })
  })
})
