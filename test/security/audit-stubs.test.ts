import { type SQL, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { applyRetention } from '../../src/app/retention.ts'
import { secretsKey } from '../../src/core/keys.ts'
import { audit as table } from '../../src/db/schema.ts'
import { type AuditRow, audit, sealAudit, verifyAudit } from '../../src/security/audit-log.ts'
import { alice, hour, openState } from '../db/open-state.ts'
import { isCi, sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const row: AuditRow = { reference: 'q7f3m2', phase: 'started', person: alice, operation: 'repo create', input: { repository: 'acme/web' } }
const day = 24 * hour

/** Three entries a day for ten days, sealed, and a bot that keeps those of seven days. */
async function tenDays() {
  const { bot, passes, log } = await openState()
  const writes = async (count: number, keys = bot.keys) => {
    for (let index = 0; index < count; index += 1) await audit(bot, bot.db, row)
    await sealAudit({ ...bot, keys })
  }
  for (let time = 0; time < 10; time += 1) {
    await writes(3)
    passes(day)
  }
  const asOwner = async (...statements: SQL[]) => {
    await bot.db.execute(sql`alter table audit disable trigger all`)
    await bot.db.execute(sql`alter table audit_stubs disable trigger all`)
    for (const statement of statements) await bot.db.execute(statement)
    await bot.db.execute(sql`alter table audit enable trigger all`)
    await bot.db.execute(sql`alter table audit_stubs enable trigger all`)
  }
  const keeping = (days: number | undefined) => ({ ...bot, config: { AUDIT_KEEP_DAYS: days } })
  return { bot, writes, passes, asOwner, keeping, log }
}

test('old entries go by the operator’s retention, and the log stays verifiable from the stub in their place on', async () => {
  const { bot, writes, keeping, passes } = await tenDays()
  await applyRetention(keeping(undefined))
  expect(await bot.db.$count(table)).toBe(30)
  await applyRetention(keeping(7))
  expect(await bot.db.$count(table)).toBe(21)
  const verdict = await verifyAudit(bot)
  expect(verdict).toMatchObject({ sealed: 30, removed: 9, unknown: 0, gaps: { count: 0, spans: [] } })
  expect(verdict.broken).toBeUndefined()

  await writes(2)
  passes(2 * day)
  await applyRetention(keeping(7))
  expect(await bot.db.$count(table)).toBe(17)
  expect(await verifyAudit(bot)).toMatchObject({ sealed: 32, removed: 15, unknown: 0, gaps: { count: 0 } })
  expect((await verifyAudit(bot)).broken).toBeUndefined()
})

test.runIf(isCi)('everything is old: nothing is left but the stub, and the chain goes on behind it', async () => {
  const { bot, writes, keeping, passes } = await tenDays()
  passes(100 * day)
  await applyRetention(keeping(7))
  expect(await bot.db.$count(table)).toBe(0)
  expect(await verifyAudit(bot)).toMatchObject({ sealed: 30, removed: 30, gaps: { count: 0, spans: [] } })
  await writes(2)
  expect(await verifyAudit(bot)).toMatchObject({ sealed: 32, removed: 30, gaps: { count: 0, spans: [] } })
  expect((await verifyAudit(bot)).broken).toBeUndefined()
})

test('what somebody changed is not removed, so that it can still be seen', async () => {
  const { bot, asOwner, keeping, log } = await tenDays()
  await asOwner(sql`update audit set name = 'eve' where position = 5`)
  await applyRetention(keeping(7))
  expect(await verifyAudit(bot)).toMatchObject({ removed: 4, broken: { position: 5 } })
  expect(log()).toContain('an entry of the audit log was changed: nothing after it is removed')
})

test.for(
  sampled(
    [
      ['a stub that was changed', sql`update audit_stubs set removed = removed, seal = 'x'`, { position: 9 }],
      ['a stub by somebody without the key', sql`update audit_stubs set proof = split_part(proof, ':', 1) || ':00'`, { position: 9 }],
      ['a stub that is gone', sql`delete from audit_stubs`, { position: 1 }],
      ['an entry that follows the stub is gone', sql`delete from audit where position = 10`, { position: 10 }],
    ] as const,
    4,
  ),
)('%s is seen', async ([, statement, broken]) => {
  const { bot, asOwner, keeping } = await tenDays()
  await applyRetention(keeping(7))
  await asOwner(statement)
  expect((await verifyAudit(bot)).broken).toMatchObject(broken)
  // Nothing is put on top of it.
  await applyRetention(keeping(2))
  expect((await verifyAudit(bot)).broken).toMatchObject(broken)
})

test('nobody deletes an entry without a stub, nor a stub', async () => {
  const { bot, keeping } = await tenDays()
  await applyRetention(keeping(7))
  const refused = { cause: { message: 'the audit is append-only' } }
  await expect(bot.db.execute(sql`delete from audit where position = 10`)).rejects.toMatchObject(refused)
  await expect(bot.db.execute(sql`delete from audit_stubs`)).rejects.toMatchObject(refused)
  await expect(bot.db.execute(sql`update audit_stubs set removed = 1`)).rejects.toMatchObject(refused)
})

test.runIf(isCi)('a gap beside the removed entries is still a gap', async () => {
  const { bot, asOwner, keeping } = await tenDays()
  await applyRetention(keeping(7))
  await asOwner(sql`delete from audit where id >= 29`)
  expect((await verifyAudit(bot)).gaps).toEqual({ count: 2, spans: [[29, 30]] })
})

test('stubs of an older key are verified with the ring, and said to be out of reach without it', async () => {
  const { bot, keeping } = await tenDays()
  await applyRetention(keeping(7))
  const setting = 'a new key of thirty-two letters or more'
  const ring = await secretsKey({ setting: `${setting},a setting of thirty-two letters or more` })
  expect(await verifyAudit({ ...bot, keys: ring })).toMatchObject({ sealed: 30, removed: 9, unknown: 0 })
  const alone = await secretsKey({ setting })
  expect(await verifyAudit({ ...bot, keys: alone })).toMatchObject({ sealed: 30, removed: 9, unknown: 30 })
  await applyRetention({ ...keeping(4), keys: ring })
  expect(await verifyAudit({ ...bot, keys: ring })).toMatchObject({ sealed: 30, removed: 18, unknown: 0 })
})

test('dora reads of it in the verification, which goes on where the last one ended or where the stubs do', async () => {
  const { alice: typist, bot, clock, dora } = await startBot()
  for (let turn = 0; turn < 3; turn += 1) await typist.types('/quay whoami')
  await sealAudit(bot)
  await dora.types('/quay audit verify')
  clock.advance(40 * day)
  await typist.types('/quay whoami')
  await sealAudit(bot)
  bot.config.AUDIT_KEEP_DAYS = 30
  await applyRetention(bot)
  const verified = await dora.types('/quay audit verify')
  expect(verified.text).toMatch(/^Audit log intact: \d+ entries verified, \d+ pending\.$/)
  expect(JSON.stringify(verified)).toMatch(/Entries up to \d+ were removed by AUDIT_KEEP_DAYS; signed stubs are in their place\./)
})
