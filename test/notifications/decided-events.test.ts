import { Readable } from 'node:stream'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aMinute } from '../../src/core/durations.ts'
import { Failure } from '../../src/core/failure.ts'
import { translator } from '../../src/core/i18n.ts'
import { builds, cards, events, follows, hooks } from '../../src/db/schema.ts'
import { backFill } from '../../src/notifications/backfill.ts'
import { isAtLeast, severityOf, short, tagNames } from '../../src/notifications/event-kind.ts'
import { eventsOf, groupOf, kindOf, kindOfSubject } from '../../src/notifications/event-kinds.ts'
import { fanOut } from '../../src/notifications/fan-out.ts'
import { buildKind } from '../../src/notifications/kinds/build.ts'
import { imageExpiry } from '../../src/notifications/kinds/image-expiry.ts'
import { mirrorSync } from '../../src/notifications/kinds/mirror-sync.ts'
import { quota } from '../../src/notifications/kinds/quota.ts'
import { repoPush } from '../../src/notifications/kinds/repo-push.ts'
import { lineOf, vulnerabilityFound } from '../../src/notifications/kinds/vulnerability-found.ts'
import { lookAtQuota, readQuota } from '../../src/notifications/quota.ts'
import { receive } from '../../src/notifications/webhook.ts'
import { eventsPath, hashOf } from '../../src/notifications/webhook-registration.ts'
import { openRows } from './rows.ts'

const rows = await openRows()
const { bot, card, event, hook, subscription, answers, at, now, passes } = rows
const t = translator('en')
const day = 24 * 60 * aMinute
const stored = () => bot.db.select().from(events).orderBy(events.id)

beforeEach(() => rows.forget())

describe('what Quay sends', () => {
  let sent = 0
  let token = ''
  beforeEach(() => {
    sent += 1
    token = `token-${sent}`
  })
  const own = (more: object = {}) => hook({ tokenHash: hashOf(token), ...more })
  const sends = (body: string | object, { method = 'POST', from = '192.0.2.1', to = token } = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const stream = Object.assign(Readable.from([Buffer.from(text)]), { method, socket: { remoteAddress: from } })
    return receive(bot, `${eventsPath}${to}`, stream as never).then(({ status }) => status)
  }
  const push = { updated_tags: ['v1'], name: 'api' }

  test('is stored as its kind reads it, to be passed on', async () => {
    const { id } = await own()
    expect(await sends(push)).toBe(200)
    expect(await stored()).toMatchObject([
      {
        ...{ hook: id, object: 'acme/api', kind: 'repo_push', source: 'webhook', body: { updated_tags: ['v1'] }, raw: null },
        ...{ repeats: 0, receivedAt: at(), fannedAt: null },
      },
    ])
    expect(rows.jobs).toEqual(['fan-out'])
  })

  test('by another method, or for another token, is nothing', async () => {
    await own()
    expect(await sends(push, { method: 'GET' })).toBe(404)
    expect(await sends(push, { to: 'no-such-token' })).toBe(404)
    expect(await stored()).toEqual([])
  })

  test.each([
    ['no JSON', '{', 'repo_push'],
    ['of another form', { updated_tags: ['v1'], vulnerability: 7 }, 'vulnerability_found'],
    ['of a kind that nobody knows', push, 'no_such_event'],
  ])('%s: it is kept as it came, and not passed on', async (_, body, kind) => {
    await own({ event: kind })
    expect(await sends(body)).toBe(200)
    expect(await stored()).toMatchObject([{ body: null, raw: typeof body === 'string' ? body : JSON.stringify(body), fannedAt: at() }])
    expect(rows.jobs).toEqual([])
  })

  test('too long is cut and not read, and what is just not too long is', async () => {
    await own()
    const filled = (length: number) => JSON.stringify({ updated_tags: ['v1'], more: '' }).replace('""', `"${'x'.repeat(length)}"`)
    const frame = filled(0).length
    expect(await sends(filled(256 * 1024 - frame))).toBe(200)
    expect(await sends(filled(256 * 1024 - frame + 1))).toBe(200)
    const all = await stored()
    expect(all.map(({ body }) => body !== null)).toEqual([true, false])
    // Only the beginning of what is too long is looked at, and of that as much is kept.
    expect(all[1]?.raw?.length).toBeLessThanOrEqual(2_000)
  })

  test('again within half a minute is the same event, once more to be passed on; later it is another', async () => {
    await own()
    passes(30_000 - (now() % 30_000))
    await sends(push)
    await bot.db.update(events).set({ fannedAt: at() })
    passes(29_999)
    await sends(push)
    expect(await stored()).toMatchObject([{ repeats: 1, fannedAt: null }])
    await sends({ updated_tags: ['v2'] })
    expect(await stored()).toHaveLength(2)
    passes(1)
    await sends(push)
    expect(await stored()).toHaveLength(3)
    expect(rows.jobs).toHaveLength(4)
  })

  test('unreadable again is counted, and stays not passed on', async () => {
    await own()
    await sends('{')
    await sends('{')
    expect(await stored()).toMatchObject([{ repeats: 1, fannedAt: expect.any(Date) }])
  })

  test('a build’s event is told by its id, whenever it comes', async () => {
    const { id } = await own({ event: 'build_start' })
    await sends({ build_id: 'b1' })
    passes(day)
    await sends({ build_id: 'b1', docker_tags: ['x'] })
    expect(await stored()).toMatchObject([{ key: `${id} b1`, repeats: 1 }])
  })

  test('more than a hundred in a minute at one address are one from then on', async () => {
    const { id } = await own()
    const other = await hook({ object: 'acme/web' })
    await bot.db.insert(events).values(
      Array.from({ length: 99 }, (_, index) => ({
        ...{ hook: id, object: 'acme/api', kind: 'repo_push', source: 'webhook' as const, key: `flood ${index}` },
        ...{ body: {}, receivedAt: at(-30_000), fannedAt: at() },
      })),
    )
    await event({ hook: other.id })
    await event({ hook: id, receivedAt: at(-60_000) })
    await sends({ updated_tags: ['a'] })
    await sends({ updated_tags: ['b'] })
    await sends({ updated_tags: ['c'] })
    const last = (await stored()).slice(-2)
    expect(last.map(({ key }) => key.includes('capped'))).toEqual([false, true])
    expect(last[1]).toMatchObject({ key: `${id} capped ${Math.floor(now() / aMinute)}`, repeats: 1 })
  })

  test('Quay’s example ends a test, and is no event', async () => {
    const { id } = await own()
    await hook({ object: 'acme/web' })
    await sends({ updated_tags: ['v1'], pruned_image_count: 3 })
    expect(await stored()).toEqual([])
    expect((await bot.db.select().from(hooks)).map((one) => [one.id === id, one.answeredAt])).toEqual(
      expect.arrayContaining([
        [true, at()],
        [false, null],
      ]),
    )
  })

  test('who knocks with unknown tokens is refused after a hundred a minute, and nobody else is', async () => {
    const from = `198.51.100.${sent}`
    const statuses: number[] = []
    for (let knock = 0; knock < 102; knock += 1) statuses.push(await sends(push, { to: 'unknown', from }))
    expect(statuses.filter((one) => one === 404)).toHaveLength(100)
    expect(statuses.slice(100)).toEqual([429, 429])
    expect(await sends(push, { to: 'unknown', from: '203.0.113.9' })).toBe(404)
    await own()
    expect(await sends(push, { from })).toBe(200)
    passes(aMinute + 1)
    expect(await sends(push, { to: 'unknown', from })).toBe(404)
  })

  test('a token whose row is gone is not known any more', async () => {
    await own()
    await sends(push)
    await bot.db.delete(hooks)
    expect(await sends(push)).toBe(404)
  })
})

describe('passing an event on', () => {
  const tag = (name: string, start = now()) => ({ name, manifest_digest: 'sha256:0123456789ab', start_ts: start / 1000 })
  const history = 'GET /repository/acme/api/tag/'
  const pushes = () => {
    answers[history] = { tags: [tag('v1')], page: 1, has_additional: false }
  }
  const made = async () => (await bot.db.select().from(cards)).map(({ channel, subject }) => `${channel} ${subject}`)

  test('to the channels that want it: a card each, and the event is done', async () => {
    pushes()
    const one = await subscription({ tags: ['v*'] })
    await subscription({ channel: 'C2', tags: ['rc*'] })
    await subscription({ channel: 'C3', groups: ['builds'] })
    await subscription({ channel: 'C4', state: 'paused' })
    await subscription({ channel: 'C5', target: 'acme/*' })
    await subscription({ channel: 'C6', target: 'acme/web' })
    await event({ body: { updated_tags: ['v1'] } })
    await fanOut(bot)
    const subject = `push acme/api v1 ${now()} 0123456789ab`
    expect((await made()).toSorted()).toEqual([`C1 ${subject}`, `C5 ${subject}`])
    expect(await stored()).toMatchObject([{ fannedAt: at(), subject }])
    const first = (await bot.db.select().from(cards)).find(({ channel }) => channel === 'C1')
    expect(first).toMatchObject({ subscription: one.id, object: 'acme/api', data: { tag: 'v1', severity: 'high' } })
  })

  test('an event of a kind that nobody knows, or without a body, is done and has no card', async () => {
    await subscription()
    await event({ kind: 'no_such_event' })
    await event({ body: null })
    await fanOut(bot)
    expect(await made()).toEqual([])
    expect((await stored()).every(({ fannedAt }) => fannedAt !== null)).toBe(true)
  })

  test('more events than are read at once are all passed on', async () => {
    for (let index = 0; index < 53; index += 1) await event({ kind: 'no_such_event' })
    await fanOut(bot)
    expect((await stored()).filter(({ fannedAt }) => fannedAt === null)).toEqual([])
  })

  test('while Quay does not answer the event stays, for a day; the others are passed on', async () => {
    answers[history] = 503
    await subscription()
    const fresh = await event({ body: { updated_tags: ['v1'] }, receivedAt: at(-day + 1) })
    await event({ body: { updated_tags: ['v1'] }, receivedAt: at(-day) })
    await event({ kind: 'no_such_event' })
    await expect(fanOut(bot)).rejects.toMatchObject({ code: 'unavailable' })
    expect((await stored()).filter(({ fannedAt }) => fannedAt === null).map(({ id }) => id)).toEqual([fresh.id])
    expect(rows.log()).toContain('could not process an event')
  })

  test('what Quay refuses is lost alone, and is in the log', async () => {
    answers[history] = 403
    await subscription()
    const one = await event({ body: { updated_tags: ['v1'] } })
    await fanOut(bot)
    expect((await stored())[0]?.fannedAt).not.toBeNull()
    expect(rows.log()).toContain(`"event":${one.id}`)
  })

  test('an event that came again meanwhile is passed on once more', async () => {
    await event({ kind: 'build_start', body: { build_id: 'b1' }, repeats: 0, subject: 'kept before' })
    const slow = { ...bot, clock: () => now() }
    const before = bot.db.transaction.bind(bot.db)
    let first = true
    const transaction: typeof before = async (work, config) => {
      if (first) {
        first = false
        await bot.db.update(events).set({ repeats: 1 })
      }
      return before(work, config)
    }
    slow.db = new Proxy(bot.db, { get: (db, name) => (name === 'transaction' ? transaction : Reflect.get(db, name, db)) })
    await fanOut(slow)
    expect(await stored()).toMatchObject([{ fannedAt: null, repeats: 1 }])
    await fanOut(bot)
    expect(await stored()).toMatchObject([{ fannedAt: at(), subject: 'build acme/api b1' }])
  })

  describe('of builds', () => {
    const list = 'GET /repository/acme/api/build/'
    const built = (id: string, phase: string) => ({ id, repository: { namespace: 'acme', name: 'api' }, phase })
    const ends = (kind: string) => event({ kind, body: { build_id: 'b1' } })

    test('changes only: nothing while it stays as it was, a card when it breaks, and below that when it stays broken', async () => {
      await subscription({ only: 'changes' })
      answers[list] = { builds: [built('b1', 'complete'), built('b0', 'complete')] }
      await ends('build_success')
      await fanOut(bot)
      expect(await made()).toEqual([])
      answers[list] = { builds: [built('b1', 'error'), built('b0', 'complete')] }
      await ends('build_failure')
      await fanOut(bot)
      expect((await made()).toSorted()).toEqual(['C1 build acme/api b1', 'C1 failure acme/api b1'])
      const [broke] = await bot.db.select().from(cards)
      expect(broke?.data).toMatchObject({ change: 'broke' })
      answers[list] = { builds: [built('b2', 'error'), built('b1', 'error'), built('b0', 'complete')] }
      await event({ kind: 'build_failure', body: { build_id: 'b2' } })
      await fanOut(bot)
      const again = (await bot.db.select().from(cards)).find(({ subject }) => subject === 'failure acme/api b2')
      expect(again).toMatchObject({ parent: broke?.id, data: { change: 'still broken' } })
      expect(await made()).not.toContain('C1 build acme/api b2')
    })

    test('still broken without a card to stand below has one of its own', async () => {
      await subscription({ only: 'changes' })
      answers[list] = { builds: [built('b1', 'error'), built('b0', 'error')] }
      await ends('build_failure')
      await fanOut(bot)
      expect(await made()).toContain('C1 build acme/api b1')
    })

    test('all of them: each is a card that is followed, and a failed one says why below it, once', async () => {
      await subscription()
      await ends('build_start')
      await fanOut(bot)
      expect(await made()).toEqual(['C1 build acme/api b1'])
      expect(await bot.db.select().from(follows)).toMatchObject([{ repository: 'acme/api' }])
      expect(await bot.db.select().from(builds)).toMatchObject([{ build: 'b1' }])
      await ends('build_failure')
      await fanOut(bot)
      const all = await bot.db.select().from(cards)
      const above = all.find(({ subject }) => subject.startsWith('build'))
      expect(all.find(({ subject }) => subject.startsWith('failure'))).toMatchObject({
        ...{ parent: above?.id, channel: 'C1', object: 'acme/api', data: { started: false } },
      })
    })

    test('a build without a card is not followed', async () => {
      await ends('build_start')
      await fanOut(bot)
      expect(await bot.db.select().from(follows)).toEqual([])
    })

    test.each([
      ['an active subscription', {}, {}, true],
      ['a muted subscription', { mutedUntil: 1_000 }, {}, false],
      ['a mute that is over', { mutedUntil: -1_000 }, {}, true],
      ['a paused subscription', { state: 'paused' as const }, {}, false],
      ['who started it, though it is paused', { state: 'paused' as const }, { started: true }, true],
      ['no subscription', undefined, {}, false],
      ['who started it, without a subscription', undefined, { started: true }, true],
    ])('why a build failed is told to %s: %s', async (_, more, data, isTold) => {
      const own =
        more &&
        (await subscription({ ...more, mutedUntil: 'mutedUntil' in more && more.mutedUntil ? at(more.mutedUntil) : null, digest: 'daily' }))
      await card({ subject: 'build acme/api b1', subscription: own?.id ?? null, data: data as Record<string, unknown> })
      await ends('build_failure')
      await fanOut(bot)
      expect((await made()).some((one) => one.includes('failure'))).toBe(isTold)
    })
  })
})

describe('what was missed', () => {
  const history = 'GET /repository/acme/api/tag/'
  const tag = (name: string, start?: number) => ({ name, manifest_digest: 'sha256:1', start_ts: start })

  test('pushes since a moment, to the second, each tag once; again is nothing', async () => {
    const second = Math.floor(now() / 1000)
    answers[history] = {
      tags: [tag('new', second + 5), tag('new', second + 1), tag('then', second), tag('old', second - 1), tag('never')],
      ...{ page: 1, has_additional: false },
    }
    const since = second * 1000 + 999
    await backFill(bot, bot.quay, 'acme/api', since, new Set(['pushes']))
    const found = await stored()
    expect(found.map(({ body }) => body)).toEqual([{ updated_tags: ['new'] }, { updated_tags: ['then'] }])
    expect(found[0]).toMatchObject({
      kind: 'repo_push',
      source: 'poll',
      object: 'acme/api',
      key: `back-fill acme/api new ${since}`,
      receivedAt: at(),
    })
    expect(rows.jobs).toEqual(['fan-out', 'fan-out'])
    await backFill(bot, bot.quay, 'acme/api', since, new Set(['pushes']))
    expect(await stored()).toHaveLength(2)
    expect(rows.jobs).toHaveLength(2)
  })

  test.each([
    [['pushes'], [history]],
    [['builds'], ['GET /repository/acme/api/build/']],
    [['quota'], ['GET /organization/acme'], 'acme'],
    [['mirrors', 'expiry', undefined], []],
  ])('of %j Quay is asked %j', async (groups, calls, object = 'acme/api') => {
    answers[history] = { tags: [], page: 1, has_additional: false }
    answers['GET /repository/acme/api/build/'] = { builds: [] }
    await backFill(bot, bot.quay, object as string, now(), new Set(groups as string[]))
    expect(rows.quayCalls.map(({ call }) => call)).toEqual(calls)
  })
})

describe('the quota of a namespace', () => {
  const has = (used: number | null, configured: number | null) => {
    answers['GET /organization/acme'] = { name: 'acme', quota_report: { quota_bytes: used, configured_quota: configured } }
  }
  const limits = (...all: [type: string, percent: number][]) => {
    const quotas = [{ id: 1, limit_bytes: 100, limits: all.map(([type, limit_percent], id) => ({ id, type, limit_percent })) }]
    answers['GET /organization/acme/quota'] = quotas
    answers['GET /superuser/organization/acme/quota'] = quotas
  }
  const looks = async () => {
    await lookAtQuota(bot, bot.quay, 'acme')
    passes(1)
    return (await stored()).map(({ kind, body }) => `${kind} ${body?.percent}`)
  }

  test('is read where there is one', async () => {
    expect(await readQuota(bot.quay, 'acme')).toBeUndefined()
    has(5, null)
    expect(await readQuota(bot.quay, 'acme')).toBeUndefined()
    has(null, 100)
    expect(await readQuota(bot.quay, 'acme')).toEqual({ used: 0, limit: 100 })
    has(5, 100)
    expect(await readQuota(bot.quay, 'acme')).toEqual({ used: 5, limit: 100 })
  })

  test('each threshold that is passed is told once, the highest first; a quota that has room again can be told of again', async () => {
    limits(['Reject', 90], ['Warning', 70], ['Warning', 80])
    has(69, 100)
    expect(await looks()).toEqual([])
    has(70, 100)
    expect(await looks()).toEqual(['quota_warning 70'])
    expect(await looks()).toHaveLength(1)
    has(85, 100)
    expect((await looks()).at(-1)).toBe('quota_warning 80')
    has(90, 100)
    expect((await looks()).at(-1)).toBe('quota_error 90')
    has(10, 100)
    expect((await looks()).at(-1)).toBe('quota_well 0')
    expect(await looks()).toHaveLength(4)
    expect(rows.jobs).toHaveLength(4)
  })

  test('without thresholds it refuses when it is full; without a quota nothing is passed', async () => {
    limits()
    has(99, 100)
    expect(await looks()).toEqual([])
    has(100, 100)
    expect(await looks()).toEqual(['quota_error 100'])
    answers['GET /organization/acme'] = 404
    expect((await looks()).at(-1)).toBe('quota_well 0')
  })

  test('a webhook that has told of the kind is enough', async () => {
    limits(['Warning', 70])
    has(75, 100)
    await event({ object: 'acme', kind: 'quota_error', body: {} })
    await event({ object: 'acme', kind: 'quota_warning', body: {} })
    await event({ object: 'other', kind: 'quota_error', body: {} })
    await event({ object: 'acme', kind: 'repo_push', body: {} })
    expect(await looks()).toHaveLength(4)
  })
})

describe('kinds of events', () => {
  const subjectsOf = (kind: typeof repoPush, more: object) => event(more).then((one) => kind.subjects(bot, one as never))

  test('are found by Quay’s name and by the first word of a subject', () => {
    expect([kindOf('repo_push')?.word, kindOf('build_phase')?.word, kindOf('nothing')]).toEqual(['push', 'build', undefined])
    expect([kindOfSubject('mirror acme/api 7')?.group, kindOfSubject('nothing at all'), kindOfSubject('')]).toEqual([
      'mirrors',
      undefined,
      undefined,
    ])
    expect(eventsOf(['builds'])).toEqual(['build_queued', 'build_start', 'build_success', 'build_failure', 'build_cancelled'])
    expect(eventsOf(['pushes', 'expiry'])).toEqual(['repo_push', 'repo_image_expiry'])
    expect(eventsOf([])).toEqual([])
    expect([groupOf('quota_error'), groupOf('nothing')]).toEqual(['quota', undefined])
  })

  test('severities go from critical to unknown', () => {
    expect(['High', 'CRITICAL', undefined, 'no word'].map(severityOf)).toEqual(['high', 'critical', 'unknown', 'unknown'])
    expect([isAtLeast('critical', 'high'), isAtLeast('high', 'High'), isAtLeast('medium', 'high'), isAtLeast('unknown', 'x')]).toEqual([
      ...[true, true, false, true],
    ])
  })

  test('what is foreign is cut to what it may be', () => {
    expect(short.parse(`a\u0007b${'x'.repeat(400)}`)).toBe(`a b${'x'.repeat(297)}`)
    const many = Array.from({ length: 25 }, (_, index) => `t${index}`)
    expect(tagNames.parse(['ok', 7, '', '-no', 'a b', 'x'.repeat(128), 'x'.repeat(129), 'ok\n'])).toEqual(['ok', 'x'.repeat(128)])
    expect(tagNames.parse(many)).toEqual(many.slice(0, 20))
    expect(tagNames.parse('none')).toEqual([])
  })

  test('examples of Quay’s are told from what happened', () => {
    expect([{ pruned_image_count: 0 }, { pruned_image_count: undefined }].map((body) => repoPush.isExample(body))).toEqual([true, false])
    expect(['fake-build-id', 'b1'].map((build_id) => buildKind.isExample({ build_id }))).toEqual([true, false])
    expect(['TEST NOTIFICATION', 'done'].map((message) => mirrorSync.isExample({ message }))).toEqual([true, false])
    expect(['CVE-FAKE-CVE', 'CVE-1'].map((id) => vulnerabilityFound.isExample({ vulnerability: { id } }))).toEqual([true, false])
    const usages = [
      [858993459, 1073741824],
      [1127428915, 1073741824],
      [858993459, 1],
    ]
    expect(usages.map(([usage_bytes, limit_bytes]) => quota.isExample({ usage_bytes, limit_bytes }))).toEqual([true, true, false])
    expect(imageExpiry.isExample({ tags: [] })).toBe(false)
  })

  test('a build ends well, badly or not at all, as the event or the poll says', async () => {
    const of = async (kind: string, body: object) => (await subjectsOf(buildKind, { kind, body: { build_id: 'b1', ...body } }))[0]
    expect(await of('build_success', { docker_tags: ['v1'] })).toEqual({
      subject: 'build acme/api b1',
      at: now(),
      tags: ['v1'],
      ended: 'well',
    })
    expect(await of('build_failure', {})).toEqual({ subject: 'build acme/api b1', at: now(), tags: [], ended: 'badly' })
    for (const [kind, body] of [
      ['build_start', {}],
      ['build_cancelled', {}],
      ['build_phase', {}],
      ['build_phase', { phase: 'building' }],
    ] as const)
      expect(await of(kind, body)).not.toHaveProperty('ended')
    expect(await of('build_phase', { phase: 'error' })).toMatchObject({ ended: 'badly' })
  })

  test('a push is each time that its tag was pushed to in the day before', async () => {
    const tag = (digest: string, at: number | undefined, size?: number) => ({ name: 'v1', manifest_digest: digest, start_ts: at, size })
    const dayBefore = now() / 1000 - day / 1000
    answers['GET /repository/acme/api/tag/'] = {
      tags: [
        tag('sha256:aaaaaaaaaaaaaaaaaaaa', now() / 1000, 5e6),
        tag('sha256:b', dayBefore),
        tag('sha256:c', dayBefore - 1),
        tag('sha256:d', undefined),
      ],
      ...{ page: 1, has_additional: false },
    }
    const found = await subjectsOf(repoPush, { body: { updated_tags: ['v1'] } })
    expect(found).toEqual([
      {
        ...{ subject: `push acme/api v1 ${now()} aaaaaaaaaaaa`, at: now(), tags: ['v1'] },
        data: { tag: 'v1', digest: 'sha256:aaaaaaaaaaaaaaaaaaaa', size: 5e6, at: now() },
      },
      expect.objectContaining({ at: now() - day }),
    ])
    const drawn = async (data: object) =>
      JSON.stringify(await repoPush.render(bot, await card({ object: 'acme/api', data: data as never }), t))
    expect(await drawn({ tag: 'v1', digest: 'sha256:0123456789abcdef', size: 5_400_000, at: now() })).toMatch(/`sha256:0123456789ab`, 5 MB/)
    expect(await drawn({ tag: 'v1', digest: 'sha256:1', at: now() })).not.toContain('MB')
  })

  test('tags that still expire, and no others', async () => {
    const shows = (...tags: object[]) => {
      answers['GET /repository/acme/api/tag/'] = (query: URLSearchParams) => ({
        tags: tags.filter((one) => (one as { name: string }).name === query.get('specificTag')),
        ...{ page: 1, has_additional: false },
      })
    }
    const tag = (name: string, end_ts?: number) => ({ name, manifest_digest: 'sha256:1', end_ts, start_ts: 1 })
    shows(tag('goes', now() / 1000 + 100), tag('stays'))
    const one = { kind: 'repo_image_expiry', body: { tags: ['goes', 'stays', 'missing'] } }
    const [found, ...more] = await subjectsOf(imageExpiry, one)
    expect(more).toEqual([])
    expect(found).toMatchObject({ at: now(), tags: ['goes'], data: { expiring: [{ name: 'goes', until: now() + 100_000 }] } })
    shows(tag('stays'))
    expect(await subjectsOf(imageExpiry, one)).toEqual([])
  })

  test('the end of a sync of a mirror belongs to the latest start that has none', async () => {
    const sync = async (kind: string, receivedAt: Date, more: object = {}) => {
      const one = await event({ kind: `repo_mirror_sync_${kind}`, receivedAt, ...more })
      const [subject] = await mirrorSync.subjects(bot, one as never)
      await bot.db
        .update(events)
        .set({ subject: subject?.subject ?? null })
        .where(eq(events.id, one.id))
      return { id: one.id, subject: subject?.subject }
    }
    const alone = await sync('success', at())
    expect(alone.subject).toBe(`mirror acme/api ${alone.id}`)
    const start = await sync('started', at(1_000))
    expect(start.subject).toBe(`mirror acme/api ${start.id}`)
    await event({ object: 'acme/web', kind: 'repo_mirror_sync_failed', receivedAt: at(1_500), subject: 'mirror acme/web 1' })
    await event({ kind: 'repo_push', receivedAt: at(1_600), subject: 'push x' })
    await event({ kind: 'repo_mirror_sync_failed', receivedAt: at(1_700) })
    expect((await sync('failed', at(2_000))).subject).toBe(start.subject)
    const second = await sync('success', at(3_000))
    expect(second.subject).toBe(`mirror acme/api ${second.id}`)
    const late = await sync('started', at(4_000))
    const after = await sync('success', at(4_000 + day))
    expect(after.subject).toBe(`mirror acme/api ${after.id}`)
    const again = await mirrorSync.subjects(bot, { ...(await event({ subject: 'mirror kept' })), body: {} })
    expect(again).toMatchObject([{ subject: 'mirror kept' }])
    expect(late.subject).toBe(`mirror acme/api ${late.id}`)
  })

  test('a sync is drawn by its end, even if the start comes later, and not at all without events', async () => {
    const drawn = async () =>
      mirrorSync.render(bot, await card({ subject: `mirror acme/api ${now()}`, object: 'acme/api', channel: `C${Math.random()}` }), t)
    const subject = `mirror acme/api ${now()}`
    expect(await drawn()).toBe('nothing')
    await event({ subject, kind: 'repo_mirror_sync_started', receivedAt: at(5), body: { message: 'began' } })
    expect(JSON.stringify(await drawn())).toMatch(/sync started\..*began/)
    await event({ subject, kind: 'repo_mirror_sync_failed', receivedAt: at(1), body: { message: 'no route' } })
    expect(JSON.stringify(await drawn())).toMatch(/sync failed\..*no route/)
  })

  test('a quota is told with what Quay has now, and not where there is none', async () => {
    const told = (kind: string) => subjectsOf(quota, { object: 'acme', kind, body: {} })
    expect(await told('quota_error')).toEqual([])
    answers['GET /organization/acme'] = { name: 'acme', quota_report: { quota_bytes: 850, configured_quota: 1000 } }
    expect(await told('quota_warning')).toMatchObject([{ at: now(), tags: [], data: { event: 'quota_warning', used: 850, limit: 1000 } }])
    const drawn = async (event: string, used: number, limit: number) =>
      JSON.stringify(await quota.render(bot, await card({ object: 'acme', data: { event, used, limit } }), t))
    expect(await drawn('quota_error', 1010, 1000)).toMatch(/used up: .* \(101 %\)/)
    expect(await drawn('quota_warning', 850, 1000)).toMatch(/`acme`: 85 % of the storage quota used/)
    expect(await drawn('quota_warning', 850, 10 * 1024 ** 3)).toMatch(/of 10 GiB/)
    expect(await drawn('quota_warning', 850, 123_456_789)).toMatch(/of 123 MB/)
  })

  test('vulnerabilities of one image share a subject, of the first five tags', async () => {
    answers['GET /repository/acme/api/tag/'] = (query: URLSearchParams) => {
      const name = query.get('specificTag') ?? ''
      const digest = name === 'other' ? 'sha256:b' : 'sha256:a'
      return { tags: name === 'missing' ? [] : [{ name, manifest_digest: digest, start_ts: 1 }], page: 1, has_additional: false }
    }
    const found = await subjectsOf(vulnerabilityFound, {
      body: { tags: ['v1', 'missing', 'other', 'v2', 'v3', 'v4'], vulnerability: { id: 'CVE-1', priority: 'High' } },
    })
    expect(found).toEqual([
      {
        subject: 'vulnerabilities acme/api sha256:a',
        at: now(),
        tags: ['v1', 'v2', 'v3'],
        severity: 'high',
        data: { digest: 'sha256:a', tags: ['v1', 'v2', 'v3'] },
      },
      {
        subject: 'vulnerabilities acme/api sha256:b',
        at: now(),
        tags: ['other'],
        severity: 'high',
        data: { digest: 'sha256:b', tags: ['other'] },
      },
    ])
    const unknown = await subjectsOf(vulnerabilityFound, { body: { tags: ['v1'], vulnerability: { id: 'CVE-1', priority: null } } })
    expect(unknown[0]?.severity).toBe('unknown')
    expect(vulnerabilityFound.key?.({ tags: ['a', 'b'], vulnerability: { id: 'CVE-1' } })).toBe('CVE-1 a,b ')
  })

  describe('a scan', () => {
    const path = 'GET /repository/acme/api/manifest/sha256:a/security'
    const found = (Name: string, Severity: string, more: object = {}) => ({ Name, Severity, ...more })
    const scans = (status: string, ...Vulnerabilities: object[]) => {
      answers[path] = { status, data: { Layer: { Features: [{ Name: 'openssl', Version: '1.1', Vulnerabilities }] } } }
    }
    const drawn = async (severity = 'high') =>
      vulnerabilityFound.render(bot, await card({ object: 'acme/api', data: { digest: 'sha256:a', tags: ['v1'], severity } }), t)

    test('that is not there, or has found nothing, is no card; one that is not done is waited for', async () => {
      expect(await drawn()).toBe('nothing')
      scans('scanned')
      expect(await drawn()).toBe('nothing')
      answers[path] = { status: 'queued' }
      await expect(drawn()).rejects.toEqual(expect.any(Failure))
      await expect(drawn()).rejects.toMatchObject({ code: 'unavailable' })
    })

    test('counts each severity that occurs, and lists those that were asked for, the most severe first', async () => {
      scans('scanned', found('CVE-M', 'Medium'), found('CVE-H', 'High'), found('CVE-C', 'Critical'), found('CVE-H2', 'High'))
      const shown = await drawn()
      if (shown === 'nothing') throw new Error('nothing')
      expect(shown.text).toMatch(/1 critical vulnerability, 2 high vulnerabilities, 1 medium vulnerability/)
      const all = JSON.stringify(shown.blocks.slice(1))
      expect(all.match(/CVE-\w+/g)).toEqual(['CVE-C', 'CVE-H', 'CVE-H2'])
      expect(all).not.toContain('more')
    })

    test('lists ten, and says how many more there are', async () => {
      scans('scanned', ...Array.from({ length: 10 }, (_, index) => found(`CVE-${index}`, 'High')))
      expect(JSON.stringify(await drawn())).not.toContain('more.')
      rows.bot.cache.clear()
      scans('scanned', ...Array.from({ length: 12 }, (_, index) => found(`CVE-${index}`, 'High')))
      const all = JSON.stringify(await drawn())
      expect(all).toContain('… and 2 more.')
      expect(all).not.toContain('CVE-10')
    })

    test.each([
      ['https://nvd.example.com/x', '<https://nvd.example.com/x|CVE-1>'],
      ['http://nvd.example.com/x', '<http://nvd.example.com/x|CVE-1>'],
      ['javascript:alert(1)', '*CVE-1*'],
      ['xhttps://nvd.example.com', '*CVE-1*'],
      ['https://', '*CVE-1*'],
      ['https://nvd.example.com/%20', '*CVE-1*'],
      ['https://nvd.example.com/|x', '*CVE-1*'],
      [undefined, '*CVE-1*'],
    ])('links only to addresses: %s', (link, name) => {
      const one = { name: 'CVE-1', severity: 'High', package: 'openssl', version: '1.1', description: '' }
      expect(lineOf({ ...one, link, fixedIn: undefined }, t)).toBe(`${name} (High) in \`openssl 1.1\`, not fixed yet`)
      expect(lineOf({ ...one, link, fixedIn: '1.2' }, t)).toBe(`${name} (High) in \`openssl 1.1\`, fixed in \`1.2\``)
    })
  })
})

afterEach(() => passes(1_000 - (now() % 1_000)))
