import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit as table } from '../../src/db/schema.ts'
import { type AuditRow, audit, countUnsealed, type Head, listAudit, sealAudit, verifyAudit } from '../../src/security/audit-log.ts'
import { alice, bea, embedded, openState } from '../db/open-state.ts'
import { sampled } from '../sized.ts'

const row: AuditRow = {
  reference: 'q7f3m2',
  phase: 'started',
  person: alice,
  operation: 'repo create',
  input: { repository: 'acme/web', visibility: 'private' },
}

type State = Awaited<ReturnType<typeof openState>>

/** Five sealed rows. */
async function record({ bot }: State) {
  for (let index = 1; index <= 5; index += 1) await audit(bot, bot.db, { ...row, reference: `row${index}` })
  await sealAudit(bot)
  const { head } = await verifyAudit(bot)
  return head ?? { position: 0, seal: '' }
}

let shared: State
let head: Head

beforeAll(async () => {
  shared = await openState({ database: embedded, until: afterAll })
  head = await record(shared)
})

/** What somebody with the database's own password could do, for the triggers do not hold them; undone afterwards. */
async function tampered(statements: SQL[], look: (bot: State['bot']) => Promise<void>) {
  const undo = new Error('undo')
  const work = shared.bot.db.transaction(async (tx) => {
    await tx.execute(sql`alter table audit disable trigger all`)
    for (const statement of statements) await tx.execute(statement)
    await look({ ...shared.bot, db: tx })
    throw undo
  })
  await expect(work).rejects.toBe(undo)
}

test('rows are sealed in their order, and the head of the chain is logged', async () => {
  const state = await openState()
  const { bot, log } = state
  const head = await record(state)
  await audit(bot, bot.db, {
    ...row,
    phase: 'finished',
    right: 'admin: alice owns the namespace.',
    call: 'POST /repository',
    outcome: { message: 'Created {repository}.', values: { repository: 'acme/web' } },
  })

  expect(await verifyAudit(bot)).toMatchObject({ sealed: 5, unsealed: 1, unknown: 0, head })
  await sealAudit(bot)
  const after = await verifyAudit(bot, { heads: [head] })
  expect(after).toMatchObject({ sealed: 6, unsealed: 0 })
  expect(after.broken).toBeUndefined()
  expect(log()).toContain(head.seal)
  expect(await countUnsealed(bot.db)).toBe(0)
})

test('the database itself refuses to change, delete or truncate the record', async () => {
  const state = await openState()
  const { bot } = state
  await record(state)
  await audit(bot, bot.db, row)
  const statements = [
    sql`update audit set person = 'U0EVE'`,
    sql`update audit set position = 9, seal = 'x', person = 'U0EVE' where position is null`,
    sql`update audit set position = null, seal = null`,
    sql`delete from audit`,
    sql`truncate audit`,
  ]
  for (const statement of statements) {
    await expect(bot.db.execute(statement)).rejects.toMatchObject({ cause: { message: 'the audit is append-only' } })
  }
  expect(await bot.db.$count(table)).toBe(6)
})

test.for(
  sampled(
    [
      ['a value is changed', [sql`update audit set input = '{"repository":"acme/other"}' where position = 3`], 3],
      ['a moment is changed', [sql`update audit set at = at + interval '1 millisecond' where position = 2`], 2],
      ['somebody else is made to have done it', [sql`update audit set person = 'U0EVE', name = 'eve' where position = 1`], 1],
      ['a row is taken out', [sql`delete from audit where position = 3`], 3],
      [
        'a row is taken out and the others move up',
        [
          sql`delete from audit where position = 3`,
          sql`update audit set position = 3 where position = 4`,
          sql`update audit set position = 4 where position = 5`,
        ],
        3,
      ],
      [
        'two rows change places',
        [
          sql`update audit set position = position + 10 where position in (2, 4)`,
          sql`update audit set position = 16 - position where position > 10`,
        ],
        2,
      ],
      [
        'a row is put in',
        [
          sql`insert into audit (at, reference, phase, team, person, name, operation, input, position, seal)
        select at, reference, phase, team, person, name, operation, input, 6, seal from audit where position = 5`,
        ],
        6,
      ],
      ['all rows are taken out', [sql`delete from audit`], 1],
    ] as const,
    4,
  ),
)('%s: the record says where it is broken', async ([, statements, position]) => {
  await tampered([...statements], async (bot) => {
    expect((await verifyAudit(bot, { heads: [head] })).broken).toMatchObject({ position })
  })
})

test('the end is cut off: a head from the log shows it', async () => {
  await tampered([sql`delete from audit where position > 3`], async (bot) => {
    expect((await verifyAudit(bot)).broken).toBeUndefined()
    const why = { message: 'The audit log ends at entry {position}, but it once reached {reached}.', values: { position: 3, reached: 5 } }
    expect((await verifyAudit(bot, { heads: [head] })).broken).toEqual({ position: 4, why })
  })
})

test('the record is written anew by somebody who has the key: a head from the log shows it', async () => {
  await tampered([sql`update audit set position = null, seal = null, name = 'eve'`], async (bot) => {
    await sealAudit(bot)
    expect((await verifyAudit(bot)).broken).toBeUndefined()
    expect((await verifyAudit(bot, { heads: [head] })).broken?.why.message).toBe('The audit log was rewritten up to entry {position}.')
  })
})

test('several seal at once: every row has one place', async () => {
  const { bot } = await openState()
  await Promise.all(Array.from({ length: 40 }, () => audit(bot, bot.db, row)))
  await Promise.all(Array.from({ length: 5 }, () => sealAudit(bot)))
  expect(await verifyAudit(bot)).toMatchObject({ sealed: 40, unsealed: 0 })
})

test('a list is filtered, the newest first, twenty at a time', async () => {
  const { bot, passes } = await openState()
  for (let index = 0; index < 45; index += 1) {
    await audit(bot, bot.db, {
      ...row,
      person: index % 2 ? alice : bea,
      reference: `r${index}`,
      phase: index < 10 ? 'refused' : 'finished',
    })
    passes(1_000)
  }
  const first = await listAudit(bot)
  const second = await listAudit(bot, { page: first.next })
  const third = await listAudit(bot, { page: second.next })
  expect([...first.entries, ...second.entries, ...third.entries].map(({ reference }) => reference)).toEqual(
    Array.from({ length: 45 }, (_, index) => `r${44 - index}`),
  )
  expect(third.next).toBeUndefined()

  const start = Date.parse('2026-11-03T09:00:00Z')
  const filters = { person: bea.id, phase: 'refused', from: new Date(start + 2_000), until: new Date(start + 8_000) } as const
  expect((await listAudit(bot, { filters })).entries.map(({ reference }) => reference)).toEqual(['r6', 'r4', 'r2'])
})
