import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { endAccess } from '../../src/approvals/access/end-due.ts'
import { accessGrants, accessHolds } from '../../src/db/schema.ts'
import { allOf } from '../commands/drawn.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { hoursLater } from './hours.ts'

// Temporary permissions while Quay loses an answer, does not do what it says, or cannot be asked what was done with them.

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { bea, bot, quay, repository } = started
const hours = (count: number) => hoursLater(started, count)

async function statesOf(grantee: string) {
  const rows = await bot.db
    .select({ state: accessGrants.state })
    .from(accessGrants)
    .innerJoin(accessHolds, eq(accessHolds.id, accessGrants.hold))
    .where(eq(accessHolds.grantee, grantee))
  return rows.map(({ state }) => state)
}

/** What began, and whose answer was lost, is looked at half a minute later. */
async function lookedAt(grantee: string) {
  await bea.post('clock', { advance_ms: 31_000 })
  const unsure = async () => {
    await endAccess(bot)
    return (await statesOf(grantee)).includes('starting')
  }
  await expect.poll(unsure, { interval: 50 }).toBe(false)
}

/** As a process left it that died before it knew whether Quay had done it. */
async function dies(grantee: string) {
  const left = { applied: null, writing: { role: 'write' as const } }
  for (const { id } of await bot.db.update(accessHolds).set(left).where(eq(accessHolds.grantee, grantee)).returning())
    await bot.db.update(accessGrants).set({ state: 'starting' }).where(eq(accessGrants.hold, id))
}

test('the process died after Quay had given it: it is found to be in force, and ends when it was said', async () => {
  await bea.types('/quay permission grant acme/api hana write for=2h')
  await dies('hana')
  await lookedAt('hana')
  expect(await statesOf('hana')).toEqual(['active'])
  await hours(2.1)
  expect(repository('acme/api')?.userPermissions).not.toHaveProperty('hana')
  expect(await statesOf('hana')).toEqual(['ended'])
})

test('the process died before Quay heard of it: nothing was given, nothing ends, and it can be given again', async () => {
  await bea.types('/quay permission grant acme/api ivan write for=2h')
  await bea.types('/quay permission grant acme/base ivan write for=2h')
  await dies('ivan')
  for (const name of ['acme/api', 'acme/base']) delete repository(name)?.userPermissions.ivan
  await lookedAt('ivan')
  expect(await statesOf('ivan')).toEqual(['void', 'void'])
  expect((await bea.types('/quay permission grant acme/api ivan write for=1h')).text).toContain('Granted *write*')
  await hours(1.1)
  expect(repository('acme/api')?.userPermissions).not.toHaveProperty('ivan')
  expect((await statesOf('ivan')).toSorted()).toEqual(['ended', 'void', 'void'])
})

test.runIf(isCi)(
  'what an admin for an hour has made is named where Quay’s usage logs cannot be read: at least what went through the bot',
  async () => {
    const { alice } = started
    await bea.types('/quay permission grant acme/shop alice admin for=1h')
    await bea.types('/quay permission grant acme/shop carl admin for=1h')
    expect((await alice.types('/quay permission grant acme/shop hana read')).text).toMatch(/^Granted \*read\*/)
    quay.set({ logsIn: 'splunk' })
    // Somebody has said *End now*, and the process died before it was done.
    await bot.db.update(accessGrants).set({ confirmed: true }).where(eq(accessGrants.state, 'active'))
    await hours(1.1)
    quay.set({ logsIn: 'database' })
    expect(allOf(await bea.finds(/alice no longer has a direct permission on acme\/shop/))).toContain(
      'What alice created in Quay in the meantime can’t be read from the usage logs; through Quaymaster: permission grant acme/shop hana read.',
    )
    expect(allOf(await bea.finds(/carl no longer has a direct permission on acme\/shop/))).toContain(
      'What carl created in Quay in the meantime can’t be read from the usage logs.',
    )
  },
)
