import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newRuntime } from '../../src/context.ts'
import { stopTimers } from '../../src/core/timers.ts'
import { cards, channelTurns, subscriptions } from '../../src/db/schema.ts'
import { enqueueCardUpdate, enqueueSubjectUpdate, findCard, revive } from '../../src/notifications/cards.ts'
import { deliver } from '../../src/notifications/deliver.ts'
import { publishCard } from '../../src/notifications/publish-card.ts'
import { openRows, refusing, slackError } from './rows.ts'

const rows = await openRows()
const { bot, card, slackAnswers, calledSlack, at, passes } = rows
const now = async (id: string) => (await bot.db.select().from(cards).where(eq(cards.id, id)))[0]
const answersWith = (method: string, error: () => Error) => {
  slackAnswers[method] = refusing(error)
}

beforeEach(() => rows.forget())

describe('what becomes of a card that is sent', () => {
  test('posted: it stands, the channel rests a second, and the same once more is no message', async () => {
    const one = await card({ attempts: 3 })
    expect(await publishCard(bot, one)).toBe(1_000)
    expect(calledSlack('chat.postMessage')).toMatchObject([{ channel: 'C1', text: expect.stringMatching(/^Notice/) }])
    const stands = await now(one.id)
    expect(stands).toMatchObject({ state: 'posted', place: 'C1', ts: expect.any(String), drawn: 1, attempts: 0 })
    const again = { ...one, ...stands, wanted: 4, attempts: 2 }
    expect(await publishCard(bot, again)).toBe(0)
    expect(rows.slackCalls).toHaveLength(1)
    expect(await now(one.id)).toMatchObject({ drawn: 4, attempts: 0 })
    const other = { ...again, data: { sentence: { message: 'Another', values: {} } } }
    expect(await publishCard(bot, other)).toBe(1_000)
    expect(calledSlack('chat.update')).toMatchObject([{ channel: 'C1', ts: stands?.ts, text: 'Another' }])
  })

  test.each([
    [7, 7_000],
    [1, 1_000],
    [0, 1_000],
  ])('limited for %i s: the channel rests as long, at least a second, and the card is new still', async (seconds, rests) => {
    answersWith('chat.postMessage', () => slackError.limited(seconds))
    const one = await card()
    expect(await publishCard(bot, one)).toBe(rests)
    expect(await now(one.id)).toMatchObject({ state: 'new', drawn: 0, attempts: 0, ts: null })
  })

  test('limited where it may stand already: that is not forgotten', async () => {
    answersWith('chat.postMessage', () => slackError.limited(2))
    answersWith('chat.update', () => slackError.limited(2))
    const maybe = await card({ state: 'posting' })
    expect(await publishCard(bot, maybe)).toBe(2_000)
    expect(await now(maybe.id)).toMatchObject({ state: 'posting' })
    const stands = await card({ state: 'posted', ts: '1.1', place: 'C1' })
    expect(await publishCard(bot, stands)).toBe(2_000)
    expect(await now(stands.id)).toMatchObject({ state: 'posted', ts: '1.1' })
  })

  test.each([
    [0, 1_000],
    [1, 2_000],
    [3, 8_000],
    [5, 32_000],
    [6, 60_000],
    [40, 60_000],
  ])('an answer lost after %i attempts: it is tried again after %i ms', async (attempts, wait) => {
    answersWith('chat.postMessage', slackError.lost)
    const one = await card({ attempts })
    expect(await publishCard(bot, one)).toBe(1_000)
    expect(await now(one.id)).toMatchObject({ state: 'posting', attempts: attempts + 1, dueAt: at(wait), drawn: 0 })
  })

  test('a channel that takes no messages: its cards are gone, its subscriptions end, others stay', async () => {
    answersWith('chat.postMessage', () => slackError.platform('is_archived'))
    const [one, beside, elsewhere] = [await card(), await card(), await card({ channel: 'C2' })]
    await rows.subscription()
    await rows.subscription({ channel: 'C2' })
    expect(await publishCard(bot, one)).toBe(0)
    const states = await Promise.all([one, beside, elsewhere].map(async ({ id }) => (await now(id))?.state))
    expect(states).toEqual(['gone', 'gone', 'new'])
    const ends = Object.fromEntries((await bot.db.select().from(subscriptions)).map(({ channel, state }) => [channel, state]))
    expect(ends).toEqual({ C1: 'ended', C2: 'active' })
  })

  test('a message that was deleted in Slack is not posted again', async () => {
    answersWith('chat.update', () => slackError.platform('message_not_found'))
    const one = await card({ state: 'posted', ts: '1.1', place: 'C1' })
    expect(await publishCard(bot, one)).toBe(0)
    expect(await now(one.id)).toMatchObject({ state: 'gone' })
    expect(calledSlack('chat.postMessage')).toEqual([])
  })

  test.each([
    [0, 'posting', 1],
    [4, 'posting', 5],
    [5, 'gone', 5],
  ])('refused after %i attempts: %s', async (attempts, state, after) => {
    answersWith('chat.postMessage', () => slackError.platform('invalid_blocks'))
    const one = await card({ attempts })
    expect(await publishCard(bot, one)).toBe(0)
    expect(await now(one.id)).toMatchObject({ state, attempts: after })
  })

  test('a row whose place is not known is no message to edit', async () => {
    const one = await card({ state: 'new', ts: '1.1' })
    await publishCard(bot, one)
    expect(calledSlack('chat.update')).toEqual([])
    expect(calledSlack('chat.postMessage')).toHaveLength(1)
  })
})

describe('a card that may stand already is looked for', () => {
  test('found: it is that message, and is drawn anew at once', async () => {
    const one = await card({ state: 'posting' })
    slackAnswers['conversations.history'] = () => ({
      ok: true,
      messages: [
        { ts: '2.1', metadata: { event_payload: { id: 'another' } } },
        { ts: '2.2', metadata: { event_payload: { id: one.id } } },
      ],
    })
    expect(await publishCard(bot, one)).toBe(0)
    expect(await now(one.id)).toMatchObject({ state: 'posted', ts: '2.2', drawn: 0, drawing: null })
    expect(calledSlack('chat.postMessage')).toEqual([])
  })

  test('not found: it is posted', async () => {
    const one = await card({ state: 'posting' })
    expect(await publishCard(bot, one)).toBe(1_000)
    expect(await now(one.id)).toMatchObject({ state: 'posted', drawn: 1 })
  })

  test('nobody can look: it is posted and says that it counts', async () => {
    answersWith('conversations.history', () => slackError.platform('missing_scope', { needed: 'channels:history' }))
    const one = await card({ state: 'posting' })
    expect(await publishCard(bot, one)).toBe(1_000)
    expect(JSON.stringify(calledSlack('chat.postMessage'))).toContain('If you see both, this one is current.')
  })

  test.each([
    ['invalid_auth', 1_000, 1],
    ['is_archived', 0, 0],
  ])('%s while looking: nothing is posted', async (error, rests, attempts) => {
    answersWith('conversations.history', () => slackError.platform(error))
    const one = await card({ state: 'posting' })
    expect(await publishCard(bot, one)).toBe(rests)
    expect(calledSlack('chat.postMessage')).toEqual([])
    expect(await now(one.id)).toMatchObject({ attempts })
  })

  test('a new one is not looked for', async () => {
    await publishCard(bot, await card())
    expect(calledSlack('conversations.history')).toEqual([])
  })
})

describe('a reply in a thread', () => {
  test.each([
    ['waits for the first message', { state: 'new' as const, ts: null }, 'later'],
    ['waits while that is being posted', { state: 'posting' as const, ts: null }, 'later'],
    ['stands below it', { state: 'posted' as const, ts: '9.9' }, '9.9'],
    ['stands below it though it is no longer drawn', { state: 'gone' as const, ts: '9.9' }, '9.9'],
    ['stands in the channel where there never was one', { state: 'gone' as const, ts: null }, undefined],
  ])('%s', async (_, parent, where) => {
    const above = await card({ ...parent, place: 'C1' })
    const one = await card({ parent: above.id })
    await publishCard(bot, one)
    const posted = calledSlack('chat.postMessage')
    if (where === 'later') {
      expect(posted).toEqual([])
      expect(await now(one.id)).toMatchObject({ state: 'new', attempts: 1, dueAt: at(1_000) })
    } else expect(posted.map(({ thread_ts }) => thread_ts)).toEqual([where])
  })

  test('without its first message in the rows it stands in the channel', async () => {
    await publishCard(bot, await card({ parent: 'nobody' }))
    expect(calledSlack('chat.postMessage').map(({ thread_ts }) => thread_ts)).toEqual([undefined])
  })
})

describe('what is drawn', () => {
  test.each([
    [0, 'new', 1],
    [4, 'new', 5],
    [5, 'gone', 5],
  ])('a card that cannot be drawn, after %i attempts: %s', async (attempts, state, after) => {
    const one = await card({ data: {}, attempts })
    expect(await publishCard(bot, one)).toBe(0)
    expect(await now(one.id)).toMatchObject({ state, attempts: after })
    expect(rows.slackCalls).toEqual([])
    expect(rows.log()).toContain('could not render a card')
  })

  test('while Slack does not say what channel it is, the card waits, however long', async () => {
    answersWith('conversations.info', slackError.lost)
    const one = await card({ object: 'acme/api', attempts: 9 })
    expect(await publishCard(bot, one)).toBe(0)
    expect(await now(one.id)).toMatchObject({ state: 'new', attempts: 10 })
    expect(calledSlack('chat.postMessage')).toEqual([])
  })

  test('a card of a kind that nobody knows is gone', async () => {
    const one = await card({ subject: 'mystery acme/api' })
    await publishCard(bot, one)
    expect(await now(one.id)).toMatchObject({ state: 'gone' })
  })

  const shared = { ok: true, channel: { is_member: true, is_ext_shared: true } }
  test.each([
    ['private in a shared channel', 'acme/api', false, shared, false],
    ['public in a shared channel', 'acme/api', true, shared, true],
    ['public where others are invited', 'acme/api', true, { ok: true, channel: { is_member: true, is_pending_ext_shared: true } }, true],
    ['private where others are invited', 'acme/api', false, { ok: true, channel: { is_member: true, is_pending_ext_shared: true } }, false],
    ['a namespace in a shared channel', 'acme', true, shared, false],
    ['private in our own channel', 'acme/api', false, { ok: true, channel: { is_member: true } }, true],
    ['a namespace in our own channel', 'acme', false, { ok: true, channel: { is_member: true } }, true],
    ['nothing private in a shared channel', undefined, false, shared, true],
  ])('%s: shown is %5$s', async (_, object, isPublic, channel, isShown) => {
    slackAnswers['conversations.info'] = () => channel
    rows.answers['GET /repository/acme/api'] = { is_public: isPublic }
    rows.answers['GET /repository/acme'] = { is_public: true }
    const one = await card({ object: object ?? null })
    await publishCard(bot, one)
    expect(await now(one.id)).toMatchObject({ state: isShown ? 'posted' : 'gone' })
  })

  test('a repository that is gone is shown to nobody else; a channel that is missing is told by Slack when it is sent', async () => {
    slackAnswers['conversations.info'] = () => shared
    const one = await card({ object: 'acme/gone' })
    await publishCard(bot, one)
    expect(await now(one.id)).toMatchObject({ state: 'gone' })
    rows.bot.slack.people.clear()
    answersWith('conversations.info', () => slackError.platform('channel_not_found'))
    const other = await card({ object: 'acme/gone' })
    await publishCard(bot, other)
    expect(await now(other.id)).toMatchObject({ state: 'posted' })
  })

  test('a notice has its moments, the person’s own words, more sentences and buttons, each only if given', async () => {
    const sentence = { message: 'Until {until}: {until2}', values: { until: 1_762_160_400_000, until2: 5 } }
    const button = { action: 'x:y', label: { message: 'Press {it}', values: { it: 'here' } }, value: 'v' }
    const data = { sentence, moments: ['until'], quote: 'because', below: [{ message: 'More {x}', values: { x: 1 } }], buttons: [button] }
    await publishCard(bot, await card({ data }))
    await publishCard(bot, await card({ data: { sentence } }))
    const [full, bare] = calledSlack('chat.postMessage') as { text: string; blocks: { type: string }[] }[]
    expect(full?.text).toMatch(/^Until <!date\^1762160400\^.*>: 5 because$/)
    expect(full?.blocks.map(({ type }) => type)).toEqual(['section', 'rich_text', 'context', 'actions'])
    expect(JSON.stringify(full?.blocks)).toMatch(/More 1.*Press here/)
    expect(bare?.text).not.toContain('<!date')
    expect(bare?.blocks.map(({ type }) => type)).toEqual(['section'])
  })
})

describe('delivery', () => {
  let process = { ...bot, runtime: newRuntime() }
  beforeEach(() => {
    process = { ...bot, runtime: newRuntime() }
  })
  afterEach(() => stopTimers(process))
  const posted = () => calledSlack('chat.postMessage').map(({ text, channel }) => `${channel} ${text}`)
  const data = (message: string) => ({ data: { sentence: { message, values: {} } } })
  const turns = async () => Object.fromEntries((await bot.db.select().from(channelTurns)).map(({ channel, dueAt }) => [channel, dueAt]))
  const waits = () => [...process.runtime.timers.due.keys()]

  test('one message a second and channel, the oldest first; channels do not wait for one another', async () => {
    await card({ ...data('second'), dueAt: at(-1_000), createdAt: at(-500) })
    await card({ ...data('third'), dueAt: at(-500) })
    await card({ ...data('first'), dueAt: at(-1_000), createdAt: at(-900) })
    await card({ ...data('other'), channel: 'C2' })
    await card({ ...data('not yet'), channel: 'C3', dueAt: at(5_000) })
    await deliver(process)
    await expect.poll(() => posted().toSorted()).toEqual(['C1 first', 'C2 other'])
    await expect.poll(turns).toMatchObject({ C1: at(1_000), C2: at(1_000), C3: at() })
    await expect.poll(() => waits().toSorted()).toEqual(['channel C1', 'channel C3'])
    passes(1_000)
    await deliver(process)
    await expect.poll(posted).toContain('C1 second')
    passes(1_000)
    await deliver(process)
    await expect.poll(posted).toContain('C1 third')
    await expect.poll(waits).toEqual(['channel C3'])
    expect(posted()).toHaveLength(4)
  })

  test('what is drawn as it stands, and what is gone, uses no second', async () => {
    const one = await card(data('same'))
    await publishCard(bot, one)
    await bot.db.update(cards).set({ wanted: 2 })
    await card({ ...data('gone'), state: 'gone', dueAt: at(-3_000) })
    await card({ ...data('next'), dueAt: at(1) })
    passes(1)
    await deliver(process)
    await expect.poll(posted).toEqual(['C1 same', 'C1 next'])
    expect((await bot.db.select().from(cards)).filter(({ wanted, drawn, state }) => wanted > drawn && state !== 'gone')).toEqual([])
  })

  test('while another process has the turn of a channel, nothing is posted there, and it is looked again', async () => {
    await card(data('mine'))
    await bot.db.update(channelTurns).set({ dueAt: at(15_000) })
    await deliver(process)
    await expect.poll(waits).toEqual(['channel C1'])
    expect(posted()).toEqual([])
    expect(await turns()).toEqual({ C1: at(15_000) })
    passes(15_000)
    await deliver(process)
    await expect.poll(posted).toEqual(['C1 mine'])
  })

  test('a limited channel rests as long as Slack says, though more is due', async () => {
    answersWith('chat.postMessage', () => slackError.limited(30))
    await card(data('one'))
    await card(data('two'))
    await deliver(process)
    await expect.poll(turns).toEqual({ C1: at(30_000) })
    expect(calledSlack('chat.postMessage')).toHaveLength(1)
    await expect.poll(waits).toEqual(['channel C1'])
  })

  test('of two processes one has the turn, for as long as a call may take', async () => {
    const other = { ...bot, runtime: newRuntime() }
    const during: unknown[] = []
    slackAnswers['chat.postMessage'] = async () => {
      during.push(await turns())
      return { ok: true, channel: 'C1', ts: '3.1' }
    }
    await card(data('one'))
    await card(data('two'))
    await Promise.all([deliver(process), deliver(other)])
    await expect.poll(turns).toEqual({ C1: at(1_000) })
    await expect.poll(() => [waits(), [...other.runtime.timers.due.keys()]]).toEqual([['channel C1'], ['channel C1']])
    stopTimers(other)
    expect(during).toEqual([{ C1: at(15_000) }])
    const all = await bot.db.select().from(cards)
    expect(all.map(({ attempts }) => attempts)).toEqual([0, 0])
    expect(rows.log()).not.toContain('posting to a channel failed')
  })

  test('a bot that is being stopped begins nothing', async () => {
    await card(data('late'))
    stopTimers(process)
    await deliver(process)
    expect(waits()).toEqual([])
    expect(posted()).toEqual([])
  })
})

describe('rows of cards', () => {
  const wanted = { channel: 'C1', subject: 'notice x', data: { a: 1 } }
  test('one card for a channel and subject; more of it is an update that keeps what it had', async () => {
    const id = await enqueueCardUpdate(bot, bot.db, { ...wanted, subscription: 's1' })
    expect(await now(id)).toMatchObject({ wanted: 1, state: 'new', subscription: 's1', data: { a: 1 } })
    expect(await enqueueCardUpdate(bot, bot.db, { ...wanted, data: { b: 2 } })).toBe(id)
    expect(await now(id)).toMatchObject({ wanted: 2, subscription: 's1', data: { a: 1, b: 2 } })
    expect(rows.jobs).toEqual(['deliver', 'deliver'])
    expect(await findCard(bot, 'C1', 'notice x')).toMatchObject({ id })
    expect(await findCard(bot, 'C2', 'notice x')).toBeUndefined()
    expect(await findCard(bot, 'C1', 'notice y')).toBeUndefined()
  })

  test('a card that was never posted gets another chance; one whose message was deleted stays gone', async () => {
    const never = await card({ state: 'gone', subject: 'notice never' })
    const deleted = await card({ state: 'gone', subject: 'notice deleted', ts: '1.1' })
    for (const { subject, channel } of [never, deleted]) await enqueueCardUpdate(bot, bot.db, { channel, subject })
    expect([(await now(never.id))?.state, (await now(deleted.id))?.state]).toEqual(['new', 'gone'])
  })

  test('a subject without cards queues nothing', async () => {
    await enqueueSubjectUpdate(bot, bot.db, 'notice nothing')
    expect(rows.jobs).toEqual([])
    const one = await card({ subject: 'notice some' })
    await card({ subject: 'notice other' })
    await enqueueSubjectUpdate(bot, bot.db, 'notice some')
    expect(rows.jobs).toEqual(['deliver'])
    expect((await bot.db.select().from(cards)).map(({ wanted }) => wanted).toSorted()).toEqual([1, 2])
    expect(await now(one.id)).toMatchObject({ wanted: 2 })
  })

  test('a channel that opens again: the cards of today that stood there are drawn anew', async () => {
    const today = await card({ state: 'gone', ts: '1.1' })
    const old = await card({ state: 'gone', ts: '1.2', createdAt: at(-25 * 3_600_000) })
    const never = await card({ state: 'gone' })
    const elsewhere = await card({ state: 'gone', ts: '1.3', channel: 'C2' })
    const stands = await card({ state: 'posted', ts: '1.4' })
    await revive(bot, bot.db, 'C1')
    const found = await Promise.all([today, old, never, elsewhere, stands].map(({ id }) => now(id)))
    expect(found.map((one) => `${one?.state} ${one?.wanted}`)).toEqual(['posted 2', 'gone 1', 'gone 1', 'gone 1', 'posted 1'])
    expect(rows.jobs).toEqual(['deliver'])
  })
})
