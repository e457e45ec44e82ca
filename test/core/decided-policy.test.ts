import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type CheckCommand, type PolicyFile, parsePolicy, policyOf, readPolicy, replacePolicy } from '../../src/core/policy.ts'

// What a policy may say, and what each sentence of it becomes: the last that is taken and the first that is not.

function problems(text: string, check?: CheckCommand) {
  const read = parsePolicy('policy.yml', text, check)
  return 'problems' in read ? read.problems : []
}
/** As JSON, which YAML takes. */
const of = (written: object, check?: CheckCommand) => problems(JSON.stringify(written), check)
const rule = (more: object = {}) => ({
  approvals: [{ name: 'one', effects: ['creates'], channel: 'C024BE91L', approvers: ['U024BE7LH'], ...more }],
})
const glass = (more: object = {}) => ({
  'break-glass': [{ people: ['S0ONCALL'], permissions: ['write'], namespaces: ['prod-*'], channel: 'C024BE91L', ...more }],
})

const taken: [what: string, policy: object][] = [
  ['nothing', {}],
  ['a Slack user', { identity: { map: { U02: 'alice', W02: 'bea' } } }],
  ['addresses', { identity: { email: true } }],
  ['no addresses', { identity: { email: false } }],
  ['addresses that nobody verified', { identity: { email: 'unverified' } }],
  ['two domains', { identity: { domains: [['a.example', 'B.example']] } }],
  [
    'domains of two companies',
    {
      identity: {
        domains: [
          ['a.example', 'b.example'],
          ['c.example', 'd.example', 'e.example'],
        ],
      },
    },
  ],
  ['a domain of ten parts', { identity: { domains: [['a.b.c.d.e.f.g.h.i.j', 'b.example']] } }],
  ['a part of 63 letters', { identity: { domains: [[`${'a'.repeat(63)}.example`, 'b.example']] } }],
  ['a domain of 253 letters', { identity: { domains: [[`${`${'a'.repeat(62)}.`.repeat(4)}a`, 'b.example']] } }],
  ['superusers', { superusers: ['U024BE7LH', 'W024', 'S0ADMINS'] }],
  ['no superusers', { superusers: [] }],
  ['channels', { operators: 'C024BE91L' }],
  ['private channels', { operators: 'G024BE91L' }],
  ['a level', { log: 'debug' }],
  ['hosts', { archives: { hosts: ['*.corp.example'] } }],
  ['a ceiling', { subscriptions: { ceiling: 1 } }],
  ['a longest time', { temporary: { longest: '9999w' } }],
  [
    'what must end',
    {
      temporary: {
        required: [
          { permissions: ['read', 'write', 'admin', 'team'], namespaces: ['prod-*'], requesters: ['everyone', 'S0ALL'], longest: '12h' },
        ],
      },
    },
  ],
  ['what must end, and nothing else', { temporary: { required: [{}] } }],
  ['run', { default: 'run' }],
  ['refuse', { default: 'refuse' }],
  ['ask, with a fallback', { default: 'ask', fallback: { channel: 'C024BE91L', approvers: ['quay:superuser'] } }],
  ['a fallback for later', { fallback: { channel: 'C024BE91L', approvers: ['quay:namespace-admin'] } }],
  ['break-glass', glass()],
  ['break-glass for 4 hours', glass({ longest: '4h' })],
  ['break-glass for all', glass({ permissions: ['read', 'write', 'admin'], approvers: ['U024BE7LH'] })],
  ['no Slackbot', { mcp: 'off' }],
  ['a Slackbot that reads', { mcp: 'read' }],
  ['a Slackbot for some commands', { mcp: { allow: 'on', commands: ['repo show'] } }],
  ['a Slackbot for all', { mcp: { allow: 'on' } }],
  ['a rule', rule()],
  ['a rule on commands', rule({ effects: undefined, commands: ['repo create'] })],
  ['a rule in the words of 0.1.0', rule({ effects: undefined, operations: ['repo create'] })],
  ['a name of 1 letter', rule({ name: 'a' })],
  ['a name of 100', rule({ name: 'a'.repeat(100) })],
  ['a condition', rule({ when: { visibility: 'public', keep: 20, force: true, names: ['a', 2, false] } })],
  ['20 approvals', rule({ needed: 20 })],
  ['10 reminders', rule({ remind: Array(10).fill('1h') })],
  ['an escalation', rule({ escalate: { after: '2d', to: ['S0MANAGERS'] } })],
  ['a reason', rule({ reason: { required: true, pattern: 'JIRA-\\d+' } })],
  ['delegation', rule({ delegation: false })],
  ['a user group that approves', rule({ approvers: ['S0PLATFORM', 'quay:namespace-admin'] })],
  ['who may ask', rule({ requesters: ['everyone', 'S0ALL'] })],
  ['two rules', { approvals: [...rule().approvals, ...rule({ name: 'two' }).approvals] }],
  ...['creates', 'makes-public', 'grants', 'destroys', 'overwrites', 'reveals', 'runs-code', 'changes-limits'].map(
    (effect): [string, object] => [effect, rule({ effects: [effect] })],
  ),
  ...['1m', '9h', '99d', '999w'].map((expires): [string, object] => [expires, rule({ expires })]),
  ...['direct', 'mention', 'none'].map((notify): [string, object] => [notify, rule({ notify })]),
  ...['without-right', 'always'].map((ask): [string, object] => [ask, rule({ ask })]),
]
test.each(taken)('a policy may say %s', (_, policy) => {
  expect(of(policy)).toEqual([])
})

const refused: [what: string, policy: object, problem: RegExp][] = [
  ['a user group in the map', { identity: { map: { S0ADMINS: 'alice' } } }, /identity\.map/],
  ['an id in the map with something before it', { identity: { map: { xU024BE7LH: 'alice' } } }, /identity\.map/],
  ['an id in the map with something behind it', { identity: { map: { 'U024BE7LH x': 'alice' } } }, /identity\.map/],
  ['an account that cannot be', { identity: { map: { U024BE7LH: 'a b' } } }, /identity\.map\.U024BE7LH: is not a valid name/],
  ['a short id', { identity: { map: { U0: 'alice' } } }, /identity\.map/],
  ['an id with something before it', { superusers: ['xU024BE7LH'] }, /superusers\[1\]: must be the ID of a Slack user or user group/],
  ['an id with something behind it', { superusers: ['U024BE7LH x'] }, /superusers\[1\]: must be the ID of a Slack user or user group/],
  ['an id in small letters', { superusers: ['u024be7lh'] }, /superusers\[1\]: must be the ID/],
  ['a short id of a superuser', { superusers: ['U0'] }, /superusers\[1\]: must be the ID/],
  ['another word for addresses', { identity: { email: 'yes' } }, /identity\.email/],
  ['one domain alone', { identity: { domains: [['a.example']] } }, /must name at least two domains/],
  ['a domain twice in a list', { identity: { domains: [['a.example', 'A.example']] } }, /names a domain twice/],
  [
    'a domain in two lists',
    {
      identity: {
        domains: [
          ['a.example', 'b.example'],
          ['c.example', 'a.example'],
        ],
      },
    },
    /names a domain twice/,
  ],
  ['a domain without a dot', { identity: { domains: [['a', 'b.example']] } }, /must be a mail domain/],
  ['a domain of eleven parts', { identity: { domains: [['a.b.c.d.e.f.g.h.i.j.k', 'b.example']] } }, /must be a mail domain/],
  ['a part of 64 letters', { identity: { domains: [[`${'a'.repeat(64)}.example`, 'b.example']] } }, /must be a mail domain/],
  ['a domain of 254 letters', { identity: { domains: [[`${`${'a'.repeat(62)}.`.repeat(4)}aa`, 'b.example']] } }, /identity\.domains/],
  ['an address in place of a domain', { identity: { domains: [['x@a.example', 'b.example']] } }, /must be a mail domain/],
  ['a domain with a space behind it', { identity: { domains: [['a.example ', 'b.example']] } }, /must be a mail domain/],
  ['a direct message as a channel', { operators: 'D024BE91L' }, /operators: must be the ID of a Slack channel/],
  ['a channel by its name', { operators: '#quay' }, /operators: must be the ID of a Slack channel/],
  ['a short channel', { operators: 'C0' }, /operators: must be the ID of a Slack channel/],
  ['a channel with something before it', { operators: 'xC024BE91L' }, /operators: must be the ID/],
  ['a channel with something behind it', { operators: 'C024BE91L ' }, /operators: must be the ID/],
  ['a level that pino lacks', { log: 'loud' }, /log: must be a level of pino/],
  ['a ceiling of none', { subscriptions: { ceiling: 0 } }, /subscriptions\.ceiling/],
  ['half a ceiling', { subscriptions: { ceiling: 1.5 } }, /subscriptions\.ceiling/],
  ['no time', { temporary: { longest: '0h' } }, /must be a number of minutes, hours, days or weeks/],
  ['a time without a unit', { temporary: { longest: '12' } }, /must be a number of minutes, hours, days or weeks/],
  ['seconds', { temporary: { longest: '12s' } }, /must be a number of minutes, hours, days or weeks/],
  ['a time of five digits', { temporary: { longest: '10000m' } }, /must be a number of minutes, hours, days or weeks/],
  ['a time with something before it', { temporary: { longest: 'x1h' } }, /must be a number of minutes/],
  ['a time with something behind it', { temporary: { longest: '1hx' } }, /must be a number of minutes/],
  ['a permission that cannot end', { temporary: { required: [{ permissions: ['owner'] }] } }, /temporary\.required\[1\]\.permissions/],
  ['no permissions that must end', { temporary: { required: [{ permissions: [] }] } }, /must name at least one/],
  ['no namespaces where they must', { temporary: { required: [{ namespaces: [] }] } }, /must name at least one/],
  ['nobody who must', { temporary: { required: [{ requesters: [] }] } }, /must name at least one/],
  ['what it cannot know of what must end', { temporary: { required: [{ foo: 1 }] } }, /unknown setting/],
  ['another default', { default: 'allow' }, /default: must be run or ask or refuse/],
  ['ask without a fallback', { default: 'ask' }, /fallback: `default: ask` also needs a fallback/],
  [
    'a fallback with conditions',
    { fallback: { channel: 'C024BE91L', approvers: ['quay:superuser'], effects: ['creates'] } },
    /unknown setting/,
  ],
  ['a fallback without a channel', { fallback: { approvers: ['quay:superuser'] } }, /fallback\.channel: is missing/],
  ['break-glass for nobody', glass({ people: [] }), /must name who may/],
  ['break-glass of nothing', glass({ permissions: [] }), /must name at least one/],
  ['break-glass of a team', glass({ permissions: ['team'] }), /permissions/],
  ['break-glass nowhere', glass({ namespaces: [] }), /must name at least one/],
  ['break-glass in a direct message', glass({ channel: 'D024BE91L' }), /must be the ID of a Slack channel/],
  ['break-glass in a channel with something around it', glass({ channel: 'xC024BE91L' }), /must be the ID of a Slack channel/],
  ['break-glass in a short channel', glass({ channel: 'C0' }), /must be the ID of a Slack channel/],
  ['break-glass in a channel and more', glass({ channel: 'C024BE91L.' }), /must be the ID of a Slack channel/],
  ['break-glass for 241 minutes', glass({ longest: '241m' }), /must be 4h at most/],
  ['break-glass with Quay’s superusers', glass({ approvers: ['quay:superuser'] }), /must be the ID/],
  ['another word for Slackbot', { mcp: 'write' }, /mcp: must be off, read or on/],
  ['a Slackbot for no commands', { mcp: { allow: 'on', commands: [] } }, /mcp/],
  ['a Slackbot of other settings', { mcp: { allow: 'on', foo: 1 } }, /mcp/],
  ['a rule on nothing', rule({ effects: undefined }), /commands: must have either commands or effects/],
  ['a rule on commands and effects', rule({ commands: ['repo create'] }), /commands: must have either commands or effects/],
  [
    'a rule on commands in both words',
    rule({ effects: undefined, commands: ['repo create'], operations: ['repo create'] }),
    /must have either/,
  ],
  ['a rule on no commands', rule({ effects: undefined, commands: [] }), /must name at least one/],
  ['a rule on no operations', rule({ effects: undefined, operations: [] }), /must name at least one/],
  ['a rule on no effects', rule({ effects: [] }), /must name at least one/],
  ['a rule on no namespaces', rule({ namespaces: [] }), /must name at least one/],
  ['a rule for nobody', rule({ requesters: [] }), /must name at least one/],
  ['a rule that nobody approves', rule({ approvers: [] }), /must name at least one/],
  ['an approver that is none', rule({ approvers: ['quay:everyone'] }), /approvers\[1\]/],
  ['a rule without a name', rule({ name: '' }), /name: must be at least 1/],
  ['a name of 101', rule({ name: 'a'.repeat(101) }), /name: must be at most 100/],
  ['a condition without a value', rule({ when: { visibility: [] } }), /when\.visibility/],
  ['a condition on a list of lists', rule({ when: { visibility: [['a']] } }), /when\.visibility/],
  ['no approvals', rule({ needed: 0 }), /needed: must be at least 1/],
  ['21 approvals', rule({ needed: 21 }), /needed: must be at most 20/],
  ['half an approval', rule({ needed: 1.5 }), /needed/],
  ['11 reminders', rule({ remind: Array(11).fill('1h') }), /remind: must name at most 10/],
  ['an escalation to nobody', rule({ escalate: { after: '2d', to: [] } }), /escalate\.to: must name at least one/],
  ['an escalation at no time', rule({ escalate: { to: ['S0MANAGERS'] } }), /escalate\.after: is missing/],
  ['a channel that is none', rule({ channel: 'general' }), /channel: must be the ID of a Slack channel/],
  ['a short channel of a rule', rule({ channel: 'C0' }), /channel: must be the ID of a Slack channel/],
  ['a channel of a rule with something before it', rule({ channel: 'xC024BE91L' }), /channel: must be the ID of a Slack channel/],
  ['a channel of a rule with something behind it', rule({ channel: 'C024BE91L!' }), /channel: must be the ID of a Slack channel/],
  ['a pattern that is none', rule({ reason: { pattern: '(' } }), /reason\.pattern: is not a valid regular expression/],
  ['a pattern that looks ahead', rule({ reason: { pattern: '(?=a)' } }), /look-ahead, look-behind or an atomic group/],
  ['a pattern that refers back', rule({ reason: { pattern: '(a)\\1' } }), /uses a back-reference/],
  ['a rule of another name twice', { approvals: [...rule().approvals, ...rule().approvals] }, /two rules have the same name/],
  ['what it does not know', { foo: 1 }, /foo: unknown setting/],
  ['what it does not know of identity', { identity: { foo: 1 } }, /identity\.foo: unknown setting/],
  ['what it does not know of a rule', rule({ foo: 1 }), /foo: unknown setting/],
]
test.each(refused)('a policy may not say %s', (_, policy, problem) => {
  expect(of(policy)).toEqual([expect.stringMatching(problem)])
})

const base = {
  identity: { map: {}, email: true },
  protected: [],
  archives: { hosts: [] },
  default: 'run',
  temporary: { required: [] },
  'break-glass': [],
  mcp: { allow: 'off', commands: undefined },
  approvals: [],
}
const asked = {
  ask: 'without-right',
  requesters: ['everyone'],
  needed: 1,
  notify: 'direct',
  remind: [],
  expires: 3 * 24 * 3_600_000,
  reason: { required: false },
}
test('what is not said is the usual', () => {
  expect(policyOf({})).toEqual(base)
  const approvers = ['U024BE7LH'] as ['U024BE7LH'] // one at least
  const { approvals, ...rest } = policyOf({
    ...(rule() as PolicyFile), // as it is written above
    'break-glass': glass()['break-glass'] as PolicyFile['break-glass'], // as it is written above
    fallback: { channel: 'C024BE91L', approvers },
    temporary: { required: [{}] },
  })
  expect(approvals).toEqual([{ ...asked, name: 'one', effects: ['creates'], channel: 'C024BE91L', approvers }])
  expect(rest.fallback).toEqual({ ...asked, name: 'default', channel: 'C024BE91L', approvers })
  expect(rest['break-glass']).toEqual([{ ...glass()['break-glass'][0], approvers: [], longest: 3_600_000 }])
  expect(rest.temporary).toEqual({ required: [{ requesters: ['everyone'] }] })
})

test.each([
  ['off', { allow: 'off' }],
  ['read', { allow: 'read' }],
  ['on', { allow: 'on' }],
  [true, { allow: 'on' }],
  [false, { allow: 'off' }],
  [{ allow: true }, { allow: 'on' }],
  [
    { allow: 'read', commands: ['repo show'] },
    { allow: 'read', commands: ['repo show'] },
  ],
])('mcp: %j is %j', (mcp, expected) => {
  expect(policyOf({ mcp } as PolicyFile).mcp).toEqual({ commands: undefined, ...expected }) // of a table
})

test.each([
  ['90m', 5_400_000],
  ['4h', 14_400_000],
  ['2d', 172_800_000],
  ['1w', 604_800_000],
])('%s is %i milliseconds', (longest, milliseconds) => {
  expect(policyOf({ temporary: { longest } }).temporary.longest).toBe(milliseconds)
})

test('domains are kept in small letters; commands are kept under the name of 0.1.0', () => {
  expect(policyOf({ identity: { domains: [['A.Example', 'b.example']] } }).identity.domains).toEqual([['a.example', 'b.example']])
  const [first] = policyOf(rule({ effects: undefined, commands: ['repo create'] }) as PolicyFile).approvals // as it is written above
  expect(first).toMatchObject({ operations: ['repo create'] })
  expect(first).not.toHaveProperty('commands')
  const [older] = policyOf(rule({ effects: undefined, operations: ['repo create'] }) as PolicyFile).approvals // as it is written above
  expect(older).toMatchObject({ operations: ['repo create'] })
})

test('each command is checked for its use: by rules for approvals, by Slackbot any', () => {
  const asked: string[] = []
  const check: CheckCommand = (name, use) => {
    asked.push(`${use} ${name}`)
    return name === 'repo shwo' ? 'is no command' : undefined
  }
  const policy = { ...rule({ effects: undefined, commands: ['repo create', 'repo shwo'] }), mcp: { allow: 'on', commands: ['repo show'] } }
  expect(of(policy, check)).toEqual([expect.stringMatching(/approvals\[1\]\.commands\[2\]: is no command/)])
  expect(asked.sort()).toEqual(['any repo show', 'approval repo create', 'approval repo shwo'])
  expect(of(rule({ effects: undefined, operations: ['repo shwo'] }), check)).toEqual([expect.stringMatching(/is no command/)])
  expect(of({ mcp: { allow: 'on', commands: ['repo shwo'] } }, check)).toEqual([expect.stringMatching(/mcp/)])
  expect(of(policy)).toEqual([])
})

// Files

const folder = mkdtempSync(join(tmpdir(), 'policy-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'policy.yml')

test('without a file everybody acts with their own permissions', () => {
  expect(readPolicy(undefined)).toEqual({ policy: base })
})

test('a file is read with its text, and says where something stands in it', () => {
  writeFileSync(file, 'default: refuse\nprotected: [platform]\n')
  const read = readPolicy(file)
  if ('problems' in read) throw new Error(read.problems.join())
  expect(read).toMatchObject({ policy: { default: 'refuse', protected: ['platform'] }, text: 'default: refuse\nprotected: [platform]\n' })
  expect(read.where?.(['protected', 0])).toBe(`${file}:2`)
  writeFileSync(file, '')
  expect(readPolicy(file)).toMatchObject({ policy: base, text: '' })
})

test('a file that is missing, no YAML or no policy is its problems', () => {
  expect(readPolicy(join(folder, 'missing.yml'))).toEqual({
    problems: [`${join(folder, 'missing.yml')}: cannot be read (ENOENT). Check POLICY_FILE.`],
  })
  expect(readPolicy(folder)).toEqual({ problems: [`${folder}: cannot be read (EISDIR). Check POLICY_FILE.`] })
  writeFileSync(file, 'a: [')
  expect(readPolicy(file)).toEqual({ problems: [expect.stringMatching(/^.*policy\.yml:\d+: is not YAML: /)] })
  writeFileSync(file, 'default: run\nlog: loud\n')
  expect(readPolicy(file)).toEqual({ problems: [expect.stringMatching(/policy\.yml:2: log: must be a level of pino\./)] })
  expect(readPolicy(file, () => 'no')).toEqual({ problems: [expect.stringMatching(/policy\.yml:2: log/)] })
  writeFileSync(file, 'mcp: { allow: on, commands: [x] }\n')
  expect(readPolicy(file, () => 'is none')).toEqual({ problems: [expect.stringMatching(/mcp/)] })
})

test('what a policy in code gets wrong is thrown', () => {
  expect(() => policyOf({ default: 'ask' })).toThrow(/also needs a fallback/)
})

test('another policy in the place of this one keeps nothing of it', () => {
  const policy = policyOf({ superusers: ['U024BE7LH'], default: 'refuse' })
  replacePolicy(policy, policyOf({ log: 'debug' }))
  expect(policy).toEqual({ ...base, log: 'debug' })
  expect(policy).not.toHaveProperty('superusers')
})
