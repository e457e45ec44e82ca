import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { failRun } from '../../src/approvals/run-failure.ts'
import { loadCommands } from '../../src/command/registry.ts'
import { Failure } from '../../src/core/failure.ts'
import { policyOf } from '../../src/core/policy.ts'
import { audit, requests } from '../../src/db/schema.ts'
import { mapError, unavailable, unusable } from '../../src/quay/refusal.ts'
import { embedded, openState } from '../db/open-state.ts'
import { accountAnswer, botOf, inSlack, registryOf, slackOf } from '../security/parts.ts'
import { isCi, sampled } from '../sized.ts'
import { at, hour, requestOf } from './made-up.ts'

// What becomes of a run that was interrupted, by what was thrown and how far it had come.

let state: Awaited<ReturnType<typeof openState>>
beforeAll(async () => {
  await loadCommands()
  state = await openState({ ...(isCi && { database: embedded }), until: afterAll })
})
beforeEach(async () => void (await state.bot.db.delete(requests)))

let count = 0

type Row = ReturnType<typeof requestOf>

interface Given {
  mode?: Row['mode']
  changed?: boolean
  row?: Partial<Row>
  /** Minutes since the decision. */
  minutes?: number
  answers?: object
}

const denied = () => new Failure('denied', 'No.')
const away = () => unavailable('away')
const crashed = () => mapError('POST', '/repository', 500, '<html>', [])
const ours = () => new TypeError('a bug')
const hooks = { operation: 'notification create', input: { repository: 'acme/api', event: 'repo_push', method: 'email', email: 'a@b.c' } }
const prune = { operation: 'prune set', input: { target: 'acme/api', keep: 5, matching: true } }

async function ends(error: unknown, { mode = 'first', changed = false, row = {}, minutes = 1, answers = {} }: Given = {}) {
  const { db, keys, runtime, boss } = state.bot
  const { quay } = await registryOf({ 'GET /superuser/users/alice': accountAnswer('alice'), ...answers })
  const now = at + minutes * 60_000
  const policy = policyOf({ identity: { map: { U0ALICE: 'alice' } } })
  const bot = botOf({ db, keys, runtime, boss, quay, policy, slack: slackOf([inSlack('U0ALICE')]), clock: () => now })
  count += 1
  const request = requestOf({
    reference: `failure-${count}`,
    ...{ state: 'running', attempt: 1, leaseUntil: new Date(Date.now() + hour), decidedAt: new Date(at), createdAt: new Date(at) },
    ...{ expiresAt: new Date(at + 2 * hour), mode: 'later', ...row },
  })
  await db.insert(requests).values(request)
  await failRun(bot, request, error, { mode, changed })
  const [kept] = await db.select().from(requests).where(eq(requests.id, request.id))
  if (!kept) throw new Error('it is there')
  const entries = await db.select({ phase: audit.phase, outcome: audit.outcome }).from(audit).where(eq(audit.reference, request.reference))
  return {
    state: kept.state,
    mode: kept.mode,
    note: kept.note?.message,
    failure: kept.failure?.message,
    found: kept.found?.kind,
    again: kept.retryAt === null ? undefined : (kept.retryAt.getTime() - now) / 1_000,
    lease: kept.leaseUntil,
    audited: entries.map(({ phase }) => phase),
  }
}

const quayAway = 'Quay does not respond. Quaymaster retries until it does.'

describe('what Quay refused', () => {
  test.each(
    sampled<[string, () => unknown, Given, string]>(
      [
        ['before anything was sent: it has failed', denied, {}, 'failed'],
        ['after something was sent: it has failed, because the refusal is Quay’s answer to it', denied, { changed: true }, 'failed'],
        ['at a later attempt: what an earlier one did is unknown', denied, { mode: 'later', changed: true }, 'unknown'],
        ['at a later attempt, before anything was sent: unknown, too', denied, { mode: 'later' }, 'unknown'],
        ['at a step: the main work stays done', denied, { mode: 'steps', changed: true }, 'succeeded'],
      ],
      2,
    ),
  )('%s', async (_, error, given, is) => {
    const found = await ends(error(), given)
    expect(found).toMatchObject({ state: is, again: undefined, lease: null, audited: ['failed'] })
    expect(is === 'succeeded' ? found.note : found.failure).toBe('No.')
  })
})

describe('an error inside Quay, or of ours', () => {
  test.each(
    sampled<[string, () => unknown, Given, string]>(
      [
        ['Quay’s, before anything was sent', crashed, {}, 'failed'],
        ['Quay’s, after it', crashed, { changed: true }, 'unknown'],
        ['ours, before anything was sent', ours, {}, 'failed'],
        ['ours, after it', ours, { changed: true }, 'unknown'],
        ['ours, at a step', ours, { mode: 'steps' }, 'succeeded'],
      ],
      2,
      1,
    ),
  )('%s', async (_, error, given, is) => {
    const found = await ends(error(), given)
    expect(found.state).toBe(is)
    if (error === ours)
      expect(is === 'succeeded' ? found.note : found.failure).toBe(
        'Something went wrong. Contact your operator with reference {reference}.',
      )
  })
})

describe('Quay is away', () => {
  test.each(
    sampled<[string, Given, object]>(
      [
        ['before anything was sent: once more, as the first time', {}, { mode: 'first', note: quayAway }],
        ['after it: once more, and it is looked first', { changed: true }, { mode: 'later', note: quayAway }],
        ['at a later attempt', { mode: 'later', changed: true }, { mode: 'later', note: quayAway }],
        ['at a step', { mode: 'steps', changed: true }, { mode: 'steps', note: quayAway }],
      ],
      2,
    ),
  )('%s', async (_, given, is) => {
    expect(await ends(away(), given)).toMatchObject({ state: 'running', lease: null, audited: [], failure: undefined, ...is })
  })

  test('what is not begun stays approved', async () => {
    expect(await ends(away(), { row: { state: 'approved', attempt: 0, leaseUntil: null } })).toMatchObject({
      state: 'approved',
      mode: 'first',
    })
  })

  test('a problem that somebody has to mend is named instead', async () => {
    const problem = unusable('QUAY_URL is not Quay.', {}, 'x')
    expect(await ends(problem)).toMatchObject({ state: 'running', note: 'QUAY_URL is not Quay.' })
  })

  test.each(
    sampled(
      [
        [0, 5],
        [5 / 60, 5],
        [1, 30],
        [9, 270],
        [10, 300],
        [60, 300],
      ],
      3,
    ),
  )('%d minutes after the decision it waits %d seconds', async (minutes, seconds) => {
    expect((await ends(away(), { minutes })).again).toBe(seconds)
  })

  test('the waiting counts from when it was asked where nobody decided', async () => {
    const row = { decidedAt: null, createdAt: new Date(at - 10 * 60_000) }
    expect((await ends(away(), { row, minutes: 0 })).again).toBe(300)
  })

  test('until the request is over, and an hour after the decision at least', async () => {
    expect(await ends(away(), { minutes: 119 })).toMatchObject({ state: 'running' })
    await state.bot.db.delete(requests)
    expect(await ends(away(), { minutes: 120 })).toMatchObject({ state: 'failed', failure: 'Quay is not available right now.' })
    await state.bot.db.delete(requests)
    const row = { expiresAt: new Date(at + 60_000) }
    expect(await ends(away(), { minutes: 59, row })).toMatchObject({ state: 'running' })
    await state.bot.db.delete(requests)
    expect(await ends(away(), { minutes: 60, row })).toMatchObject({ state: 'failed' })
    await state.bot.db.delete(requests)
    expect(await ends(away(), { minutes: 60, row, changed: true })).toMatchObject({ state: 'unknown' })
    await state.bot.db.delete(requests)
    expect(await ends(away(), { minutes: 60, row, mode: 'steps' })).toMatchObject({ state: 'succeeded' })
  })

  test('what is never repeated, and leaves nothing to look for, is not tried again once it was sent', async () => {
    expect(await ends(away(), { row: hooks, changed: true })).toMatchObject({ state: 'unknown', found: 'unreadable' })
    await state.bot.db.delete(requests)
    expect(await ends(away(), { row: hooks })).toMatchObject({ state: 'running', mode: 'first' })
    await state.bot.db.delete(requests)
    // Of a build there is something to look for.
    const build = { operation: 'build start', input: { repository: 'acme/api', archive_url: 'https://git.example.com/a.tar.gz' } }
    expect(await ends(away(), { row: build, changed: true })).toMatchObject({ state: 'running', mode: 'later' })
  })
})

describe('what is found in Quay of a run whose end is unknown', () => {
  const repository = { name: 'web', namespace: 'globex', is_public: false, can_admin: true, can_write: true, description: '' }
  test.each(
    sampled<[string, Given, string]>(
      [
        ['nothing', {}, 'nothing'],
        ['nothing that can be read, where Quay does not answer', { answers: { 'GET /repository/globex/web': 500 } }, 'unreadable'],
        ['nothing that can be read, for what only runs again', { row: prune }, 'unreadable'],
        ['nothing that can be read of a command that is gone', { row: { operation: 'repo explode' } }, 'unreadable'],
      ],
      2,
    ),
  )('%s', async (_, given, kind) => {
    expect(await ends(ours(), { changed: true, ...given })).toMatchObject({ state: 'unknown', found: kind })
  })

  test('nothing of ours, where somebody else has it', async () => {
    const answers = { 'GET /repository/globex/web': repository }
    expect((await ends(ours(), { changed: true, answers })).state).toBe('unknown')
  })
})
