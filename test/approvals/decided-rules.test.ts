import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { couldAsk, type Invocation, ruleFor, rulesAbout, rulingFor } from '../../src/approvals/rules.ts'
import { termsFor, termsOf } from '../../src/approvals/temporary.ts'
import { type Command, command, type Effect } from '../../src/command/command.ts'
import { loadCommands } from '../../src/command/registry.ts'
import { type PolicyFile, policyOf } from '../../src/core/policy.ts'
import { message } from '../../src/slack/blocks.ts'

// What a rule of the policy matches and what follows from it: both sides of each condition, by the functions alone.

beforeAll(() => loadCommands())

const input = z.strictObject({
  repository: z.string().meta({ of: 'repository' }),
  team: z.string().optional().meta({ of: 'robot' }),
  size: z.number().optional(),
  labels: z.array(z.string()).default([]),
})

const base = {
  summary: 'Do something',
  input,
  examples: ['repo make acme/web'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  run: async () => ({}),
  view: () => message('Done.'),
} as const

const changes = (effects: unknown) => ({ effects, facts: { none: 'a test' }, retry: 'never', manualCheck: () => 'status' })

const kinds = {
  reads: command(base as never),
  own: command({ ...base, changes: changes({ ownBusiness: 'it is the bot’s' }) } as never),
  grants: command({ ...base, changes: changes(['grants', 'creates']) } as never),
  varies: command({ ...base, changes: changes(({ size }: { size?: number }): Effect[] => (size ? ['destroys'] : ['creates'])) } as never),
} as unknown as Record<'reads' | 'own' | 'grants' | 'varies', Command>

const about = (kind: keyof typeof kinds, given: object = {}): Invocation => ({
  name: `repo ${kind}`,
  command: kinds[kind],
  input: { repository: 'Acme/web', labels: [], ...given },
})

type Written = NonNullable<PolicyFile['approvals']>[number]
const to = { channel: 'C0APPROVALS', approvers: ['U0DORA'] } as const
const named = (change: Partial<Written>): Written => ({ name: 'one', ...to, approvers: ['U0DORA'], ...change })
const policy = (rules: Partial<Written>[], more: Partial<PolicyFile> = {}) =>
  policyOf({ approvals: rules.map((rule, index) => named({ name: `rule ${index}`, ...rule })), ...more })
const matched = (rules: Partial<Written>[], invocation: Invocation, more: Partial<PolicyFile> = {}) =>
  ruleFor(policy(rules, more), invocation)?.name

const nobody = async () => false

test.each([
  ['by its name', { operations: ['repo grants'] }, about('grants'), true],
  ['another name', { operations: ['repo reads', 'repo own'] }, about('grants'), false],
  ['one of two names', { operations: ['repo own', 'repo grants'] }, about('grants'), true],
  ['by one of its effects', { effects: ['grants'] }, about('grants'), true],
  ['by the other effect', { effects: ['destroys', 'creates'] }, about('grants'), true],
  ['another effect', { effects: ['destroys'] }, about('grants'), false],
  ['an effect that this input has', { effects: ['destroys'] }, about('varies', { size: 1 }), true],
  ['an effect that only another input has', { effects: ['destroys'] }, about('varies'), false],
  ['the bot’s own business has none', { effects: ['creates', 'grants'] }, about('own'), false],
  ['a namespace, in whatever case', { effects: ['grants'], namespaces: ['aCME'] }, about('grants'), true],
  ['a glob', { effects: ['grants'], namespaces: ['zeta', 'ac*'] }, about('grants'), true],
  ['another namespace', { effects: ['grants'], namespaces: ['acme2', 'cme'] }, about('grants'), false],
  ['one of two namespaces', { effects: ['grants'], namespaces: ['globex'] }, about('grants', { team: 'globex+ci' }), true],
  ['a value', { effects: ['grants'], when: { size: 3 } }, about('grants', { size: 3 }), true],
  ['another value', { effects: ['grants'], when: { size: 3 } }, about('grants', { size: 4 }), false],
  ['a value that is not given', { effects: ['grants'], when: { size: 3 } }, about('grants'), false],
  ['one of the wanted values', { effects: ['grants'], when: { size: [3, 4] } }, about('grants', { size: 4 }), true],
  ['one of the values given', { effects: ['grants'], when: { labels: 'prod' } }, about('grants', { labels: ['dev', 'prod'] }), true],
  ['none of the values given', { effects: ['grants'], when: { labels: 'prod' } }, about('grants', { labels: ['dev'] }), false],
  ['both conditions', { effects: ['grants'], when: { size: 3, labels: 'prod' } }, about('grants', { size: 3, labels: ['prod'] }), true],
  ['only one of both', { effects: ['grants'], when: { size: 3, labels: 'prod' } }, about('grants', { size: 3 }), false],
  ['what, but not where', { effects: ['grants'], namespaces: ['globex'], when: { size: 3 } }, about('grants', { size: 3 }), false],
  ['where, but not what', { effects: ['destroys'], namespaces: ['acme'] }, about('grants'), false],
] as [string, Partial<Written>, Invocation, boolean][])('a rule matches: %s', (_, rule, invocation, does) => {
  expect(matched([rule], invocation)).toBe(does ? 'rule 0' : undefined)
})

test('the first rule that matches counts; the fallback only under ask, and only for what changes something in Quay', () => {
  const rules: Partial<Written>[] = [{ operations: ['repo own'] }, { effects: ['grants'] }, { operations: ['repo grants'] }]
  expect(matched(rules, about('grants'))).toBe('rule 1')
  const fallback = { ...to, approvers: ['U0BEA'] as ['U0BEA'] }
  const ask = { default: 'ask', fallback } as const
  expect(matched(rules, about('grants'), ask)).toBe('rule 1')
  expect(matched(rules, about('varies'), ask)).toBe('default')
  expect(matched(rules, about('reads'), ask)).toBeUndefined()
  expect(matched([], about('own'), ask)).toBeUndefined()
  for (const other of ['run', 'refuse'] as const) expect(matched([], about('varies'), { default: other, fallback })).toBeUndefined()
})

test.each([
  ['reads', true, {}, { verdict: 'run', stranger: false }],
  ['reads', false, {}, { verdict: 'refuse', stranger: false }],
  ['varies', true, {}, { verdict: 'run', stranger: false }],
  ['varies', false, {}, { verdict: 'refuse', stranger: false }],
  ['varies', true, { default: 'refuse' }, { verdict: 'refuse', stranger: false }],
  ['varies', false, { default: 'refuse' }, { verdict: 'refuse', stranger: false }],
  ['own', true, { default: 'refuse' }, { verdict: 'run', stranger: false }],
  ['own', false, { default: 'refuse' }, { verdict: 'refuse', stranger: false }],
  ['reads', true, { default: 'refuse' }, { verdict: 'run', stranger: false }],
] as const)('without a rule: %s, with the right %s, %j', async (kind, may, more, ruling) => {
  expect(await rulingFor(policy([], more), about(kind), { may, isAmong: nobody })).toEqual(ruling)
})

test.each([
  // ask, may, among the requesters: what follows
  ['without-right', true, false, 'run', undefined],
  ['without-right', false, false, 'refuse', true],
  ['without-right', false, true, 'ask', undefined],
  ['without-right', true, true, 'run', undefined],
  ['always', true, true, 'ask', undefined],
  ['always', true, false, 'refuse', true],
  ['always', false, true, 'refuse', false],
  ['always', false, false, 'refuse', false],
] as const)('a rule with ask %s, right %s, among its requesters %s: %s', async (ask, may, among, verdict, stranger) => {
  const asked: string[][] = []
  const isAmong = async (ids: string[]) => {
    asked.push(ids)
    return among
  }
  const rules = policy([{ effects: ['grants'], ask, requesters: ['S0DEVS', 'U0ALICE'] }])
  const ruling = await rulingFor(rules, about('grants'), { may, isAmong })
  expect(ruling).toEqual({ verdict, rule: rules.approvals[0], ...(stranger !== undefined && { stranger }) })
  const everybody = policy([{ effects: ['grants'], ask, requesters: ['everyone'] }])
  const open = await rulingFor(everybody, about('grants'), { may, isAmong: nobody })
  expect(open.verdict).toBe(ask === 'always' ? (may ? 'ask' : 'refuse') : may ? 'run' : 'ask')
  for (const ids of asked) expect(ids).toEqual(['S0DEVS', 'U0ALICE'])
})

test.each([
  ['reads', 'run', [], false],
  ['reads', 'ask', [{ effects: ['grants'] }], false],
  ['grants', 'run', [], false],
  ['grants', 'ask', [], true],
  ['own', 'ask', [], true],
  ['grants', 'run', [{ effects: ['grants'] }], true],
  ['grants', 'run', [{ effects: ['destroys'] }], false],
  ['grants', 'refuse', [{ operations: ['repo grants'] }], true],
  ['grants', 'run', [{ operations: ['repo own'] }], false],
] as const)('%s under default %s and %j could be asked for: %s', (kind, otherwise, rules, could) => {
  const fallback = { ...to, approvers: ['U0BEA'] as ['U0BEA'] }
  const asked = policy(rules as never, { default: otherwise, ...(otherwise === 'ask' && { fallback }) })
  expect(couldAsk(asked, `repo ${kind}`, kinds[kind])).toBe(could)
})

test('the rules about a command: by its name, or by an effect that it has or may have; none by effect of what has none', () => {
  const all = policy([
    { operations: ['repo varies'] },
    { operations: ['repo grants', 'repo own', 'repo reads'] },
    { effects: ['destroys'] },
    { effects: ['grants'] },
    { effects: ['reveals', 'creates'] },
  ])
  const names = (kind: keyof typeof kinds) => rulesAbout(all, `repo ${kind}`, kinds[kind]).map(({ name }) => name)
  expect(names('grants')).toEqual(['rule 1', 'rule 3', 'rule 4'])
  // Which of all effects it has depends on what is entered.
  expect(names('varies')).toEqual(['rule 0', 'rule 2', 'rule 3', 'rule 4'])
  expect(names('own')).toEqual(['rule 1'])
  expect(names('reads')).toEqual(['rule 1'])
})

const lasting = (permission: 'read' | 'write' | 'admin' | 'team', object = 'Acme/web') => ({ permission, object })

test.each([
  ['nothing is required', [], lasting('write'), [], { required: false, longest: 1 }],
  ['of every permission', [{}], lasting('read'), [], { required: true, longest: 1 }],
  ['of this permission', [{ permissions: ['write', 'admin'] }], lasting('admin'), [], { required: true, longest: 1 }],
  ['of another permission', [{ permissions: ['write'] }], lasting('admin'), [], { required: false, longest: 1 }],
  ['there, in whatever case', [{ namespaces: ['globex', 'aCM?'] }], lasting('write'), [], { required: true, longest: 1 }],
  ['elsewhere', [{ namespaces: ['globex', 'web'] }], lasting('write'), [], { required: false, longest: 1 }],
  ['this, but elsewhere', [{ permissions: ['write'], namespaces: ['globex'] }], lasting('write'), [], { required: false, longest: 1 }],
  ['there, but not this', [{ permissions: ['read'], namespaces: ['acme'] }], lasting('write'), [], { required: false, longest: 1 }],
  ['of these people', [{ requesters: ['S0DEVS'] }], lasting('write'), ['S0DEVS'], { required: true, longest: 1 }],
  ['of other people', [{ requesters: ['S0DEVS'] }], lasting('write'), [], { required: false, longest: 1 }],
  ['its own limit', [{ longest: '2h' }], lasting('write'), [], { required: true, longest: 2 }],
  ['the first counts', [{ longest: '2h' }, { longest: '3h' }], lasting('write'), [], { required: true, longest: 2 }],
  [
    'the first that matches counts',
    [{ permissions: ['team'], longest: '2h' }, { longest: '3h' }],
    lasting('write'),
    [],
    { required: true, longest: 3 },
  ],
] as const)('what must end: %s', async (_, required, given, among, { required: must, longest }) => {
  const asked = policyOf({ temporary: { required: required as never, longest: '1h' } })
  const isAmong = async (ids: string[]) => ids.some((id) => (among as readonly string[]).includes(id))
  expect(await termsFor(asked, given, isAmong)).toEqual({ required: must, longest: longest * 3_600_000 })
})

test('of several permissions the strictest terms hold; what gives none has no terms', async () => {
  const rules = policyOf({ temporary: { required: [{ permissions: ['write'], longest: '2h' }, { permissions: ['admin'] }] } })
  const of = (gives: object[] | undefined, endsAt?: number) =>
    termsOf(rules, { name: 'x', command: { lasting: () => gives && { gives, endsAt } } as never, input: {} }, async () => false, 0)
  expect(await of(undefined)).toBeUndefined()
  expect(await of([])).toBeUndefined()
  expect(await termsOf(rules, { name: 'x', command: {} as never, input: {} }, async () => false, 0)).toBeUndefined()
  expect(await of([lasting('read')], 7)).toEqual({ required: false, longest: undefined, endsAt: 7 })
  expect(await of([lasting('read'), lasting('write')])).toEqual({ required: true, longest: 7_200_000, endsAt: undefined })
  expect(await of([lasting('admin'), lasting('read')])).toEqual({ required: true, longest: undefined, endsAt: undefined })
  const limited = policyOf({ temporary: { longest: '5h', required: [{ permissions: ['write'], longest: '8h' }] } })
  const both = { lasting: () => ({ gives: [lasting('write'), lasting('read')], endsAt: undefined }) } as never
  expect(await termsOf(limited, { name: 'x', command: both, input: {} }, async () => false, 0)).toMatchObject({ longest: 18_000_000 })
})
