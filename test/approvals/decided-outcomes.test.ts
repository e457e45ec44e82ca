import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LeaseLost } from '../../src/approvals/lease.ts'
import type { Invocation } from '../../src/approvals/rules.ts'
import { keepResult, reopen, succeed } from '../../src/approvals/run-outcome.ts'
import { credential } from '../../src/core/credential.ts'
import { policyOf } from '../../src/core/policy.ts'
import { audit, links, posts, requests, votes } from '../../src/db/schema.ts'
import { embedded, openState } from '../db/open-state.ts'
import { accountAnswer, botOf, inSlack, personOf, registryOf, slackOf } from '../security/parts.ts'
import { isCi } from '../sized.ts'
import { at, requestOf } from './made-up.ts'

// What is kept of a run, and when a request waits again.

let state: Awaited<ReturnType<typeof openState>>
beforeAll(async () => {
  state = await openState({ ...(isCi && { database: embedded }), until: afterAll })
})
beforeEach(async () => {
  for (const table of [votes, requests, links, posts]) await state.bot.db.delete(table)
})

async function botWith() {
  const { db, keys, runtime, boss } = state.bot
  const { quay } = await registryOf({
    'GET /superuser/users/alice': accountAnswer('alice'),
    'GET /superuser/users/bea': accountAnswer('bea'),
  })
  const policy = policyOf({ identity: { map: { U0ALICE: 'alice', U0BEA: 'bea' } } })
  const slack = slackOf([inSlack('U0ALICE'), inSlack('U0BEA')])
  return botOf({ db, keys, runtime, boss, quay, policy, slack, clock: () => at, config: { LANGUAGE: 'en' } })
}

let count = 0
async function stored(change: Partial<ReturnType<typeof requestOf>> = {}) {
  count += 1
  const row = requestOf({ reference: `outcome-${count}`, state: 'running', attempt: 1, ...change })
  await state.bot.db.insert(requests).values(row)
  return row
}
const kept = async ({ id }: { id: string }) => (await state.bot.db.select().from(requests).where(eq(requests.id, id)))[0]
const audited = async ({ reference }: { reference: string }) =>
  (await state.bot.db.select().from(audit).where(eq(audit.reference, reference))).map(({ phase, right }) => ({ phase, right }))

describe('a request that waits again', () => {
  const note = { message: 'It has changed.', values: {} }
  async function reopened(change: Partial<ReturnType<typeof requestOf>>, more: object = {}) {
    const bot = await botWith()
    const request = await stored({ decidedAt: new Date(at), retryAt: new Date(at), ...change })
    for (const account of ['bea', 'dora'])
      await bot.db
        .insert(votes)
        .values({ request: request.id, account, person: 'U0', name: account, decision: 'approved', entitled: true, at: new Date(at) })
    await reopen(bot, request, { note, ...more })
    const left = (await bot.db.select().from(votes)).map(({ account }) => account).sort()
    return { row: await kept(request), left, entries: await audited(request) }
  }

  test('loses all votes, keeps what it was about, and is written down', async () => {
    const { row, left, entries } = await reopened({ state: 'approved', revision: 'old', facts: { tags: 1 } })
    expect(row).toMatchObject({ state: 'pending', note, decidedAt: null, retryAt: null, revision: 'old', facts: { tags: 1 } })
    expect(left).toEqual([])
    expect(entries).toMatchObject([{ phase: 'failed' }])
  })

  test('loses only the votes that do not count any more', async () => {
    expect((await reopened({ state: 'approved' }, { gone: ['dora'] })).left).toEqual(['bea'])
  })

  test('takes the facts that were found, with their revision', async () => {
    const { row } = await reopened({ state: 'approved', facts: { tags: 1 } }, { facts: { tags: 2 }, revision: 'new' })
    expect(row).toMatchObject({ facts: { tags: 2 }, revision: 'new' })
  })

  test('does not, where somebody has changed it first', async () => {
    const bot = await botWith()
    const request = await stored({ state: 'approved' })
    await bot.db.update(requests).set({ version: 7 })
    await reopen(bot, request, { note })
    expect(await kept(request)).toMatchObject({ state: 'approved', note: null })
    expect(await audited(request)).toEqual([])
  })
})

describe('the result of the main work', () => {
  const secret = (account?: string) => ({
    what: { message: 'Token of {robot}', values: { robot: 'acme+ci' } },
    credentials: { token: credential().parse('abc-secret-token-123') },
    context: { kind: 'robot', username: 'acme+ci', registry: 'quay.example.com' },
    ...(account !== undefined && { account }),
  })
  const step = { name: { message: 'Give {account} admin', values: { account: 'bea' } } }
  type Steps = Parameters<typeof keepResult>[5]

  async function keeps(revealed: object | undefined, steps: object[], change: Partial<ReturnType<typeof requestOf>> = {}) {
    const bot = await botWith()
    const request = await stored()
    if (Object.keys(change).length > 0) await bot.db.update(requests).set(change)
    const invocation = { name: 'robot create', command: { reveals: () => revealed }, input: {} } as unknown as Invocation // as far as it is asked
    const running = { bot, person: personOf(), input: {} } as unknown as Parameters<typeof keepResult>[3] // as far as it is asked
    const row = await keepResult(bot, request, invocation, running, { name: 'ci' }, steps as unknown as Steps)
    const offers = (await bot.db.select().from(posts)).map(({ channel }) => channel)
    return { row, request, offers, after: await kept(request) }
  }

  test('without credentials and steps nothing is written: the end follows at once', async () => {
    const { row, request, after } = await keeps(undefined, [])
    expect(row).toBe(request)
    expect(after).toMatchObject({ result: null, steps: null, secret: null, mode: 'first' })
  })

  test('before the steps it is kept, and they are still to be done', async () => {
    const { row } = await keeps(undefined, [step])
    expect(row).toMatchObject({ result: { name: 'ci' }, steps: [{ name: step.name, state: 'left' }], secret: null, mode: 'steps' })
  })

  test('its credential is sealed for who asked, whose message has the button', async () => {
    const { row, offers } = await keeps(secret(), [])
    expect(row.secret).toMatchObject({ person: 'U0ALICE', what: secret().what })
    expect(JSON.stringify(row)).not.toContain('abc-secret')
    expect(offers).toEqual([])
  })

  test('the credential of somebody else’s account is theirs, and they are told; of an account of nobody in Slack it is the asker’s', async () => {
    const { row, offers } = await keeps(secret('bea'), [])
    expect(row.secret).toMatchObject({ person: 'U0BEA' })
    expect(offers).toEqual(['U0BEA'])
    await state.bot.db.delete(requests)
    await state.bot.db.delete(posts)
    const nobodys = await keeps(secret('hana'), [])
    expect(nobodys.row.secret).toMatchObject({ person: 'U0ALICE' })
    expect(nobodys.offers).toEqual([])
  })

  test.each([
    ['another attempt has it', { attempt: 2 }],
    ['it is over', { state: 'unknown' as const }],
  ])('nothing is kept where %s', async (_, change) => {
    await expect(keeps(secret(), [step], change)).rejects.toThrow(LeaseLost)
  })
})

describe('the end of a run', () => {
  const running = { person: personOf() } as unknown as Parameters<typeof succeed>[2]['running'] // as far as it is asked
  test('is written with whose approval it was', async () => {
    const bot = await botWith()
    const request = await stored({ note: { message: 'x', values: {} }, retryAt: new Date(at) })
    await succeed(bot, request, { running, result: { made: 1 }, states: [], authority: ['bea', 'dora'] })
    expect(await kept(request)).toMatchObject({
      state: 'succeeded',
      result: { made: 1 },
      note: null,
      retryAt: null,
      mode: 'steps',
      endedAt: new Date(at),
    })
    expect(await audited(request)).toEqual([{ phase: 'finished', right: 'on the authority of bea, dora' }])
  })

  test('is not another attempt’s to write', async () => {
    const bot = await botWith()
    const request = await stored()
    await bot.db.update(requests).set({ attempt: 2 })
    await expect(succeed(bot, request, { running, result: {}, states: [], authority: ['bea'] })).rejects.toThrow(LeaseLost)
    expect(await kept(request)).toMatchObject({ state: 'running' })
    expect(await audited(request)).toEqual([])
  })
})
