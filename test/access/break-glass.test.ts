import { afterAll, expect, test } from 'vitest'
import { endAccess } from '../../src/approvals/access/end-due.ts'
import { policyOf } from '../../src/core/policy.ts'
import { accessGrants, audit } from '../../src/db/schema.ts'
import { allOf, dryRun } from '../commands/drawn.ts'
import { startBot } from '../start-bot.ts'
import { hoursLater } from './hours.ts'

const policy = policyOf({
  identity: { map: { U0DORA: 'quayadmin', U0ALICE: 'alice' } },
  protected: ['platform'],
  'break-glass': [
    {
      people: ['U0ALICE', 'U0CARL'],
      permissions: ['admin', 'write'],
      namespaces: ['acme', 'platform'],
      channel: 'C0APPROVALS',
      approvers: ['U0BEA'],
    },
    // Nobody has invited the bot there.
    { people: ['U0ALICE'], permissions: ['read'], namespaces: ['acme'], channel: 'C0NOWHERE' },
  ],
})
const started = await startBot({ until: afterAll, policy })
const { alice, bea, carl, bot, repository } = started
const roles = (name = 'acme/shop') => repository(name)?.userPermissions
const hours = (count: number) => hoursLater(started, count)
const told = (pattern: RegExp) => bea.finds(pattern, 'quay-approvals')

test('alice takes admin at once, loudly; it ends by itself, and bea reviews it', async () => {
  const taken = await alice.types('/quay break-glass acme/shop admin reason="The shop is down"')
  expect(allOf(taken)).toMatch(/^You now have \*admin\* on `acme\/shop`\.[\s\S]*ends automatically at/)
  expect(roles()?.alice).toBe('admin')
  const announced = await told(/\*Break-glass\*: <@U0ALICE> takes \*admin\* on `acme\/shop`/)
  expect(JSON.stringify(announced.blocks)).toContain('The shop is down')
  expect(allOf(announced)).toContain('<@U0BEA>: please review this.')
  const [started] = (await bot.db.select().from(audit)).filter(({ operation, phase }) => operation === 'break-glass' && phase === 'started')
  expect(started?.account).toBe('alice')
  await hours(1.1)
  expect(roles()).not.toHaveProperty('alice')
  const task = await told(
    /Needs review: alice took \*admin\* on acme\/shop by break-glass until .*\. Another admin of acme\/shop must say whether that was justified\./,
  )
  expect((await alice.presses('Justified', task, 'quay-approvals')).text).toBe('Someone else must review what you took.')
  await bea.press('Justified', task, 'quay-approvals')
  await told(/Reviewed by bea: justified\. alice took \*admin\*/)
})

test('while one waits for its review there is no second; reminders come until then; not justified ends it at once', async () => {
  expect((await alice.types('/quay break-glass acme/api admin reason="again"')).text).toContain('You now have *admin* on `acme/api`.')
  expect((await alice.types('/quay break-glass acme/shop write reason="and again"')).text).toContain(
    'Someone must review your last break-glass access first, in the channel where it was announced.',
  )
  await alice.finds(/Temporary until .*: alice has \*admin\* on acme\/api/)
  const task = await told(
    /Needs review: alice took \*admin\* on acme\/api.* by break-glass until .*\. Another admin of acme\/api.* must say whether that was justified\./,
  )
  await bea.press('Not justified', task, 'quay-approvals')
  await told(/Reviewed by bea: \*not justified\*/)
  await expect.poll(() => roles('acme/api')?.alice).toBeUndefined()
  expect((await alice.types('/quay break-glass acme/shop write reason="a third"')).text).toContain('You now have *write*')
  await hours(4.2)
  await told(
    /Still needs review: alice took \*write\* on acme\/shop.* by break-glass until .*\. Another admin of acme\/shop.* must say whether that was justified\./,
  )
  expect((await alice.types('/quay break-glass acme/shop write reason="a fourth"')).text).toContain(
    'Someone must review your last break-glass access first, in the channel where it was announced.',
  )
  await bea.press(
    'Justified',
    await told(
      /Still needs review: alice took \*write\* on .* by break-glass until .*\. Another admin of .* must say whether that was justified\./,
    ),
    'quay-approvals',
  )
  await expect.poll(async () => (await bot.db.select().from(accessGrants)).filter(({ unreviewed }) => unreviewed !== null)).toEqual([])
})

test('only who is named, linked by the policy, there, and with a reason; never what is protected', async () => {
  expect((await bea.types('/quay break-glass acme/shop write reason=x')).text).toBe(
    'The policy does not allow you to take *write* on acme/shop.',
  )
  expect((await carl.types('/quay break-glass acme/shop write reason=x')).text).toContain(
    'Only users linked under identity.map in the policy can do this.',
  )
  expect((await alice.types('/quay break-glass globex/secret write reason=x')).text).toContain('The policy does not allow you to take')
  expect((await alice.types('/quay break-glass acme/shop write')).text).toContain('Enter a reason: add')
  expect((await alice.types('/quay break-glass platform/base write reason=x')).text).toContain('belongs to Quaymaster itself')
  expect(roles()).not.toHaveProperty('alice')
})

test('what cannot be announced is not given', async () => {
  const said = await alice.types('/quay break-glass acme/shop read reason="quietly"')
  expect(said.text).toContain('No access was granted, because this could not be announced')
  expect(roles()).not.toHaveProperty('alice')
})

test('nobody extends it themself, and its warning has no Extend', async () => {
  await alice.types('/quay break-glass acme/shop write reason="for a while"')
  await bea.post('clock', { advance_ms: 51 * 60_000 })
  await endAccess(bot)
  const warning = await alice.finds(/The \*write\* permission of alice on acme\/shop ends at .*\./)
  expect(JSON.stringify(warning.blocks)).not.toContain('Extend')
  expect((await alice.types('/quay break-glass acme/shop write reason="longer"')).text).toContain(
    'Someone must review your last break-glass access first, in the channel where it was announced.',
  )
  await hours(1)
  expect(roles()).not.toHaveProperty('alice')
})

test('a dry run takes nothing and announces nothing', async () => {
  const before = (await bot.db.select().from(accessGrants)).length
  expect(await dryRun(started, 'alice', '/quay break-glass acme/api write reason=x')).toContain('permissions/user/alice {"role":"write"}')
  expect((await bot.db.select().from(accessGrants)).length).toBe(before)
})
