import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { endAccess } from '../../src/approvals/access/end-due.ts'
import { accessGrants, accessHolds } from '../../src/db/schema.ts'
import { allOf, dryRun } from '../commands/drawn.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { hoursLater } from './hours.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { bea, carl, bot, quay, repository } = started
const roles = (name = 'acme/api') => repository(name)?.userPermissions

const hours = (count: number) => hoursLater(started, count)

/** How the grants of an account ended, the oldest first. */
async function states(grantee: string) {
  const rows = await bot.db
    .select()
    .from(accessGrants)
    .innerJoin(accessHolds, eq(accessHolds.id, accessGrants.hold))
    .where(eq(accessHolds.grantee, grantee))
    .orderBy(accessGrants.startedAt)
  return rows.map((row) => row.access_grants.state)
}

/** By hand in Quay, as somebody who is no bot. */
async function byHand(who: string, method: 'PUT' | 'DELETE', path: string, body?: object) {
  const answer = await fetch(`${started.origin}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${quay.tokenOf(who)}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  expect(answer.ok, await answer.clone().text()).toBe(true)
}

test('a permission for eight hours ends by itself, and what was there before comes back', async () => {
  await bea.types('/quay permission grant acme/api carl read')
  const given = allOf(await bea.types('/quay permission grant acme/api carl admin for=8h'))
  expect(given).toMatch(/^Changed the permission on .* from read to \*admin\* for `carl`\./)
  expect(given).toMatch(/Temporary: ends automatically at .*; \*read\* is then restored\./)
  expect(roles()?.carl).toBe('admin')
  await carl.finds(/Temporary until .*: carl has \*admin\* on acme\/api\. Granted by bea.*\./)
  await hours(7)
  expect(roles()?.carl).toBe('admin')
  await hours(0.9)
  await carl.finds(/The \*admin\* permission of carl on acme\/api ends at .*\./)
  await hours(0.2)
  expect(roles()?.carl).toBe('read')
  await carl.finds(/Temporary access ended: carl has \*read\* on acme\/api again\./)
  await bea.finds(/Temporary access ended: carl has \*read\* on acme\/api again\./)
  expect(await states('carl')).toEqual(['ended'])
  await hours(24)
  expect(roles()?.carl).toBe('read')
})

test('several grants are a set: the end of one takes nothing that another still gives', async () => {
  await bea.types('/quay permission grant acme/api hana write for=2h')
  await bea.types('/quay permission grant acme/api hana read for=9h')
  await bea.types('/quay permission grant acme/api hana admin for=1h')
  expect(roles()?.hana).toBe('admin')
  await hours(1.01)
  expect(roles()?.hana).toBe('write')
  await hours(1.01)
  expect(roles()?.hana).toBe('read')
  await hours(7)
  expect(roles()?.hana).toBeUndefined()
  expect(await states('hana')).toEqual(['ended', 'ended', 'ended'])
})

test.runIf(isCi)('given for longer it is extended, and the shorter one is part of it', async () => {
  await bea.types('/quay permission grant acme/shop hana write for=1h')
  await bea.types('/quay permission grant acme/shop hana write for=3h')
  await hours(1.5)
  expect(roles('acme/shop')?.hana).toBe('write')
  await hours(2)
  expect(roles('acme/shop')?.hana).toBeUndefined()
})

test('what is held without an end is not given for a while; a robot and a team are', async () => {
  expect((await bea.types('/quay permission grant acme/api acme+ci write for=1h')).text).toMatch(
    /acme\+ci already has \*write\* on acme\/api permanently\. Only a higher permission can be granted temporarily\./,
  )
  expect((await bea.types('/quay permission grant acme/shop acme+deploy write for=1h')).text).toMatch(
    /^Granted \*write\* on .* to robot account `acme\+deploy`/,
  )
  expect((await bea.types('/quay permission grant acme/api team:frontend write for=1h')).text).toMatch(
    /^Granted \*write\* on .* to team `frontend`/,
  )
  await hours(1.1)
  expect(roles('acme/shop')).not.toHaveProperty('acme+deploy')
  expect(repository('acme/api')?.teamPermissions).not.toHaveProperty('frontend')
})

test('until a moment in words, and what names none', async () => {
  expect(allOf(await bea.types('/quay permission grant acme/api hana read until=tomorrow 18:00'))).toMatch(
    /Temporary: ends automatically at .*\./,
  )
  expect((await bea.types('/quay permission grant acme/api hana read until=someday')).text).toContain(
    '“someday” is not a valid time. Example:',
  )
  expect((await bea.types('/quay permission grant acme/api hana read for=1h until=tomorrow')).text).toContain(
    'Enter either a duration or an end time, not both.',
  )
  await hours(48)
  expect(roles()?.hana).toBeUndefined()
})

test('somebody else changed it in Quay meanwhile: it is left alone, and said', async () => {
  await bea.types('/quay permission grant acme/api hana write for=1h')
  await byHand('bea', 'PUT', '/repository/acme/api/permissions/user/hana', { role: 'admin' })
  await hours(1.1)
  expect(roles()?.hana).toBe('admin')
  await bea.finds(
    /bea changed the permission of hana on acme\/api in Quay after it was granted temporarily\. It stays as it is: \*admin\*\./,
  )
  await byHand('bea', 'DELETE', '/repository/acme/api/permissions/user/hana')
})

test.runIf(isCi)('the same role given by somebody else is theirs: the usage log tells', async () => {
  await bea.types('/quay permission grant acme/api hana write for=1h')
  await byHand('bea', 'PUT', '/repository/acme/api/permissions/user/hana', { role: 'write' })
  await hours(1.1)
  expect(roles()?.hana).toBe('write')
  expect((await states('hana')).at(-1)).toBe('left')
  await byHand('bea', 'DELETE', '/repository/acme/api/permissions/user/hana')
})

test('who benefits cannot keep it by giving it to themself in Quay', async () => {
  await bea.types('/quay permission grant acme/shop carl admin for=1h')
  await byHand('carl', 'PUT', '/repository/acme/shop/permissions/user/carl', { role: 'admin' })
  await hours(1.1)
  expect(roles('acme/shop')).not.toHaveProperty('carl')
})

test('given without an end by who may, it is kept; by who benefits it is not', async () => {
  await bea.types('/quay permission grant acme/shop alice admin for=1h')
  expect((await started.alice.types('/quay permission grant acme/shop alice admin')).text).toContain(
    'You can’t extend your own temporary access to',
  )
  expect((await started.alice.types('/quay permission grant acme/shop alice admin for=9h')).text).toContain(
    'You can’t extend your own temporary access to',
  )
  await bea.types('/quay permission grant acme/shop hana write for=1h')
  expect((await started.alice.types('/quay permission grant acme/shop hana write')).text).toContain('Your own permission on')
  await bea.types('/quay permission grant acme/shop hana write')
  await hours(1.1)
  expect(roles('acme/shop')?.hana).toBe('write')
  expect(roles('acme/shop')).not.toHaveProperty('alice')
  await bea.types('/quay permission revoke acme/shop hana')
})

test.runIf(isCi)('taken away before its time it stays away', async () => {
  await bea.types('/quay permission grant acme/shop hana write')
  await bea.types('/quay permission grant acme/shop hana admin for=1h')
  await bea.types('/quay permission revoke acme/shop hana')
  expect(roles('acme/shop')).not.toHaveProperty('hana')
  await hours(1.1)
  expect(roles('acme/shop')).not.toHaveProperty('hana')
})

test('the repository was deleted and made anew: nothing there is touched', async () => {
  await bea.types('/quay repo create acme/fleeting')
  await bea.types('/quay permission grant acme/fleeting hana write for=1h')
  await byHand('bea', 'DELETE', '/repository/acme/fleeting')
  await bea.types('/quay repo create acme/fleeting writers=hana')
  await hours(1.1)
  expect(roles('acme/fleeting')?.hana).toBe('write')
  await bea.finds(/acme\/fleeting was deleted and created again, together with the temporary access of hana\. Nothing was changed\./)
})

test.runIf(isCi)('Quay is away when it ends: it ends as soon as Quay is back, once', async () => {
  await bea.types('/quay permission grant acme/shop hana write for=1h')
  quay.faults({ status: 503 })
  await bea.post('clock', { advance_ms: 1.1 * 3_600_000 })
  await endAccess(bot)
  expect(roles('acme/shop')?.hana).toBe('write')
  quay.faults(undefined)
  await hours(0.1)
  expect(roles('acme/shop')).not.toHaveProperty('hana')
})

test('Quay does it and its answer is lost: said as done, and ended once', async () => {
  quay.faults({ cut: true, match: 'PUT /api/v1/repository/acme/shop/permissions/user/hana', times: 1 })
  expect((await bea.types('/quay permission grant acme/shop hana write for=1h')).text).toMatch(
    /^\*write\* on .* was already granted to `hana`/,
  )
  quay.faults({ cut: true, match: 'DELETE /api/v1/repository/acme/shop/permissions/user/hana', times: 1 })
  await hours(1.1)
  await hours(0.1)
  quay.faults(undefined)
  expect(roles('acme/shop')).not.toHaveProperty('hana')
  expect((await states('hana')).at(-1)).toBe('ended')
})

test.runIf(isCi)(
  'given without an end by a bot that is killed meanwhile: what Quay has then decides, and nothing of it is undone',
  async () => {
    const path = '/api/v1/repository/acme/shop/permissions/user/hana'
    const diesMeanwhile = async () => {
      await bea.types('/quay permission grant acme/shop hana write for=1h')
      const writing = { role: 'admin', lasting: { permanent: 'admin', by: 'bea', at: bot.clock() } }
      await bot.db.update(accessHolds).set({ writing }).where(eq(accessHolds.grantee, 'hana'))
    }
    await diesMeanwhile()
    await hours(1.1)
    expect(roles('acme/shop')).not.toHaveProperty('hana')
    expect((await states('hana')).at(-1)).toBe('ended')
    await diesMeanwhile()
    const { QUAY_TOKEN } = bot.config
    const headers = { authorization: `Bearer ${QUAY_TOKEN}`, 'content-type': 'application/json' }
    expect((await fetch(`${started.origin}${path}`, { method: 'PUT', headers, body: '{"role":"admin"}' })).ok).toBe(true)
    await hours(0.1)
    await bea.finds(/bea granted hana \*admin\* on acme\/shop permanently, so it no longer ends\./)
    await hours(1.1)
    expect(roles('acme/shop')?.hana).toBe('admin')
    expect((await states('hana')).at(-1)).toBe('kept')
    await bea.types('/quay permission revoke acme/shop hana')
  },
)

test('a dry run gives nothing and writes nothing', async () => {
  const before = (await bot.db.select().from(accessGrants)).length
  expect(await dryRun(started, 'bea', '/quay permission grant acme/shop hana write for=1h')).toContain(
    'permissions/user/hana {"role":"write"}',
  )
  expect((await bot.db.select().from(accessGrants)).length).toBe(before)
})
