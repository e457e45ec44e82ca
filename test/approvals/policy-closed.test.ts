import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandProblem, policyWarnings, warnOfUnknownNames } from '../../src/approvals/policy-checks.ts'
import { ruleFor } from '../../src/approvals/rules.ts'
import { readWords } from '../../src/command/arguments.ts'
import { effectsOf } from '../../src/command/command.ts'
import { namespacesIn } from '../../src/command/namespaces.ts'
import { commands, loadCommands } from '../../src/command/registry.ts'
import { wordsOf } from '../../src/command/tokenize.ts'
import { policyOf, readPolicy } from '../../src/core/policy.ts'
import { dryRun } from '../../src/quay/http.ts'
import { sampled, sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'

// The policy fails closed (docs/SECURITY.md rule 31): what matches or protects nothing is said, and nothing changes past it.

const started = await startBot({ until: afterAll, policy: { approvals: [], protected: ['acme'] } })
const { alice, bea, dora, bot, quay, changes } = started
beforeAll(() => loadCommands())

async function read(text: string) {
  const path = join(tmpdir(), `policy-${process.pid}-${Math.random()}.yml`)
  await writeFile(path, text)
  const found = readPolicy(path, commandProblem)
  const said = 'problems' in found ? found.problems : policyWarnings(found.policy, found.where)
  return said.map((one) => one.replace(path, 'policy.yml'))
}

function rule(lines: string) {
  return `protected: [platform]
approvals:
  - name: one
    channel: C024BE91L
    approvers: [quay:superuser]
    ${lines.replaceAll('\n', '\n    ')}`
}

test.each([
  [
    'a name in capitals',
    'protected: [Platform]',
    /^policy\.yml:1: protected\[1\]: must be in lower case, as Quay has it: platform\. For example/,
  ],
  [
    'a pattern',
    'default: run\nprotected: ["heist*"]',
    /^policy\.yml:2: protected\[1\]: must be an exact name; patterns are not supported here/,
  ],
  ['a trailing space', 'protected:\n  - platform\n  - "acme "', /^policy\.yml:\d: protected\[2\]: has a space before or after it/],
  ['a repository', 'protected: [acme/web]', /protected\[1\]: must be a namespace, without a repository/],
  ['what no name can be', 'protected: [acme--web]', /protected\[1\]: is not a valid name in Quay/],
  ['an account that cannot be', 'identity:\n  map: { U024BE7LH: "bea " }', /^policy\.yml:2: identity\.map\.U024BE7LH: has a space/],
  [
    'a repository where namespaces are compared',
    rule('operations: [repo create]\nnamespaces: ["acme/*"]'),
    /^policy\.yml:7: approvals\[1\]\.namespaces\[1\]: is matched against namespaces, which have no slash/,
  ],
  ['a glob with a space', rule('operations: [repo create]\nnamespaces: ["prod-* "]'), /^policy\.yml:7: .*has a space/],
])('%s is a problem with its line', async (_, text, problem) => {
  expect(await read(text)).toEqual([expect.stringMatching(problem)])
})

test.each([
  [
    'a value that a field never has',
    rule('operations: [repo create]\nwhen: { visibility: secret }'),
    /^policy\.yml:7: approvals “one”: visibility is never "secret", so it never matches\.$/,
  ],
  ['text where a field is a number', rule('operations: [prune set]\nwhen: { keep: "20" }'), /keep is never "20", so it never matches/],
  ['one of several values', rule('operations: [repo create]\nwhen: { visibility: [public, secret] }'), /visibility is never "secret"\.$/],
  [
    'a field that none of its commands has',
    rule('effects: [runs-code]\nwhen: { visibility: public }'),
    /^policy\.yml:7: .*none of its commands has a field visibility/,
  ],
  ['namespaces of what is about none', rule('operations: [message create]\nnamespaces: [acme]'), /none of its commands has a namespace/],
  [
    'an earlier rule that takes everything',
    `${rule('effects: [destroys]')}\n  - name: two\n    channel: C024BE91L\n    approvers: [quay:superuser]\n    operations: [repo delete]\n    namespaces: [acme]`,
    /^policy\.yml:7: approvals “two”: “one” comes first and covers the same commands/,
  ],
  [
    'more approvals than people',
    rule('operations: [repo create]\nneeded: 3').replace('[quay:superuser]', '[U024BE7LH, U024BE7LJ]'),
    /^policy\.yml:7: .*3 approvals are needed, but it names only 2 approvers/,
  ],
  ['a reminder after the end', rule('operations: [repo create]\nremind: [4d]'), /a reminder after the expiration is never sent/],
  [
    'an escalation after the end',
    rule('operations: [repo create]\nescalate: { after: 3d, to: [S0MANAGERS] }'),
    /the request has expired by then, so it never escalates/,
  ],
])('%s is a warning with its line', async (_, text, warning) => {
  expect(await read(text)).toEqual([expect.stringMatching(warning)])
})

test('a namespace or an account that Quay does not have is warned of when Quay answers', async () => {
  const policy = policyOf({
    protected: ['platform', 'plattform'],
    identity: { map: { U024BE7LH: 'nobody-here', U024BE7LJ: 'alice' } },
    approvals: [
      {
        name: 'one',
        operations: ['repo create'],
        namespaces: ['acmee', 'acme', 'alice', 'prod-*'],
        channel: 'C024BE91L',
        approvers: ['quay:superuser'],
      },
    ],
  })
  const lines: object[] = []
  await warnOfUnknownNames(bot.quay, policy, { warn: (line: object) => lines.push(line) } as never)
  expect(lines).toEqual([
    { name: 'plattform', at: 'protected.1' },
    { name: 'acmee', at: 'approvals.0.namespaces.0' },
    { name: 'nobody-here', at: 'identity.map.U024BE7LH' },
  ])
})

test('protected names only people, such as the bot’s own account: its organization is protected by nothing, and that is warned of', async () => {
  const lines: object[] = []
  const log = { warn: (line: object, text: string) => lines.push({ ...line, text }) } as never // all that it uses
  await warnOfUnknownNames(bot.quay, policyOf({ protected: ['quaymaster'] }), log)
  expect(lines).toEqual([{ names: ['quaymaster'], at: 'protected', text: expect.stringContaining('protected names no organization') }])
  lines.length = 0
  await warnOfUnknownNames(bot.quay, policyOf({ protected: ['quaymaster', 'platform'] }), log)
  expect(lines).toEqual([])
})

test('org create matches the namespaces of a rule, and so does the account of user create', () => {
  const policy = policyOf({
    approvals: [{ name: 'one', effects: ['creates'], namespaces: ['prod-*'], channel: 'C024BE91L', approvers: ['quay:superuser'] }],
  })
  for (const [name, input] of [
    ['org create', { name: 'prod-x' }],
    ['user create', { username: 'prod-x', superuser: false }],
  ] as const) {
    const operation = commands.get(name)
    if (!operation) throw new Error(name)
    expect(ruleFor(policy, { name, command: operation, input })?.name).toBe('one')
  }
})

test('under default: refuse nothing that changes runs, whatever its input: tag expire never=yes, notification test, mirror cancel', async () => {
  bot.policy.default = 'refuse'
  bot.policy.protected = []
  for (const command of [
    'tag expire acme/api v1.0 never=yes',
    'notification test acme/api x',
    'mirror cancel acme/api',
    'notification reset acme/api x',
  ])
    expect((await bea.types(`/quay ${command}`)).text).toContain('The policy does not allow anyone to run')
  expect((await dora.types('/quay registry count')).text).toContain('The policy does not allow anyone to run')
  expect(changes()).toEqual([])
  bot.policy.default = 'run'
})

test('what lies inside a protected organization is out of reach: its repositories, robot accounts, teams and tags', async () => {
  bot.policy.protected = ['acme']
  const said = 'acme belongs to Quaymaster itself and can’t be changed from Slack. Change it in Quay.'
  const before = changes().length
  const commands = [
    'repo create acme/web',
    'repo delete acme/api',
    'repo visibility acme/api public',
    'permission grant acme/api bea admin',
    'tag delete acme/api v1.0',
    'tag move acme/api prod v1.0',
    'robot rotate acme+ci',
    'robot create acme+new',
    'team add acme owners alice',
    'team create acme more',
    'org delete acme',
    'prune set acme keep=3',
    'immutability set acme/api ^v',
    'mirror create acme/mc quay.io/minio/mc',
    'build start globex/site https://downloads.example.com/api.tar.gz pull_robot=acme+deploy',
    'permission grant globex/site acme+ci read',
    'subscribe acme/*',
  ]
  for (const command of sampled(commands, 3)) expect((await bea.types(`/quay ${command}`)).text, command).toBe(said)
  expect((await alice.types('/quay org create quaymaster')).text).toContain('quaymaster belongs to Quaymaster itself')
  expect(changes().slice(before)).toEqual([])
  // A team elsewhere may well have the name of a protected organization.
  bot.policy.protected = ['developers']
  expect((await bea.types('/quay team remove acme developers ivan')).text).not.toContain('belongs to Quaymaster itself')
  bot.policy.protected = []
})

/** The namespaces in the paths and bodies of the calls that a changing command makes, or would make. */
function namespacesOf(calls: { method: string; path: string; body?: unknown }[]) {
  return calls.flatMap(({ method, path, body }) => {
    const [, of, name] = /^\/api\/v1\/(repository|organization|superuser\/users|superuser\/organizations)\/([^/?]+)/.exec(path) ?? []
    // Who could help with a refusal is looked up too.
    if (of === 'superuser/users' && method === 'GET') return []
    const sent = (body ?? {}) as { namespace?: string; name?: string; username?: string }
    const made = method === 'POST' && /^\/api\/v1\/(repository|organization\/|superuser\/users\/)$/.test(path)
    const own = made ? (sent.namespace ?? sent.name ?? sent.username) : undefined
    return [...(of && name ? [decodeURIComponent(name)] : []), ...(own ? [own] : [])]
  })
}

test('every field that names a namespace says so: by the paths of the calls that all examples make', async () => {
  let looked = 0
  for (const [nth, [name, operation]] of [...commands].entries()) {
    if (!operation.changes) continue
    for (const example of sampled(operation.examples, 4, nth)) {
      const words = wordsOf(example).slice(name.split(' ').length)
      const input = operation.input.safeParse(readWords(operation, words).given).data
      if (!input) continue
      const person = {
        id: 'U0BEA',
        team: 'T0QUAY',
        name: 'bea',
        language: 'en' as const,
        timeZone: undefined,
        account: 'bea',
        user: undefined,
      }
      const dry = dryRun(bot.quay)
      const before = quay.exchanges.length
      const run = { bot, quay: dry, person, input, log: bot.log, channel: 'C0ACMEDEV' }
      const result = await operation.run(run).catch(() => undefined)
      for (const step of operation.after?.steps(input, person, result) ?? []) await step.run(run).catch(() => undefined)
      const declared = typeof operation.changes.facts === 'function' ? operation.changes.facts : undefined
      await Promise.all([operation.preview?.read(run), declared?.(run)].map((one) => Promise.resolve(one).catch(() => undefined)))
      const calls = [...quay.exchanges.slice(before).map(({ method, path }) => ({ method, path })), ...dry.dryRunCalls]
      const named = new Set(namespacesIn(operation, input))
      // A superuser's command may look around first: whose only admin an account is.
      const counted = operation.permissions === 'superuser' ? calls.filter(({ method }) => method !== 'GET') : calls
      for (const namespace of namespacesOf(counted)) {
        looked += 1
        expect([...named, bot.quay.capabilities.account], `${example}: ${namespace}`).toContain(namespace)
      }
      expect(effectsOf(operation, input).length > 0 || 'ownBusiness' in operation.changes.effects, example).toBe(true)
    }
  }
  expect(looked).toBeGreaterThan(sized(20, 100, 100))
})

test('a policy file that is not there is a problem, never an empty policy', () => {
  const path = join(tmpdir(), `no-policy-${process.pid}.yml`)
  expect(readPolicy(path, commandProblem)).toEqual({ problems: [`${path}: cannot be read (ENOENT). Check POLICY_FILE.`] })
})
