import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { credential } from '../../src/core/credential.ts'
import { secretsKey } from '../../src/core/keys.ts'
import { secrets } from '../../src/db/schema.ts'
import { deleteExpired, done, markOpened, openInput, reveal, seal, sealInput } from '../../src/security/secrets.ts'
import { alice, bea, embedded, hour, openState } from '../db/open-state.ts'

const canary = 'canary-8d1f-never-in-clear'
const credentials = z
  .object({ password: credential(), encrypted_password: credential() })
  .parse({ password: canary, encrypted_password: `${canary}-2` })
const what = { message: 'Password of {user}', values: { user: 'carl' } }

let state: Awaited<ReturnType<typeof openState>>

beforeAll(async () => {
  state = await openState({ database: embedded, until: afterAll })
})

async function sealed() {
  const id = await seal(state.bot, state.bot.db, {
    person: alice,
    what,
    credentials,
    context: { registry: 'quay.example.com', user: 'carl' },
  })
  return { ...state, id }
}

const gone = {
  code: 'not_found',
  sentence: { message: 'This credential is no longer available (already viewed, deleted or expired). Generate a new one.' },
}

test('its person sees a credential, for ten minutes after it was shown', async () => {
  const { bot, id, passes } = await sealed()
  const seen = await reveal(bot, id, alice)
  expect(seen.credentials.password?.reveal()).toBe(canary)
  expect(seen.credentials.encrypted_password?.reveal()).toBe(`${canary}-2`)
  expect(seen).toMatchObject({ context: { registry: 'quay.example.com', user: 'carl' }, what })

  passes(hour) // whether Slack showed it was never known: it stays
  await reveal(bot, id, alice)
  await markOpened(bot, id, alice)
  passes(9.9 * 60_000)
  await markOpened(bot, id, alice) // seen again: the ten minutes do not begin anew
  await reveal(bot, id, alice)
  passes(0.2 * 60_000)
  await expect(reveal(bot, id, alice)).rejects.toMatchObject(gone)
})

test('nobody else sees or deletes it, be it the same name in another workspace', async () => {
  const { bot, id } = await sealed()
  for (const other of [bea, { ...alice, team: 'T0OTHER' }]) {
    await expect(reveal(bot, id, other)).rejects.toMatchObject({ code: 'denied' })
    await expect(markOpened(bot, id, other)).rejects.toMatchObject({ code: 'denied' })
    await expect(done(bot, id, other)).rejects.toMatchObject({ code: 'denied' })
  }
  await expect(reveal(bot, 'no-such-id', alice)).rejects.toMatchObject(gone)
  await reveal(bot, id, alice)
})

test('“Done, delete it” deletes it', async () => {
  const { bot, id } = await sealed()
  await done(bot, id, alice)
  await done(bot, id, alice)
  await expect(reveal(bot, id, alice)).rejects.toMatchObject(gone)
  expect(await bot.db.$count(secrets, eq(secrets.id, id))).toBe(0)
})

test('nobody looks for a day: it is gone, and the clean-up deletes it', async () => {
  const { bot, id, passes } = await sealed()
  passes(23.9 * hour)
  await deleteExpired(bot)
  await reveal(bot, id, alice)
  passes(0.2 * hour)
  await expect(reveal(bot, id, alice)).rejects.toMatchObject(gone)
  await deleteExpired(bot)
  expect(await bot.db.$count(secrets, eq(secrets.id, id))).toBe(0)
})

test('a sealed credential that is moved to another row or person does not open', async () => {
  const { bot, id } = await sealed()
  await bot.db.execute(
    sql`insert into secrets select 'moved', team, person, what, key_id, nonce, ciphertext, opened_at, created_at, expires_at from secrets`,
  )
  await expect(reveal(bot, 'moved', alice)).rejects.toThrow('unable to authenticate')
  await bot.db.execute(sql`update secrets set person = ${bea.id} where id = ${id}`)
  await expect(reveal(bot, id, bea)).rejects.toThrow('unable to authenticate')
})

test('another SECRETS_KEY is named as such', async () => {
  const { bot, id } = await sealed()
  const keys = await secretsKey({ setting: 'another setting of thirty-two letters' })
  await expect(reveal({ ...bot, keys }, id, alice)).rejects.toMatchObject({ code: 'conflict' })
})

test('a credential that came in waits sealed, and opens for its request alone', () => {
  const { bot } = state
  const box = sealInput(bot, { id: 'request-1', person: alice }, { password: credentials.password })
  expect(JSON.stringify(box)).not.toContain(canary)
  expect(openInput(bot, { id: 'request-1', person: alice }, box).password?.reveal()).toBe(canary)
  expect(() => openInput(bot, { id: 'request-2', person: alice }, box)).toThrow('unable to authenticate')
})

test('without SECRETS_KEY a key is made once, for our eyes only, and kept', async () => {
  const dataDir = await temporary()
  const made = await Promise.all(Array.from({ length: 8 }, () => secretsKey({ dataDir })))
  expect(new Set(made.map(({ id }) => id)).size).toBe(1)
  expect(await readdir(dataDir)).toEqual(['secrets.key'])
  expect((await stat(join(dataDir, 'secrets.key'))).mode & 0o777).toBe(0o600)
  expect((await secretsKey({ dataDir })).id).toBe(made[0]?.id)

  await writeFile(join(dataDir, 'secrets.key'), '')
  await expect(secretsKey({ dataDir })).rejects.toMatchObject({ code: 'conflict' })
})

async function temporary() {
  const directory = await mkdtemp(join(tmpdir(), 'quaymaster-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}
