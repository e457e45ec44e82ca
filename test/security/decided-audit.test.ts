import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { secretsKey } from '../../src/core/keys.ts'
import { auditCheckpoints, auditStubs, audit as table } from '../../src/db/schema.ts'
import { exportAudit } from '../../src/security/audit-export.ts'
import { gapsIn } from '../../src/security/audit-gaps.ts'
import { keepHead } from '../../src/security/audit-heads.ts'
import {
  type AuditRow,
  audit,
  countUnsealed,
  type Head,
  keptHeads,
  listAudit,
  sealAudit,
  verifyAudit,
} from '../../src/security/audit-log.ts'
import { beginning, checkSeal, isProof, proofOf, type Row, sealed } from '../../src/security/audit-seal.ts'
import { endOfStubs, headOfStubs, removeOldAudit } from '../../src/security/audit-stubs.ts'
import { alice, bea, embedded, openState } from '../db/open-state.ts'
import recorded from '../recorded/audit/chain-of-format-1.json' with { type: 'json' }
import { isCi, sampled } from '../sized.ts'

// The audit log: what is sealed, removed, verified, listed and exported, each where it changes from one answer to the other.

type State = Awaited<ReturnType<typeof openState>>
let state: State
let folder: string
beforeAll(async () => {
  state = await openState({ database: embedded, until: afterAll })
  folder = await mkdtemp(join(tmpdir(), 'audit-'))
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  await asOwner(
    sql`delete from audit`,
    sql`delete from audit_stubs`,
    sql`delete from audit_checkpoints`,
    sql`select setval('audit_id_seq', 1, false)`,
  )
})

const aDay = 86_400_000
const row: AuditRow = { reference: 'q7f3m2', phase: 'started', person: alice, operation: 'repo create', input: { repository: 'acme/web' } }

/** With the rights of the tables' owner. */
async function asOwner(...statements: SQL[]) {
  await state.bot.db.transaction(async (tx) => {
    for (const name of ['audit', 'audit_stubs']) await tx.execute(sql.raw(`alter table ${name} disable trigger all`))
    for (const statement of statements) await tx.execute(statement)
    for (const name of ['audit', 'audit_stubs']) await tx.execute(sql.raw(`alter table ${name} enable trigger all`))
  })
}
const at = (time: number) => ({ ...state.bot, clock: () => time })
async function writes(times: number[], keys = state.bot.keys) {
  for (const time of times) await audit(at(time), state.bot.db, row)
  await sealAudit({ ...state.bot, keys })
}
const otherKeys = () => secretsKey({ setting: 'another setting of thirty-two letters' })
const rows = () => state.bot.db.select().from(table).orderBy(table.id)

// Seals

const of = (more: Partial<Row> = {}): Row => ({
  ...{ id: 1, at: new Date(0), reference: 'q7f3m2', phase: 'started', team: 'T0ACME', person: 'U0ALICE', name: 'alice', account: 'alice' },
  ...{ operation: 'repo create', input: {}, right: null, rule: null, outcome: null, call: null, request: null, position: null, seal: null },
  ...more,
})

test('a seal tells its own entry behind its own predecessor from every other', async () => {
  const { keys } = state.bot
  const first = sealed(keys, beginning, of())
  expect(first).toEqual({ position: 1, seal: expect.stringMatching(new RegExp(`^${keys.id}:2:[0-9a-f]{64}$`)) })
  const second = sealed(keys, first, of({ id: 2 }))
  expect(second.position).toBe(2)
  expect(checkSeal(keys, beginning, of(first))).toBe('intact')
  expect(checkSeal(keys, first, of({ id: 2, ...second }))).toBe('intact')
  expect(checkSeal(keys, beginning, of({ id: 2, ...second }))).toBe('changed')
  expect(checkSeal(keys, { ...first, position: 2 }, of({ id: 2, ...second }))).toBe('changed')
  const changes: Partial<Row>[] = [
    ...[
      { id: 2 },
      { at: new Date(1) },
      { reference: 'x' },
      { phase: 'finished' as const },
      { team: 'x' },
      { person: 'x' },
      { name: 'x' },
      { account: null },
    ],
    ...[
      { operation: 'x' },
      { input: { a: 1 } },
      { right: 'x' },
      { rule: 'x' },
      { outcome: { message: 'x', values: {} } },
      { call: 'x' },
      { request: 'x' },
    ],
  ]
  for (const change of changes) expect([change, checkSeal(keys, beginning, of({ ...first, ...change }))]).toEqual([change, 'changed'])
})

test.each(
  sampled(
    [
      ['no seal', () => null, 'unknown'],
      ['an empty one', () => '', 'unknown'],
      ['one of another key', (_: string, seal: string) => seal.replace(/^\w+/, 'ffffffffffff'), 'unknown'],
      ['one of a later format', (_: string, seal: string) => seal.replace(':2:', ':3:'), 'unknown'],
      ['one of two parts that is not of format 1', (id: string) => `${id}:00`, 'changed'],
      ['a key alone', (id: string) => id, 'unknown'],
      ['another of format 2', (id: string) => `${id}:2:00`, 'changed'],
    ] as const,
    6,
  ),
)('an entry with %s', (_, seal, expected) => {
  const { keys } = state.bot
  const right = sealed(keys, beginning, of())
  expect(checkSeal(keys, beginning, of({ ...right, seal: seal(keys.id, right.seal) }))).toBe(expected)
})

test.runIf(isCi)('what format 1 has sealed is told from what it has not', async () => {
  const keys = await secretsKey({ setting: 'the key of a recorded audit chain, 1f8a43a' })
  let before = beginning
  for (const one of recorded) {
    const row = { ...one, at: new Date(one.at) } as unknown as Row // as the database has it
    expect(checkSeal(keys, before, row)).toBe('intact')
    expect(checkSeal(keys, before, { ...row, name: 'eve' })).toBe('changed')
    expect(checkSeal(keys, { ...before, position: before.position + 1 }, row)).toBe('changed')
    expect(checkSeal(keys, { ...before, seal: 'x' }, row)).toBe('changed')
    before = { position: one.position, seal: one.seal }
  }
})

test('a proof is of its key, its kind and its values', async () => {
  const { keys } = state.bot
  const proof = proofOf(keys, 'audit stub', [1, 'x'])
  expect(isProof(keys, proof, 'audit stub', [1, 'x'])).toBe(true)
  expect(isProof(keys, proof, 'audit checkpoint', [1, 'x'])).toBe(false)
  expect(isProof(keys, proof, 'audit stub', [2, 'x'])).toBe(false)
  expect(isProof(keys, `${proof}0`, 'audit stub', [1, 'x'])).toBe(false)
  expect(isProof(await otherKeys(), proof, 'audit stub', [1, 'x'])).toBe(false)
  expect(isProof(keys, '', 'audit stub', [1, 'x'])).toBe(false)
})

test('sealing goes on behind the last entry, or behind the stubs, or begins; it says what it did, and nothing where there is nothing', async () => {
  const { bot, log } = state
  const before = log().length
  await sealAudit(bot)
  expect(log().slice(before)).not.toContain('audit log signed')
  await writes([1, 2])
  await writes([3])
  expect((await rows()).map(({ position }) => position)).toEqual([1, 2, 3])
  const last = (await rows()).at(-1)
  expect(log().slice(before)).toContain(`"count":1,"head":{"position":3,"seal":"${last?.seal}"}`)
  await removeOldAudit(bot, new Date(10))
  await writes([11])
  expect((await rows()).map(({ position }) => position)).toEqual([4])
  expect((await verifyAudit(bot)).broken).toBeUndefined()
})

test('an entry that cannot be sealed stays without, is named in the log, and the others are sealed', async () => {
  const { bot, log } = state
  const before = log().length
  let time = 0
  const chain = bot.keys.chain
  const keys = Object.defineProperty({ ...bot.keys }, 'chain', {
    get: () => {
      time += 1
      if (time === 2) throw new Error('no key')
      return chain
    },
  })
  for (const when of [1, 2, 3]) await audit(at(when), bot.db, row)
  await sealAudit({ ...bot, keys })
  expect((await rows()).map(({ position }) => position)).toEqual([1, null, 2])
  expect(log().slice(before)).toContain('could not sign an entry of the audit log')
  expect(await countUnsealed(bot.db)).toBe(1)
})

test.runIf(isCi)('heads are kept in a file, from a position on; a line that is none is left out', async () => {
  const file = join(folder, 'heads')
  expect(await keptHeads(undefined)).toEqual([])
  expect(await keptHeads(file)).toEqual([])
  await keepHead(undefined, { position: 1, seal: 'a' })
  for (const [position, seal] of [
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ] as const)
    await keepHead(file, { position, seal, more: 1 } as Head)
  expect(await readFile(file, 'utf8')).toBe('{"position":1,"seal":"a"}\n{"position":2,"seal":"b"}\n{"position":3,"seal":"c"}\n')
  expect((await keptHeads(file)).map(({ seal }) => seal)).toEqual(['a', 'b', 'c'])
  expect((await keptHeads(file, 2)).map(({ seal }) => seal)).toEqual(['b', 'c'])
  await writeFile(file, '{"position":0,"seal":"a"}\n{"position":1.5,"seal":"a"}\n{"position":1}\n\nx\n{"position":7,"seal":"g"}\r\n{"pos')
  expect(await keptHeads(file)).toEqual([{ position: 7, seal: 'g' }])
  await expect(keptHeads(folder)).rejects.toMatchObject({ code: 'conflict' })
})

test('each run of sealing writes its head to the file', async () => {
  const file = join(folder, 'sealed')
  for (const time of [1, 2]) {
    await audit(at(time), state.bot.db, row)
    await sealAudit({ ...state.bot, config: { AUDIT_HEADS_FILE: file } })
  }
  expect((await keptHeads(file)).map(({ position, seal }) => [position, seal])).toEqual(
    (await rows()).map(({ position, seal }) => [position, seal]),
  )
})

// Stubs

const remaining = async () => (await rows()).map(({ position }) => position)
test.each(
  sampled(
    [
      ['those before a time', [10, 20, 30], 20, [2, 3]],
      ['none that is exactly of it', [20, 20], 20, [1, 2]],
      ['none behind one that is young', [10, 30, 10], 20, [2, 3]],
      ['all', [10, 20], 21, []],
      ['none', [10], 10, [1]],
    ],
    5,
  ),
)('retention removes %s', async (_, times, before, left) => {
  await writes(times)
  await removeOldAudit(state.bot, new Date(before))
  expect(await remaining()).toEqual(left)
  expect(await state.bot.db.$count(auditStubs)).toBe(left.length === times.length ? 0 : 1)
  expect((await verifyAudit(state.bot)).broken).toBeUndefined()
})

test('a stub says what was removed: where, how many, of which time, up to which number', async () => {
  const { bot, log } = state
  await writes([30, 10, 20])
  await writes([40], await otherKeys())
  const all = await rows()
  const before = log().length
  await removeOldAudit(at(99), new Date(35))
  await removeOldAudit(at(100), new Date(50))
  const stubs = await bot.db.select().from(auditStubs).orderBy(auditStubs.position)
  expect(stubs).toMatchObject([
    { position: 3, seal: all[2]?.seal, removed: 3, unknown: 0, lastId: 3, from: new Date(10), through: new Date(30), at: new Date(99) },
    { position: 4, seal: all[3]?.seal, removed: 1, unknown: 1, lastId: 4, from: new Date(40), through: new Date(40), at: new Date(100) },
  ])
  expect(await endOfStubs(bot.db, bot.keys)).toEqual({ position: 4, seal: all[3]?.seal, unknown: 1, lastId: 4, through: new Date(40) })
  expect(await headOfStubs(bot.db)).toEqual({ position: 4, seal: all[3]?.seal })
  expect(log().slice(before)).toContain(`"removed":3,"head":{"position":3,"seal":"${all[2]?.seal}"}`)
  // Those of a key that is gone are out of reach, all of them.
  expect(await endOfStubs(bot.db, await otherKeys())).toMatchObject({ position: 4, unknown: 4 })
})

test('without stubs the removed part ends where it begins', async () => {
  const { bot } = state
  expect(await endOfStubs(bot.db, bot.keys)).toEqual({ position: 0, seal: '', unknown: 0, lastId: 0, through: undefined })
  expect(await headOfStubs(bot.db)).toEqual(beginning)
})

test.each(
  sampled(
    [
      ['the number removed', sql`update audit_stubs set removed = removed + 1 where position = 2`, 2],
      ['a position', sql`update audit_stubs set position = 5 where position = 4`, 5],
      ['a time', sql`update audit_stubs set through = through + interval '1 second' where position = 2`, 2],
      ['a proof', sql`update audit_stubs set proof = proof || '0' where position = 4`, 4],
      ['the first is gone', sql`delete from audit_stubs where position = 2`, 4],
    ],
    5,
  ),
)('of two stubs %s was changed: nothing more is removed', async (_, statement, broken) => {
  const { bot, log } = state
  await writes([1, 2, 11, 12, 21])
  await removeOldAudit(bot, new Date(10))
  await removeOldAudit(bot, new Date(20))
  await asOwner(statement)
  expect((await endOfStubs(bot.db, bot.keys)).broken).toBe(broken)
  expect((await verifyAudit(bot)).broken).toEqual({
    position: broken,
    why: { message: 'The signed stub of the removed entries up to entry {position} was changed.', values: { position: broken } },
  })
  const before = log().length
  await removeOldAudit(bot, new Date(100))
  expect(await remaining()).toEqual([5])
  expect(log().slice(before)).toContain('a stub of the audit log was changed: nothing is removed')
})

test.each(
  sampled(
    [
      ['a changed entry stays, and what follows it', sql`update audit set name = 'eve' where position = 2`, [2, 3], 2],
      ['what follows a missing entry stays', sql`delete from audit where position = 2`, [3], 2],
      ['a changed first entry keeps all', sql`update audit set name = 'eve' where position = 1`, [1, 2, 3], 1],
    ],
    3,
  ),
)('%s', async (_, statement, left, position) => {
  const { bot, log } = state
  await writes([1, 2, 3])
  await asOwner(statement)
  const before = log().length
  await removeOldAudit(bot, new Date(100))
  expect(await remaining()).toEqual(left)
  expect(log().slice(before)).toContain(`"position":${position},"msg":"an entry of the audit log was changed: nothing after it is removed"`)
})

test('what is not sealed stays', async () => {
  await writes([1])
  await audit(at(2), state.bot.db, row)
  await removeOldAudit(state.bot, new Date(100))
  expect(await remaining()).toEqual([null])
})

// Verification

const whole = { sealed: 0, unknown: 0, unsealed: 0, relied: 0, removed: 0, more: false, gaps: { count: 0, spans: [] }, head: undefined }
test('an empty log is whole, and so is one of five', async () => {
  expect(await verifyAudit(state.bot, { goOn: true })).toEqual(whole)
  expect(await state.bot.db.$count(auditCheckpoints)).toBe(0)
  await writes([1, 2, 3, 4, 5])
  await audit(at(6), state.bot.db, row)
  const seal = (await rows())[4]?.seal
  expect(await verifyAudit(state.bot)).toEqual({ ...whole, sealed: 5, unsealed: 1, head: { position: 5, seal } })
})

const missing = 'Entry {position} is missing.'
const changed = 'Entry {position} was changed after it was signed.'
const rewritten = 'The audit log was rewritten up to entry {position}.'
test.each(
  sampled(
    [
      ['an entry is changed', sql`update audit set name = 'eve' where position = 3`, [], 3, changed, { position: 3 }],
      ['an entry is gone', sql`delete from audit where position = 3`, [], 3, missing, { position: 3 }],
      ['a kept hash is another', sql`select 1`, [{ position: 3, seal: 'x' }], 3, rewritten, { position: 3 }],
      [
        'the end is gone',
        sql`delete from audit where position > 3`,
        [
          { position: 4, seal: 'x' },
          { position: 5, seal: 'x' },
          { position: 2, seal: '' },
        ],
        2,
        rewritten,
        { position: 2 },
      ],
      [
        'everything is gone',
        sql`delete from audit`,
        [],
        1,
        'The audit log is empty, but {count, number} entries were started.',
        { count: 5 },
      ],
    ],
    5,
  ),
)('%s: the verdict says where and why', async (_, statement, heads, position, message, values) => {
  await writes([1, 2, 3, 4, 5])
  await asOwner(statement)
  const verdict = await verifyAudit(state.bot, { heads })
  expect(verdict.broken).toEqual({ position, why: { message, values } })
  expect(verdict.sealed).toBe(position - 1)
})

test.runIf(isCi)('a hash that was kept and is the same is no problem; the furthest that is missing says how far it went', async () => {
  await writes([1, 2, 3, 4, 5])
  const heads = (await rows()).map(({ position, seal }) => ({ position: Number(position), seal: String(seal) }))
  expect((await verifyAudit(state.bot, { heads })).broken).toBeUndefined()
  await asOwner(sql`delete from audit where position > 2`)
  const why = { message: 'The audit log ends at entry {position}, but it once reached {reached}.', values: { position: 2, reached: 5 } }
  expect(await verifyAudit(state.bot, { heads })).toMatchObject({ sealed: 2, broken: { position: 3, why } })
  expect((await verifyAudit(state.bot, { heads: heads.slice(0, 2) })).broken).toBeUndefined()
})

test.runIf(isCi)('an empty log whose entries are not sealed yet, or whose removed ones are accounted for, is not broken', async () => {
  await audit(at(1), state.bot.db, row)
  await audit(at(2), state.bot.db, row)
  await asOwner(sql`delete from audit where id = 1`)
  expect(await verifyAudit(state.bot)).toMatchObject({ unsealed: 1, gaps: { count: 1 } })
  expect((await verifyAudit(state.bot)).broken).toBeUndefined()
})

test.runIf(isCi)('where a check goes on, what it relied on is still there, and what was kept outside still counts', async () => {
  const { bot } = state
  await writes([1, 2, 3])
  expect(await verifyAudit(bot)).toMatchObject({ relied: 0 })
  // Only a check that goes on is remembered.
  expect(await bot.db.$count(auditCheckpoints)).toBe(0)
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ sealed: 3, relied: 0 })
  expect(await bot.db.select().from(auditCheckpoints)).toMatchObject([{ position: 3, unknown: 0, at: new Date(bot.clock()) }])
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ sealed: 3, relied: 3, head: { position: 3 } })
  expect(await verifyAudit(bot)).toMatchObject({ relied: 0 })
  expect((await verifyAudit(bot, { goOn: true, heads: [{ position: 3, seal: 'x' }] })).broken).toEqual({
    position: 3,
    why: { message: rewritten, values: { position: 3 } },
  })
  // One before it was compared when that was verified.
  expect((await verifyAudit(bot, { goOn: true, heads: [{ position: 2, seal: 'x' }] })).broken).toBeUndefined()
  await writes([4])
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ sealed: 4, relied: 3 })
})

test.each(
  sampled(
    [
      ['its last entry is another', sql`update audit set seal = 'x' where position = 3`, 3, rewritten, { position: 3 }],
      [
        'one before it is gone',
        sql`delete from audit where position = 1`,
        1,
        '{missing, number} of the first {count, number} entries are missing.',
        { count: 3, missing: 1 },
      ],
    ],
    2,
    1,
  ),
)('what was verified earlier is broken where %s', async (_, statement, position, message, values) => {
  await writes([1, 2, 3])
  await verifyAudit(state.bot, { goOn: true })
  await asOwner(statement)
  expect((await verifyAudit(state.bot, { goOn: true })).broken).toEqual({ position, why: { message, values } })
})

test.runIf(isCi)('what is broken is not remembered as verified, and unknown entries are counted on', async () => {
  const { bot } = state
  await writes([1])
  await writes([2], await otherKeys())
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ sealed: 2, unknown: 1 })
  await writes([3], await otherKeys())
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ sealed: 3, unknown: 2, relied: 2 })
  await writes([4, 5])
  await asOwner(sql`update audit set name = 'eve' where position = 5`)
  expect((await verifyAudit(bot, { goOn: true })).broken).toMatchObject({ position: 5 })
  expect((await verifyAudit(bot, { goOn: true, heads: [] })).relied).toBe(3)
})

test.runIf(isCi)('where retention has gone further than the last check, it begins behind the stubs', async () => {
  const { bot } = state
  await writes([1, 2])
  await verifyAudit(bot, { goOn: true })
  await writes([3, 4])
  await removeOldAudit(bot, new Date(4))
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ sealed: 4, removed: 3, relied: 0 })
  expect((await verifyAudit(bot, { goOn: true })).relied).toBe(4)
  await removeOldAudit(bot, new Date(5))
  // As far as the check: that is not relied on either.
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ sealed: 4, removed: 4, relied: 0, head: { position: 4 } })
  const head = await headOfStubs(bot.db)
  expect((await verifyAudit(bot, { heads: [head] })).broken).toBeUndefined()
  expect((await verifyAudit(bot, { heads: [{ ...head, seal: 'x' }] })).broken).toEqual({
    position: 4,
    why: { message: rewritten, values: { position: 4 } },
  })
})

test.runIf(isCi)('checkpoints of another key, or with another number, are not relied on; ten are kept', async () => {
  const { bot } = state
  await writes([1, 2])
  await verifyAudit({ ...bot, keys: await otherKeys() }, { goOn: true })
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ relied: 0 })
  await bot.db.update(auditCheckpoints).set({ unknown: 1 })
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ relied: 0 })
  for (let time = 3; time < 16; time += 1) {
    await writes([time])
    await verifyAudit(bot, { goOn: true })
  }
  const kept = (await bot.db.select().from(auditCheckpoints)).map(({ position }) => position).sort((a, b) => a - b)
  expect(kept).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
})

test('no more is read than was asked for', async () => {
  await writes([1, 2, 3])
  expect(await verifyAudit(state.bot, { atMost: 3, heads: [{ position: 9, seal: 'x' }] })).toMatchObject({
    sealed: 3,
    more: false,
    broken: { position: 4 },
  })
  await asOwner(sql`insert into audit (id, at, reference, phase, team, person, name, operation, input, position, seal) overriding system value
    select id + 10, at, reference, phase, team, person, name, operation, input, 4, 'ffffffffffff:2:x' from audit where position = 3`)
  expect(await verifyAudit(state.bot, { atMost: 0, heads: [{ position: 9, seal: 'x' }] })).toMatchObject({ sealed: 0, more: true })
  expect((await verifyAudit(state.bot, { atMost: 0, heads: [{ position: 9, seal: 'x' }] })).broken).toBeUndefined()
})

// Gaps

test.each(
  sampled(
    [
      ['none', sql`select 1`, { count: 0, spans: [] }],
      [
        'some in the middle, and the last',
        sql`delete from audit where id in (4, 5, 9) or id > 10`,
        {
          count: 5,
          spans: [
            [4, 5],
            [9, 9],
            [11, 12],
          ],
        },
      ],
      [
        'the first five of many',
        sql`delete from audit where id % 2 = 1`,
        {
          count: 6,
          spans: [
            [1, 1],
            [3, 3],
            [5, 5],
            [7, 7],
            [9, 9],
          ],
        },
      ],
      [
        'four, and the end',
        sql`delete from audit where id % 2 = 1 or id = 12`,
        {
          count: 7,
          spans: [
            [1, 1],
            [3, 3],
            [5, 5],
            [7, 7],
            [11, 12],
          ],
        },
      ],
      ['none where somebody has reset the sequence', sql`select setval('audit_id_seq', 3)`, { count: 0, spans: [] }],
      [
        'one where somebody has, too',
        sql`with gone as (delete from audit where id = 2) select setval('audit_id_seq', 3)`,
        { count: 1, spans: [[2, 2]] },
      ],
      ['all', sql`delete from audit`, { count: 12, spans: [[1, 12]] }],
    ],
    4,
    1,
  ),
)('numbers without an entry: %s', async (_, statement, gaps) => {
  for (let time = 1; time <= 12; time += 1) await audit(at(time), state.bot.db, row)
  await asOwner(statement)
  expect(await gapsIn(state.bot.db)).toEqual(gaps)
})

test.runIf(isCi)('what retention has removed is no gap, and one behind it is', async () => {
  await writes([1, 2, 3, 4])
  await removeOldAudit(state.bot, new Date(3))
  expect(await gapsIn(state.bot.db)).toEqual({ count: 0, spans: [] })
  await asOwner(sql`delete from audit where id = 3`)
  expect(await gapsIn(state.bot.db)).toEqual({ count: 1, spans: [[3, 3]] })
})

test('a number that was under way for a moment is none', async () => {
  const { db } = state.bot
  await audit(at(1), db, row)
  await db.execute(sql`select nextval('audit_id_seq')`)
  const found = gapsIn(db)
  await db.execute(sql`insert into audit (id, at, reference, phase, team, person, name, operation, input) overriding system value
    select 2, at, reference, phase, team, person, name, operation, input from audit where id = 1`)
  expect(await found).toEqual({ count: 0, spans: [] })
})

// Lists

async function listed(filters: object = {}, page?: string, limit?: number) {
  const { entries, next } = await listAudit(state.bot, { filters, page, limit })
  return { found: entries.map(({ reference }) => reference), next }
}
const entry = (reference: string, time: number, more: Partial<AuditRow> = {}) =>
  audit(at(time), state.bot.db, { ...row, reference, ...more })

test('each filter of the list lets through what it says, and an end is not included', async () => {
  await entry('a', 10, { phase: 'finished', request: 'r1' })
  await entry('b', 20, { person: bea, operation: 'repo delete' })
  await entry('c', 30, { person: { ...alice, account: undefined } })
  expect((await listed()).found).toEqual(['c', 'b', 'a'])
  expect((await listed({ person: 'U0BEA' })).found).toEqual(['b'])
  expect((await listed({ account: 'alice' })).found).toEqual(['a'])
  expect((await listed({ operation: 'repo create' })).found).toEqual(['c', 'a'])
  expect((await listed({ phase: 'finished' })).found).toEqual(['a'])
  expect((await listed({ reference: 'b' })).found).toEqual(['b'])
  expect((await listed({ request: 'r1' })).found).toEqual(['a'])
  expect((await listed({ from: new Date(20) })).found).toEqual(['c', 'b'])
  expect((await listed({ until: new Date(20) })).found).toEqual(['a'])
  expect((await listed({ from: new Date(10), until: new Date(30), person: undefined })).found).toEqual(['b', 'a'])
  expect((await listed({ from: new Date(20), operation: 'repo create' })).found).toEqual(['c'])
  const [last] = (await listAudit(state.bot)).entries
  expect(last).toMatchObject({
    account: null,
    at: new Date(30),
    team: 'T0ACME',
    person: 'U0ALICE',
    name: 'alice',
    operation: 'repo create',
    phase: 'started',
  })
})

test('pages go on behind the last entry, also among those of one moment', async () => {
  for (const [reference, time] of [
    ['a', 10],
    ['b', 20],
    ['c', 20],
    ['d', 20],
    ['e', 30],
  ] as const)
    await entry(reference, time)
  const pages: string[][] = []
  let next: string | undefined
  do {
    const page = await listed({}, next, 2)
    pages.push(page.found)
    next = page.next
  } while (next !== undefined)
  expect(pages).toEqual([['e', 'd'], ['c', 'b'], ['a']])
  // As many as there are is one page.
  expect(await listed({}, undefined, 5)).toEqual({ found: ['e', 'd', 'c', 'b', 'a'], next: undefined })
  expect((await listed({}, undefined, 4)).next).toMatch(/^20 \d+$/)
  // A page of the release before has only the number.
  const id = (await rows()).find(({ reference }) => reference === 'c')?.id
  expect((await listed({}, String(id))).found).toEqual(['b', 'a'])
})

// Export

test('days are written whole, each to its file, with their entries in order', async () => {
  const { db } = state.bot
  const target = await mkdtemp(join(folder, 'days-'))
  expect(await exportAudit(db, target, {})).toEqual({ days: [], entries: 0 })
  const day = (days: number, more = 0) => Date.parse('2026-11-01T00:00:00Z') + days * aDay + more
  for (const [reference, time] of [
    ['b', day(0, 5)],
    ['a', day(0)],
    ['c', day(0, 5)],
    ['d', day(2, aDay - 1)],
    ['e', day(3)],
  ] as const)
    await entry(reference, time)
  expect(await exportAudit(db, target, {})).toEqual({ days: ['2026-11-01', '2026-11-03', '2026-11-04'], entries: 5 })
  const references = async (name: string) =>
    (await readFile(join(target, name), 'utf8'))
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).reference)
  expect(await references('audit-2026-11-01.jsonl')).toEqual(['a', 'b', 'c'])
  expect(await references('audit-2026-11-03.jsonl')).toEqual(['d'])
  expect(await references('audit-2026-11-04.jsonl')).toEqual(['e'])
  expect((await readdir(target)).filter((name) => name.endsWith('.jsonl')).sort()).toEqual([
    'audit-2026-11-01.jsonl',
    'audit-2026-11-03.jsonl',
    'audit-2026-11-04.jsonl',
  ])
  expect(await exportAudit(db, target, { from: new Date(day(3)) })).toEqual({ days: ['2026-11-04'], entries: 1 })
  expect(await exportAudit(db, target, { until: new Date(day(2)) })).toEqual({ days: ['2026-11-01'], entries: 3 })
  expect(await exportAudit(db, target, { from: new Date(day(9)) })).toEqual({ days: [], entries: 0 })
})

test('a day of which retention has removed something is left as it was exported', async () => {
  const { bot } = state
  const target = await mkdtemp(join(folder, 'kept-'))
  const start = Date.parse('2026-11-01T00:00:00Z')
  await writes([start, start + 5, start + aDay])
  await removeOldAudit(bot, new Date(start + 3))
  expect(await exportAudit(bot.db, target, {})).toEqual({ days: ['2026-11-02'], entries: 1 })
})
