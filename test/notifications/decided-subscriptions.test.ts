import { beforeEach, describe, expect, test } from 'vitest'
import { aDay, aMinute } from '../../src/core/durations.ts'
import { translator } from '../../src/core/i18n.ts'
import type { Subscription } from '../../src/db/event-tables.ts'
import { cards, subscriptions } from '../../src/db/schema.ts'
import { renderDigest, sendDigests } from '../../src/notifications/digest.ts'
import { nextDigest } from '../../src/notifications/digest-schedule.ts'
import { ledgerOf } from '../../src/notifications/ledger.ts'
import { isMuted, mute, muteWindowOf, secondOf, wasMutedAt } from '../../src/notifications/mute.ts'
import { openLists, openVulnerabilities } from '../../src/notifications/open-vulnerabilities.ts'
import { shownSubscription, subscriptionLine, subscriptionNote } from '../../src/notifications/subscription-view.ts'
import {
  listSubscriptions,
  matchesTags,
  readSubscription,
  subscribe,
  subscriptionsOf,
  unsubscribe,
  wants,
} from '../../src/notifications/subscriptions.ts'
import { channelFor, isWildcard, target } from '../../src/notifications/target.ts'
import { openRows, refusing, slackError } from './rows.ts'

const rows = await openRows()
const { bot, card, event, subscription, answers, slackAnswers, at, now, passes } = rows
const t = translator('en')
beforeEach(() => rows.forget())

const row = (more: Partial<Subscription> = {}) =>
  ({
    ...{ id: 's', team: 'T0ACME', channel: 'C1', target: 'acme/api', owner: 'U0BEA', timeZone: null, groups: ['builds'], severity: 'high' },
    ...{ tags: [], only: 'all', digest: 'none', digestDueAt: null, digestedAt: null, known: [], mutedUntil: null, silentSince: null },
    ...{ state: 'active', reason: null, checkedAt: at(), createdAt: at(-aDay), ...more },
  }) as Subscription

describe('whether an event is wanted', () => {
  const subject = { subject: 'x', at: now(), tags: [] as string[] }
  test.each([
    ['as usual', {}, {}, true],
    ['in a digest', { digest: 'daily' as const }, {}, false],
    ['while muted', { mutedUntil: at(1), silentSince: at(5_000) }, {}, false],
    ['when the mute ends', { mutedUntil: at(0), silentSince: at(5_000) }, {}, true],
    ['from before the subscription', {}, { at: secondOf(at(-aDay)) - 1 }, false],
    ['in the second of the subscription', { createdAt: at(-aDay + 999) }, { at: secondOf(at(-aDay)) }, true],
    ['in a mute that is over', { silentSince: at(-5_000), mutedUntil: at(-1_000) }, { at: now() - 3_000 }, false],
    ['too mild', {}, { severity: 'medium' as const }, false],
    ['as severe as asked', {}, { severity: 'high' as const }, true],
    ['of another tag', { tags: ['v*'] }, { tags: ['rc1'] }, false],
    ['of a tag among others', { tags: ['v*'] }, { tags: ['rc1', 'v1'] }, true],
    ['without tags', { tags: ['v*'] }, {}, true],
  ])('%s', (_, more, about, wanted) => {
    expect(wants(bot, row(more), { ...subject, ...about })).toBe(wanted)
  })

  test('tags', () => {
    expect([matchesTags({ tags: [] }, ['x']), matchesTags({ tags: ['y'] }, ['x']), matchesTags({ tags: ['x'] }, [])]).toEqual([
      true,
      false,
      true,
    ])
  })
})

describe('mutes', () => {
  test('a mute is in effect until its moment', () => {
    expect([null, at(1), at(0), at(-1)].map((mutedUntil) => isMuted({ mutedUntil }, now()))).toEqual([false, true, false, false])
  })

  test.each([
    [null, 9_000, 5_000, false],
    [1_000, null, 5_000, false],
    [1_000, 9_000, 1_000, true],
    [1_000, 9_000, 999, false],
    [1_000, 9_999, 8_999, true],
    [1_000, 9_999, 9_000, false],
  ])('muted from %s to %s: was it at %i', (since, until, moment, was) => {
    const date = (one: number | null) => (one === null ? null : new Date(one))
    expect(wasMutedAt(row({ silentSince: date(since), mutedUntil: date(until) }), moment)).toBe(was)
  })

  test('a pause is a mute, and neither cuts the other short', () => {
    const muted = row({ mutedUntil: at(1_000) })
    expect(muteWindowOf(row(), 'paused', now())).toEqual({ silentSince: at() })
    expect(muteWindowOf(row(), 'active', now())).toEqual({ mutedUntil: at() })
    expect([muteWindowOf(muted, 'paused', now()), muteWindowOf(muted, 'active', now())]).toEqual([{}, {}])
  })

  test.each([
    ['begins now', {}, 0],
    ['goes on from where a mute began', { mutedUntil: at(1_000), silentSince: at(-7_000) }, -7_000],
    ['goes on from where a pause began', { state: 'paused' as const, silentSince: at(-7_000) }, -7_000],
    ['begins anew after a mute that is over', { mutedUntil: at(-1_000), silentSince: at(-7_000) }, 0],
  ])('it %s', async (_, more, since) => {
    const one = await subscription(more)
    await subscription({ channel: 'C2' })
    await mute(bot, one, now() + 60_000)
    const all = await bot.db.select().from(subscriptions).orderBy(subscriptions.channel)
    expect(all).toMatchObject([{ mutedUntil: at(60_000), silentSince: at(since) }, { mutedUntil: null }])
  })
})

describe('rows of subscriptions', () => {
  const person = {
    id: 'U0BEA',
    name: 'Bea',
    team: 'T0ACME',
    timeZone: 'Europe/Berlin',
    language: 'en' as const,
    account: 'bea',
    user: undefined,
  }
  const wish = { ...{ channel: 'C1', target: 'acme/api', groups: ['builds' as const], severity: 'high', tags: [] }, only: 'all' as const }
  const wishes = (digest: 'none' | 'daily' = 'none') => subscribe(bot, bot.db, person, { ...wish, digest })

  test('one for a channel and target; changed it goes on where it was, muted or paused it starts again', async () => {
    const one = await wishes()
    expect(one).toMatchObject({ createdAt: at(), digestedAt: at(), digestDueAt: null, owner: 'U0BEA', timeZone: 'Europe/Berlin' })
    passes(aMinute)
    expect(await wishes()).toMatchObject({ id: one.id, createdAt: at(-aMinute), checkedAt: at() })
    await bot.db.update(subscriptions).set({ mutedUntil: at(5) })
    expect(await wishes()).toMatchObject({ createdAt: at(), mutedUntil: null })
    passes(aMinute)
    await bot.db.update(subscriptions).set({ mutedUntil: at(0) })
    expect(await wishes()).toMatchObject({ createdAt: at(-aMinute) })
    await bot.db.update(subscriptions).set({ state: 'paused' })
    expect(await wishes()).toMatchObject({ createdAt: at(), state: 'active' })
  })

  test('a digest goes on from the one before, and begins where there was none', async () => {
    await wishes('daily')
    passes(aMinute)
    expect(await wishes('daily')).toMatchObject({
      digestedAt: at(-aMinute),
      digestDueAt: new Date(nextDigest(now(), 'daily', 'Europe/Berlin')),
    })
    await wishes()
    passes(aMinute)
    expect(await wishes('daily')).toMatchObject({ digestedAt: at() })
    passes(aMinute)
    await bot.db.update(subscriptions).set({ mutedUntil: at(5) })
    expect(await wishes('daily')).toMatchObject({ digestedAt: at() })
  })

  test('are found by channel and target, by owner, and by what they are about', async () => {
    const one = await subscription()
    const all = await subscription({ channel: 'C2', target: 'acme/*', owner: 'U0CARL', groups: ['pushes'] })
    await subscription({ channel: 'C3', state: 'ended' })
    await subscription({ channel: 'C4', target: 'globex/*' })
    await subscription({ channel: 'C1', team: 'T0OTHER' })
    const channels = (found: Subscription[]) => found.map(({ channel }) => channel).toSorted()
    expect(channels(await subscriptionsOf(bot, 'acme/api', 'builds'))).toEqual(['C1', 'C1'])
    expect(channels(await subscriptionsOf(bot, 'acme/api', 'pushes'))).toEqual(['C1', 'C1', 'C2'])
    expect((await listSubscriptions(bot, { channel: 'C1' })).map(({ id }) => id)).toEqual([one.id])
    expect((await listSubscriptions(bot, { owner: 'U0CARL' })).map(({ id }) => id)).toEqual([all.id])
    expect(await readSubscription(bot, 'C1', 'acme/api')).toMatchObject({ id: one.id })
    await expect(readSubscription(bot, 'C9', 'acme/api')).rejects.toMatchObject({ code: 'not_found' })
    await expect(unsubscribe(bot, bot.db, 'C9', 'acme/api')).rejects.toMatchObject({ code: 'not_found' })
    await unsubscribe(bot, bot.db, 'C1', 'acme/api')
    expect(await bot.db.$count(subscriptions)).toBe(4)
  })

  test('show their filters, each only where there is one', () => {
    const shown = (more: Partial<Subscription>) => subscriptionNote(shownSubscription(row(more), now()), t)
    expect(shown({})).toBe('*builds* · by <@U0BEA>, active')
    expect(shown({ groups: ['builds', 'vulnerabilities', 'odd'], severity: 'low' })).toContain('*builds, vulnerabilities (low), odd*')
    expect(shown({ severity: 'odd', groups: ['vulnerabilities'] })).toContain('vulnerabilities (odd)')
    expect(shown({ only: 'changes', digest: 'weekly', tags: ['a', 'b'] })).toMatch(
      /changes only, weekly digest, by .* · only the tags `a`, `b`$/,
    )
    const until = { mutedUntil: at(1) }
    expect(
      [shown(until), shown({ ...until, state: 'paused' }), shown({ mutedUntil: at(0) })].map((one) => /, (\w+)$/.exec(one)?.[1]),
    ).toEqual([...['muted', 'paused', 'active']])
    expect(subscriptionLine(shownSubscription(row({ tags: ['a'] }), now()), t).split('\n')).toHaveLength(3)
  })

  test('targets are a repository or all of a namespace', () => {
    const takes = (name: string) => target.safeParse(name).success
    expect(['acme/api', 'acme/*', 'a.b-c/x/y'].map(takes)).toEqual([true, true, true])
    expect(['acme', 'Acme/api', 'acme/*x', 'x acme/api', 'acme/api/', `acme/${'x'.repeat(251)}`].map(takes)).toEqual(Array(6).fill(false))
    expect([isWildcard('acme/*'), isWildcard('acme/api')]).toEqual([true, false])
  })

  test('the channel is the one that the bot is in', async () => {
    await expect(channelFor(bot.slack, undefined)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('Type this') })
    expect(await channelFor(bot.slack, 'C1')).toEqual({ channel: 'C1', shared: false })
    slackAnswers['conversations.info'] = () => ({ channel: { is_member: false } })
    await expect(channelFor(bot.slack, 'C2')).rejects.toMatchObject({ message: expect.stringContaining('is not in this channel') })
    slackAnswers['conversations.info'] = refusing(() => slackError.platform('channel_not_found'))
    await expect(channelFor(bot.slack, 'C3')).rejects.toMatchObject({ message: expect.stringContaining('is not in this channel') })
    slackAnswers['conversations.info'] = refusing(slackError.lost)
    await expect(channelFor(bot.slack, 'C4')).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('what came of the events of a subscription', () => {
  const began = at()
  const why = async (more: Partial<Subscription>, about: object = {}) => {
    await event({ receivedAt: began, fannedAt: at(), kind: 'build_start', ...about })
    const [line] = await ledgerOf(bot, row(more), 5)
    return line?.leftOut
  }
  test.each([
    ['before', { createdAt: at(1_000) }, {}],
    ['waiting', {}, { fannedAt: null }],
    ['unreadable', {}, { body: null }],
    ['digest', { digest: 'daily' as const }, {}],
    ['muted', { silentSince: at(-5_000), mutedUntil: at(60_000) }, {}],
    ['muted', { silentSince: at(-5_000), mutedUntil: at(5_000) }, {}],
    ['paused', { silentSince: at(-5_000), mutedUntil: at(5_000), state: 'paused' as const }, {}],
    ['paused', { state: 'paused' as const }, {}],
    ['ended', { state: 'ended' as const }, {}],
    ['filtered', { tags: ['v*'] }, {}],
    ['filtered', { only: 'changes' as const }, {}],
    ['filtered', { groups: ['vulnerabilities'] }, { kind: 'vulnerability_found' }],
    ['nothing', { groups: ['pushes'], only: 'changes' as const }, { kind: 'repo_push' }],
    ['nothing', {}, {}],
    ['nothing', { createdAt: at(999 - (now() % 1_000)) }, {}],
    ['nothing', { silentSince: at(1_000), mutedUntil: at(9_000) }, {}],
  ])('%s: %j', async (wanted, more, about) => {
    expect(await why(more, about)).toBe(wanted)
  })

  test.each([
    ['closed', { state: 'gone' as const }],
    ['sending', { state: 'posting' as const }],
    ['nothing', { state: 'new' as const, drawn: 1 }],
  ])('a card without a message: %s', async (wanted, more) => {
    await card({ subject: 'build acme/api b1', ...more })
    await card({ subject: 'build acme/api b1', channel: 'C2', ts: '9.9' })
    expect(await why({}, { subject: 'build acme/api b1' })).toBe(wanted)
  })

  test('a message with how long it took; an edit of one that was there has none', async () => {
    const ts = String(now() / 1000 + 2)
    await card({ subject: 'build acme/api b1', ts, place: 'D1' })
    await card({ subject: 'build acme/api b2', ts: String(now() / 1000 - 2) })
    await event({ kind: 'build_start', subject: 'build acme/api b1', receivedAt: at(0) })
    await event({ kind: 'build_start', subject: 'build acme/api b2', receivedAt: at(1), source: 'poll' })
    await event({ kind: 'repo_push' })
    await event({ kind: 'build_start', object: 'acme/web' })
    expect(await ledgerOf(bot, row(), 5)).toEqual([
      {
        ...{ object: 'acme/api', event: 'build_start', byWebhook: false, receivedAt: now() + 1 },
        leftOut: undefined,
        posted: { channel: 'C1', ts: expect.any(String), lag: undefined },
      },
      {
        ...{ object: 'acme/api', event: 'build_start', byWebhook: true, receivedAt: now() },
        leftOut: undefined,
        posted: { channel: 'D1', ts, lag: 2_000 },
      },
    ])
    expect(await ledgerOf(bot, row(), 1)).toHaveLength(1)
  })

  test('of a namespace those of its repositories, with a quota those of the namespace', async () => {
    await event({ object: 'ac_me/api', kind: 'build_start' })
    await event({ object: 'acxme/api', kind: 'build_start' })
    await event({ object: 'ac_me', kind: 'quota_error' })
    const of = async (groups: string[]) => (await ledgerOf(bot, row({ target: 'ac_me/*', groups }), 5)).map(({ object }) => object)
    expect(await of(['builds'])).toEqual(['ac_me/api'])
    expect(await of(['quota'])).toEqual(['ac_me'])
  })
})

describe('digests', () => {
  const due = (more: object = {}) => subscription({ digest: 'daily', digestDueAt: at(), digestedAt: at(-aDay), timeZone: 'UTC', ...more })
  const facts = async () =>
    (await bot.db.select().from(cards)).map(({ channel, object, data }) => ({ channel, object, ...(data.facts as object) }))
  const happened = (after: number, kind: string, body: Record<string, unknown> = {}, more: object = {}) =>
    event({ kind, body, receivedAt: at(after), ...more })

  test('go out when they are due, once, to those that are active', async () => {
    await due()
    await due({ channel: 'C2', digestDueAt: at(1) })
    await due({ channel: 'C3', state: 'paused' })
    await due({ channel: 'C4', digest: 'none' })
    await sendDigests(bot)
    expect(await facts()).toEqual([{ channel: 'C1', object: 'acme/api', target: 'acme/api', succeeded: 0, failed: 0, pushes: 0 }])
    const [one] = await bot.db.select().from(subscriptions).orderBy(subscriptions.channel)
    expect(one).toMatchObject({ digestedAt: at(-15_000), digestDueAt: new Date(nextDigest(now(), 'daily', 'UTC')) })
    await sendDigests(bot)
    expect(await facts()).toHaveLength(1)
  })

  test('a muted one has no digest, and its time goes on from the one before', async () => {
    const one = await due({ mutedUntil: at(1_000), silentSince: at(-1_000) })
    await sendDigests(bot)
    expect(await facts()).toEqual([])
    const [after] = await bot.db.select().from(subscriptions)
    expect(after?.digestedAt).toEqual(one.digestedAt)
    expect(after?.digestDueAt?.getTime()).toBeGreaterThan(now())
  })

  test('count what happened since the last, each build once, and how it ended at last', async () => {
    await due({ silentSince: at(-60_000), mutedUntil: at(-50_000) })
    const id = (build_id: string, phase?: string) => ({ build_id, ...(phase && { phase }) })
    await happened(-aDay - 1, 'build_success', id('before'))
    await happened(-aDay, 'build_phase', id('before', 'complete'))
    await happened(-aDay, 'build_success', id('well'))
    await happened(-30_000, 'build_phase', id('well', 'complete'))
    await happened(-40_000, 'build_failure', id('again'))
    await happened(-30_000, 'build_success', id('again'))
    await happened(-30_000, 'build_success', id('was well'))
    await happened(-20_000, 'build_failure', id('was well'))
    await happened(-20_000, 'build_failure', id('badly'))
    await happened(-20_000, 'build_failure', id('badly'), { object: 'acme/web' })
    await happened(-20_000, 'build_start', id('runs'))
    await happened(-20_000, 'repo_push', id('x', 'error'))
    await happened(-15_001, 'repo_push')
    await happened(-15_000, 'repo_push')
    await happened(-55_000, 'repo_push')
    await sendDigests(bot)
    expect(await facts()).toMatchObject([{ succeeded: 3, failed: 1, pushes: 2 }])
  })

  test.each([
    ['daily' as const, 1],
    ['weekly' as const, 7],
  ])('a %s one that was never sent begins %i days before it is due, not before the subscription', async (digest, days) => {
    await due({ digest, digestedAt: null, createdAt: at(-30 * aDay) })
    await due({ channel: 'C2', digest, digestedAt: null, createdAt: at(-aMinute) })
    await happened(-days * aDay - 1, 'repo_push')
    await happened(-days * aDay, 'repo_push')
    await happened(-days * aDay + 1, 'repo_push')
    await happened(-aMinute, 'repo_push')
    await sendDigests(bot)
    expect((await facts()).map((one) => (one as unknown as { pushes: number }).pushes).toSorted()).toEqual([1, 3])
  })

  test('of a namespace all its repositories, each list and scan asked for once', async () => {
    answers['GET /repository'] = { repositories: ['api', 'web'].map((name) => ({ namespace: 'acme', name, is_public: false })) }
    const tag = (name: string, digest: string) => ({ name, manifest_digest: digest, start_ts: 1 })
    answers['GET /repository/acme/api/tag/'] = {
      tags: [tag('v1', 'sha256:a'), tag('v2', 'sha256:a'), tag('rc', 'sha256:b')],
      page: 1,
      has_additional: false,
    }
    answers['GET /repository/acme/web/tag/'] = { tags: [], page: 1, has_additional: false }
    const scan = (...all: [string, string][]) => ({
      status: 'scanned',
      data: { Layer: { Features: [{ Name: 'ssl', Vulnerabilities: all.map(([Name, Severity]) => ({ Name, Severity })) }] } },
    })
    answers['GET /repository/acme/api/manifest/sha256:a/security'] = scan(['CVE-1', 'High'], ['CVE-2', 'Low'], ['CVE-3', 'Critical'])
    answers['GET /repository/acme/api/manifest/sha256:b/security'] = scan(['CVE-4', 'High'])
    const known = ['CVE-1 acme/api ssl', 'CVE-9 acme/api ssl']
    const groups = ['vulnerabilities']
    await due({ target: 'acme/*', groups, tags: ['v*'], known })
    await due({ target: 'acme/*', groups, channel: 'C2' })
    await happened(-aMinute, 'repo_push', {}, { object: 'acme/web' })
    await sendDigests(bot)
    const [one, other] = (await facts()).toSorted((a, b) => (a.channel < b.channel ? -1 : 1))
    expect(one).toMatchObject({ object: 'acme', pushes: 1, vulnerabilities: { fresh: ['CVE-3 acme/api ssl'], fixed: 1, open: 1 } })
    expect(other).toMatchObject({
      vulnerabilities: { fresh: ['CVE-1 acme/api ssl', 'CVE-3 acme/api ssl', 'CVE-4 acme/api ssl'], fixed: 0, open: 0 },
    })
    const [stored] = await bot.db.select().from(subscriptions).orderBy(subscriptions.channel)
    expect(stored?.known).toEqual(['CVE-1 acme/api ssl', 'CVE-3 acme/api ssl'])
    const calls = rows.quayCalls.map(({ call }) => call)
    expect(calls).toHaveLength(new Set(calls).size)
  })

  test('of each repository the newest twenty images', async () => {
    const tags = Array.from({ length: 25 }, (_, index) => ({ name: `v${index}`, manifest_digest: `sha256:${index}`, start_ts: 1 }))
    answers['GET /repository/acme/api/tag/'] = { tags, page: 1, has_additional: false }
    expect(await openVulnerabilities(openLists(bot.quay, 'acme'), ['acme/api'], row())).toEqual([])
    expect(rows.quayCalls).toHaveLength(21)
  })

  test('are drawn with ten new vulnerabilities, and how many more there are', async () => {
    const drawn = async (vulnerabilities?: object) => {
      const one = await card({
        channel: `C${rows.quayCalls.length}${Math.random()}`,
        data: { facts: { target: 'acme/api', succeeded: 1, failed: 2, pushes: 0, vulnerabilities } },
      })
      return JSON.stringify(await renderDigest(bot, one, t))
    }
    expect(await drawn()).toMatch(/1 build succeeded, 2 failed; no pushes\./)
    expect(await drawn()).not.toContain('Vulnerabilities')
    const fresh = (many: number) => ({
      fixed: 3,
      open: 4,
      fresh: Array.from({ length: many }, (_, index) => `CVE-${index} acme/api ssl lib`),
    })
    expect(await drawn(fresh(10))).toMatch(/10 new, 3 fixed, 4 still open.*\*CVE-9\* in `acme\/api`: `ssl lib`"/)
    const more = await drawn(fresh(12))
    expect(more).toContain('… and 2 more.')
    expect(more).not.toContain('CVE-10')
  })

  test('the next is at nine where the subscriber is, for weekly ones on a Monday', () => {
    const iso = (from: string, every: 'daily' | 'weekly', zone?: string) =>
      new Date(nextDigest(Date.parse(from), every, zone)).toISOString()
    expect(iso('2026-11-03T08:59:59Z', 'daily')).toBe('2026-11-03T09:00:00.000Z')
    expect(iso('2026-11-03T09:00:00Z', 'daily')).toBe('2026-11-04T09:00:00.000Z')
    expect(iso('2026-11-03T08:00:00Z', 'weekly')).toBe('2026-11-09T09:00:00.000Z')
    expect(iso('2026-11-09T08:00:00Z', 'weekly')).toBe('2026-11-09T09:00:00.000Z')
    expect(iso('2026-11-09T09:00:00Z', 'weekly')).toBe('2026-11-16T09:00:00.000Z')
    expect(iso('2026-11-03T08:00:00Z', 'daily', 'Europe/Berlin')).toBe('2026-11-04T08:00:00.000Z')
  })
})
