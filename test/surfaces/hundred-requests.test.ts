import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { requests } from '../../src/db/schema.ts'
import { startRequests } from '../approvals/start-requests.ts'
import { isCi } from '../sized.ts'

const many = 100

/** Where carl is the admin of globex. */
async function start() {
  const started = await startRequests()
  const owners = started.quay.registry.organizations.find(({ name }) => name === 'globex')?.teams.find(({ role }) => role === 'admin')
  if (!owners) throw new Error('globex has no admins')
  owners.members = ['carl']
  return { ...started, owners }
}

test('a hundred requests wait: App Home and the list cost no call for any of them, and show each to those who may decide it', async () => {
  const { alice, bea, carl, dora, bot, quay, asks } = await start()
  await asks(alice, 'globex/web')
  const [row] = await bot.db.select().from(requests)
  if (!row) throw new Error('there is no request')
  expect(row.about.admins).toEqual(['carl'])
  const rows = Array.from({ length: many - 1 }, (_, number) => ({ ...row, id: `copy${number}`, revision: `copy${number}` }))
  await bot.db.insert(requests).values(rows)
  for (const person of [bea, carl, dora]) await person.types('/quay whoami')

  for (const [person, word] of [
    [dora, /Requests that need your approval \(newest first\)/],
    [carl, /Requests that need your approval \(newest first\)/],
    [bea, /No requests need your approval\./],
  ] as const) {
    bot.cache.clear()
    const before = quay.exchanges.length
    expect((await person.types('/quay request list waiting')).text).toMatch(word)
    expect(quay.exchanges.slice(before).map(({ path }) => path)).toHaveLength(1)
    bot.cache.clear()
    const then = quay.exchanges.length
    await person.post('home', {})
    await expect
      .poll(async () => JSON.stringify(await person.get(`home?user=${person.name}`)), { timeout: 20_000 })
      .toContain(person === bea ? 'No requests need your approval.' : 'globex/web')
    expect(quay.exchanges.length - then).toBeLessThanOrEqual(1)
  }
})

test('who became an admin since is not listed, and decides all the same; who is one no longer is listed, and does not', async () => {
  const { alice, bea, carl, bot, owners, asks, decides } = await start()
  await asks(alice, 'globex/web')
  const [row] = await bot.db.select().from(requests)
  if (!row) throw new Error('there is no request')
  for (const person of [bea, carl]) await person.types('/quay whoami')
  owners.members = ['bea']
  bot.cache.clear()
  expect((await bea.types('/quay request list waiting')).text).toBe('No requests need your approval.')
  expect((await carl.types('/quay request list waiting')).text).toContain('Requests that need your approval (newest first)')
  await expect(decides('U0CARL')).rejects.toMatchObject({ code: 'denied' })
  await decides('U0BEA')
  await expect
    .poll(async () => (await bot.db.select().from(requests).where(eq(requests.id, row.id)))[0]?.state, { timeout: 20_000 })
    .toBe('succeeded')
})

test.runIf(isCi)('a row of an older release has no such list: Quay is asked, as it was', async () => {
  const { alice, carl, bot, asks } = await start()
  await asks(alice, 'globex/web')
  await bot.db.update(requests).set({ about: { right: null } })
  expect((await carl.types('/quay request list waiting')).text).toContain('Requests that need your approval (newest first)')
})
