import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { decide } from '../../src/approvals/decide.ts'
import { commandProblem, policyWarnings } from '../../src/approvals/policy-checks.ts'
import { loadCommands } from '../../src/command/registry.ts'
import { readPolicy } from '../../src/core/policy.ts'
import { requests } from '../../src/db/schema.ts'
import { emptyOrganization, team } from '../../src/sandbox/quay/seed-parts.ts'
import { allOf } from '../commands/drawn.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'

// Each policy of docs/policies, loaded as an operator loads it and played by people.

await loadCommands()

const waiting = { timeout: 30_000, interval: 30 }
const files = globSync('docs/policies/*.yml').map((file) => basename(file))

/** The sandbox with this policy, an organization prod-shop of bea's and carl's, and a security group of dora's. */
async function playing(file: string) {
  const read = readPolicy(join('docs/policies', file), commandProblem)
  if ('problems' in read) throw new Error(read.problems.join('\n'))
  const { identity } = read.policy
  // dora is the superuser, who is never linked by e-mail.
  const policy = { ...read.policy, identity: { ...identity, map: { ...identity.map, U0DORA: 'quayadmin' } } }
  const started = await startBot({ policy })
  const { bot, quay, slack } = started
  const { registry } = quay
  registry.organizations.push({
    ...emptyOrganization(registry.nextId++, 'prod-shop', 'prod@example.com', 0),
    teams: [team(registry.nextId++, 'owners', 'admin', ['bea', 'carl'])],
  })
  const [platform] = slack.workspace.usergroups
  if (platform) slack.workspace.usergroups.push({ ...structuredClone(platform), id: 'S0SECURITY', handle: 'security', users: ['U0DORA'] })
  const all = () => bot.db.select().from(requests)
  return {
    ...started,
    requests: all,
    request: async () => {
      const [row, ...more] = await all()
      expect(more).toEqual([])
      if (!row) throw new Error('there is no request')
      return row
    },
    approves: async (user: string) => {
      const row = (await all()).at(-1)
      if (!row) throw new Error('there is no request')
      return decide(bot, { id: row.id, revision: row.revision, decision: 'approved', reason: undefined, user, reference: 'test' })
    },
  }
}

test.each(files)('%s is read without a problem or a warning, and docs/policy.md explains it', (file) => {
  const read = readPolicy(join('docs/policies', file), commandProblem)
  expect(read).toHaveProperty('policy')
  if ('policy' in read) expect(policyWarnings(read.policy, read.where)).toEqual([])
  expect(readFileSync('docs/policy.md', 'utf8')).toContain(`(policies/${file})`)
})

test('only-production.yml: what changes production is asked for, even by its admins; elsewhere they just do it', async () => {
  const { bea, carl, repository, request, approves } = await playing('only-production.yml')
  expect((await bea.types('/quay repo create acme/web')).text).toContain('Created')
  await bea.types('/quay repo create prod-shop/web reason=shop')
  expect(await request()).toMatchObject({ operation: 'repo create', state: 'pending' })
  expect(repository('prod-shop/web')).toBeUndefined()
  await expect(approves('U0BEA')).rejects.toThrow('Someone else must approve or deny your request.')
  await approves('U0CARL')
  await expect.poll(() => repository('prod-shop/web'), waiting).toBeDefined()
  expect((await carl.types('/quay repo show prod-shop/web')).text).toContain('Repository')
})

test.runIf(isCi)('public-needs-security.yml: an admin cannot publish, nor another admin let them; security can', async () => {
  const { bea, repository, request, approves } = await playing('public-needs-security.yml')
  await bea.types('/quay repo visibility acme/api public reason=launch')
  expect(await request()).toMatchObject({ state: 'pending' })
  await expect(approves('U0CARL')).rejects.toThrow('does not allow you to approve or deny this')
  await approves('U0DORA')
  await expect.poll(() => repository('acme/api')?.visibility, waiting).toBe('public')
})

test('deletes-need-two.yml: after one approval nothing is deleted, after two it is', async () => {
  const { bea, repository, request, approves } = await playing('deletes-need-two.yml')
  await bea.types('/quay repo delete acme/api reason=old')
  await approves('U0CARL')
  expect(await request()).toMatchObject({ state: 'pending' })
  expect(repository('acme/api')).toBeDefined()
  await approves('U0DORA')
  await expect.poll(() => repository('acme/api'), waiting).toBeUndefined()
})

test.runIf(isCi)('ticket-in-the-reason.yml: without a ticket nothing is asked, with one it is; who may create needs none', async () => {
  const { alice, requests: all } = await playing('ticket-in-the-reason.yml')
  expect((await alice.types('/quay repo create acme/web')).text).toContain('Created')
  expect(allOf(await alice.types('/quay repo create labs/web reason=shop'))).toMatch(/reason/i)
  expect(await all()).toEqual([])
  await alice.types('/quay repo create labs/web reason="for the shop, WEB-17"')
  expect(await all()).toMatchObject([{ state: 'pending', reason: 'for the shop, WEB-17' }])
})

test('temporary-access.yml: admin in production needs an end, twelve hours at most; in an emergency bea takes write', async () => {
  const { bea, repository } = await playing('temporary-access.yml')
  await bea.types('/quay repo create prod-shop/web')
  const grant = async (rest: string) => allOf(await bea.types(`/quay permission grant prod-shop/web hana admin ${rest}`))
  expect(await grant('')).toContain('12 hours at most')
  expect(await grant('for=2d')).toContain('12 hours')
  expect(repository('prod-shop/web')?.userPermissions).not.toHaveProperty('hana')
  expect(await grant('for=8h')).toContain('Granted')
  expect(repository('prod-shop/web')?.userPermissions).toHaveProperty('hana', 'admin')
  expect(allOf(await bea.types('/quay permission grant acme/api hana admin'))).toContain('Granted')
  const broken = await bea.types('/quay break-glass prod-shop/web write "the shop is down"')
  expect(allOf(broken)).not.toContain('denied')
})

test.runIf(isCi)('ask-instead-of-no.yml: who lacks the permission asks the admins; who has it does it', async () => {
  const { alice, bea, requests: all, approves, repository } = await playing('ask-instead-of-no.yml')
  expect((await bea.types('/quay repo create labs/bea')).text).toContain('Created')
  await alice.types('/quay repo create labs/alice reason="a demo"')
  expect(await all()).toMatchObject([{ operation: 'repo create', state: 'pending' }])
  await approves('U0BEA')
  await expect.poll(() => repository('labs/alice'), waiting).toBeDefined()
})
