import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { answerPolicy } from '../../src/app/policy-command.ts'
import { commandProblem, policyWarnings } from '../../src/approvals/policy-checks.ts'
import { rulingFor } from '../../src/approvals/rules.ts'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { type Policy, policyOf, readPolicy } from '../../src/core/policy.ts'

beforeAll(() => loadCommands())

async function file(text: string) {
  const path = join(tmpdir(), `policy-${process.pid}-${Math.random()}.yml`)
  await writeFile(path, text)
  return path
}

async function problemsOf(text: string) {
  const path = await file(text)
  const read = readPolicy(path, commandProblem)
  return 'problems' in read ? read.problems.map((problem) => problem.replace(path, 'policy.yml')) : []
}

test('every problem is told at once, each with its line and what a correct one looks like', async () => {
  const problems = await problemsOf(`identity:
  map: { bob: quayadmin }
defualt: run
approvals:
  - name: one
    operations: [repo craete]
    channel: approvals
    approvers: []
    expires: soon
    reason: { pattern: "(" }
`)
  expect(problems).toEqual([
    expect.stringMatching(/^policy\.yml:2: identity\.map\.bob: .*For example: map: \{ U024BE7LH: quayadmin \}$/),
    expect.stringMatching(/^policy\.yml:6: approvals\[1\]\.operations\[1\]: unknown command \/quay repo craete\. For example: commands: /),
    expect.stringMatching(/^policy\.yml:7: approvals\[1\]\.channel: must be the ID of a Slack channel\. For example: channel: C024BE91L$/),
    expect.stringMatching(/^policy\.yml:8: approvals\[1\]\.approvers: must name at least one\. For example: approvers: /),
    expect.stringMatching(
      /^policy\.yml:9: approvals\[1\]\.expires: must be a number of minutes, hours, days or weeks\. For example: expires: 3d$/,
    ),
    expect.stringMatching(/^policy\.yml:10: approvals\[1\]\.reason\.pattern: is not a valid regular expression\. For example: pattern: /),
    expect.stringMatching(/^policy\.yml:3: defualt: unknown setting\.$/),
  ])
})

test('what is no YAML is told with its line', async () => {
  expect(await problemsOf('default: run\nsuperusers: [U1')).toEqual([expect.stringMatching(/^policy\.yml:2: is not YAML/)])
})

test('a rule on what only reads, or on both commands and effects, is a mistake; so is asking without anybody to ask', async () => {
  const rest = 'channel: C024BE91L\n    approvers: [quay:superuser]'
  expect(await problemsOf(`approvals:\n  - name: one\n    operations: [repo list]\n    ${rest}`)).toEqual([
    expect.stringContaining('is read-only'),
  ])
  expect(await problemsOf(`approvals:\n  - name: one\n    operations: [repo create]\n    effects: [creates]\n    ${rest}`)).toEqual([
    expect.stringContaining('either commands or effects'),
  ])
  expect(await problemsOf('default: ask')).toEqual([expect.stringContaining('also needs a fallback')])
})

function rule(change: object) {
  return policyOf({
    protected: ['platform'],
    approvals: [{ name: 'one', operations: ['repo create'], channel: 'C024BE91L', approvers: ['quay:superuser'], ...change }],
  })
}

async function verdict(policy: Policy, given: object, { may = false, among = [] as string[] } = {}) {
  const operation = commands.get('repo create')
  if (!operation) throw new Error('no repo create')
  const isAmong = async (ids: string[]) => ids.some((id) => among.includes(id))
  const input = operation.input.parse(given)
  return (await rulingFor(policy, { name: 'repo create', command: operation, input }, { may, isAmong })).verdict
}

const web = { repository: 'prod-x/web' }

test('the first rule that matches decides; globs match the whole namespace', async () => {
  expect(await verdict(rule({ namespaces: ['prod-*'] }), web)).toBe('ask')
  expect(await verdict(rule({ namespaces: ['PROD-*'] }), web)).toBe('ask')
  expect(await verdict(rule({ namespaces: ['prod'] }), web)).toBe('refuse')
  expect(await verdict(rule({ namespaces: ['x'] }), web)).toBe('refuse')
  expect(await verdict(rule({ when: { visibility: 'public' } }), web)).toBe('refuse')
  expect(await verdict(rule({ when: { visibility: ['public', 'private'] } }), web)).toBe('ask')
})

test('effects by input: a rule on makes-public covers a public creation, and not a private one', async () => {
  const policy = rule({ operations: undefined, effects: ['makes-public'] })
  expect(await verdict(policy, { ...web, visibility: 'public' })).toBe('ask')
  expect(await verdict(policy, web, { may: true })).toBe('run')
})

test('with the right it runs, under always even those ask, and without the right always is no way in', async () => {
  expect(await verdict(rule({}), web, { may: true })).toBe('run')
  expect(await verdict(rule({ ask: 'always' }), web, { may: true })).toBe('ask')
  expect(await verdict(rule({ ask: 'always' }), web)).toBe('refuse')
})

test('requesters narrow who may ask, and do not open a way past the rule', async () => {
  const policy = rule({ ask: 'always', requesters: ['S0DEVS'] })
  expect(await verdict(policy, web, { may: true, among: ['S0DEVS'] })).toBe('ask')
  expect(await verdict(policy, web, { may: true })).toBe('refuse')
})

test('without a rule the default decides', async () => {
  expect(await verdict(policyOf({}), web, { may: true })).toBe('run')
  expect(await verdict(policyOf({}), web)).toBe('refuse')
  expect(await verdict(policyOf({ default: 'refuse' }), web, { may: true })).toBe('refuse')
  const fallback = { channel: 'C024BE91L', approvers: ['quay:superuser' as const] }
  expect(await verdict(policyOf({ default: 'ask', fallback }), web)).toBe('ask')
})

test('a rule on a field that no command has never matches, and that is said', () => {
  expect(policyWarnings(rule({ when: { visiblity: 'public' } }))).toEqual(
    expect.arrayContaining([expect.stringContaining('has a field visiblity, so it never matches')]),
  )
})

test('a rule that leaves another door to the same effect open says which', () => {
  expect(policyWarnings(rule({ ask: 'always' }))).toContainEqual(
    expect.stringMatching(/\(makes-public\): repo visibility\. Use effects: \[makes-public\]/),
  )
  expect(policyWarnings(rule({ ask: 'always', operations: undefined, effects: ['makes-public'] }))).toEqual([])
  expect(policyWarnings(rule({ ask: 'without-right' }))).toEqual([])
})

test('a policy that does not protect the organization of the bot’s own token is warned of', () => {
  const said = expect.stringContaining('protected names no organization')
  expect(policyWarnings(policyOf({}))).toEqual([said])
  expect(policyWarnings(policyOf({ protected: ['platform'] }))).toEqual([])
})

test('the example is a valid policy, and none to warn of', () => {
  const read = readPolicy('policy.example.yml', commandProblem)
  expect('policy' in read && policyWarnings(read.policy)).toEqual([])
})

test('npm run policy answers by the same engine, and ends with 1 on errors', async () => {
  const path = await file(
    'approvals:\n  - name: one\n    operations: [repo create]\n    namespaces: ["prod-*"]\n    channel: C024BE91L\n    approvers: [S0PLATFORM]\n',
  )
  const ask = (...more: string[]) => answerPolicy(['test', path, '--operation', 'repo create', '--person', 'U024BE7LH', ...more])
  expect(await ask('--input', '{"repository":"prod-x/y"}')).toEqual({
    code: 0,
    text: expect.stringMatching(
      /\nU024BE7LH, with permission in Quay: runs \(policy “one”\)\.\nU024BE7LH, without permission: needs approval \(policy “one”\): 1 of S0PLATFORM must approve in C024BE91L\.$/,
    ),
  })
  expect((await ask('--input', '{"repository":"Nope"}')).code).toBe(1)
  expect(await ask('--input', 'repository=acme/web')).toEqual({
    code: 1,
    text: expect.stringContaining('--input is not JSON. For example:'),
  })
  const superusers = await file('superusers: [S0PLATFORM]')
  const create = [
    'test',
    superusers,
    '--operation',
    'user create',
    '--person',
    'U1CARL',
    '--input',
    '{"username":"xaver","email":"x@example.com"}',
  ]
  expect((await answerPolicy(create)).text).toContain('U1CARL is not in the superusers of the policy')
  expect((await answerPolicy([...create, '--groups', 'S0PLATFORM'])).text).not.toContain('not in the superusers')
  expect((await answerPolicy(['test', await file('default: rum')])).code).toBe(1)
})
