import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { endAccess } from '../../src/approvals/access/end-due.ts'
import { setWithoutEnd } from '../../src/approvals/access/without-end.ts'
import { policyOf } from '../../src/core/policy.ts'
import { accessGrants, accessHolds, cards } from '../../src/db/schema.ts'
import { nothingKnown } from '../../src/quay/registry.ts'
import { openRows } from '../notifications/rows.ts'
import { personOf } from '../security/parts.ts'

// When somebody is warned that something ends, who hears that an end cannot run, and what stays of it when it is given without an end.

const rows = await openRows()
const { answers, at, quayCalls } = rows
const policy = policyOf({ superusers: ['U0ROOT'], identity: { map: { U0HANA: 'hana', U0BEA: 'bea' } } })
const bot = { ...rows.bot, policy }
bot.quay.capabilities = { ...nothingKnown(), superusersFullAccess: true, account: 'quaymaster' }

let role: string | undefined
beforeEach(async () => {
  for (const table of [accessGrants, accessHolds]) await bot.db.delete(table)
  await rows.forget()
  role = 'write'
  const permission = '/repository/acme/web/permissions/user/hana'
  answers['GET /repository/acme/web'] = {
    namespace: 'acme',
    name: 'web',
    is_public: false,
    kind: 'image',
    state: 'NORMAL',
    can_write: true,
  }
  answers[`GET ${permission}`] = () => (role === undefined ? 404 : { name: 'hana', role })
  answers[`PUT ${permission}`] = (_, body) => {
    role = (body as { role: string }).role // what it is asked for
    return {}
  }
  answers[`DELETE ${permission}`] = () => {
    role = undefined
    return {}
  }
  for (const name of ['bea', 'hana'])
    answers[`GET /superuser/users/${name}`] = { username: name, email: `${name}@example.com`, enabled: true }
})

const minute = 60_000
const hour = 60 * minute
interface Given {
  starts?: number
  ends: number
  more?: Partial<typeof accessGrants.$inferInsert>
  hold?: Partial<typeof accessHolds.$inferInsert>
}

/** Hana has write on acme/web, from and until so many milliseconds from now. */
async function held({ starts = -hour, ends, more = {}, hold = {} }: Given, id = 'one') {
  await bot.db
    .insert(accessHolds)
    .values({ id, kind: 'repository', object: 'acme/web', grantee: 'hana', applied: 'write', createdAt: at(starts), ...hold })
  await bot.db.insert(accessGrants).values({
    ...{ id, hold: id, reference: id, team: 'T0ACME', asker: 'U0ASKER', role: 'write', state: 'active' as const },
    ...{ decided: [{ person: 'U0BEA', name: 'bea', account: 'bea' }], startedAt: at(starts), endsAt: at(ends), ...more },
  })
}
const grant = async (id = 'one') => (await bot.db.select().from(accessGrants).where(eq(accessGrants.id, id)))[0]
const hold = async () => (await bot.db.select().from(accessHolds))[0]
const told = async () => (await bot.db.select({ channel: cards.channel }).from(cards)).map(({ channel }) => channel).sort()

describe('a warning', () => {
  test.each<[string, Given, boolean]>([
    ['ten minutes before the end', { ends: 10 * minute }, true],
    ['not a moment earlier', { ends: 10 * minute + 1 }, false],
    ['one minute before the end', { ends: minute }, true],
    ['an hour before the end of more than a day', { starts: -24 * hour, ends: hour }, true],
    ['not a moment earlier there', { starts: -24 * hour, ends: hour + 1 }, false],
    ['not of exactly a day an hour before', { starts: -23 * hour, ends: hour }, false],
    ['not of what lasts ten minutes in all', { starts: 0, ends: 10 * minute }, false],
    ['of what lasts a little more', { starts: -1, ends: 10 * minute }, true],
    ['not twice', { ends: 10 * minute, more: { warned: true } }, false],
    ['not of what is asked about already', { ends: 10 * minute, more: { state: 'asking' } }, false],
  ])('comes %s', async (_, given, comes) => {
    await held(given)
    await endAccess(bot)
    expect(await told()).toEqual(comes ? ['U0ASKER', 'U0BEA', 'U0HANA'] : [])
    expect((await grant())?.warned).toBe(comes || given.more?.warned === true)
    expect(quayCalls.filter(({ call }) => call.startsWith('DELETE'))).toEqual([])
  })
})

describe('an end that cannot run', () => {
  const away = { retryAt: new Date(Date.parse('2027-01-01')) }
  test.each<[string, Given, string[]]>([
    ['is told to the superusers and who decided, after five minutes', { ends: -5 * minute, hold: away }, ['U0BEA', 'U0ROOT']],
    ['not a moment earlier', { ends: -5 * minute + 1, hold: away }, []],
    ['again after an hour', { ends: -5 * minute, hold: { ...away, toldAt: at(-hour) } }, ['U0BEA', 'U0ROOT']],
    ['not before that', { ends: -5 * minute, hold: { ...away, toldAt: at(-hour + 1) } }, []],
  ])('%s', async (_, given, people) => {
    await held(given)
    await endAccess(bot)
    expect(await told()).toEqual(people)
    expect((await grant())?.state).toBe('active')
  })
})

describe('what is given without an end where something is held for a while', () => {
  const run = { bot, quay: bot.quay, person: personOf({ username: 'bea' }, { id: 'U0BEA', name: 'bea', account: 'bea' }), reference: 'x' }
  const target = { kind: 'repository', object: 'acme/web', grantee: 'hana' } as const

  test('nothing is held: the caller does it alone', async () => {
    expect(await setWithoutEnd(run, target, 'admin')).toBeUndefined()
    await held({ ends: hour, more: { state: 'ended' } })
    expect(await setWithoutEnd(run, target, 'admin')).toBeUndefined()
    expect(quayCalls).toEqual([])
  })

  test('more than that: it is kept by it, and ends no more', async () => {
    await held({ ends: hour })
    expect(await setWithoutEnd(run, target, 'admin')).toEqual({ inForce: 'admin' })
    expect(role).toBe('admin')
    expect(await hold()).toMatchObject({ permanent: 'admin', applied: 'admin', writing: null, since: null })
    expect((await grant())?.state).toBe('kept')
  })

  test('less than that: what gives more ends as it was said', async () => {
    await held({ ends: hour, hold: { since: at(-hour) } })
    expect(await setWithoutEnd(run, target, 'read')).toEqual({ inForce: 'write' })
    expect(role).toBe('write')
    expect(await hold()).toMatchObject({ permanent: 'read', applied: 'write', writing: null, since: at(-hour) })
    expect((await grant())?.state).toBe('active')
  })

  test('taken away is all of it', async () => {
    await held({ ends: hour })
    expect(await setWithoutEnd(run, target, null)).toEqual({ inForce: null })
    expect(role).toBeUndefined()
    expect(await hold()).toMatchObject({ permanent: null, applied: null, writing: null })
    expect((await grant())?.state).toBe('ended')
    expect(await told()).toEqual(expect.arrayContaining(['U0ASKER', 'U0BEA', 'U0HANA']))
  })

  test('never by who has it; what Quay refuses did not happen', async () => {
    await held({ ends: hour })
    const hana = { ...run, person: personOf({ username: 'hana' }, { id: 'U0HANA', account: 'hana' }) }
    await expect(setWithoutEnd(hana, target, 'admin')).rejects.toMatchObject({ code: 'denied' })
    answers['PUT /repository/acme/web/permissions/user/hana'] = 400
    await expect(setWithoutEnd(run, target, 'admin')).rejects.toMatchObject({ code: 'invalid' })
    expect(await hold()).toMatchObject({ permanent: null, applied: 'write', writing: null })
    answers['PUT /repository/acme/web/permissions/user/hana'] = 503
    await expect(setWithoutEnd(run, target, 'admin')).rejects.toMatchObject({ code: 'unavailable' })
    expect((await hold())?.writing).toMatchObject({ role: 'admin', lasting: { permanent: 'admin', by: 'bea' } })
    expect((await grant())?.state).toBe('active')
  })
})
