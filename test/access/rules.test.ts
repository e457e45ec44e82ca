import { afterAll, expect, test } from 'vitest'
import { endAccess } from '../../src/approvals/access/end-due.ts'
import { settleHold } from '../../src/approvals/access/settle.ts'
import { accessGrants, accessHolds, cards } from '../../src/db/schema.ts'
import { allOf } from '../commands/drawn.ts'
import { isCi, sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { hoursLater } from './hours.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, bot, quay, slack, repository } = started
const roles = (name = 'acme/api') => repository(name)?.userPermissions
const hours = (count: number) => hoursLater(started, count)

async function byHand(who: string, method: 'PUT' | 'POST', path: string, body: object) {
  const headers = { authorization: `Bearer ${quay.tokenOf(who)}`, 'content-type': 'application/json' }
  const answer = await fetch(`${started.origin}/api/v1${path}`, { method, headers, body: JSON.stringify(body) })
  expect(answer.ok, await answer.clone().text()).toBe(true)
}

test('the message about the end lists what was made meanwhile under it, by the bot and without it', async () => {
  await bea.types('/quay permission grant acme/api alice admin for=1h')
  expect((await alice.types('/quay permission grant acme/api hana write')).text).toMatch(/^Granted \*write\* on .* to `hana`/)
  await byHand('alice', 'PUT', '/repository/acme/api/permissions/user/ivan', { role: 'admin' })
  await hours(1.1)
  const end = await bea.finds(/alice no longer has a direct permission on acme\/api/)
  expect(allOf(end)).toContain(
    'Created by alice in the meantime: permission grant acme/api hana write; change_repo_permission ivan admin acme/api. It remains unless someone removed it.',
  )
  await bea.types('/quay permission revoke acme/api hana')
})

test('nothing comes back to somebody who is disabled', async () => {
  await bea.types('/quay permission grant acme/shop hana read')
  await bea.types('/quay permission grant acme/shop hana admin for=1h')
  const user = quay.registry.users.find(({ name }) => name === 'hana')
  if (user) user.enabled = false
  await hours(1.1)
  expect(roles('acme/shop')).not.toHaveProperty('hana')
  if (user) user.enabled = true
})

test('an earlier role that was revoked since does not come back', async () => {
  await bea.types('/quay permission grant acme/shop hana read')
  await bea.types('/quay permission grant acme/shop hana write for=1h')
  await bea.types('/quay permission revoke acme/shop hana')
  await bea.types('/quay permission grant acme/shop hana write for=1h')
  await hours(1.1)
  expect(roles('acme/shop')).not.toHaveProperty('hana')
})

test('an extension races with the end: whichever comes first, it is in force or it is not, and every row is told', async () => {
  for (let round = 0; round < sized(1, 5, 5); round += 1) {
    await bea.types('/quay permission grant acme/shop ivan write for=1h')
    await bea.post('clock', { advance_ms: 3_600_100 })
    const [extended] = await Promise.all([bea.types('/quay permission grant acme/shop ivan write for=2h'), endAccess(bot), endAccess(bot)])
    await expect.poll(async () => (await open()).every(({ state }) => state === 'active')).toBe(true)
    const isThere = (await open()).length > 0
    expect(roles('acme/shop')?.ivan, `round ${round}: ${extended.text}`).toBe(isThere ? 'write' : undefined)
    if (/^`ivan` has/.test(extended.text)) expect(isThere).toBe(true)
    await hours(2.1)
    expect(roles('acme/shop')).not.toHaveProperty('ivan')
  }
})

async function open() {
  const rows = await bot.db.select().from(accessGrants)
  return rows.filter(({ state }) => ['starting', 'active', 'ending', 'asking'].includes(state))
}

test('ten that take up the same end at once: one ends it, with one call and one message', async () => {
  await bea.types('/quay permission grant acme/shop ivan write for=1h')
  await bea.post('clock', { advance_ms: 3_700_000 })
  const before = started.changes().length
  const holds = (await bot.db.select().from(accessHolds)).filter(({ grantee, object }) => grantee === 'ivan' && object === 'acme/shop')
  await Promise.all(Array.from({ length: 10 }, () => Promise.all(holds.map(({ id }) => settleHold(bot, id).catch(() => undefined)))))
  await hours(0.1)
  expect(started.changes().slice(before)).toEqual(['DELETE /api/v1/repository/acme/shop/permissions/user/ivan'])
})

test.runIf(isCi)('Slack fails after the change: the end comes all the same, and its message when Slack is back', async () => {
  await bea.types('/quay permission grant acme/shop ivan write for=1h')
  slack.faults({ rateLimit: { method: 'chat.postMessage', retryAfter: 1, times: 5 } })
  await hours(1.1)
  expect(roles('acme/shop')).not.toHaveProperty('ivan')
  slack.faults(undefined)
  await bea.finds(/ivan no longer has a direct permission on acme\/shop/)
})

test('an end that cannot run is told to whoever gave it, until it ran', async () => {
  await bea.types('/quay permission grant acme/shop ivan write for=1h')
  quay.faults({ status: 503, match: 'DELETE /api/v1/repository/acme/shop/permissions/user/ivan' })
  await bea.post('clock', { advance_ms: 3_600_000 + 6 * 60_000 })
  await endAccess(bot)
  // It waits its turn among what bea is told: a message a second.
  const notices = async () => (await bot.db.select().from(cards)).filter(({ subject }) => subject.startsWith('notice access late'))
  await expect.poll(async () => (await notices()).map(({ channel }) => channel)).toContain('U0BEA')
  quay.faults(undefined)
  await hours(0.1)
  expect(roles('acme/shop')).not.toHaveProperty('ivan')
})

test('writers of a new repository for a while', async () => {
  const said = await bea.types('/quay repo create acme/brief writers=ivan for=2h')
  expect(allOf(said)).toContain('Give ivan the role write on acme/brief temporarily')
  expect(roles('acme/brief')).toMatchObject({ ivan: 'write', bea: 'admin' })
  await hours(2.1)
  expect(roles('acme/brief')).not.toHaveProperty('ivan')
  expect(roles('acme/brief')).toMatchObject({ bea: 'admin' })
})

test.runIf(isCi)('a change of which nobody knows whether it happened stands in nobody’s way', async () => {
  await bea.types('/quay permission grant acme/shop ivan write for=1h')
  quay.faults({ status: 503, match: 'PUT /api/v1/repository/acme/shop/permissions/user/ivan' })
  await bea.types('/quay permission grant acme/shop ivan admin')
  quay.faults(undefined)
  expect((await bea.types('/quay permission grant acme/shop ivan write for=3h')).text).toMatch(
    /^\*write\* on .* was already granted to `ivan`/,
  )
  await hours(3.1)
  expect(roles('acme/shop')).not.toHaveProperty('ivan')
})

test.runIf(isCi)('while Quay has not said which account is the bot’s own, the end waits and nobody is asked', async () => {
  await bea.types('/quay permission grant acme/shop ivan write for=1h')
  const { capabilities } = bot.quay
  const { account } = capabilities
  Object.assign(capabilities, { account: undefined, unread: ['account'] })
  quay.faults({ status: 503, match: 'GET /api/v1/user/' })
  await bea.post('clock', { advance_ms: 3_700_000 })
  await endAccess(bot)
  expect((await open()).map(({ state }) => state)).toEqual(['ending'])
  expect(roles('acme/shop')?.ivan).toBe('write')
  quay.faults(undefined)
  await hours(0.1)
  expect(roles('acme/shop')).not.toHaveProperty('ivan')
  expect(capabilities.account).toBe(account)
})
