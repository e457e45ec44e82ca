import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { desc, eq } from 'drizzle-orm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { loosened } from '../../src/approvals/policy-changes.ts'
import { policyOf, type PolicyFile as Written } from '../../src/core/policy.ts'
import { audit, policies } from '../../src/db/schema.ts'
import { postgresOfRun } from '../db/own-database.ts'
import { startBot } from '../start-bot.ts'

vi.setConfig({ testTimeout: 120_000 })
// The file is looked at every two seconds.
const patience = { timeout: 60_000 }

const base = `identity: { map: { U0DORA: quayadmin } }
superusers: [U0DORA]
protected: [platform]
operators: C0APPROVALS
`
const rule = (approvers: string, more = '') => `${base}approvals:
  - { name: new repositories, commands: [repo create], channel: C0APPROVALS, approvers: [${approvers}]${more} }
`

/** A policy file of one's own. */
function policyFile(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'quaymaster-policy-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'policy.yml')
  const write = (next: string) => writeFileSync(path, next)
  write(text)
  return { path, write }
}

const changesOf = ({ bot }: Awaited<ReturnType<typeof startBot>>) =>
  bot.db.select({ input: audit.input }).from(audit).where(eq(audit.operation, 'policy change')).orderBy(desc(audit.id))

test('a good policy holds at once, for requests that wait too; a bad one keeps the policy before it and says so', async () => {
  const file = policyFile(rule('U0DORA'))
  const started = await startBot({ environment: { POLICY_FILE: file.path } })
  const { alice, bea, dora, log } = started
  const asked = await alice.types('/quay repo create labs/reload reason="for the test"')
  expect(asked.text).toContain('sent to')
  const card = await dora.finds(/labs\/reload/, 'quay-approvals')

  // Broken: what was stays, and everybody who has to know is told.
  file.write(rule('U0DORA').replace('approvers', 'aprovers'))
  await expect.poll(log, patience).toContain('has errors; the previous policy stays in force')
  await expect
    .poll(async () => (await dora.sees('quay-approvals')).map(({ text }) => text).join('\n'), patience)
    .toMatch(
      /The policy file has errors, so the previous policy stays in force: .*policy\.yml.6: approvals\[1\]\.approvers: is missing\. For example: .* 1 more error is in the log\./,
    )
  expect(JSON.stringify((await dora.types('/quay status')).blocks)).toContain(
    'The policy file has errors, so an earlier policy is in force.',
  )
  expect(await changesOf(started)).toHaveLength(1)

  // Whoever could decide a moment ago cannot any more, though the card still has the button.
  file.write(rule('U0BEA'))
  await expect.poll(log, patience).toContain('the policy has changed; the new one is in force')
  await expect
    .poll(async () => (await dora.sees('quay-approvals')).map(({ text }) => text).join('\n'), patience)
    .toContain('The policy has changed and may allow more than before: approvals “new repositories”')
  await dora.presses('Approve', card, 'quay-approvals')
  expect(started.repository('labs/reload')).toBeUndefined()
  expect(await changesOf(started)).toMatchObject([
    { input: { hash: expect.stringMatching(/^[0-9a-f]{64}$/), before: expect.any(String), looser: ['approvals “new repositories”'] } },
    { input: { hash: expect.any(String) } },
  ])
  expect(JSON.stringify((await dora.types('/quay status')).blocks)).not.toContain('policy file has errors')

  // Stricter: nobody has to be told.
  const told = (await dora.sees('quay-approvals')).filter(({ text }) => text.startsWith('The policy has changed')).length
  file.write(`${rule('U0BEA')}default: refuse\n`)
  await expect.poll(() => started.bot.policy.default, patience).toBe('refuse')
  expect((await bea.types('/quay repo description acme/api "Another one"')).text).toMatch(/policy/i)
  expect(started.repository('acme/api')?.description).not.toBe('Another one')
  expect((await bea.sees('quay-approvals')).filter(({ text }) => text.startsWith('The policy has changed'))).toHaveLength(told)
})

test('the level of the log follows the policy, for loggers that were made before too', async () => {
  const file = policyFile(base)
  const { bot, log } = await startBot({ environment: { POLICY_FILE: file.path, LOG_LEVEL: 'info' } })
  const child = bot.log.child({ from: 'a test' })
  child.debug('before')
  file.write(`${base}log: debug\n`)
  await expect.poll(() => bot.log.level, patience).toBe('debug')
  child.debug('during')
  file.write(base)
  await expect.poll(() => bot.log.level, patience).toBe('info')
  child.debug('after')
  expect(log()).toContain('"during"')
  expect(log()).not.toMatch(/"before"|"after"/)
})

test('an empty file is one that is being written: it is not taken for a policy without rules', async () => {
  const file = policyFile(rule('U0DORA'))
  const { bot, log } = await startBot({ environment: { POLICY_FILE: file.path } })
  file.write('')
  await expect.poll(log, patience).toContain('stays in force')
  expect(bot.policy.approvals).toHaveLength(1)
})

test('replicas agree on one policy, whichever of them has the new file; one with an earlier file follows the others', async () => {
  const server = await postgresOfRun()
  onTestFinished(server.stop)
  const here = policyFile(rule('U0DORA'))
  const there = policyFile(rule('U0DORA'))
  const database = { databaseUrl: await server.database() }
  const one = await startBot({ environment: { POLICY_FILE: here.path }, database })
  const other = await startBot({ environment: { POLICY_FILE: there.path }, database })
  here.write(rule('U0BEA'))
  await expect.poll(() => other.bot.policy.approvals[0]?.approvers, patience).toEqual(['U0BEA'])
  expect(one.bot.policy.approvals[0]?.approvers).toEqual(['U0BEA'])
  // Written down once.
  expect(await one.bot.db.select({ id: policies.id }).from(policies)).toHaveLength(2)
  expect(await changesOf(one)).toHaveLength(2)

  // It starts again with a file that nobody has changed there yet.
  await other.restart()
  expect(other.bot.policy.approvals[0]?.approvers).toEqual(['U0BEA'])
  expect(other.log()).toContain('the policy file here is an earlier one')
  expect(one.bot.policy.approvals[0]?.approvers).toEqual(['U0BEA'])
})

const written = (more: Written) => policyOf({ protected: ['platform'], ...more })
const asks = { name: 'one', effects: ['destroys' as const], ask: 'always' as const, channel: 'C0A', approvers: ['U0A', 'U0B'] as string[] }

test.each<[string, Written, Written, string[]]>([
  ['nothing', {}, {}, []],
  ['a default that runs', { default: 'refuse' }, {}, ['default']],
  ['a default that refuses', {}, { default: 'refuse' }, []],
  ['addresses that nobody verifies', {}, { identity: { email: 'unverified' } }, ['identity.email']],
  ['another account', { identity: { map: { U0A: 'a' } } }, { identity: { map: { U0A: 'b' } } }, ['identity.map']],
  ['one account fewer', { identity: { map: { U0A: 'a' } } }, {}, []],
  ['equivalent domains', {}, { identity: { domains: [['a.example', 'b.example']] } }, ['identity.domains']],
  ['superusers by Quay alone', { superusers: ['U0A'] }, {}, ['superusers']],
  ['superusers named', {}, { superusers: ['U0A'] }, []],
  ['nothing protected', {}, { protected: [] }, ['protected']],
  ['more archives', {}, { archives: { hosts: ['*'] } }, ['archives.hosts']],
  ['longer', { temporary: { longest: '1h' } }, { temporary: { longest: '2h' } }, ['temporary.longest']],
  ['shorter', { temporary: { longest: '2h' } }, { temporary: { longest: '1h' } }, []],
  ['no rule', { approvals: [asks] }, {}, ['approvals “one”']],
  ['one rule more, at the end', { approvals: [asks] }, { approvals: [asks, { ...asks, name: 'two' }] }, []],
  ['one rule more, before the others', { approvals: [asks] }, { approvals: [{ ...asks, name: 'two' }, asks] }, ['approvals “two”']],
  ['people may ask who could not', {}, { approvals: [{ ...asks, ask: 'without-right' }] }, ['approvals “one”']],
  ['more approvers', { approvals: [asks] }, { approvals: [{ ...asks, approvers: ['U0A', 'U0B', 'U0C'] }] }, ['approvals “one”']],
  ['fewer approvers', { approvals: [asks] }, { approvals: [{ ...asks, approvers: ['U0A'] }] }, []],
  ['fewer votes', { approvals: [{ ...asks, needed: 2 }] }, { approvals: [asks] }, ['approvals “one”']],
  ['more votes', { approvals: [asks] }, { approvals: [{ ...asks, needed: 2 }] }, []],
  ['fewer namespaces', { approvals: [asks] }, { approvals: [{ ...asks, namespaces: ['prod'] }] }, ['approvals “one”']],
  ['no reason', { approvals: [{ ...asks, reason: { required: true } }] }, { approvals: [asks] }, ['approvals “one”']],
])('may a change to %s let more through?', (_, before, after, expected) => {
  expect(loosened(written(before), written(after))).toEqual(expected)
})
