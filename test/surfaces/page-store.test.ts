import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyRetention } from '../../src/app/retention.ts'
import { pages } from '../../src/db/schema.ts'
import { aheadOf, keepAhead, pageTurned, rememberPage, turnPage } from '../../src/surfaces/pages/page-store.ts'
import { alice, bea, embedded, hour, openState } from '../db/open-state.ts'

const list = { person: alice, operation: 'logs', input: { namespace: 'acme' }, endpoint: '/organization/acme/logs' }

/** The entries of a page: the newest first. */
function page(index: number) {
  return Array.from({ length: 3 }, (_, row) => ({ kind: 'push_repo', at: 1_000 - index * 3 - row }))
}

let state: Awaited<ReturnType<typeof openState>>

beforeAll(async () => {
  state = await openState({ database: embedded, until: afterAll })
})

/** A list of its own, at its first page. */
async function opened() {
  const id = await rememberPage(state.bot, { ...list, entries: page(0), next: 'token-1' })
  return { ...state, id: String(id) }
}

const forgotten = { code: 'not_found' }
const expired = { code: 'conflict' }

test('older, older, newer: each page is asked for with the token that Quay gave for it', async () => {
  const { bot, id } = await opened()
  expect(await turnPage(bot, id, 1, alice)).toEqual({
    operation: 'logs',
    input: { namespace: 'acme' },
    endpoint: list.endpoint,
    index: 1,
    token: 'token-1',
    ahead: undefined,
  })
  await pageTurned(bot, id, 1, { entries: page(1), next: 'token-2' })
  expect(await turnPage(bot, id, 2, alice)).toMatchObject({ token: 'token-2' })
  await pageTurned(bot, id, 2, { entries: page(2), next: undefined })
  await expect(turnPage(bot, id, 3, alice)).rejects.toMatchObject(forgotten)

  expect(await turnPage(bot, id, 1, alice)).toMatchObject({ token: 'token-1' })
  await pageTurned(bot, id, 1, { entries: page(1), next: 'token-2' })
  expect(await turnPage(bot, id, 0, alice)).toMatchObject({ token: undefined })
  await pageTurned(bot, id, 0, { entries: page(0), next: 'token-1' })
})

test('a double click turns one page', async () => {
  const { bot, id } = await opened()
  const turns = await Promise.all([turnPage(bot, id, 1, alice), turnPage(bot, id, 1, alice)])
  expect(turns.map(({ token }) => token)).toEqual(['token-1', 'token-1'])
  await Promise.all(turns.map(() => pageTurned(bot, id, 1, { entries: page(1), next: 'token-2' })))
  expect(await turnPage(bot, id, 2, alice)).toMatchObject({ token: 'token-2' })
})

test('the next page is there before it is asked for, and is forgotten when the list has moved on', async () => {
  const { bot, id } = await opened()
  expect(await aheadOf(bot, id, 1)).toEqual({ token: 'token-1' })
  expect(await aheadOf(bot, id, 2)).toEqual({})
  await keepAhead(bot, id, { index: 1, token: 'token-1' }, { entries: page(1), next: 'token-2' })
  expect(await aheadOf(bot, id, 1)).toEqual({ result: expect.anything() })
  expect((await turnPage(bot, id, 1, alice)).ahead).toEqual({ entries: page(1), next: 'token-2' })

  // Back to the first page, which has other entries now: what was fetched ahead does not follow it any more.
  await pageTurned(bot, id, 0, { entries: page(-1), next: 'token-1b' })
  expect(await turnPage(bot, id, 1, alice)).toMatchObject({ token: 'token-1b', ahead: undefined })
  await keepAhead(bot, id, { index: 1, token: 'token-1' }, { entries: [], next: undefined })
  expect((await turnPage(bot, id, 1, alice)).ahead).toBeUndefined()
})

test('a page that was fetched ahead and came back from the database is the page it was', async () => {
  const { bot, id } = await opened()
  await keepAhead(bot, id, { index: 1, token: 'token-1' }, { entries: page(0), next: 'token-2' })
  const { ahead } = await turnPage(bot, id, 1, alice)
  await expect(pageTurned(bot, id, 1, ahead as { entries: unknown[]; next: string })).rejects.toMatchObject(expired)
})

test('Quay answers an expired token with its first page: that is not a page', async () => {
  const { bot, id } = await opened()
  await turnPage(bot, id, 1, alice)
  await expect(pageTurned(bot, id, 1, { entries: page(0), next: 'token-1' })).rejects.toMatchObject(expired)
  // The same, with entries that came since in front of it.
  await expect(
    pageTurned(bot, id, 1, { entries: [{ kind: 'new', at: 2_000 }, ...page(0).slice(0, 2)], next: 'token-1' }),
  ).rejects.toMatchObject(expired)
  await pageTurned(bot, id, 1, { entries: page(1), next: 'token-2' })
})

test('bea presses alice’s button: she is told to run it herself', async () => {
  const { bot, id } = await opened()
  for (const person of [bea, { ...alice, team: 'T0OTHER' }]) {
    await expect(turnPage(bot, id, 1, person)).rejects.toMatchObject({
      code: 'denied',
      sentence: { message: 'Only the person who ran this command can change its pages. Run it yourself.' },
    })
  }
})

test('a list nobody turns is forgotten after an hour; its ids cannot be guessed', async () => {
  const { bot, id, passes } = await opened()
  expect(Buffer.from(id, 'base64url')).toHaveLength(16)
  passes(0.9 * hour)
  await turnPage(bot, id, 1, alice)
  passes(0.9 * hour)
  await applyRetention(bot)
  await turnPage(bot, id, 1, alice)
  passes(1.1 * hour)
  await applyRetention(bot)
  await expect(turnPage(bot, id, 1, alice)).rejects.toMatchObject(forgotten)
})

test('a token older than two days is not sent any more', async () => {
  const { bot, id, passes } = await opened()
  passes(48 * hour)
  await expect(turnPage(bot, id, 1, alice)).rejects.toMatchObject(expired)
  expect(await turnPage(bot, id, 0, alice)).toMatchObject({ token: undefined })
})

test('a list that has one page needs no row', async () => {
  const { bot } = state
  const before = await bot.db.$count(pages)
  expect(await rememberPage(bot, { ...list, entries: page(0), next: undefined })).toBeUndefined()
  expect(await bot.db.$count(pages)).toBe(before)
})
