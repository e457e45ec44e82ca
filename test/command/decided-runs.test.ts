import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { Changes, Command, Plan, Run, Step } from '../../src/command/command.ts'
import { acquire, complete, findOrphans, settleOrphan } from '../../src/command/idempotency.ts'
import { stepCheck } from '../../src/command/resume.ts'
import { laterAttempt, manualCheckOf, nobodyKnows, probeOf, runWithRetry, watched } from '../../src/command/run-with-retry.ts'
import { sealCredentials, withCredentials } from '../../src/command/sealed-input.ts'
import { firstUndone, runSteps } from '../../src/command/steps.ts'
import { Failure } from '../../src/core/failure.ts'
import { policyOf } from '../../src/core/policy.ts'
import { entries } from '../../src/db/schema.ts'
import type { Quay } from '../../src/quay/registry.ts'
import type { Person } from '../../src/security/identity.ts'
import { alice, bea, embedded, openState } from '../db/open-state.ts'
import { botOf, personOf, registryOf, thrownBy } from '../security/parts.ts'
import { isCi } from '../sized.ts'

// What becomes of a change whose answer was lost, that comes twice, or that has steps behind it.

let state: Awaited<ReturnType<typeof openState>>
beforeAll(async () => {
  state = await openState({ ...(isCi && { database: embedded }), until: afterAll })
})

type Seen = Parameters<NonNullable<Quay['observe']>>[0]
const call = (method: string): Seen => ({ method, template: '/x', status: 200, seconds: 0 })

/** A run of a command whose calls go nowhere; `warned` is what its log says. */
function runOf(more: object = {}) {
  const warned: string[] = []
  const seen: string[] = []
  const quay = { observe: ({ method }: Seen) => void seen.push(method) }
  const log = pino({ level: 'warn' }, { write: (line: string) => void warned.push(line) })
  const run = { input: { name: 'x' }, quay, person: personOf(), log, bot: botOf({}), ...more } as unknown as Run<Record<string, unknown>> // nothing else is asked
  return { run, warned, seen }
}

const unavailable = () => new Failure('unavailable', 'Quay is not available right now.', {}, { cause: 'the wire' })
const away: () => Promise<undefined> = () => Promise.reject(unavailable())
const nothing: () => Promise<undefined> = () => Promise.resolve(undefined)
const crash = () => new Failure('conflict', 'Quay crashed.', { status: '500' }, { cause: { status: 500, words: undefined, text: '' } })

type Work = (quay: Quay, time: number) => unknown
function commandOf(
  work: Work,
  changes?: Partial<Changes<Record<string, unknown>, unknown>>,
  after?: Plan<Record<string, unknown>, unknown>,
) {
  let time = 0
  const run = async ({ quay }: Run<Record<string, unknown>>) => work(quay, ++time)
  const command = { run, changes, after } as unknown as Command // nothing else is asked
  return { command, times: () => time }
}
const sends = (quay: Quay, method = 'POST') => quay.observe?.(call(method))
/** A change that was sent, and then fails so at the first time. */
const lost =
  (error: () => Error): Work =>
  (quay, time) => {
    sends(quay)
    if (time === 1) throw error()
    return { time }
  }

test('a registry that is watched says whether a change was sent, and still tells who watched it before', () => {
  const seen: string[] = []
  const { quay, hasChanged } = watched({ observe: ({ method }: Seen) => void seen.push(method) } as unknown as Quay) // nothing else is asked
  expect(hasChanged()).toBe(false)
  sends(quay, 'GET')
  expect(hasChanged()).toBe(false)
  sends(quay, 'DELETE')
  expect(hasChanged()).toBe(true)
  sends(quay, 'GET')
  expect(hasChanged()).toBe(true)
  expect(seen).toEqual(['GET', 'DELETE', 'GET'])
  const alone = watched({} as Quay) // without an observer
  sends(alone.quay)
  expect(alone.hasChanged()).toBe(true)
})

test('work that succeeds is done once, with the registry that is watched', async () => {
  const { command, times } = commandOf(
    (quay) => {
      sends(quay)
      return { ok: true }
    },
    { retry: 'idempotent' },
  )
  const { run, seen } = runOf()
  expect(await runWithRetry(command, run)).toEqual({ result: { ok: true }, steps: [] })
  expect(times()).toBe(1)
  expect(seen).toEqual(['POST'])
})

test.each([
  [
    'before anything was sent',
    () => {
      throw unavailable()
    },
  ],
  [
    'after reading alone',
    (quay: Quay) => {
      sends(quay, 'GET')
      throw unavailable()
    },
  ],
  [
    'of an error inside Quay before anything was sent',
    () => {
      throw crash()
    },
  ],
])('what fails %s is not repeated', async (_, work) => {
  const { command, times } = commandOf(work, { retry: 'idempotent' })
  const { run, warned } = runOf()
  await expect(runWithRetry(command, run)).rejects.toThrow(Failure)
  expect(times()).toBe(1)
  expect(warned).toEqual([])
})

test.each([
  ['a refusal', new Failure('denied', 'No.')],
  ['an error of ours', new TypeError('ours')],
])('%s after a change is what it is: nothing is repeated', async (_, error) => {
  const { command, times } = commandOf(
    lost(() => error),
    { retry: 'idempotent' },
  )
  expect(await thrownBy(() => runWithRetry(command, runOf().run))).toBe(error)
  expect(times()).toBe(1)
})

test('a lost answer: what may be repeated is repeated, and the cause is logged', async () => {
  const { command, times } = commandOf(lost(unavailable), { retry: 'idempotent' })
  const { run, warned } = runOf()
  expect(await runWithRetry(command, run)).toEqual({ result: { time: 2 }, steps: [] })
  expect(times()).toBe(2)
  expect(warned.join('')).toContain('the wire')
})

const unknown = expect.stringMatching(/^Quay did not confirm this, so the result is unknown/)
test.each([
  ['found', async () => ({ result: 'found' }), 'found', 1],
  ['not found: then it is done again', async () => undefined, { time: 2 }, 2],
])('a lost answer: the effect is looked for, and %s', async (_, retry, result, count) => {
  const { command, times } = commandOf(lost(unavailable), { retry })
  expect((await runWithRetry(command, runOf().run)).result).toEqual(result)
  expect(times()).toBe(count)
})

test.each([
  ['never repeated, with nothing to look at', { retry: 'never' }, unknown, { how: 'self', command: '' }],
  [
    'never repeated, and where to look',
    { retry: 'never', manualCheck: ({ name }: { name?: unknown }) => `robot show ${name}` },
    unknown,
    { how: 'command', command: '/quay robot show x' },
  ],
  ['never repeated, and looked for in vain', { retry: 'never', probe: async () => undefined }, unknown, { how: 'self', command: '' }],
])('a lost answer: what is %s', async (_, changes, message, values) => {
  const { command, times } = commandOf(lost(unavailable), changes as Partial<Changes<Record<string, unknown>, unknown>>) // as above
  await expect(runWithRetry(command, runOf().run)).rejects.toMatchObject({ code: 'conflict', sentence: { message, values } })
  expect(times()).toBe(1)
})

test('a lost answer: what is never repeated is found where it can be looked for', async () => {
  const { command } = commandOf(lost(unavailable), { retry: 'never', probe: async () => ({ result: 'found' }) })
  expect((await runWithRetry(command, runOf().run)).result).toBe('found')
})

test.each([
  ['what may be repeated can be run again', 'idempotent', 'unavailable', 'Quay did not confirm this. It is safe to run it again.'],
  ['of anything else nobody knows', async () => undefined, 'conflict', unknown],
] as const)('both answers are lost: %s', async (_, retry, code, message) => {
  const { command, times } = commandOf(
    (quay) => {
      sends(quay)
      throw unavailable()
    },
    { retry },
  )
  const error = await thrownBy(() => runWithRetry(command, runOf().run))
  expect(error).toMatchObject({ code, sentence: { message }, cause: { code: 'unavailable' } })
  expect(times()).toBe(2)
})

test.each([
  [
    'a refusal of the second attempt proves nothing',
    () => new Failure('conflict', 'It exists already.'),
    { code: 'conflict', sentence: { message: unknown }, cause: { message: 'It exists already.' } },
  ],
  ['an error of ours in the second attempt is one', () => new TypeError('ours'), { message: 'ours' }],
])('%s', async (_, again, expected) => {
  const { command } = commandOf(
    (quay, time) => {
      sends(quay)
      throw time === 1 ? unavailable() : again()
    },
    { retry: 'idempotent' },
  )
  const error = await thrownBy(() => runWithRetry(command, runOf().run))
  expect(error).toMatchObject(expected)
  if (!(error instanceof Failure)) expect(error).toBeInstanceOf(TypeError)
})

test('a command that says nothing of its changes, and whose answers are lost, is one of which nobody knows', async () => {
  const { command } = commandOf((quay) => {
    sends(quay)
    throw unavailable()
  })
  await expect(runWithRetry(command, runOf().run)).rejects.toMatchObject({ code: 'conflict', sentence: { message: unknown } })
})

const hint = 'It may have been done anyway. Check {how, select, command {with {command}} other {in Quay}} before you run it again.'
test.each([
  ['nothing to look for', { retry: 'idempotent' }, { how: 'self', command: '' }],
  ['something to look for that is not there', { retry: nothing }, { how: 'self', command: '' }],
  ['something that cannot be looked for now', { retry: away }, { how: 'self', command: '' }],
  ['a command that shows it', { retry: 'never', manualCheck: () => 'repo show x' }, { how: 'command', command: '/quay repo show x' }],
] as const)('an error inside Quay is never repeated, with %s: it says where to look', async (_, changes, values) => {
  const { command, times } = commandOf(lost(crash), changes as Partial<Changes<Record<string, unknown>, unknown>>) // as above
  await expect(runWithRetry(command, runOf().run)).rejects.toMatchObject({
    code: 'conflict',
    sentence: { message: 'Quay crashed.', values: { status: '500' } },
    cause: { status: 500 },
    next: { message: hint, values },
  })
  expect(times()).toBe(1)
})

test('an error inside Quay whose effect is found is a success', async () => {
  const { command } = commandOf(lost(crash), { retry: async () => ({ result: undefined }) })
  expect(await runWithRetry(command, runOf().run)).toEqual({ result: undefined, steps: [] })
})

test.each([
  ['a probe that cannot be asked now', { retry: away }, { code: 'unavailable', message: 'Quay is not available right now.' }],
  [
    'a probe that is refused',
    {
      retry: async () => {
        throw new Failure('denied', 'No.')
      },
    },
    { code: 'conflict', sentence: { message: unknown }, cause: { message: 'No.' } },
  ],
  [
    'an error of ours',
    {
      retry: async () => {
        throw new TypeError('ours')
      },
    },
    { message: 'ours' },
  ],
] as const)('a later attempt with %s', async (_, changes, expected) => {
  const { command, times } = commandOf(() => 1, changes)
  expect(await thrownBy(() => laterAttempt(command, runOf().run))).toMatchObject(expected)
  expect(times()).toBe(0)
})

test('a later attempt of a command that changes nothing runs it', async () => {
  expect(await laterAttempt(commandOf(() => 'read').command, runOf().run)).toBe('read')
})

test('what can be looked for, and where a person can look', () => {
  const retry = async () => undefined
  const probe = async () => ({ result: 1 })
  const of = (changes?: object) => ({ changes }) as unknown as Command // nothing else is asked
  expect(probeOf(of({ retry }))).toBe(retry)
  expect(probeOf(of({ retry, probe }))).toBe(retry)
  expect(probeOf(of({ retry: 'never', probe }))).toBe(probe)
  expect(probeOf(of({ retry: 'never' }))).toBeUndefined()
  expect(probeOf(of())).toBeUndefined()
  expect(manualCheckOf(of({ manualCheck: () => 'x' }), {})).toBe('/quay x')
  expect(manualCheckOf(of({}), {})).toBeUndefined()
  expect(manualCheckOf(of(), {})).toBeUndefined()
  expect(nobodyKnows('/quay x')).toMatchObject({
    code: 'conflict',
    sentence: { values: { how: 'command', command: '/quay x' } },
  })
  expect(nobodyKnows('/quay x').cause).toBeUndefined()
  expect(nobodyKnows(undefined, unavailable()).cause).toMatchObject({ code: 'unavailable' })
})

// Steps

const order: string[] = []
beforeEach(() => void order.splice(0))
function step(name: string, work: () => unknown = () => undefined, more: Partial<Step> = {}): Step {
  const run = async () => {
    order.push(name)
    return work()
  }
  return { name: { message: name, values: {} }, permissions: [], run, ...more }
}
const statesOf = (states: { name: { message: string }; state: string }[]) => states.map(({ name, state }) => `${name.message} ${state}`)
const fails = () => {
  throw new Failure('conflict', 'It is there.', { it: 1 })
}

test.each([
  ['all', [step('a'), step('b')], undefined, ['a done', 'b done'], ['a', 'b']],
  ['none', [], undefined, [], []],
  ['up to the first that fails', [step('a'), step('b', fails), step('c')], undefined, ['a done', 'b failed', 'c left'], ['a', 'b']],
  ['from the one that had failed on', [step('a'), step('b'), step('c')], 1, ['a done', 'b done', 'c done'], ['b', 'c']],
  ['only the last', [step('a'), step('b'), step('c', fails)], 2, ['a done', 'b done', 'c failed'], ['c']],
  ['none, behind the last', [step('a')], 1, ['a done'], []],
  ['from the first, which fails', [step('a', fails), step('b')], 0, ['a failed', 'b left'], ['a']],
])('steps run: %s', async (_, steps, from, states, ran) => {
  expect(statesOf(await runSteps(steps, runOf().run, from))).toEqual(states)
  expect(order).toEqual(ran)
})

test('a step that was asked for, and a problem, are kept with the state, and the log has it', async () => {
  const { run, warned } = runOf()
  const states = await runSteps([step('a', undefined, { asked: true }), step('b', fails, { asked: false })], run)
  expect(states).toEqual([
    { name: { message: 'a', values: {} }, state: 'done', asked: true },
    { name: { message: 'b', values: {} }, state: 'failed', problem: { message: 'It is there.', values: { it: 1 } } },
  ])
  expect(warned.join('')).toContain('"step":"b"')
})

test('an error of ours in a step is no state', async () => {
  await expect(
    runSteps(
      [
        step('a', () => {
          throw new TypeError('ours')
        }),
      ],
      runOf().run,
    ),
  ).rejects.toThrow('ours')
})

test('each step is checked before it runs, and one that is refused does not', async () => {
  const checked: string[] = []
  const check = async ({ name }: Step) => {
    checked.push(name.message)
    if (name.message === 'b') throw new Failure('denied', 'No.')
  }
  expect(statesOf(await runSteps([step('a'), step('b'), step('c')], runOf().run, 0, check))).toEqual(['a done', 'b failed', 'c left'])
  expect(checked).toEqual(['a', 'b'])
  expect(order).toEqual(['a'])
})

test('the first step that is not done is where it goes on', () => {
  const states = (...all: ('done' | 'failed' | 'left')[]) => all.map((state) => ({ name: { message: 'x', values: {} }, state }))
  expect(firstUndone(states('done', 'failed', 'left'))).toBe(1)
  expect(firstUndone(states('left'))).toBe(0)
  expect(firstUndone(states('done', 'left'))).toBe(1)
  expect(firstUndone(states('done', 'done'))).toBeUndefined()
  expect(firstUndone([])).toBeUndefined()
})

test('what follows the work is made of its result; what goes on does not work again, and is checked for who goes on', async () => {
  const made: unknown[] = []
  const after = {
    steps: (...given: unknown[]) => {
      made.push(given)
      return [step('a'), step('b', undefined, { permissions: 'superuser' })]
    },
  } as unknown as Plan<Record<string, unknown>, unknown> // nothing else is asked
  const { command, times } = commandOf(() => 'result', { retry: 'never' }, after)
  const { run } = runOf()
  const first = await runWithRetry(command, run)
  expect(first.result).toBe('result')
  expect(statesOf(first.steps)).toEqual(['a done', 'b done'])
  expect(made).toEqual([[run.input, run.person, 'result']])

  order.length = 0
  const on = await runWithRetry(command, run, { step: 1, result: 'kept', begun: { at: 0, references: [] } })
  expect(on.result).toBe('kept')
  expect(times()).toBe(1)
  expect(statesOf(on.steps)).toEqual(['a done', 'b failed'])
  expect(on.steps[1]?.problem?.message).toBe('You need to be a *superuser* of Quay.')
  expect(order).toEqual([])
  expect(made[1]).toEqual([run.input, run.person, 'kept'])
})

// Who may go on with steps

const superuser = personOf({ superuser: true })
const nobody = personOf(undefined, { account: undefined, user: undefined })
const reads = 'GET /repository/acme/web/permissions/user/alice/transitive'
const onWeb: Step['permissions'] = [{ permission: 'write', object: 'acme/web' }]
const checkWith = (quay: unknown, people: Person[], changes: object | undefined = {}) =>
  stepCheck(botOf({ quay, db: state.bot.db, policy: policyOf({}) }), { changes } as unknown as Command, people) // nothing else is asked

test.each([
  ['a superuser’s step, by a superuser', 'superuser', [superuser], undefined],
  ['a superuser’s step, by another', 'superuser', [personOf()], 'You need to be a *superuser* of Quay.'],
  ['a superuser’s step, by a global reader', 'superuser', [personOf({ globalReader: true })], 'You need to be a *superuser* of Quay.'],
  ['a superuser’s step, by one of two', 'superuser', [personOf(), superuser], undefined],
  ['a step for nothing, by somebody', [], [personOf()], undefined],
  ['a step for nothing, by nobody who is known', [], [nobody], 'Quaymaster does not know your Quay user.'],
  ['a step, by who may', onWeb, [personOf()], undefined],
  [
    'a step, by who may half',
    [...onWeb, { permission: 'admin', object: 'acme/web' }],
    [personOf()],
    'You need to be an *admin* of {object}.',
  ],
  ['a step, by none of two: the first is told', 'superuser', [nobody, personOf()], 'Quaymaster does not know your Quay user.'],
  ['a step, by nobody', onWeb, [], 'Nobody with the permission for the remaining steps is left.'],
] as const)('%s', async (_, permissions, people, message) => {
  const { quay } = await registryOf({ 'GET /repository/acme/web': { is_public: false }, [reads]: { permissions: [{ role: 'write' }] } })
  const checked = checkWith(quay, [...people])({ permissions: permissions as Step['permissions'] }) // of a table
  if (message === undefined) expect(await checked).toBeUndefined()
  else await expect(checked).rejects.toMatchObject({ code: 'denied', sentence: { message } })
})

test('a permission that was found is not read again for the next step; another is, and one that was refused is', async () => {
  const { quay, asked } = await registryOf({
    'GET /repository/acme/web': { is_public: false },
    [reads]: { permissions: [{ role: 'write' }] },
  })
  const check = checkWith(quay, [personOf()])
  const count = () => asked().filter((call) => call === reads).length
  await check({ permissions: onWeb })
  await check({ permissions: onWeb })
  expect(count()).toBe(1)
  const more: Step['permissions'] = [{ permission: 'admin', object: 'acme/web' }]
  await expect(check({ permissions: more })).rejects.toThrow()
  await expect(check({ permissions: more })).rejects.toThrow()
  expect(count()).toBe(3)
})

test('what cannot be read is no refusal: nobody else is tried, and nobody is told that they may not', async () => {
  const { quay } = await registryOf({ [reads]: 503 })
  await expect(checkWith(quay, [personOf(), superuser])({ permissions: onWeb })).rejects.toMatchObject({ code: 'unavailable' })
  const broken = await registryOf({ [reads]: 302 })
  await expect(checkWith(broken.quay, [personOf(), superuser])({ permissions: onWeb })).rejects.toThrow(/^Quay redirects/)
})

// What arrives twice

const entry = { key: 'Ev1 repo create', person: alice, operation: 'repo create', reference: 'first' }

test('what arrives twice is done once, and the second hears what came of it', async () => {
  const { bot } = state
  await bot.db.delete(entries)
  expect(await acquire(bot, bot.db, entry)).toEqual({ first: true })
  const again = { ...entry, person: bea, reference: 'second' }
  expect(await acquire(bot, bot.db, again)).toEqual({ first: false, reference: 'first', outcome: undefined })
  expect(await acquire(bot, bot.db, { ...entry, key: 'Ev2' })).toEqual({ first: true })
  expect(await complete(bot.db, entry.key, { result: 1 })).toBe(true)
  expect(await acquire(bot, bot.db, again)).toEqual({ first: false, reference: 'first', outcome: { result: 1 } })
  expect(await complete(bot.db, 'Ev3', { result: 1 })).toBe(false)
  const rows = await bot.db.select().from(entries)
  expect(rows.map(({ key, team, person, state: is }) => [key, team, person, is]).sort()).toEqual([
    ['Ev1 repo create', 'T0ACME', 'U0ALICE', 'done'],
    ['Ev2', 'T0ACME', 'U0ALICE', 'running'],
  ])
})

test('orphans are those without an outcome that are old, the oldest first; a known outcome is not overwritten, and overwrites', async () => {
  const { bot } = state
  await bot.db.delete(entries)
  const at = (seconds: number) => ({ ...bot, clock: () => seconds * 1000 })
  for (const [key, seconds] of [
    ['c', 30],
    ['a', 10],
    ['b', 20],
    ['done', 5],
  ] as const)
    await acquire(at(seconds), bot.db, { ...entry, key })
  await complete(bot.db, 'done', { result: 'known' })
  const orphans = async (seconds: number) => (await findOrphans(bot.db, new Date(seconds * 1000))).map(({ key }) => key)
  expect(await orphans(30)).toEqual(['a', 'b'])
  expect(await orphans(31)).toEqual(['a', 'b', 'c'])
  expect(await orphans(10)).toEqual([])
  const failure = { failure: { message: 'Nobody knows.', values: {} } }
  expect(await settleOrphan(bot.db, 'a', failure)).toBe(true)
  expect(await settleOrphan(bot.db, 'a', failure)).toBe(false)
  expect(await settleOrphan(bot.db, 'done', failure)).toBe(false)
  expect(await settleOrphan(bot.db, 'none', failure)).toBe(false)
  expect(await orphans(31)).toEqual(['b', 'c'])
  const outcome = async (key: string) => (await bot.db.select().from(entries).where(sql`key = ${key}`))[0]?.outcome
  expect([await outcome('done'), await outcome('a'), await outcome('b')]).toEqual([{ result: 'known' }, failure, null])
  // What came of it after all.
  expect(await complete(bot.db, 'a', { result: 'late' })).toBe(true)
  expect(await outcome('a')).toEqual({ result: 'late' })
})

// Credentials that wait

const withSecret = {
  input: z.strictObject({
    name: z.string(),
    password: z.string().optional().meta({ secret: true }),
    token: z.string().optional().meta({ secret: true }),
  }),
}
const owner = { id: 'r1', person: alice }

test('the credentials of an input wait sealed, and come back into it; nothing else is sealed', () => {
  const { bot } = state
  const box = sealCredentials(bot, owner, withSecret, { name: 'x', password: 'canary', token: '' })
  expect(JSON.stringify(box)).not.toContain('canary')
  expect(withCredentials(bot, owner, { name: 'x' }, box)).toEqual({ name: 'x', password: 'canary' })
  expect(withCredentials(bot, owner, { name: 'x', password: '[credential]' }, box)).toEqual({ name: 'x', password: 'canary' })
  expect(withCredentials(bot, owner, { name: 'x' }, null)).toEqual({ name: 'x' })
  expect(() => withCredentials(bot, { ...owner, person: bea }, {}, box)).toThrow('unable to authenticate')
  const both = sealCredentials(bot, owner, withSecret, { name: 'x', password: 'one', token: 'two' })
  expect(withCredentials(bot, owner, {}, both)).toEqual({ password: 'one', token: 'two' })
})

test.each([
  ['none was given', { name: 'x' }],
  ['it is empty', { name: 'x', password: '' }],
  ['only what is no secret was given', { name: 'canary' }],
])('nothing is sealed where %s', (_, values) => {
  expect(sealCredentials(state.bot, owner, withSecret, values)).toBeNull()
})
