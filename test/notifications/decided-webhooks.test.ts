import { beforeEach, describe, expect, test } from 'vitest'
import { aDay, aMinute } from '../../src/core/durations.ts'
import { cards, events, hooks } from '../../src/db/schema.ts'
import type { Pass } from '../../src/notifications/namespace-pass.ts'
import { findDoubtful } from '../../src/notifications/webhook-doubts.ts'
import { addressable, countWebhooks, needsList, objectsOf } from '../../src/notifications/webhook-needs.ts'
import {
  ensureWebhooksOf,
  makeNotification,
  reachableAt,
  removeWebhooks,
  titleOf,
  type Webhook,
} from '../../src/notifications/webhook-registration.ts'
import { repairObject } from '../../src/notifications/webhook-repair.ts'
import { findSigns } from '../../src/notifications/webhook-signs.ts'
import { openRows } from './rows.ts'

const rows = await openRows()
const { bot, event, hook, subscription, answers, at, now } = rows
const there = 'GET /repository/acme/api/notification/'
const own = () => bot.db.select().from(hooks).orderBy(hooks.id)
const calls = () => rows.quayCalls.map(({ call }) => call)
const notified = (uuid: string, more: object = {}) => ({
  uuid,
  title: '',
  event: 'repo_push',
  method: 'webhook',
  number_of_failures: 0,
  ...more,
})
const has = (...notifications: object[]) => {
  answers[there] = { notifications }
}

beforeEach(() => rows.forget())

describe('repairing the notifications of an object', () => {
  const day = 'GET /repository/acme/api/tag/'
  beforeEach(() => {
    answers[day] = { tags: [], page: 1, has_additional: false }
    answers['GET /repository/acme/api/build/'] = { builds: [] }
    answers['POST /repository/acme/api/notification/'] = () => notified('made')
    answers['POST /repository/acme/api/notification/n1'] = 204
  })
  const notices = async () => (await bot.db.select().from(cards)).map(({ channel, data }) => `${channel} ${JSON.stringify(data.sentence)}`)

  test('one call where nothing is wrong, and what is known to work is known until then', async () => {
    const one = await hook({ notification: 'n1', checkedAt: at(-aDay), problem: null })
    const other = await hook({ object: 'acme/web', checkedAt: at(-aDay) })
    has(notified('n0', { title: titleOf(other) }), notified('n1', { number_of_failures: 2 }))
    await repairObject(bot, 'acme/api', [one])
    expect(calls()).toEqual([there])
    expect((await own()).map(({ checkedAt }) => checkedAt)).toEqual([at(), at(-aDay)])
    expect(await notices()).toEqual([])
  })

  test('one that Quay has switched off is switched on, what was missed is fetched, and the channels are told', async () => {
    const one = await hook({ notification: 'n1', checkedAt: at(-aDay) })
    await subscription()
    await subscription({ channel: 'C2', mutedUntil: at(1_000), silentSince: at(-1_000) })
    await subscription({ channel: 'C3', groups: ['builds'] })
    await subscription({ channel: 'C4', mutedUntil: at(-1) })
    has(notified('n1', { number_of_failures: 3 }))
    await repairObject(bot, 'acme/api', [one])
    expect(calls()).toEqual([there, 'POST /repository/acme/api/notification/n1', day])
    const told = await notices()
    expect(told.map((line) => line.slice(0, 2)).toSorted()).toEqual(['C1', 'C4'])
    expect(told[0]).toMatch(/"since":"2026-11-02 09:00 UTC".*had disabled the notifications/)
    expect((await own())[0]).toMatchObject({ problem: null, checkedAt: at() })
  })

  test('one that is gone is made anew', async () => {
    const one = await hook({ notification: 'n1', checkedAt: at(-aDay) })
    const later = await hook({ event: 'build_queued', notification: 'n2', checkedAt: at(-1_000) })
    await subscription()
    has(notified('n2', { number_of_failures: 7 }))
    answers['POST /repository/acme/api/notification/n2'] = 204
    await repairObject(bot, 'acme/api', [one, later])
    expect(calls().filter((call) => call.startsWith('POST'))).toEqual([
      'POST /repository/acme/api/notification/',
      'POST /repository/acme/api/notification/n2',
    ])
    expect((await notices())[0]).toMatch(/2026-11-02 09:00 UTC.*Someone deleted/)
    const [made] = await own()
    expect(made).toMatchObject({ notification: 'made' })
    expect(made?.tokenHash).not.toBe(one.tokenHash)
  })

  test('one whose id was never stored is found by its title, and it is no gap', async () => {
    const one = await hook({ notification: null })
    const two = await hook({ event: 'build_queued', notification: 'n2' })
    has(notified('n1', { title: titleOf(one) }), notified('n2'))
    await repairObject(bot, 'acme/api', [one, two])
    expect((await own()).map(({ notification }) => notification)).toEqual(['n1', 'n2'])
    expect(calls()).toEqual([there])
  })

  test('its id is looked at before its title', async () => {
    const one = await hook({ notification: 'n2' })
    has(notified('n1', { title: titleOf(one) }), notified('n2', { title: 'renamed' }))
    await repairObject(bot, 'acme/api', [one])
    expect((await own())[0]?.notification).toBe('n2')
  })

  test('a repair that was cut short is told though all is well by now', async () => {
    const one = await hook({ notification: 'n1', problem: 'gone', checkedAt: at(-aMinute) })
    await subscription()
    has(notified('n1'))
    await repairObject(bot, 'acme/api', [one])
    expect(calls()).toEqual([there, day])
    expect(await notices()).toHaveLength(1)
    expect((await own())[0]?.problem).toBeNull()
  })

  test('one that cannot be repaired stays in doubt, the others do not', async () => {
    const one = await hook({ notification: 'lost', checkedAt: at(-aDay) })
    const two = await hook({ event: 'build_queued', notification: 'n2', checkedAt: at(-aDay) })
    has(notified('n2'))
    answers['POST /repository/acme/api/notification/'] = 403
    await repairObject(bot, 'acme/api', [one, two])
    expect((await own()).map(({ checkedAt, problem }) => [checkedAt, problem])).toEqual([
      [at(-aDay), 'gone'],
      [at(), null],
    ])
  })
})

describe('registering', () => {
  const made = 'POST /repository/acme/api/notification/'
  test('what has an id is there; what has none is looked for once, by its title, and made where it is not', async () => {
    const known = await hook({ notification: 'n1' })
    const found = await hook({ event: 'build_queued', notification: null })
    const lost = await hook({ event: 'build_start', notification: null })
    has(notified('by-title', { title: titleOf(found) }))
    answers[made] = (_, body) => notified(`made-${(body as { event: string }).event}`)
    const wanted = new Set(['repo_push', 'build_queued', 'build_start', 'build_success'])
    await ensureWebhooksOf(bot, bot.quay, 'acme/api', wanted, [known, found, lost])
    expect(Object.fromEntries((await own()).map((one) => [one.event, one.notification]))).toEqual({
      ...{ repo_push: 'n1', build_queued: 'by-title', build_start: 'made-build_start', build_success: 'made-build_success' },
    })
    expect(calls()).toEqual([there, made, made])
  })

  test('nothing is looked for where all have ids, or what has none is not wanted', async () => {
    const known = await hook({ notification: 'n1' })
    const other = await hook({ event: 'build_queued', notification: null })
    await ensureWebhooksOf(bot, bot.quay, 'acme/api', new Set(['repo_push']), [known, other])
    expect(calls()).toEqual([])
  })

  test.each([
    ['vulnerability_found', { level: '5' }],
    ['repo_image_expiry', { days: 7 }],
    ['repo_push', {}],
  ])('%s is asked for with %j, at our address and under its title', async (kind, config) => {
    answers[made] = () => notified('made', { event: kind })
    await makeNotification(bot, bot.quay, 'acme/api', kind)
    const [one] = await own()
    const body = rows.quayCalls[0]?.body as { event: string; title: string; config: { url: string }; eventConfig: object }
    expect(body).toMatchObject({ event: kind, method: 'webhook', title: titleOf(one as Webhook), eventConfig: config })
    expect(Object.keys(body.eventConfig)).toEqual(Object.keys(config))
    expect(body.config.url).toMatch(/^https:\/\/bot\.example\.com\/quay\/events\/[\w-]{43}$/)
    expect(one).toMatchObject({ object: 'acme/api', event: kind, notification: 'made', createdAt: at(), checkedAt: at() })
  })

  test('another process was later: its token counts, and this notification is taken away again, if it is there', async () => {
    for (const status of [204, 404]) {
      answers[made] = async () => {
        await bot.db.update(hooks).set({ tokenHash: 'later' })
        return notified('mine')
      }
      answers['DELETE /repository/acme/api/notification/mine'] = status
      await makeNotification(bot, bot.quay, 'acme/api', 'repo_push')
      expect(calls().at(-1)).toBe('DELETE /repository/acme/api/notification/mine')
    }
  })

  test('what is not wanted is deleted in Quay first, by its id or its title, whether or not it is there', async () => {
    const byId = await hook({ notification: 'n1' })
    const byTitle = await hook({ event: 'build_queued', notification: null })
    const missing = await hook({ event: 'build_start', notification: 'n9' })
    const kept = await hook({ event: 'build_success', notification: 'n4' })
    has(notified('n4'), notified('n1'), notified('n2', { title: titleOf(byTitle) }))
    answers['DELETE /repository/acme/api/notification/n1'] = 204
    await removeWebhooks(bot, bot.quay, 'acme/api', [byId, byTitle, missing])
    expect(calls()).toEqual([there, 'DELETE /repository/acme/api/notification/n1', 'DELETE /repository/acme/api/notification/n2'])
    expect((await own()).map(({ id }) => id)).toEqual([kept.id])
  })

  test('of a repository that is gone the rows go; another refusal keeps them', async () => {
    const one = await hook()
    answers[there] = 403
    await expect(removeWebhooks(bot, bot.quay, 'acme/api', [one])).rejects.toThrow()
    expect(await own()).toHaveLength(1)
    answers[there] = 404
    await removeWebhooks(bot, bot.quay, 'acme/api', [one])
    expect(await own()).toEqual([])
  })

  test('an operator who has set no address is told so', () => {
    expect(reachableAt(bot)).toBe('https://bot.example.com')
    expect(() => reachableAt({ config: { ...bot.config, PUBLIC_URL: undefined } as typeof bot.config })).toThrow('PUBLIC_URL is not set')
  })
})

describe('what a subscription needs', () => {
  const tells = {
    ...bot.quay,
    capabilities: { ...bot.quay.capabilities, features: { ...bot.quay.capabilities.features, QUOTA_NOTIFICATIONS: true } },
  }
  const of = (target: string, groups: string[], quay: typeof bot.quay = tells) =>
    Object.fromEntries(objectsOf(quay, { target, groups }, ['acme/api', 'acme/web']))
  test('its repositories with their events, and the namespace for its quota where Quay tells of it', () => {
    expect(of('acme/api', ['pushes'])).toEqual({ 'acme/api': ['repo_push'] })
    expect(of('acme/*', ['pushes'])).toEqual({ 'acme/api': ['repo_push'], 'acme/web': ['repo_push'] })
    expect(of('acme/*', ['quota'])).toEqual({ acme: ['quota_warning', 'quota_error'] })
    expect(of('acme/*', ['quota', 'expiry'])).toMatchObject({ acme: expect.any(Array), 'acme/api': ['repo_image_expiry'] })
    expect(of('acme/*', ['quota'], bot.quay)).toEqual({})
    expect(of('acme/api', ['quota'])).toEqual({})
    expect(of('acme/*', [])).toEqual({})
  })

  test('the list of a namespace, unless it is about the quota alone', () => {
    const needs = (target: string, groups: string[]) => needsList({ target, groups })
    expect([
      needs('acme/*', ['pushes']),
      needs('acme/*', ['quota', 'pushes']),
      needs('acme/*', ['quota']),
      needs('acme/api', ['pushes']),
    ]).toEqual([...[true, true, false, false]])
  })

  test('its preview counts repositories and notifications', async () => {
    answers['GET /repository'] = { repositories: ['api', 'web', 'web'].map((name) => ({ namespace: 'acme', name, is_public: false })) }
    expect(await countWebhooks(tells, 'acme/*', ['pushes', 'expiry', 'quota'])).toEqual({ repositories: 2, notifications: 6 })
    expect(await countWebhooks(tells, 'acme/api', ['pushes'])).toEqual({ repositories: 1, notifications: 1 })
    rows.quayCalls.length = 0
    expect(await countWebhooks(tells, 'acme/*', ['quota'])).toEqual({ repositories: 0, notifications: 2 })
    expect(calls()).toEqual([])
    expect(addressable(['a/b', 'a/b', 'a/c'])).toEqual(['a/b', 'a/c'])
  })
})

describe('signs of trouble in a usage log', () => {
  const aggregate = 'GET /organization/acme/aggregatelogs'
  const log = 'GET /organization/acme/logs'
  const utc = (date: Date) => date.toUTCString().replace('GMT', '-0000')
  const counts = (...all: [kind: string, count: number][]) => {
    answers[aggregate] = { aggregated: all.map(([kind, count]) => ({ kind, count, datetime: utc(new Date(now() - (now() % aDay))) })) }
  }
  const entry = (kind: string, after: number, repo?: string) => ({
    ...{ kind, datetime: utc(at(after)), ip: '', metadata: repo ? { repo, namespace: 'acme' } : {}, namespace: { name: 'acme' } },
  })
  const logs = (...all: object[]) => {
    answers[log] = { start_time: utc(at(-aDay)), end_time: utc(at(aDay)), logs: all }
  }
  const today = '2026-11-03'
  const look = async (before: Record<string, number> | undefined, webhooks: Webhook[], since = -10 * aMinute) =>
    findSigns(bot, { namespace: 'acme', counted: before ? { at: now() + since, counts: before } : null } as Pass, webhooks)
  const push = (more: object = {}) => hook({ checkedAt: at(-aDay), ...more })

  test('the first look counts only, and of what webhooks would tell alone', async () => {
    counts(['push_repo', 3], ['pull_repo', 9], ['create_repo', 1])
    expect(await look(undefined, [])).toEqual({
      silent: new Set(),
      isReshaped: false,
      counted: { at: now(), counts: { [`${today} push_repo`]: 3, [`${today} create_repo`]: 1 } },
    })
  })

  test.each([
    [{ create_repo: 1 }, true],
    [{ delete_repo: 1 }, true],
    [{ push_repo: 1 }, false],
  ])('%j more: the list is another is %s', async (kinds, isReshaped) => {
    counts(...(Object.entries(kinds) as [string, number][]))
    logs()
    expect(await look({}, [])).toMatchObject({ isReshaped })
    counts(...(Object.entries(kinds) as [string, number][]))
    expect(await look(Object.fromEntries(Object.keys(kinds).map((kind) => [`${today} ${kind}`, 1])), [])).toMatchObject({
      isReshaped: false,
    })
  })

  test('as many events as pushes: nothing more is asked; fewer: the log says of what', async () => {
    const one = await push()
    counts(['push_repo', 2])
    await event({ receivedAt: at(-5 * aMinute), repeats: 1 })
    await event({ receivedAt: at(-11 * aMinute) })
    await event({ source: 'poll', receivedAt: at(-aMinute) })
    expect((await look({}, [one]))?.silent).toEqual(new Set())
    expect(calls()).toEqual([aggregate])
    counts(['push_repo', 3])
    logs(entry('push_repo', -aMinute, 'api'), entry('push_repo', -aMinute, 'web'), entry('pull_repo', -aMinute, 'api'))
    expect((await look({}, [one]))?.silent).toEqual(new Set(['acme/api']))
    expect((await look({ [`${today} push_repo`]: 1 }, [one]))?.silent).toEqual(new Set())
  })

  test('what no webhook of ours would tell is not missed', async () => {
    const one = await push({ event: 'build_queued' })
    counts(['push_repo', 5])
    expect((await look({}, [one]))?.silent).toEqual(new Set())
    expect(calls()).toEqual([aggregate])
  })

  test('a deleted notification is a sign by itself, of a repository or of the namespace', async () => {
    const [one, ofNamespace] = [await push(), await push({ object: 'acme', event: 'quota_warning' })]
    counts(['delete_repo_notification', 1])
    logs(entry('delete_repo_notification', -aMinute, 'api'), entry('push_repo', -aMinute, 'api'))
    expect((await look({}, [one, ofNamespace]))?.silent).toEqual(new Set(['acme/api']))
    counts(['delete_namespace_notification', 1])
    logs(entry('delete_namespace_notification', -aMinute))
    expect((await look({}, [one, ofNamespace]))?.silent).toEqual(new Set(['acme']))
  })

  test('with pushes, a deletion that did not happen is not looked for', async () => {
    const one = await push()
    counts(['push_repo', 1])
    logs(entry('delete_repo_notification', -aMinute, 'api'))
    expect((await look({}, [one]))?.silent).toEqual(new Set())
  })

  test.each([
    ['checked since', -aMinute, -aMinute + 5_000, undefined, false],
    ['checked just before', -aMinute, -aMinute + 4_999, undefined, true],
    ['heard of since', -aMinute, -aDay, -aMinute - 5_000, false],
    ['heard of long before', -aMinute, -aDay, -aMinute - 5_001, true],
    ['older than was looked at', -12 * aMinute - 1_000, -aDay, undefined, false],
    ['in the overlap', -12 * aMinute, -aDay, undefined, true],
  ])('a push that is %s', async (_, pushed, checked, heard, isSilent) => {
    const one = await push({ checkedAt: at(checked) })
    counts(['push_repo', 5])
    logs(entry('push_repo', pushed, 'api'))
    if (heard !== undefined) await event({ receivedAt: at(heard) })
    await event({ object: 'acme/api', kind: 'build_queued', receivedAt: at() })
    expect((await look({}, [one]))?.silent).toEqual(new Set(isSilent ? ['acme/api'] : []))
  })

  test('what happened this moment may still be told: it is counted again the next time', async () => {
    const one = await push()
    counts(['push_repo', 1])
    logs(entry('push_repo', -5_000, 'api'))
    expect(await look({}, [one])).toMatchObject({ silent: new Set(), counted: { counts: {}, at: now() - 10 * aMinute } })
    logs(entry('push_repo', -6_000, 'api'))
    expect(await look({}, [one])).toMatchObject({ silent: new Set(['acme/api']), counted: { at: now() } })
  })

  test('ten pages at most, and none behind the one that reaches far enough', async () => {
    const one = await push()
    counts(['push_repo', 1])
    const page = (after: number) => ({
      start_time: utc(at(-aDay)),
      end_time: utc(at(aDay)),
      logs: [entry('push_repo', after, 'web')],
      next_page: 'more',
    })
    answers[log] = () => page(-aMinute)
    await look({}, [one])
    expect(calls().filter((call) => call === log)).toHaveLength(10)
    rows.quayCalls.length = 0
    answers[log] = () => page(-aDay)
    await look({}, [one])
    expect(calls().filter((call) => call === log)).toHaveLength(1)
  })

  test('a log that Quay does not show says nothing; one that it does not give now is asked for later', async () => {
    answers[aggregate] = 403
    expect(await look({}, [])).toBeUndefined()
    answers[aggregate] = 503
    await expect(look({}, [])).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('which objects are in doubt', () => {
  const plan = { namespaces: 10 * aMinute, lists: 10 * aMinute, owners: 10 * aMinute, objects: 60 * aMinute }
  const listed = (after: number) => [{ name: 'acme/api', lastModified: at(after).toISOString() }] as never
  const doubtful = async (more: object) => [...(await findDoubtful(bot, { namespace: 'acme', list: undefined, plan, ...more })).keys()]

  test.each([
    ['with a list', { list: [] }, 60],
    ['with signs', { signs: { silent: new Set<string>() } }, 60],
    ['with neither', {}, 10],
  ])('%s: those not looked at for so long', async (_, more, minutes) => {
    await hook({ checkedAt: at(-minutes * aMinute) })
    await hook({ object: 'acme/web', checkedAt: at(-minutes * aMinute + 1) })
    await hook({ object: 'globex/web', checkedAt: at(-aDay) })
    expect(await doubtful(more)).toEqual(['acme/api'])
    await hook({ object: 'acme/web', event: 'build_queued', checkedAt: at(-aDay) })
    expect((await doubtful(more)).toSorted()).toEqual(['acme/api', 'acme/web'])
  })

  test('those that the log names, and those with a problem that was not told', async () => {
    await hook()
    await hook({ object: 'acme/web', problem: 'gone' })
    await hook({ object: 'acme/base' })
    expect((await doubtful({ list: [], signs: { silent: new Set(['acme/api']) } })).toSorted()).toEqual(['acme/api', 'acme/web'])
  })

  test.each([
    ['was told', -aMinute, -aMinute, -aDay, false],
    ['was told almost five seconds before', -aMinute, -aMinute - 4_999, -aDay, false],
    ['was told longer before', -aMinute, -aMinute - 5_001, -aDay, true],
    ['was not told', -aMinute, undefined, -aDay, true],
    ['came before it was checked', -aMinute, undefined, -aMinute + 5_000, false],
    ['came just after it was checked', -aMinute, undefined, -aMinute + 4_999, true],
    ['is so new that it may still be told', -5_000, undefined, -aDay, false],
    ['is a little older', -5_001, undefined, -aDay, true],
  ])('a push that %s', async (_, pushed, heard, checked, isDoubtful) => {
    await hook({ checkedAt: at(checked) })
    if (heard !== undefined) await event({ receivedAt: at(heard) })
    await event({ source: 'poll' })
    await event({ object: 'acme/web' })
    const far = { ...plan, objects: 2 * aDay }
    expect(await doubtful({ list: listed(pushed), plan: far })).toEqual(isDoubtful ? ['acme/api'] : [])
  })

  test('nothing that was never pushed', async () => {
    await hook({ checkedAt: at(-aDay) })
    expect(await doubtful({ list: [{ name: 'acme/api' }] as never, plan: { ...plan, objects: 2 * aDay } })).toEqual([])
    expect(await bot.db.$count(events)).toBe(0)
  })
})
