import { beforeAll, expect, test } from 'vitest'
import { neverMatches } from '../../src/approvals/never-matches.ts'
import { loosened } from '../../src/approvals/policy-changes.ts'
import { commandProblem, idsOf, policyWarnings, warnOfUnknownIds } from '../../src/approvals/policy-checks.ts'
import { possibleEffects } from '../../src/approvals/possible-effects.ts'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { type PolicyFile, policyOf } from '../../src/core/policy.ts'
import { ruleOf } from './made-up.ts'

// What is said of a policy that is valid and probably not meant so, and what of a new one lets more through: by functions alone.

beforeAll(() => loadCommands())

type Written = NonNullable<PolicyFile['approvals']>[number]
const doubts = (change: Partial<Written>, ...earlier: Partial<Written>[]) =>
  neverMatches(
    ruleOf(change),
    earlier.map((one, index) => ruleOf({ name: `before ${index}`, ...one })),
  ).map(({ path, said }) => `${path.join('.')}: ${said}`)

test.each([
  [{ when: { visibility: 'public' } }, []],
  [{ when: { visiblity: 'public' } }, ['when.visiblity: none of its commands has a field visiblity, so it never matches']],
  [{ when: { visibility: 'secret' } }, ['when.visibility: visibility is never "secret", so it never matches']],
  [{ when: { visibility: ['public', 'secret'] } }, ['when.visibility: visibility is never "secret"']],
  [{ when: { visibility: ['hidden', 'secret'] } }, ['when.visibility: visibility is never "hidden", "secret", so it never matches']],
  [{ when: { visibility: true } }, ['when.visibility: visibility is never true, so it never matches']],
  [{ when: { repository: 'acme/web' } }, []],
  [{ when: { repository: 3 } }, ['when.repository: repository is never 3, so it never matches']],
  [{ operations: ['repo create', 'repo delete'], when: { visibility: 'public' } }, []],
  [{ operations: undefined, effects: ['makes-public'], when: { visibility: 'public' } }, []],
  [{ namespaces: ['acme'] }, []],
  [{ operations: ['request withdraw'], namespaces: ['acme'] }, ['namespaces: none of its commands has a namespace, so it never matches']],
  [{ operations: ['request withdraw', 'repo create'], namespaces: ['acme'] }, []],
  [{ operations: ['request withdraw'] }, []],
] as [Partial<Written>, string[]][])('a condition that no input meets: %j', (rule, said) => {
  expect(doubts(rule)).toEqual(said)
})

const covered = (by: string) => [`name: “${by}” comes first and covers the same commands, so this one never matches`]

test.each([
  ['by its name', {}, [{}], true],
  ['by more names', {}, [{ operations: ['repo delete', 'repo create'] }], true],
  ['by another name', {}, [{ operations: ['repo delete'] }], false],
  ['by one name of two', { operations: ['repo create', 'repo delete'] }, [{}], false],
  ['only under a condition', {}, [{ when: { visibility: 'public' } }], false],
  ['only in a namespace', {}, [{ namespaces: ['acme'] }], false],
  ['in the same namespace', { namespaces: ['acme'] }, [{ namespaces: ['acme', 'globex'] }], true],
  ['in one namespace of two', { namespaces: ['acme', 'zeta'] }, [{ namespaces: ['acme', 'globex'] }], false],
  ['in all namespaces', { namespaces: ['acme'] }, [{}], true],
  ['by its effects', { operations: undefined, effects: ['destroys'] }, [{ operations: undefined, effects: ['destroys', 'grants'] }], true],
  [
    'by one effect of two',
    { operations: undefined, effects: ['destroys', 'reveals'] },
    [{ operations: undefined, effects: ['reveals'] }],
    false,
  ],
  ['by an effect that it always has', { operations: ['repo delete'] }, [{ operations: undefined, effects: ['destroys'] }], true],
  ['by an effect that it may have', {}, [{ operations: undefined, effects: ['makes-public'] }], false],
  ['by an effect that it has not', { operations: ['repo delete'] }, [{ operations: undefined, effects: ['grants'] }], false],
  ['by the second', {}, [{ operations: ['repo delete'] }, {}], true],
] as [string, Partial<Written>, Partial<Written>[], boolean][])('an earlier rule covers it: %s', (_, rule, earlier, does) => {
  expect(doubts(rule, ...earlier)).toEqual(does ? covered(`before ${earlier.length - 1}`) : [])
})

test.each([
  [{ approvers: ['U0DORA', 'U0BEA'], needed: 2 }, true],
  [{ approvers: ['U0DORA', 'U0DORA'], needed: 2 }, false],
  [{ approvers: ['U0DORA'], needed: 2 }, false],
  [{ approvers: ['S0PLATFORM'], needed: 5 }, true],
  [{ approvers: ['quay:superuser'], needed: 5 }, true],
] as [Partial<Written>, boolean][])('enough approvers: %j', (rule, can) => {
  const count = new Set(rule.approvers).size
  expect(doubts(rule)).toEqual(
    can ? [] : [`needed: ${rule.needed} approvals are needed, but it names only ${count} approvers, so nothing can be approved`],
  )
})

test.each([
  [{ remind: ['4h'], expires: '1d' }, []],
  [{ remind: ['1d'], expires: '1d' }, ['remind: a reminder after the expiration is never sent']],
  [{ remind: ['4h', '2d'], expires: '1d' }, ['remind: a reminder after the expiration is never sent']],
  [{ escalate: { after: '4h', to: ['S0PLATFORM'] }, expires: '1d' }, []],
  [
    { escalate: { after: '1d', to: ['S0PLATFORM'] }, expires: '1d' },
    ['escalate.after: the request has expired by then, so it never escalates'],
  ],
] as [Partial<Written>, string[]][])('a time that never comes: %j', (rule, said) => {
  expect(doubts(rule)).toEqual(said)
})

test('a rule for approvals names a command that changes something; elsewhere any command that there is', () => {
  expect(commandProblem('repo create', 'approval')).toBeUndefined()
  expect(commandProblem('repo list', 'approval')).toMatch(/read-only/)
  expect(commandProblem('repo list', 'any')).toBeUndefined()
  expect(commandProblem('repo craete', 'any')).toMatch(/^unknown command/)
})

test('the effects of a command over all inputs', () => {
  const of = (name: string) => possibleEffects(commands.get(name)).toSorted()
  expect(of('repo create')).toEqual(['changes-limits', 'creates', 'grants', 'makes-public'])
  expect(of('repo delete')).toEqual(['destroys'])
  expect(of('repo list')).toEqual([])
  expect(of('request withdraw')).toEqual([])
  expect(possibleEffects(undefined)).toEqual([])
  const all = Object.fromEntries(
    [...commands].flatMap(([name, one]) => (typeof one.changes?.effects === 'function' ? [[name, of(name)]] : [])),
  )
  expect(all).toMatchSnapshot()
})

test('a rule on some commands leaves others with the same effect open: five are named, and how many more there are', () => {
  const warned = (rule: Partial<Written>, ...more: Partial<Written>[]) =>
    policyWarnings(
      policyOf({
        protected: ['platform'],
        approvals: [rule, ...more].map((one, index) => ({ ...(ruleFile as Written), name: `rule ${index}`, ...one })),
      }),
    )
  const ruleFile = { channel: 'C0APPROVALS', approvers: ['U0DORA'], ask: 'always' }
  const [said, ...rest] = warned({ operations: ['repo delete'] })
  expect(rest).toEqual([])
  expect(said).toMatch(
    /^approvals “rule 0”: other commands have the same effect \(destroys\): ([a-z-]+ [a-z -]+, ){5}\d+ more\. Use effects: \[destroys\]/,
  )
  expect(said).not.toContain('repo delete')
  expect(warned({ operations: ['repo delete'], ask: 'without-right' })).toEqual([])
  expect(warned({ operations: ['repo delete'] }, { effects: ['destroys'] })).toEqual([])
  expect(warned({ effects: ['destroys'] })).toEqual([])
  const of = (...given: Parameters<typeof warned>) => warned(...given).map((one) => /\(([a-z-]+)\)/.exec(one)?.[1])
  expect(of({ operations: ['repo create'] })).toEqual(['grants', 'changes-limits', 'makes-public'])
  expect(of({ operations: ['repo create'] }, { operations: ['repo visibility'] })).toEqual(['grants', 'changes-limits', 'overwrites'])
})

test('warnings name their place in the file; without a file they have none', () => {
  const own = policyOf({ approvals: [{ name: 'x', operations: ['repo create'], channel: 'C0A', approvers: ['U0DORA'], needed: 2 }] })
  const where = (path: PropertyKey[]) => `policy.yml:${path.join('/')}`
  expect(policyWarnings(own, where).map((said) => said.split(' ')[0])).toEqual(['policy.yml:protected:', 'policy.yml:approvals/0/needed:'])
  expect(policyWarnings(own).map((said) => said.slice(0, 9))).toEqual(['protected', 'approvals'])
})

test('every id that the policy names is checked, and none of the words', () => {
  const asked = { channel: 'C0FALL', approvers: ['U0FALL', 'quay:superuser'], requesters: ['everyone'] } as never
  const all = policyOf({
    identity: { map: { U0MAP: 'alice' } },
    superusers: ['S0ROOT'],
    default: 'ask',
    fallback: asked,
    approvals: [
      {
        ...{ name: 'x', operations: ['repo create'], channel: 'C0A', approvers: ['quay:namespace-admin', 'U0DORA'] },
        ...{ requesters: ['U0ALICE'], escalate: { after: '1h', to: ['S0LATE'] } },
      },
    ],
  })
  expect([...idsOf(all)].toSorted()).toEqual(['C0A', 'C0FALL', 'S0LATE', 'S0ROOT', 'U0ALICE', 'U0DORA', 'U0FALL', 'U0MAP'])
  expect([...idsOf(policyOf({}))]).toEqual([])
})

test('an id that Slack does not know is told with why, and kept for the status unless it is a channel or Slack did not answer', async () => {
  const lost = (error?: string) => Promise.reject(Object.assign(new Error('x'), error && { data: { error } }))
  const users: Record<string, () => Promise<object>> = {
    U0GONE: () => lost('user_not_found'),
    U0LEFT: async () => ({ user: { deleted: true } }),
    U0LOST: () => lost(),
  }
  const channels: Record<string, object> = {
    C0OLD: { is_archived: true, is_member: true },
    C0OUT: { is_member: false },
    C0IN: { is_member: true },
  }
  let listed = 0
  const slack = (groups: () => Promise<object>) => ({
    unknown: new Map<string, string>(),
    directory: {
      users: { info: ({ user }: { user: string }) => users[user]?.() ?? Promise.resolve({ user: {} }) },
      conversations: { info: async ({ channel }: { channel: string }) => ({ channel: channels[channel] }) },
      usergroups: {
        list: () => {
          listed += 1
          return groups()
        },
      },
    },
  })
  const checked = async (approvers: string[], channel: string, groups: () => Promise<object>) => {
    const told: unknown[] = []
    const one = slack(groups)
    const policy = policyOf({ approvals: [{ name: 'x', operations: ['repo create'], channel, approvers: approvers as never }] })
    await warnOfUnknownIds(one as never, policy, { warn: (...all: unknown[]) => told.push(all[0]) } as never)
    return { told, unknown: Object.fromEntries(one.unknown) }
  }
  const known = async () => ({ usergroups: [{ id: 'S0THERE' }] })
  expect(await checked(['U0DORA', 'U0GONE', 'U0LEFT', 'U0LOST'], 'C0IN', known)).toEqual({
    told: [
      { id: 'U0GONE', problem: 'user_not_found' },
      { id: 'U0LEFT', problem: 'deactivated' },
      { id: 'U0LOST', problem: 'no answer' },
    ],
    unknown: { U0GONE: 'user_not_found', U0LEFT: 'deactivated' },
  })
  expect(listed).toBe(0)
  expect(await checked(['S0THERE', 'S0GONE'], 'C0OLD', known)).toEqual({
    told: [
      { id: 'S0GONE', problem: 'no_such_subteam' },
      { id: 'C0OLD', problem: 'is_archived' },
    ],
    unknown: { S0GONE: 'no_such_subteam' },
  })
  expect(await checked(['S0GONE'], 'C0OUT', () => lost('missing_scope'))).toEqual({
    told: [{ problem: 'missing_scope' }, { id: 'C0OUT', problem: 'not_in_channel' }],
    unknown: {},
  })
})

const fallback = { channel: 'C0A', approvers: ['U0DORA'] as ['U0DORA'] }
const one = { name: 'one', operations: ['repo create'] as ['repo create'], ...fallback }
const loose = (before: PolicyFile, after: PolicyFile) => loosened(policyOf(before), policyOf(after))

test.each([
  ['default', { default: 'refuse' }, { default: 'run' }],
  ['identity.email', { identity: { email: false } }, { identity: { email: true } }],
  ['identity.email', { identity: { email: true } }, { identity: { email: 'unverified' } }],
  ['identity.domains', { identity: {} }, { identity: { domains: [['a.com', 'b.com']] } }],
  ['archives.hosts', { archives: { hosts: [] } }, { archives: { hosts: ['x.com'] } }],
  ['superusers', { superusers: ['U0BEA'] }, { superusers: ['U0BEA', 'U0DORA'] }],
  ['temporary.longest', { temporary: { longest: '1h' } }, { temporary: { longest: '2h' } }],
  ['temporary.required', { temporary: { required: [{}, { permissions: ['write'] }] } }, { temporary: { required: [{}] } }],
] as [string, PolicyFile, PolicyFile][])('%s: %j lets less through than %j', (place, before, after) => {
  expect(loose(before, after)).toEqual([place])
  expect(loose(after, before)).toEqual([])
  expect(loose(before, before)).toEqual([])
})

test.each([
  ['default', { default: 'ask', fallback }, { default: 'run' }],
  ['superusers', { superusers: ['U0BEA'] }, {}],
  ['protected', { protected: ['a', 'b'] }, { protected: ['a'] }],
  ['identity.map', { identity: { map: { U0BEA: 'bea' } } }, { identity: { map: { U0BEA: 'root' } } }],
  ['temporary.longest', { temporary: { longest: '1h' } }, {}],
  [
    'temporary.required',
    { temporary: { required: [{ permissions: ['write'] }] } },
    { temporary: { required: [{}, { permissions: ['write'] }] } },
  ],
  ['break-glass', {}, { 'break-glass': [{ people: ['U0BEA'], permissions: ['write'], namespaces: ['acme'], channel: 'C0A' }] }],
  ['fallback', { default: 'ask', fallback: { ...fallback, needed: 2 } }, { default: 'ask', fallback }],
  ['approvals “one”', { approvals: [one] }, {}],
] as [string, PolicyFile, PolicyFile][])('%s: %j, then %j', (place, before, after) => {
  expect(loose(before, after)).toEqual([place])
})

test('what only refuses or asks more is not looser', () => {
  expect(loose({}, { superusers: ['U0BEA'] })).toEqual([])
  expect(loose({ protected: ['a'] }, { protected: ['b', 'a'] })).toEqual([])
  expect(loose({ identity: { map: { U0BEA: 'bea' } } }, {})).toEqual([])
  expect(loose({}, { temporary: { longest: '1h', required: [{}] } })).toEqual([])
  expect(loose({ temporary: { longest: '2h' } }, { temporary: { longest: '2h' } })).toEqual([])
  expect(loose({ default: 'run', fallback: { ...fallback, needed: 2 } }, { default: 'run', fallback })).toEqual([])
  expect(loose({ default: 'refuse' }, { default: 'ask', fallback })).toEqual(['default', 'fallback'])
})

test.each([
  ['another condition', { ...one, namespaces: ['acme'] }, true],
  ['other commands', { ...one, operations: ['repo delete'] }, true],
  ['a when', { ...one, when: { visibility: 'public' } }, true],
  ['ask: always no more', one, true, { ...one, ask: 'always' }],
  ['ask: always now', { ...one, ask: 'always' }, false],
  ['fewer approvals', { ...one, needed: 1 }, true, { ...one, needed: 2 }],
  ['more approvals', { ...one, needed: 2 }, false],
  ['a longer time', { ...one, expires: '4d' }, true],
  ['a shorter time', { ...one, expires: '2d' }, false],
  ['another approver', { ...one, approvers: ['U0DORA', 'U0BEA'] }, true],
  ['an approver less', one, false, { ...one, approvers: ['U0DORA', 'U0BEA'] }],
  ['another requester', { ...one, requesters: ['U0BEA', 'U0ALICE'] }, true, { ...one, requesters: ['U0BEA'] }],
  ['everybody asks', one, true, { ...one, requesters: ['U0BEA'] }],
  ['only some ask', { ...one, requesters: ['U0BEA'] }, false],
  ['no reason required', one, true, { ...one, reason: { required: true } }],
  ['a reason required', { ...one, reason: { required: true } }, false],
  ['another pattern', { ...one, reason: { pattern: 'b' } }, true, { ...one, reason: { pattern: 'a' } }],
  ['the same pattern', { ...one, reason: { pattern: 'a' } }, false, { ...one, reason: { pattern: 'a' } }],
  ['a pattern now', { ...one, reason: { pattern: 'a' } }, false],
] as [string, Written, boolean, Written?][])('a rule with %s', (_, after, is, before = one) => {
  expect(loose({ approvals: [before] }, { approvals: [after] })).toEqual(is ? ['approvals “one”'] : [])
})

test('a new rule lets more through unless it stands last, always asks, and everything ran before; a moved one does', () => {
  const two = { ...one, name: 'two', operations: ['repo delete'] as ['repo delete'], ask: 'always' as const }
  expect(loose({ approvals: [one] }, { approvals: [one, two] })).toEqual([])
  expect(loose({ approvals: [one] }, { approvals: [two, one] })).toEqual(['approvals “two”'])
  expect(loose({ approvals: [one] }, { approvals: [one, { ...two, ask: 'without-right' }] })).toEqual(['approvals “two”'])
  expect(loose({ default: 'refuse', approvals: [one] }, { default: 'refuse', approvals: [one, two] })).toEqual(['approvals “two”'])
  expect(loose({ approvals: [one, two] }, { approvals: [two, one] })).toEqual(['approvals “two”', 'approvals “one”'])
  expect(loose({ approvals: [one, two] }, { approvals: [two] })).toEqual(['approvals “one”'])
  expect(loose({}, { approvals: [two] })).toEqual([])
})
