import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eq, sql } from 'drizzle-orm'
import { pino } from 'pino'
import { expect } from 'vitest'
import type { Bot } from '../../src/context.ts'
import { credential } from '../../src/core/credential.ts'
import { secretsKey } from '../../src/core/keys.ts'
import type { Db } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/open.ts'
import { replies, requests, secrets } from '../../src/db/schema.ts'
import { contentOf, tablesOf } from '../../src/db/tables.ts'
import { sealAudit, verifyAudit } from '../../src/security/audit-log.ts'
import { openInput, reveal, sealInput } from '../../src/security/secrets.ts'
import { newRepositories } from '../approvals/start-requests.ts'
import { makeDirectory } from '../db/made-directory.ts'
import { populate } from '../db/populated.ts'
import { startBot } from '../start-bot.ts'

export const older = 'an older key of thirty-two letters or so'
export const newer = 'a newer key of thirty-two letters or more'
export const ring = `${newer},${older}`

const policy = { approvals: newRepositories({ ask: 'always' }) }
const states = ['approved', 'denied', 'expired', 'withdrawn', 'running', 'succeeded', 'failed', 'unknown'] as const

/** A bot on a database of its own choice. */
export function startOn(
  database: { dataDir: string } | { databaseUrl: string },
  setting = ring,
  until?: (stop: () => Promise<void>) => void,
) {
  return startBot({ database, policy, environment: { SECRETS_KEY: setting, LOG_LEVEL: 'error' }, ...(until && { until }) })
}

/** Stops by hand, so that the directory is free again. */
async function whileRunning(dataDir: string, setting: string, work: (started: Awaited<ReturnType<typeof startOn>>) => Promise<void>) {
  let stop = async () => {}
  const started = await startOn({ dataDir }, setting, (end) => {
    stop = end
  })
  await work(started).finally(() => stop())
}

/**
 * An embedded database with everything in it: a row in every table that a bot fills, requests in every state, subscriptions,
 * credentials that wait for *Reveal*, in a request and in an offer, and an audit log over two keys.
 */
export async function makeFullDatabase(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'quaymaster-full-'))
  await makeDirectory(dataDir)
  await whileRunning(dataDir, older, async ({ alice, bea, bot }) => {
    expect((await alice.types('/quay repo create acme/waiting reason=waits')).text).toContain('sent to <#')
    expect((await bea.types('/quay robot create acme+sealed')).text).toContain('acme+sealed')
    await bea.types('/quay subscribe acme/api events=push', 'acme-dev')
    await populateRest(bot.db)
    await sealAudit(bot)
  })
  await whileRunning(dataDir, ring, async ({ alice, bea, bot }) => {
    await alice.types('/quay repo show acme/api')
    expect((await bea.types('/quay robot create acme+second')).text).toContain('acme+second')
    await sealAudit(bot)
  })
  // Without a bot, which would run what is approved.
  const { db, close } = await openDatabase({ dataDir }, pino({ level: 'silent' }))
  await copyRequests(db)
  await sealMore({ db, keys: await secretsKey({ setting: older }) }).finally(close)
  return dataDir
}

/** A copy that one test may change. */
export async function copied(dataDir: string, whenOver: (remove: () => Promise<void>) => void): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'quaymaster-copy-'))
  whenOver(() => rm(copy, { recursive: true, force: true }))
  // Not Node's own, which asks of each of a thousand files what it is.
  await promisify(execFile)('cp', ['-R', `${dataDir}/.`, copy])
  return copy
}

/** As a modal with a password leaves it: in the request, and in the offer to request. */
async function sealMore(bot: Pick<Bot, 'db' | 'keys'>) {
  const given = { password: credential().parse('mirror-password-5d21') }
  // Whoever looks at it would say what happened; nothing runs it meanwhile.
  const [request] = await bot.db.select().from(requests).where(eq(requests.id, 'copy-unknown'))
  if (!request) throw new Error('there is no request')
  const person = { id: request.requester, team: request.team }
  await bot.db
    .update(requests)
    .set({ sealed: sealInput(bot, { id: request.id, person }, given) })
    .where(eq(requests.id, request.id))
  const box = { id: 'box', sealed: sealInput(bot, { id: 'box', person }, given) }
  await bot.db.insert(replies).values({
    ...{ id: 'offer', team: person.team, person: person.id, operation: 'mirror create', input: {} },
    result: { rule: {}, box },
    createdAt: new Date(),
  })
}

async function copyRequests(db: Db) {
  for (const state of states)
    await db.execute(
      sql`insert into requests select (jsonb_populate_record(null::requests, to_jsonb(one) || ${JSON.stringify({
        ...{ id: `copy-${state}`, state, sealed: null, lease_until: '2100-01-01T00:00:00Z', drawn: 1, version: 1 },
        ...(!['approved', 'running', 'unknown'].includes(state) && { ended_at: new Date().toISOString() }),
      })}::jsonb)).* from requests as one where state = 'pending' limit 1`,
    )
}

/** Years of the rest, but for the audit log, which would not be sealed by us. */
async function populateRest(db: Db) {
  await db.execute(sql`alter table audit disable trigger all`)
  const newest = sql`(select max(id) from audit)`
  const { rows } = await db.execute<{ id: number }>(sql`select ${newest}::int as id`)
  await populate(db, 200, Date.now() - 3_600_000, 50)
  await db.execute(sql`delete from audit where id > ${rows[0]?.id ?? 0}`)
  await db.execute(sql`alter table audit enable trigger all`)
}

/** What must be the same before and after. */
export async function inventory(db: Db) {
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local timezone = 'UTC'`)
    const contents: Record<string, unknown> = {}
    for (const table of await tablesOf(tx)) contents[table.name] = await contentOf(tx, table)
    return contents
  })
}

/** All credentials open with this setting, and the audit log is verified as far as its keys reach. */
export async function expectWhole(db: Db, setting: string, { unknown }: { unknown: 'none' | 'some' } = { unknown: 'none' }) {
  const bot = { db, keys: await secretsKey({ setting }), clock: Date.now }
  const sealed = (await db.select().from(secrets)).filter(({ nonce }) => nonce.length > 1)
  expect(sealed.length).toBeGreaterThanOrEqual(2)
  for (const { id, person, team } of sealed)
    expect((await reveal(bot, id, { id: person, team })).credentials.token?.reveal()).toMatch(/\S{20}/)
  const [request] = (await db.select().from(requests)).filter(({ sealed: box }) => box !== null)
  if (!request?.sealed) throw new Error('no request has a credential')
  const owner = { id: request.requester, team: request.team }
  expect(openInput(bot, { id: request.id, person: owner }, request.sealed).password?.reveal()).toBe('mirror-password-5d21')
  const [offer] = await db.select().from(replies).where(eq(replies.id, 'offer'))
  const { box } = (offer?.result ?? {}) as { box: { sealed: Parameters<typeof openInput>[2] } } // as sealMore wrote it
  expect(openInput(bot, { id: 'box', person: owner }, box.sealed).password?.reveal()).toBe('mirror-password-5d21')
  const verdict = await verifyAudit(bot)
  expect(verdict.broken).toBeUndefined()
  expect(verdict.sealed).toBeGreaterThan(5)
  if (unknown === 'none') expect(verdict).toMatchObject({ unknown: 0 })
  else expect(verdict.unknown).toBeGreaterThan(0)
}
