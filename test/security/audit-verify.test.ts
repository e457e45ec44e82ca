import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SQL, sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { secretsKey } from '../../src/core/keys.ts'
import { auditCheckpoints } from '../../src/db/schema.ts'
import { type AuditRow, audit, keptHeads, sealAudit, verifyAudit } from '../../src/security/audit-log.ts'
import { alice, openState } from '../db/open-state.ts'
import recorded from '../recorded/audit/chain-of-format-1.json' with { type: 'json' }
import { isCi, sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const row: AuditRow = { reference: 'q7f3m2', phase: 'started', person: alice, operation: 'repo create', input: { repository: 'acme/web' } }

/** A record with as many sealed rows, and what somebody with the rights of the table's owner can do to it. */
async function sealedRows(count: number) {
  const { bot } = await openState()
  const writes = async (more: number, keys = bot.keys) => {
    for (let index = 0; index < more; index += 1) await audit(bot, bot.db, row)
    await sealAudit({ ...bot, keys })
  }
  await writes(count)
  const asOwner = async (...statements: SQL[]) => {
    await bot.db.execute(sql`alter table audit disable trigger all`)
    for (const statement of statements) await bot.db.execute(statement)
    await bot.db.execute(sql`alter table audit enable trigger all`)
  }
  return { bot, writes, asOwner }
}

const otherKeys = () => secretsKey({ setting: 'another setting of thirty-two letters' })

test('rows that release 1f8a43a has sealed are verified as they are, and new ones go on behind them', async () => {
  const { bot } = await openState()
  const keys = await secretsKey({ setting: 'the key of a recorded audit chain, 1f8a43a' })
  await bot.db.execute(sql`insert into audit overriding system value
    select * from jsonb_populate_recordset(null::audit, ${JSON.stringify(recorded)}::jsonb)`)
  await bot.db.execute(sql`select setval('audit_id_seq', ${recorded.length})`)
  const own = { ...bot, keys }

  expect(await verifyAudit(own)).toMatchObject({ sealed: 5, unknown: 0, head: { position: 5, seal: recorded.at(-1)?.seal } })
  await audit(bot, bot.db, row)
  await sealAudit(own)
  const verdict = await verifyAudit(own)
  expect(verdict).toMatchObject({ sealed: 6, unknown: 0, gaps: { count: 0 } })
  expect(verdict.broken).toBeUndefined()
  expect(verdict.head?.seal).toMatch(/^[0-9a-f]{12}:2:[0-9a-f]{64}$/)

  await bot.db.execute(sql`alter table audit disable trigger all`)
  await bot.db.execute(sql`update audit set input = '{"repository":"acme/other"}' where position = 3`)
  expect((await verifyAudit(own)).broken).toMatchObject({ position: 3 })
})

test('a column that a later release adds is no change of what was sealed', async () => {
  const { bot, asOwner, writes } = await sealedRows(3)
  await asOwner(sql`alter table audit add column via text default 'slash'`, sql`alter table audit rename column via to origin`)
  await writes(2)
  expect((await verifyAudit(bot)).broken).toBeUndefined()
})

test('what another SECRETS_KEY has sealed is said to be out of reach, and what this one sealed around it is checked all the same', async () => {
  const { bot, asOwner, writes } = await sealedRows(3)
  await writes(2, await otherKeys())
  await writes(3)
  expect(await verifyAudit(bot)).toMatchObject({ sealed: 8, unknown: 2 })
  expect((await verifyAudit(bot)).broken).toBeUndefined()
  expect(await verifyAudit({ ...bot, keys: await otherKeys() })).toMatchObject({ sealed: 8, unknown: 6 })

  await asOwner(sql`update audit set name = 'eve' where position = 7`)
  expect((await verifyAudit(bot)).broken).toMatchObject({ position: 7 })
  // Whoever has no key can make rows look like another key's only up to the next one that this key links to them.
  await asOwner(sql`update audit set seal = 'ffffffffffff:2:' || seal where position = 7`)
  expect((await verifyAudit(bot)).broken).toMatchObject({ position: 8 })
})

test.for(
  sampled(
    [
      ['all rows', sql`delete from audit`, { count: 6, spans: [[1, 6]] }, true],
      ['the first rows', sql`delete from audit where id <= 2`, { count: 2, spans: [[1, 2]] }, true],
      ['the last rows', sql`delete from audit where id >= 5`, { count: 2, spans: [[5, 6]] }, false],
      [
        'rows in the middle',
        sql`delete from audit where id in (2, 4)`,
        {
          count: 2,
          spans: [
            [2, 2],
            [4, 4],
          ],
        },
        true,
      ],
    ] as const,
    2,
  ),
)('%s are deleted with the owner’s rights: the numbers that are missing tell', async ([, statement, gaps, broken]) => {
  const { bot, asOwner } = await sealedRows(6)
  expect((await verifyAudit(bot)).gaps).toEqual({ count: 0, spans: [] })
  await asOwner(statement)
  const verdict = await verifyAudit(bot)
  expect(verdict.gaps).toEqual(gaps)
  expect(verdict.broken !== undefined).toBe(broken)
})

test.runIf(isCi)('rows that are deleted before they are sealed leave a gap, too', async () => {
  const { bot, asOwner, writes } = await sealedRows(2)
  await audit(bot, bot.db, row)
  await asOwner(sql`delete from audit where position is null`)
  await writes(2)
  expect(await verifyAudit(bot)).toMatchObject({ sealed: 4, gaps: { count: 1, spans: [[3, 3]] } })
})

test('a check goes on where the last one ended, notices what is deleted before, and reads everything again when it is told to', async () => {
  const { bot, asOwner, writes } = await sealedRows(5)
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ sealed: 5, relied: 0 })
  await writes(3)
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ sealed: 8, relied: 5 })
  await asOwner(sql`update audit set name = 'eve' where position = 2`)
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ sealed: 8, relied: 8 })
  expect((await verifyAudit(bot)).broken).toMatchObject({ position: 2 })

  await asOwner(sql`delete from audit where position = 2`)
  expect((await verifyAudit(bot, { goOn: true })).broken?.why.message).toBe(
    '{missing, number} of the first {count, number} entries are missing.',
  )
})

test('a checkpoint that was not written with the key is not relied on', async () => {
  const { bot, asOwner } = await sealedRows(5)
  const head = (await verifyAudit(bot)).head ?? { position: 0, seal: '' }
  await bot.db.insert(auditCheckpoints).values({ ...head, unknown: 0, proof: `${bot.keys.id}:${'0'.repeat(64)}`, at: new Date() })
  await asOwner(sql`update audit set name = 'eve' where position = 2`)
  expect(await verifyAudit(bot, { goOn: true })).toMatchObject({ relied: 0, broken: { position: 2 } })
})

test.runIf(isCi)('a long record is checked in parts', async () => {
  const { bot } = await sealedRows(2_500)
  expect(await verifyAudit(bot, { goOn: true, atMost: 1_000 })).toMatchObject({ sealed: 1_000, more: true })
  expect(await verifyAudit(bot, { goOn: true, atMost: 1_000 })).toMatchObject({ sealed: 2_000, relied: 1_000, more: true })
  expect(await verifyAudit(bot, { goOn: true, atMost: 1_000 })).toMatchObject({ sealed: 2_500, relied: 2_000, more: false })
})

test('heads are kept in the operator’s file as well, and read back: one cut short is left out, a folder is no file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'heads-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'heads.jsonl')
  expect(await keptHeads(file)).toEqual([])
  const { bot } = await sealedRows(0)
  const writing = { ...bot, config: { AUDIT_HEADS_FILE: file } }
  for (let turn = 0; turn < 3; turn += 1) {
    await audit(bot, bot.db, row)
    await sealAudit(writing)
  }
  await appendFile(file, '{"position":4,"se')
  const heads = await keptHeads(file)
  expect(heads.map(({ position }) => position)).toEqual([1, 2, 3])
  expect((await verifyAudit(bot, { heads })).broken).toBeUndefined()
  expect((await verifyAudit(bot, { heads: [...heads, { position: 4, seal: 'x' }] })).broken).toMatchObject({ position: 4 })
  await expect(keptHeads(folder)).rejects.toMatchObject({ code: 'conflict' })
})

test('a file that cannot be written is an error in the log, and sealing goes on', async () => {
  const { bot, log } = await openState()
  await audit(bot, bot.db, row)
  await sealAudit({ ...bot, config: { AUDIT_HEADS_FILE: join(tmpdir(), 'no-such-folder', 'heads.jsonl') } })
  expect((await verifyAudit(bot)).sealed).toBe(1)
  expect(log()).toContain('AUDIT_HEADS_FILE cannot be written')
})

test('dora verifies by her command: what is intact, what it does not know, and what was deleted or sealed again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'heads-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'heads.jsonl')
  const { alice: typist, bot, dora } = await startBot()
  for (let turn = 0; turn < 3; turn += 1) await typist.types('/quay whoami')
  expect(JSON.stringify(await dora.types('/quay audit verify'))).toContain('No hash from outside the database was compared')
  bot.config.AUDIT_HEADS_FILE = file
  await sealAudit(bot)
  expect(await readFile(file, 'utf8')).toMatch(/^\{"position":\d+,"seal":"[0-9a-f]{12}:2:[0-9a-f]{64}"\}\n/)
  const intact = await dora.types('/quay audit verify')
  expect(intact.text).toMatch(/^Audit log intact: \d+ entries verified, \d+ pending\.$/)
  expect(JSON.stringify(intact)).not.toContain('No hash from outside')
  expect(JSON.stringify(await dora.types('/quay audit verify'))).toMatch(/were verified earlier; `\/quay audit verify all=yes`/)

  await bot.db.execute(sql`alter table audit disable trigger all`)
  await bot.db.execute(sql`delete from audit`)
  await bot.db.execute(sql`delete from audit_checkpoints`)
  const gone = await dora.types('/quay audit verify')
  expect(gone.text).toMatch(/^:rotating_light: The audit log was changed: The audit log ends at entry 0, but it once reached \d+\.$/)
  await writeFile(file, '')
  const without = await dora.types('/quay audit verify')
  expect(without.text).toMatch(/^Audit log unchanged, but possibly incomplete: /)
  expect(JSON.stringify(without)).toMatch(/\d+ entry numbers have no entry \(1–\d+\)/)
})
