import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { translator } from '../../src/core/i18n.ts'
import { builds, cards, events, follows } from '../../src/db/schema.ts'
import { brokeCard, changeOf } from '../../src/notifications/builds/broke-or-fixed.ts'
import { renderBuild } from '../../src/notifications/builds/card.ts'
import { renderFailure } from '../../src/notifications/builds/failure-log.ts'
import { followBuild, followBuilds, keepFollowing, readIfStale, watchRepositories } from '../../src/notifications/builds/poll.ts'
import { readBuilds } from '../../src/notifications/builds/record.ts'
import { heardAt, stateOf } from '../../src/notifications/builds/state.ts'
import { tellWaiting } from '../../src/notifications/builds/waits.ts'
import { openRows, refusing, slackError } from './rows.ts'

const rows = await openRows()
const { bot, card, event, answers, slackAnswers, at, now } = rows
const t = translator('en')
let channels = 0
const subject = 'build acme/api b1'
const list = 'GET /repository/acme/api/build/'
const minute = 60_000

beforeEach(() => rows.forget())

const built = (id: string, phase: string, more: object = {}) => ({
  id,
  repository: { namespace: 'acme', name: 'api' },
  phase,
  started: at().toUTCString(),
  tags: ['latest'],
  ...more,
})
const lists = (...all: object[]) => {
  answers[list] = { builds: all }
}
const phase = (name: string, more: object = {}, receivedAt = at()) =>
  event({ subject, kind: 'build_phase', source: 'poll', body: { phase: name, ...more }, receivedAt })
const webhook = (kind: string, body: object = {}, receivedAt = at()) =>
  event({ subject, kind, body: body as Record<string, unknown>, receivedAt })

describe('the state of a build from all that was heard of it', () => {
  const state = () => stateOf(bot, subject)

  test.each([
    [[], 'waiting'],
    [['waiting', 'building', 'pulling'], 'building'],
    [['building', 'internalerror'], 'internalerror'],
    [['internalerror', 'waiting'], 'waiting'],
    [['internalerror', 'cannot_load'], 'internalerror'],
    [['cannot_load'], 'cannot_load'],
    [['cannot_load', 'waiting'], 'waiting'],
    [['building', 'cannot_load'], 'building'],
    [['error', 'building'], 'error'],
    [['error', 'internalerror'], 'error'],
    [['error', 'complete'], 'complete'],
    [['no such phase', 'pushing'], 'pushing'],
  ])('%j: %s', async (all, wanted) => {
    for (const one of all) await phase(one)
    expect((await state()).phase).toBe(wanted)
  })

  test('a webhook that says failed does not settle a try whose builder broke down', async () => {
    await webhook('build_failure')
    await phase('internalerror')
    expect((await state()).phase).toBe('internalerror')
    await webhook('build_queued')
    expect((await state()).phase).toBe('waiting')
  })

  test('what Quay listed wins over what a webhook said, which fills the gaps alone', async () => {
    await webhook('build_queued', {
      docker_tags: ['v1'],
      trigger_kind: 'github',
      error_message: null,
      trigger_metadata: { commit: 'c0ffee', ref: 'refs/heads/main', commit_info: { message: 'Mend' } },
    })
    const said = { tags: ['v1'], trigger: 'github', commit: 'c0ffee', ref: 'refs/heads/main', message: 'Mend' }
    expect((await state()).seen).toEqual(said)
    await phase('building', { seen: { tags: ['v2'], startedBy: 'bea' } })
    await webhook('build_failure', { docker_tags: ['v3'], error_message: 'exit 1', trigger_metadata: null })
    expect((await state()).seen).toEqual({ ...said, tags: ['v2'], startedBy: 'bea', error: 'exit 1' })
  })

  test('who started it is known from its row alone', async () => {
    expect(await state()).toMatchObject({ repository: 'acme/api', build: 'b1', starter: undefined, starterName: undefined })
    await bot.db.insert(builds).values([
      { repository: 'acme/api', build: 'b2', starter: 'U9', starterName: 'other', createdAt: at() },
      { repository: 'acme/api', build: 'b1', starter: 'U1', starterName: 'bea', createdAt: at() },
    ])
    expect(await state()).toMatchObject({ starter: 'U1', starterName: 'bea' })
  })

  test('each phase began with its first event, in their order; what contradicts the order is left out', async () => {
    await phase('waiting', {}, at(5_000))
    await phase('waiting', {}, at(1_000))
    await phase('pulling', {}, at(8_000))
    await phase('building', {}, at(7_000))
    await phase('pushing', {}, at(8_000))
    expect((await state()).began).toEqual([
      ['waiting', now() + 1_000],
      ['pulling', now() + 8_000],
      ['pushing', now() + 8_000],
    ])
  })

  test('the log of the build knows better when each began, and the list when it was asked for', async () => {
    await phase('waiting', {}, at(1_000))
    await phase('complete', {
      seen: { started: at(-2_000).toISOString(), began: { building: now() + 10, complete: now() + 20, other: 3 } },
    })
    expect((await state()).began).toEqual([
      ['waiting', now() - 2_000],
      ['building', now() + 10],
      ['complete', now() + 20],
    ])
  })

  test('a log without phases says nothing; a broken builder begins all anew', async () => {
    await phase('building', {}, at(1_000))
    await phase('internalerror', {}, at(2_000))
    await phase('pulling', { seen: { began: {} } }, at(3_000))
    expect((await state()).began).toEqual([['pulling', now() + 3_000]])
  })

  test('the last webhook of it, not what was polled, nor of another', async () => {
    expect(await heardAt(bot, subject)).toBe(0)
    await webhook('build_queued', {}, at(1_000))
    await webhook('build_start', {}, at(2_000))
    await phase('building', {}, at(9_000))
    await event({ subject: 'build acme/api b2', receivedAt: at(9_000) })
    expect(await heardAt(bot, subject)).toBe(now() + 2_000)
  })
})

describe('what a poll stores', () => {
  const stored = async () =>
    (await bot.db.select().from(events).orderBy(events.id)).map(({ key, body }) => ({ key, phase: body?.phase as string }))
  const running = (...ids: string[]) =>
    bot.db.insert(builds).values(ids.map((build) => ({ repository: 'acme/api', build, createdAt: at() })))

  test('only what is followed, and with a moment what began since, to the second; the oldest first', async () => {
    lists(
      built('new', 'building', { started: at(1_000).toUTCString() }),
      built('then', 'waiting'),
      built('old', 'building', { started: at(-1_000).toUTCString() }),
      built('never', 'waiting', { started: null }),
    )
    expect(await readBuilds(bot, bot.quay, 'acme/api')).toBe(0)
    expect(await stored()).toEqual([])
    expect(await readBuilds(bot, bot.quay, 'acme/api', now() + 999)).toBe(2)
    expect((await stored()).map(({ key }) => key)).toEqual(['phase acme/api then waiting', 'phase acme/api new building'])
    expect(rows.jobs).toEqual(['fan-out', 'fan-out'])
    expect(rows.quayCalls[0]?.query.get('limit')).toBe('50')
    await running('old')
    expect(await readBuilds(bot, bot.quay, 'acme/api')).toBe(1)
    expect((await stored()).at(-1)?.key).toBe('phase acme/api old building')
  })

  test('what began before events are kept is not announced again', async () => {
    const days = (count: number) => count * 24 * 3_600_000
    lists(
      built('ancient', 'complete', { started: at(-days(91)).toUTCString() }),
      built('kept', 'complete', { started: at(-days(89)).toUTCString() }),
    )
    await readBuilds(bot, bot.quay, 'acme/api', 0)
    expect((await stored()).map(({ key }) => key)).toEqual(['phase acme/api kept complete'])
  })

  test('the same phase is stored once; an end is, too, and the build is followed no longer', async () => {
    await running('b1', 'b2')
    lists(built('b1', 'complete'), built('b2', 'building'))
    expect(await readBuilds(bot, bot.quay, 'acme/api')).toBe(1)
    expect(await readBuilds(bot, bot.quay, 'acme/api')).toBe(1)
    expect((await stored()).map(({ key }) => key).toSorted()).toEqual(['phase acme/api b1 complete', 'phase acme/api b2 building'])
    const ends = Object.fromEntries((await bot.db.select().from(builds)).map(({ build, endedAt }) => [build, endedAt]))
    expect(ends).toEqual({ b1: at(), b2: null })
    expect(rows.jobs).toHaveLength(2)
  })

  test('a build that the list has no more is asked for by its id; one that Quay has no more ends', async () => {
    await running('far', 'lost')
    lists()
    answers['GET /repository/acme/api/build/far'] = built('far', 'pushing')
    expect(await readBuilds(bot, bot.quay, 'acme/api')).toBe(1)
    expect(Object.fromEntries((await stored()).map(({ key, phase: one }) => [key.split(' ')[2], one]))).toEqual({
      far: 'pushing',
      lost: 'gone',
    })
  })

  test('a repository that Quay has no more has no builds; another refusal is none', async () => {
    await running('b1')
    expect(await readBuilds(bot, bot.quay, 'acme/api')).toBe(0)
    expect((await stored()).map(({ phase: one }) => one)).toEqual(['gone'])
    answers[list] = 403
    await expect(readBuilds(bot, bot.quay, 'acme/api')).rejects.toMatchObject({ code: expect.not.stringMatching('not_found') })
  })

  test('each try of a build whose builder broke down is told apart', async () => {
    await running('b1')
    for (const one of ['waiting', 'internalerror', 'internalerror', 'cannot_load', 'waiting', 'internalerror', 'cannot_load', 'waiting']) {
      lists(built('b1', one))
      await readBuilds(bot, bot.quay, 'acme/api')
    }
    const of = (end: string) => `phase acme/api b1 ${end}`
    expect((await stored()).map(({ key }) => key)).toEqual(
      ['waiting', 'internalerror', 'cannot_load', 'waiting 1', 'internalerror 1', 'waiting 2'].map(of),
    )
  })

  test('of what Quay lists only what it says is kept, and from the log when each phase began', async () => {
    await running('b1')
    const logs = [
      { type: 'phase', message: 'building', data: { datetime: at(10).toUTCString() } },
      { type: 'phase', message: 'pushing' },
      { type: 'command', message: 'RUN', data: { datetime: at(20).toUTCString() } },
    ]
    answers['GET /repository/acme/api/build/b1/logs'] = { start: 0, total: 3, logs }
    const more = {
      manual_user: 'bea',
      trigger_metadata: { commit: 'c0ffee', ref: 'main', commit_info: { message: 'Mend' } },
      error: 'exit 1',
    }
    lists(built('b1', 'error', { ...more, trigger: { id: 't', service: 'github' } }))
    await readBuilds(bot, bot.quay, 'acme/api')
    const [one] = await bot.db.select().from(events)
    expect(one?.body).toEqual({
      build_id: 'b1',
      phase: 'error',
      docker_tags: ['latest'],
      seen: {
        ...{ tags: ['latest'], started: expect.any(String), startedBy: 'bea', trigger: 'github', commit: 'c0ffee' },
        ...{ ref: 'main', message: 'Mend', error: 'exit 1', began: { building: now() } },
      },
    })
    expect(one).toMatchObject({ subject, kind: 'build_phase', source: 'poll', object: 'acme/api', receivedAt: at() })
  })

  test('a log that cannot be read stops nothing, and a running build’s is not read', async () => {
    await running('b1', 'b2')
    lists(built('b1', 'complete'), built('b2', 'building'))
    await readBuilds(bot, bot.quay, 'acme/api')
    const seen = (await bot.db.select().from(events).orderBy(events.key)).map(
      ({ body }) => (body?.seen as { began?: object } | undefined)?.began,
    )
    expect(seen).toEqual([{}, undefined])
    expect(rows.quayCalls.map(({ call }) => call).filter((one) => one.endsWith('logs'))).toEqual(['GET /repository/acme/api/build/b1/logs'])
  })
})

describe('whether a build broke or fixed its repository', () => {
  const all = [built('b9', 'building'), built('b1', 'x'), built('b0', 'cancelled'), built('bb', 'building')]
  test.each([
    ['badly' as const, 'complete', 'broke'],
    ['badly' as const, 'error', 'still broken'],
    ['badly' as const, 'expired', 'still broken'],
    ['badly' as const, undefined, 'broke'],
    ['well' as const, 'error', 'fixed'],
    ['well' as const, 'complete', undefined],
    ['well' as const, undefined, undefined],
  ])('%s after %s: %s', async (ended, before, wanted) => {
    lists(...all, ...(before ? [built('ba', before)] : []))
    expect(await changeOf(bot, 'acme/api', { subject, at: now(), tags: [], ended })).toBe(wanted)
  })

  test('a build that runs is no change, and nothing is asked', async () => {
    expect(await changeOf(bot, 'acme/api', { subject, at: now(), tags: [] })).toBeUndefined()
    expect(rows.quayCalls).toEqual([])
  })

  test('the thread is that of the nearest failed build with a card since the last success', async () => {
    lists(built('b1', 'error'), built('n', 'error'), built('g', 'error'), built('k', 'error'), built('ok', 'complete'), built('z', 'error'))
    const of = (build: string, more: object = {}) => card({ subject: `build acme/api ${build}`, ...more })
    const broke = () => brokeCard(bot, 'C1', 'acme/api', { subject, at: now(), tags: [] })
    await of('z')
    await of('b1')
    expect(await broke()).toBeUndefined()
    await of('n', { channel: 'C2' })
    await of('g', { state: 'gone' })
    expect(await broke()).toBeUndefined()
    const kept = await of('k')
    expect(await broke()).toBe(kept.id)
    const nearer = await of('n')
    expect(await broke()).toBe(nearer.id)
  })
})

describe('the card of a build', () => {
  const ended = () => bot.db.insert(builds).values({ repository: 'acme/api', build: 'b1', endedAt: at(), createdAt: at() })
  const drawn = async (data: object = {}) => {
    channels += 1
    const shown = await renderBuild(bot, await card({ subject, channel: `C0${channels}`, data: data as Record<string, unknown> }), t)
    if (shown === 'nothing') throw new Error('nothing')
    const actions = shown.blocks.flatMap((one) => (one.type === 'actions' ? one.elements : [])) as { action_id: string; value: string }[]
    return { text: shown.text, all: JSON.stringify(shown.blocks), buttons: actions.map(({ action_id, value }) => `${action_id} ${value}`) }
  }
  const logs = 'build:logs acme/api b1'

  test.each([
    ['waiting', [logs, 'build:cancel#1 acme/api b1']],
    ['building', [logs]],
    ['complete', [logs]],
    ['error', [logs, 'build:retry#1 acme/api b1']],
    ['cancelled', [logs, 'build:retry#1 acme/api b1']],
    ['gone', [logs]],
  ])('%s has the buttons %j', async (one, buttons) => {
    await phase(one)
    expect((await drawn()).buttons).toEqual(buttons)
  })

  test('a change is said of a build that has ended, and of no other', async () => {
    expect((await drawn({ change: 'broke' })).text).toContain('queued')
    await phase('error')
    expect((await drawn({ change: 'broke' })).text).toContain('failed (previous one succeeded)')
    expect((await drawn({ change: 'no such change' })).text).toMatch(/\|build> failed\.$/)
    expect((await drawn()).text).toMatch(/\|build> failed\.$/)
  })

  test('what is known of it is said, and nothing else', async () => {
    await ended()
    const bare = await drawn()
    for (const word of ['Tags', 'Started', 'Commit', 'Quay says', 'Invite', 'undefined', '""']) expect(bare.all).not.toContain(word)
    expect(bare.all).not.toContain('"context"')
    await phase('error', {
      seen: { tags: ['v1', 'v2'], startedBy: 'bea', commit: 'c0ffee1234567', message: 'Mend\nmore', error: 'exit 1' },
    })
    const full = await drawn({ invite: true })
    expect(full.all).toMatch(/Tags: `v1`, `v2`\\nStarted by user \*bea\*\.\\nCommit `c0ffee1`: Mend\\nQuay says: `exit 1`/)
    expect(full.all).toContain('/invite @quaymaster')
    expect(full.all).not.toContain('more')
  })

  test('who or what started it: a person in Slack before a trigger before an account', async () => {
    await phase('building', { seen: { startedBy: 'bea' } })
    expect((await drawn()).all).toContain('Started by user *bea*')
    await phase('building', { seen: { trigger: 'github' } })
    expect((await drawn()).all).toContain('Started by build trigger *github*')
    await bot.db
      .insert(builds)
      .values({ repository: 'acme/api', build: 'b1', starter: 'U1', starterName: 'Bea', endedAt: at(), createdAt: at() })
    expect((await drawn()).all).toContain('Started by *Bea* from Slack')
  })

  test('how long each phase took that is over, after when it was asked for', async () => {
    for (const [index, one] of ['waiting', 'build-scheduled', 'unpacking', 'pulling', 'building', 'pushing'].entries())
      await phase(one, {}, at(index * 2_400))
    const { all } = await drawn()
    expect(all).toMatch(/Started <!date[^>]*> · queued 2 s · waited 2 s for a builder · unpacked in 2 s · pulled in 2 s · built in 2 s"/)
    await phase('complete', {}, at(6 * 2_400))
    expect((await drawn()).all).toContain('built in 2 s · pushed in 2 s"')
  })
})

describe('why a build failed', () => {
  const logs = 'GET /repository/acme/api/build/b1/logs'
  const drawn = async (data: object = {}, channel = 'C1') => {
    const shown = await renderFailure(
      bot,
      await card({ subject: 'failure acme/api b1', channel, data: data as Record<string, unknown> }),
      t,
    )
    if (shown === 'nothing') throw new Error('nothing')
    const block = shown.blocks[1]
    return { text: shown.text, lines: block?.type === 'section' ? (block.text?.text ?? '').split('\n').slice(1, -1) : undefined }
  }
  const says = (...entries: [kind: string | undefined, message: string][]) => {
    answers[logs] = { start: 0, total: entries.length, logs: entries.map(([type, message]) => ({ type, message })) }
  }

  test('who started it from Slack is mentioned, once, and nobody else', async () => {
    await bot.db.insert(builds).values({ repository: 'acme/api', build: 'b1', starter: 'U1', starterName: 'Bea', createdAt: at() })
    expect((await drawn({ started: true })).text).toBe('acme/api: <@U1>, your build failed.')
    expect((await drawn({ started: false }, 'C2')).text).toBe('acme/api: build failed.')
    expect((await drawn({ started: true, change: 'still broken' }, 'C3')).text).toBe('acme/api: build failed again.')
    await bot.db.delete(builds)
    expect((await drawn({ started: true }, 'C4')).text).toBe('acme/api: build failed.')
  })

  test('the lines of the last step, without phases', async () => {
    says(
      [undefined, 'pulled'],
      ['command', 'Step 1'],
      [undefined, 'one\n'],
      ['command', 'Step 2'],
      [undefined, 'two\nthree\n'],
      ['phase', 'error'],
      ['error', 'exit 1'],
    )
    expect((await drawn()).lines).toEqual(['Step 2', 'two', 'three', 'exit 1'])
    says([undefined, 'no step'], ['phase', 'x'], ['error', 'exit 2'])
    expect((await drawn({}, 'C2')).lines).toEqual(['no step', 'exit 2'])
  })

  test('thirty lines at most, each shortened, as many characters as fit; no line closes the block', async () => {
    says(...Array.from({ length: 40 }, (_, index): [string | undefined, string] => [undefined, `line ${index}`]))
    const { lines } = await drawn()
    expect(lines).toHaveLength(30)
    expect([lines?.[0], lines?.at(-1)]).toEqual(['line 10', 'line 39'])
    says([undefined, '```'], [undefined, `a\u0007b ${'x'.repeat(600)}`])
    const odd = (await drawn({}, 'C2')).lines
    expect(odd?.[0]).toBe('ˋˋˋ')
    expect(odd?.[1]).toMatch(/^a b x{495}…$/)
    says(...Array.from({ length: 10 }, (_, index): [string | undefined, string] => [undefined, `${index}${'y'.repeat(399)}`]))
    expect((await drawn({}, 'C3')).lines?.map((one) => one[0])).toEqual(['4', '5', '6', '7', '8', '9'])
    const exactly = 2_800 / 7 - 1
    says(...Array.from({ length: 8 }, (_, index): [string | undefined, string] => [undefined, `${index}${'z'.repeat(exactly - 1)}`]))
    expect((await drawn({}, 'C4')).lines).toHaveLength(7)
  })

  test('where strangers read, or there is nothing to show, the log is not', async () => {
    says([undefined, 'secret words'])
    slackAnswers['conversations.info'] = () => ({ ok: true, channel: { is_ext_shared: true, is_member: true } })
    expect((await drawn()).lines).toBeUndefined()
    expect(rows.quayCalls).toEqual([])
    rows.bot.slack.people.clear()
    delete slackAnswers['conversations.info']
    says()
    expect(JSON.stringify(await renderFailure(bot, await card({ subject: 'failure acme/api b1', channel: 'C2' }), t))).toContain(
      'Press Logs to see why.',
    )
  })

  test('a log that is not there is not waited for; one that Quay does not give now is', async () => {
    expect((await drawn()).lines).toBeUndefined()
    answers[logs] = 503
    await expect(drawn({}, 'C2')).rejects.toMatchObject({ code: 'unavailable' })
    slackAnswers['conversations.info'] = refusing(slackError.lost)
    await expect(drawn({}, 'C3')).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('following builds', () => {
  const followed = async () => (await bot.db.select().from(follows).orderBy(follows.repository))[0]
  const starter = { id: 'U1', name: 'Bea' }
  const start = (channel?: string) => followBuild(bot, { repository: 'acme/api', build: 'b1', channel, starter })
  const made = async () => (await bot.db.select().from(cards)).map(({ channel, data }) => ({ channel, invite: data.invite }))

  test.each([
    ['without a channel', undefined, {}, { channel: 'U1', invite: undefined }],
    ['in a channel', 'C1', { is_member: true }, { channel: 'C1', invite: undefined }],
    ['in a channel that the bot is not in', 'C1', { is_member: false }, { channel: 'U1', invite: true }],
    ['in a shared channel', 'C1', { is_member: true, is_ext_shared: true }, { channel: 'U1', invite: undefined }],
  ])('started %s', async (_, channel, facts, wanted) => {
    slackAnswers['conversations.info'] = () => ({ ok: true, channel: facts })
    answers['GET /repository/acme/api'] = { is_public: false }
    await start(channel)
    expect(await made()).toEqual([wanted])
    expect(await bot.db.select().from(builds)).toMatchObject([{ starter: 'U1', starterName: 'Bea', endedAt: null }])
    expect(rows.jobs.toSorted()).toEqual(['deliver', 'follow-builds'])
  })

  test('a public one in a shared channel is shown there', async () => {
    slackAnswers['conversations.info'] = () => ({ ok: true, channel: { is_member: true, is_ext_shared: true } })
    answers['GET /repository/acme/api'] = { is_public: true }
    await start('C1')
    expect(await made()).toEqual([{ channel: 'C1', invite: undefined }])
  })

  test('a build that has ended is not followed, one that is followed not twice', async () => {
    await bot.db.insert(builds).values({ repository: 'acme/api', build: 'b1', endedAt: at(), createdAt: at() })
    await keepFollowing(bot, bot.db, 'acme/api', 'b1')
    expect(await followed()).toBeUndefined()
    await keepFollowing(bot, bot.db, 'acme/api', 'b2')
    await keepFollowing(bot, bot.db, 'acme/api', 'b3')
    expect(await followed()).toMatchObject({ dueAt: at(), since: at(), watchedSince: null })
    expect(rows.jobs).toEqual(['follow-builds'])
  })

  test('repositories are watched from when that was first asked for', async () => {
    await watchRepositories(bot, bot.db, [])
    expect(rows.jobs).toEqual([])
    await keepFollowing(bot, bot.db, 'acme/api', 'b1')
    await watchRepositories(bot, bot.db, ['acme/api', 'acme/web'])
    expect((await bot.db.select().from(follows)).map(({ watchedSince }) => watchedSince)).toEqual([at(), at()])
    await bot.db.update(follows).set({ watchedSince: at(-5) })
    await watchRepositories(bot, bot.db, ['acme/api'])
    expect((await followed())?.watchedSince).toEqual(at(-5))
    expect(rows.jobs).toEqual(['follow-builds', 'follow-builds'])
  })

  const follow = (since: number, more: object = {}) =>
    bot.db.insert(follows).values({ repository: 'acme/api', dueAt: at(), since: at(-since), ...more })
  const runs = () => bot.db.insert(builds).values({ repository: 'acme/api', build: 'b1', starter: 'U1', createdAt: at() })

  test.each([
    [0, 3_000],
    [minute - 1, 3_000],
    [minute, 10_000],
    [10 * minute - 1, 10_000],
    [10 * minute, 30_000],
    [60 * minute - 1, 30_000],
    [60 * minute, 60_000],
  ])('a build that has run for %i ms is looked at again after %i ms', async (since, wait) => {
    await follow(since)
    await runs()
    lists(built('b1', 'building'))
    await followBuilds(bot)
    expect(await followed()).toMatchObject({ dueAt: at(wait), readAt: at(), since: at(-since) })
    expect(bot.runtime.timers.due.has('follow-builds')).toBe(true)
  })

  test('what has ended is looked at no more, unless it is watched: then every minute', async () => {
    await follow(0)
    await runs()
    lists(built('b1', 'complete'))
    await followBuilds(bot)
    expect(await followed()).toBeUndefined()
    await follow(0, { watchedSince: at() })
    await followBuilds(bot)
    expect(await followed()).toMatchObject({ dueAt: at(minute), since: at(minute), readAt: at() })
  })

  test('a poll that fails is repeated in ten seconds; what is not due is not asked for', async () => {
    await follow(0)
    await runs()
    answers[list] = 503
    await followBuilds(bot)
    expect(await followed()).toMatchObject({ dueAt: at(10_000), readAt: null })
    rows.quayCalls.length = 0
    await followBuilds(bot)
    expect(rows.quayCalls).toEqual([])
  })

  test('a card asks Quay first, unless that was done since the last webhook, or the build has ended or is not known', async () => {
    lists(built('b1', 'building'))
    const asks = async () => {
      rows.quayCalls.length = 0
      await readIfStale(bot, subject)
      return rows.quayCalls.length > 0
    }
    expect(await asks()).toBe(false)
    await runs()
    expect(await asks()).toBe(true)
    await follow(0)
    await webhook('build_start', {}, at(-2))
    expect(await asks()).toBe(true)
    await bot.db.update(follows).set({ readAt: at(-2) })
    expect(await asks()).toBe(true)
    await bot.db.update(follows).set({ readAt: at(-1) })
    expect(await asks()).toBe(false)
    await bot.db.update(follows).set({ readAt: at(-9) })
    await bot.db.update(builds).set({ endedAt: at() })
    expect(await asks()).toBe(false)
  })

  test('a build that waits for more than two hours is told of once, below each of its cards', async () => {
    const told = async () => (await bot.db.select().from(cards)).filter(({ subject: one }) => one.startsWith('notice waits'))
    const twoHours = 2 * 60 * minute
    const above = await card({ subject })
    await card({ subject, channel: 'C2' })
    await bot.db.insert(builds).values({ repository: 'acme/api', build: 'b1', starter: 'U1', createdAt: at(-twoHours) })
    await tellWaiting(bot, 'acme/api')
    expect(await told()).toEqual([])
    await bot.db.update(builds).set({ createdAt: at(-twoHours - 1) })
    await tellWaiting(bot, 'acme/web')
    expect(await told()).toEqual([])
    await phase('building')
    await tellWaiting(bot, 'acme/api')
    expect(await told()).toEqual([])
    await bot.db.delete(events)
    await tellWaiting(bot, 'acme/api')
    await tellWaiting(bot, 'acme/api')
    const notices = await told()
    expect(notices.map(({ channel }) => channel).toSorted()).toEqual(['C1', 'C2'])
    expect(notices.find(({ channel }) => channel === 'C1')).toMatchObject({
      ...{ parent: above.id, object: 'acme/api', wanted: 1 },
      data: { sentence: { message: expect.stringMatching(/^<@\{starter\}> This build/), values: { starter: 'U1' } } },
    })
  })

  test('nobody is mentioned where nobody started it; an ended build does not wait', async () => {
    await card({ subject })
    const old = { repository: 'acme/api', build: 'b1', createdAt: at(-3 * 60 * minute) }
    await bot.db.insert(builds).values({ ...old, endedAt: at() })
    await tellWaiting(bot, 'acme/api')
    expect(await bot.db.$count(cards)).toBe(1)
    await bot.db.update(builds).set({ endedAt: null }).where(eq(builds.build, 'b1'))
    await tellWaiting(bot, 'acme/api')
    const [, notice] = await bot.db.select().from(cards).orderBy(cards.subject)
    expect(notice?.data).toEqual({ sentence: { message: expect.stringMatching(/^This build/), values: {} } })
  })
})
