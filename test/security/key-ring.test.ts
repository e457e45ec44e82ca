import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../src/core/config.ts'
import { credential } from '../../src/core/credential.ts'
import { opened, renewKeptKey, sealed, secretsKey } from '../../src/core/keys.ts'
import { secretsOf } from '../../src/core/log.ts'
import { audit, sealAudit, verifyAudit } from '../../src/security/audit-log.ts'
import { rotateKeys } from '../../src/security/rotate.ts'
import { reveal, seal } from '../../src/security/secrets.ts'
import { alice, openState } from '../db/open-state.ts'

const older = 'a setting of thirty-two letters or more'
const newer = 'a newer setting of thirty-two letters'
const token = credential().parse('robot-token-5d21')

test('the first key of SECRETS_KEY seals, and every key of it opens', async () => {
  const old = await secretsKey({ setting: older })
  const ring = await secretsKey({ setting: `${newer}, ${older}` })
  const box = sealed(old, ['x'], 'credential')
  expect(opened(ring, ['x'], box)).toBe('credential')
  expect(sealed(ring, ['x'], 'credential').keyId).toBe((await secretsKey({ setting: newer })).id)
  await expect(async () => opened(await secretsKey({ setting: newer }), ['x'], box)).rejects.toThrow('SECRETS_KEY that is no longer in use')
})

const complete = {
  SLACK_BOT_TOKEN: 'xoxb-1-2-3',
  SLACK_APP_TOKEN: 'xapp-1-2-3',
  QUAY_URL: 'https://quay.example.com',
  QUAY_TOKEN: 'a'.repeat(40),
}

test.each([`${newer},short`, 'short', ',', `${newer},,short`])('SECRETS_KEY=%s is refused: each key needs its length', (setting) => {
  expect(readConfig({ ...complete, SECRETS_KEY: setting })).toEqual({
    problems: [
      'SECRETS_KEY must have at least 32 characters, such as the output of: openssl rand -base64 32. Several keys are separated by commas, the newest first.',
    ],
  })
})

test('no key of the ring is ever logged', () => {
  expect(secretsOf({ SECRETS_KEY: `${newer},${older}` })).toEqual(expect.arrayContaining([newer, older]))
})

test('a key that was kept in DATA_DIR still opens after SECRETS_KEY is set, and a new one kept there seals from then on', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'quaymaster-ring-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  const kept = await secretsKey({ dataDir })
  const box = sealed(kept, ['x'], 'credential')
  expect(opened(await secretsKey({ setting: newer, dataDir }), ['x'], box)).toBe('credential')
  await renewKeptKey(dataDir)
  const renewed = await secretsKey({ dataDir })
  expect(renewed.id).not.toBe(kept.id)
  expect(opened(renewed, ['x'], box)).toBe('credential')
  expect((await readFile(join(dataDir, 'secrets.key'), 'utf8')).trim().split('\n')).toHaveLength(2)
})

test('rotation seals anew what waits for Reveal; the audit is verified over both keys, and the old key is then needed for nothing else', async () => {
  const { bot } = await openState()
  const row = { reference: 'q7f3m2', phase: 'started', person: alice, operation: 'repo create', input: {} } as const
  const id = await seal(bot, bot.db, { person: alice, what: { message: 'Token', values: {} }, credentials: { token } })
  await audit(bot, bot.db, row)
  await sealAudit(bot)
  const keys = await secretsKey({ setting: `${newer},${older}` })
  const rotating = { ...bot, keys }

  expect(await rotateKeys(rotating)).toEqual({ resealed: 1, lost: 0 })
  expect(await rotateKeys(rotating)).toEqual({ resealed: 0, lost: 0 })
  const alone = { ...bot, keys: await secretsKey({ setting: newer }) }
  expect((await reveal(alone, id, alice)).credentials.token?.reveal()).toBe('robot-token-5d21')

  await audit(bot, bot.db, row)
  await sealAudit(rotating)
  expect(await verifyAudit(rotating)).toMatchObject({ sealed: 2, unknown: 0 })
  expect((await verifyAudit(rotating)).broken).toBeUndefined()
})

test('what no key opens is counted, and stays as it is', async () => {
  const { bot } = await openState()
  await seal(bot, bot.db, { person: alice, what: { message: 'Token', values: {} }, credentials: { token } })
  expect(await rotateKeys({ ...bot, keys: await secretsKey({ setting: newer }) })).toEqual({ resealed: 0, lost: 1 })
})

test('a checkpoint of the old key is relied on with the ring', async () => {
  const { bot } = await openState()
  for (let time = 0; time < 3; time += 1)
    await audit(bot, bot.db, { reference: 'q7f3m2', phase: 'started', person: alice, operation: 'repo create', input: {} })
  await sealAudit(bot)
  await verifyAudit(bot, { goOn: true })
  const keys = await secretsKey({ setting: `${newer},${older}` })
  expect(await verifyAudit({ ...bot, keys }, { goOn: true })).toMatchObject({ sealed: 3, relied: 3, unknown: 0 })
})
