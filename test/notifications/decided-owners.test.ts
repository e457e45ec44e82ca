import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { policyOf } from '../../src/core/policy.ts'
import { cards, subscriptions } from '../../src/db/schema.ts'
import { checkOwners } from '../../src/notifications/owner-check.ts'
import { nothingKnown } from '../../src/quay/registry.ts'
import { openRows, refusing, slackError } from './rows.ts'

// Whether who subscribed is still an admin: by rows, and a registry that answers what is written here.

const rows = await openRows()
const { answers, at, slackAnswers, quayCalls } = rows
const bot = { ...rows.bot, policy: policyOf({ identity: { map: { U0BEA: 'bea' } } }) }
bot.quay.capabilities = { ...nothingKnown(), superusersFullAccess: true }

beforeEach(async () => {
  await rows.forget()
  slackAnswers['users.info'] = () => ({ ok: true, user: { id: 'U0BEA', name: 'bea', team_id: 'T0ACME', profile: {} } })
  answers['GET /superuser/users/bea'] = { username: 'bea', email: 'bea@example.com', enabled: true, super_user: false }
  answers['GET /organization/acme'] = { name: 'acme', teams: { owners: { name: 'owners', role: 'admin' } } }
  answers['GET /repository/acme/api'] = { name: 'api', namespace: 'acme', is_public: false }
})

const isAdmin = () => {
  answers['GET /organization/acme/members/bea'] = { name: 'bea', kind: 'user', teams: [{ name: 'owners' }], repositories: [] }
}
const minutes = (count: number) => at(count * 60_000)

async function checked(more: object, known?: Map<string, Promise<boolean>>) {
  const one = await rows.subscription({ owner: 'U0BEA', target: 'acme/api', ...more })
  const is = await checkOwners(bot, one, known)
  const [kept] = await bot.db.select().from(subscriptions).where(eq(subscriptions.id, one.id))
  if (!kept) throw new Error('it is there')
  const told = (await bot.db.select({ channel: cards.channel }).from(cards)).map(({ channel }) => channel).sort()
  return { is, state: kept.state, told, looked: kept.checkedAt.getTime() === at().getTime(), kept }
}

describe('an owner', () => {
  test.each([
    ['active', -9, true],
    ['paused', -9, false],
  ] as const)('of a subscription that is %s is looked at ten minutes later at the earliest', async (state, before, is) => {
    expect(await checked({ state, checkedAt: minutes(before) })).toMatchObject({ is, state, told: [] })
    expect(quayCalls).toEqual([])
  })

  test('is looked at after ten minutes', async () => {
    isAdmin()
    expect(await checked({ checkedAt: minutes(-10) })).toMatchObject({ is: true, state: 'active', told: [], looked: true })
    expect(quayCalls.length).toBeGreaterThan(0)
  })

  test('who is no admin any more: it pauses, and the channel and the owner are told', async () => {
    const { is, state, told, kept } = await checked({ checkedAt: minutes(-11), channel: 'C9' })
    expect({ is, state, told }).toEqual({ is: false, state: 'paused', told: ['C9', 'U0BEA'] })
    expect(kept.reason).toMatchObject({ values: { target: 'acme/api' } })
    expect(kept.silentSince).toEqual(at())
  })

  test('who is one again: it goes on, and both are told', async () => {
    isAdmin()
    const { is, state, told, kept } = await checked({ checkedAt: minutes(-11), channel: 'C9', state: 'paused', silentSince: minutes(-30) })
    expect({ is, state, told }).toEqual({ is: true, state: 'active', told: ['C9', 'U0BEA'] })
    expect(kept.reason).toBeNull()
    expect(kept.mutedUntil).toEqual(at())
  })

  test('who is still none: nobody is told again', async () => {
    expect(await checked({ checkedAt: minutes(-11), state: 'paused' })).toMatchObject({
      is: false,
      state: 'paused',
      told: [],
      looked: true,
    })
  })

  test.each([
    ['a guest', () => ({ ok: true, user: { id: 'U0BEA', name: 'bea', team_id: 'T0ACME', is_restricted: true, profile: {} } })],
    ['somebody who left', () => ({ ok: true, user: { id: 'U0BEA', name: 'bea', team_id: 'T0ACME', deleted: true, profile: {} } })],
  ])('who is %s has no right', async (_, user) => {
    isAdmin()
    slackAnswers['users.info'] = user
    expect(await checked({ checkedAt: minutes(-11) })).toMatchObject({ is: false, state: 'paused' })
  })

  test('of a target that is gone: it ends', async () => {
    answers['GET /repository/acme/api'] = 404
    expect((await checked({ checkedAt: minutes(-11) })).state).toBe('ended')
  })

  test('is asked about once in a run', async () => {
    isAdmin()
    const known = new Map<string, Promise<boolean>>()
    await checked({ checkedAt: minutes(-11), channel: 'C1' }, known)
    const before = quayCalls.length
    await checked({ checkedAt: minutes(-11), channel: 'C2' }, known)
    expect(quayCalls.length).toBe(before)
    expect([...known.keys()]).toEqual(['U0BEA acme/api'])
  })

  test('of whom nobody can tell: nothing is changed, and it is looked at again', async () => {
    answers['GET /organization/acme'] = 503
    answers['GET /organization/acme/members/bea'] = 503
    await expect(checked({ checkedAt: minutes(-11) })).rejects.toMatchObject({ code: 'unavailable' })
    await rows.forget()
    slackAnswers['users.info'] = refusing(() => slackError.lost())
    await expect(checked({ checkedAt: minutes(-11) })).rejects.toThrow()
    const [kept] = await bot.db.select().from(subscriptions)
    expect(kept).toMatchObject({ state: 'active', checkedAt: minutes(-11) })
  })
})
