import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { credential } from '../../src/core/credential.ts'
import { opened, type Sealed, sealed, secretsKey } from '../../src/core/keys.ts'
import { audit as auditTable, replies, requests, secrets } from '../../src/db/schema.ts'
import type { LogEntry, LogPage } from '../../src/quay/logs.ts'
import { checkArchive, isPublic } from '../../src/security/archive-hosts.ts'
import { audit, sealAudit } from '../../src/security/audit-log.ts'
import { withPeople } from '../../src/security/done-for.ts'
import { keysOfAudit, rotateKeys } from '../../src/security/rotate.ts'
import { deleteExpired, done, listSealed, markOpened, reveal, seal } from '../../src/security/secrets.ts'
import { alice, bea, embedded, openState } from '../db/open-state.ts'

// What is kept for one person, by one key, until one moment; and who is behind what the bot did.

let state: Awaited<ReturnType<typeof openState>>
beforeAll(async () => {
  state = await openState({ database: embedded, until: afterAll })
})
beforeEach(async () => void (await state.bot.db.delete(secrets)))

const aMinute = 60_000
const at = (time: number) => ({ ...state.bot, clock: () => time })
const what = { message: 'Token', values: {} }
const token = credential().parse('canary')
const keep = (time: number, more: object = {}) => seal(at(time), state.bot.db, { person: alice, what, credentials: { token }, ...more })

test.each<[string, object, number, number | undefined, boolean]>([
  ['a moment before its day is over', {}, 24 * 60 * aMinute - 1, undefined, true],
  ['when its day is over', {}, 24 * 60 * aMinute, undefined, false],
  ['before its own end', { expiresAt: new Date(5) }, 4, undefined, true],
  ['at its own end', { expiresAt: new Date(5) }, 5, undefined, false],
  ['ten minutes after it was shown, almost', {}, 10 * aMinute, 1, true],
  ['ten minutes after it was shown', {}, 10 * aMinute + 1, 1, false],
  ['at its end, shown just before', { expiresAt: new Date(5) }, 5, 4, false],
])('a credential %s', async (_, more, time, openedAt, isThere) => {
  const id = await keep(0, more)
  if (openedAt !== undefined) await markOpened(at(openedAt), id, alice)
  const seen = reveal(at(time), id, alice)
  if (isThere) expect((await seen).credentials.token?.reveal()).toBe('canary')
  else await expect(seen).rejects.toMatchObject({ code: 'not_found' })
  const marked = markOpened(at(time), id, alice)
  if (isThere) await marked
  else await expect(marked).rejects.toMatchObject({ code: 'not_found' })
})

test('the ten minutes begin once', async () => {
  const id = await keep(0)
  await markOpened(at(5), id, alice)
  await markOpened(at(9), id, alice)
  expect(await state.bot.db.select({ openedAt: secrets.openedAt }).from(secrets)).toEqual([{ openedAt: new Date(5) }])
})

test('App Home lists what a person has not looked at yet, the newest first', async () => {
  const ids = [await keep(1), await keep(3), await keep(2)]
  await keep(4, { person: bea })
  await keep(4, { person: { ...alice, team: 'T0OTHER' } })
  await keep(4, { expiresAt: new Date(10) })
  const seen = await keep(5)
  await markOpened(at(6), seen, alice)
  const list = async (time: number, limit?: number) => (await listSealed(at(time), alice, limit)).map(({ id }) => id)
  expect(await list(10)).toEqual([ids[1], ids[2], ids[0]])
  expect(await list(9)).toHaveLength(4)
  expect(await list(10, 2)).toEqual([ids[1], ids[2]])
})

test('what has expired or was shown long ago is deleted, and nothing else', async () => {
  const ids = {
    shown: await keep(0),
    ended: await keep(0, { expiresAt: new Date(5) }),
    now: await keep(0, { expiresAt: new Date(20 * aMinute) }),
    left: await keep(0),
  }
  await markOpened(at(1), ids.shown, alice)
  const left = async () => (await state.bot.db.select({ id: secrets.id }).from(secrets)).map(({ id }) => id).sort()
  await deleteExpired(at(5))
  expect(await left()).toEqual(Object.values(ids).sort())
  await deleteExpired(at(6))
  expect(await left()).toEqual([ids.shown, ids.now, ids.left].sort())
  await deleteExpired(at(10 * aMinute + 1))
  expect(await left()).toEqual([ids.shown, ids.now, ids.left].sort())
  await deleteExpired(at(10 * aMinute + 2))
  expect(await left()).toEqual([ids.now, ids.left].sort())
})

test('done is for its person alone, of its workspace, and deletes that one', async () => {
  const [id, other] = [await keep(0), await keep(0)]
  for (const person of [bea, { ...alice, team: 'T0OTHER' }, { ...bea, id: 'U0EVE' }])
    await expect(done(state.bot, id, person)).rejects.toMatchObject({ code: 'denied' })
  await done(state.bot, id, alice)
  await done(state.bot, id, bea)
  expect(await state.bot.db.select({ id: secrets.id }).from(secrets)).toEqual([{ id: other }])
})

// Keys

const older = 'a setting of thirty-two letters or more'
const newer = 'a newer setting of thirty-two letters'

test('everything that an older key has sealed is sealed anew, and what no key opens is counted', async () => {
  const { bot } = state
  const ring = await secretsKey({ setting: `${newer},${older}` })
  const gone = await secretsKey({ setting: 'a key that is gone, of thirty-two letters' })
  await keep(0)
  await seal({ ...bot, keys: gone }, bot.db, { person: alice, what, credentials: { token } })
  await seal({ ...bot, keys: ring }, bot.db, { person: alice, what, credentials: { token } })
  const before = await bot.db.select().from(secrets)
  const rotating = { ...bot, keys: ring }
  expect(await rotateKeys(rotating)).toEqual({ resealed: 1, lost: 1 })
  const rows = await bot.db.select().from(secrets)
  expect(rows.map(({ keyId }) => keyId).sort()).toEqual([ring.id, ring.id, gone.id].sort())
  for (const row of rows) {
    const was = before.find(({ id }) => id === row.id)
    if (was?.keyId !== bot.keys.id) expect(row).toEqual(was)
    else expect((await reveal({ ...rotating, clock: () => 0 }, row.id, alice)).credentials.token?.reveal()).toBe('canary')
  }
})

const reply = (id: string, result: unknown) => ({ id, result })
test('an offer to request is sealed anew with all that is around it; what is not sealed stays', async () => {
  const { bot } = state
  const ring = await secretsKey({ setting: `${newer},${older}` })
  const columns = Object.keys(replies)
  expect(columns).toEqual(expect.arrayContaining(['id', 'person', 'team', 'result']))
  const box = (keys: typeof ring, id: string): Sealed => sealed(keys, ['input', id, alice.id, alice.team], '{"token":"canary"}')
  const rows = [
    reply('old', { more: 1, box: { id: 'r1', other: 2, sealed: box(bot.keys, 'r1') } }),
    reply('new', { box: { id: 'r2', sealed: box(ring, 'r2') } }),
    reply('plain', { result: 1 }),
    reply('odd', { box: { sealed: { keyId: 'x' } } }),
    reply('lost', { box: { id: 'r3', sealed: box(bot.keys, 'other') } }),
  ]
  for (const { id, result } of rows)
    await bot.db.insert(replies).values({
      id,
      result,
      person: alice.id,
      team: alice.team,
      operation: 'repo show',
      input: {},
      createdAt: new Date(0),
      expiresAt: new Date(1),
    } as never) // the columns that this release asks for
  await bot.db.delete(requests)
  expect(await rotateKeys({ ...bot, keys: ring })).toEqual({ resealed: 1, lost: 1 })
  const after = new Map(
    (await bot.db.select().from(replies)).map(({ id, result }) => [id, result as { more: number; box: { other: number; sealed: Sealed } }]),
  ) // as above
  const kept = after.get('old')
  expect(kept).toMatchObject({ more: 1, box: { id: 'r1', other: 2, sealed: { keyId: ring.id } } })
  expect(opened(ring, ['input', 'r1', alice.id, alice.team], kept?.box.sealed as Sealed)).toBe('{"token":"canary"}') // it is there
  for (const { id, result } of rows.slice(1)) expect(after.get(id)).toEqual(result)
  await bot.db.delete(replies)
})

test('the audit says how many entries each key has sealed', async () => {
  const { bot } = state
  const row = { reference: 'r', phase: 'started', person: alice, operation: 'repo create', input: {} } as const
  const other = await secretsKey({ setting: newer })
  expect(await keysOfAudit(bot.db)).toEqual(new Map())
  for (const keys of [bot.keys, other, bot.keys]) {
    await audit(bot, bot.db, row)
    await sealAudit({ ...bot, keys })
  }
  await audit(bot, bot.db, row)
  expect(await keysOfAudit(bot.db)).toEqual(
    new Map([
      [bot.keys.id, 2],
      [other.id, 1],
    ]),
  )
  expect(await bot.db.$count(auditTable, eq(auditTable.person, alice.id))).toBe(4)
})

// People behind the bot

const noon = Date.parse('2026-11-10T12:00:00Z')
const slack = 5_000
let turn = 0
/** A command that ran, a day of its own for each test. */
async function ran(from: number, until: number | undefined, input: Record<string, unknown>, name = 'bea') {
  turn += 1
  const reference = `ran${turn}`
  const row = { reference, person: { ...bea, name }, operation: 'x', input }
  await audit(at(from), state.bot.db, { ...row, phase: 'started' })
  if (until !== undefined) await audit(at(until), state.bot.db, { ...row, phase: 'finished' })
}
const line = (time: number | undefined, more: Partial<LogEntry> = {}): LogEntry => ({
  ...{
    kind: 'x',
    at: time === undefined ? undefined : new Date(time).toISOString(),
    ip: undefined,
    performer: { name: 'quaymaster', kind: 'user' as const },
  },
  ...{ namespace: 'acme', repository: 'acme/web', details: {} },
  ...more,
})
const pageOf = (...entries: LogEntry[]): LogPage => ({ entries, next: 'n', from: undefined, to: undefined, peek: true })
async function behind(entries: LogEntry[], account: string | undefined = 'quaymaster') {
  const quay = { capabilities: { account } }
  const page = pageOf(...entries)
  const found = await withPeople({ ...state.bot, quay } as unknown as typeof state.bot, page) // nothing else is asked
  expect({ ...found, entries: [] }).toEqual({ ...page, entries: [] })
  expect(found.entries.map(({ performer, ...rest }) => ({ ...rest, name: performer?.name }))).toEqual(
    entries.map(({ performer, ...rest }) => ({ ...rest, name: performer?.name })),
  )
  return found.entries.map(({ performer }) => performer?.behalf)
}

test.each<[string, number, Record<string, unknown>, Partial<LogEntry>, string | undefined]>([
  ['while it ran', 5, { repository: 'acme/web' }, {}, 'bea'],
  ['as early as clocks differ', -slack, { repository: 'acme/web' }, {}, 'bea'],
  ['earlier than that', -slack - 1, { repository: 'acme/web' }, {}, undefined],
  ['as late', 10 + slack, { repository: 'acme/web' }, {}, 'bea'],
  ['later', 11 + slack, { repository: 'acme/web' }, {}, undefined],
  ['another repository', 5, { repository: 'acme/api' }, {}, undefined],
  ['one of a list', 5, { repositories: ['acme/api', 'acme/web'] }, {}, 'bea'],
  ['the namespace alone, of a line about a repository', 5, { namespace: 'acme' }, {}, undefined],
  ['the namespace, of a line about no repository', 5, { namespace: 'acme' }, { repository: undefined }, 'bea'],
  ['something in the namespace', 5, { repository: 'acme/web' }, { repository: undefined }, 'bea'],
  ['a robot of the namespace', 5, { robot: 'acme+ci' }, { repository: undefined }, 'bea'],
  ['another namespace', 5, { namespace: 'labs' }, { repository: undefined }, undefined],
  ['nothing of Quay', 5, { namespace: 'acme' }, { repository: undefined, namespace: undefined }, undefined],
  ['no text', 5, { keep: 5, force: true }, {}, undefined],
  ['somebody else', 5, { repository: 'acme/web' }, { performer: { name: 'carl', kind: 'user' } }, undefined],
  ['nobody', 5, { repository: 'acme/web' }, { performer: undefined }, undefined],
])('a line about %s', async (_, time, input, more, expected) => {
  turn += 1
  const start = noon + turn * 86_400_000
  await ran(start, start + 10, input)
  expect(await behind([line(start + time, more)])).toEqual([expected])
})

test('a command whose end was never written counts for a minute; two that fit are none; what only read is none', async () => {
  const start = noon - 50 * 86_400_000
  await ran(start, undefined, { repository: 'acme/web' })
  expect(await behind([line(start + aMinute + slack), line(start + aMinute + slack + 1)])).toEqual(['bea', undefined])
  await ran(start + 1, start + 2, { repository: 'acme/web' }, 'carl')
  expect(await behind([line(start + 1), line(start + aMinute)])).toEqual([undefined, 'bea'])
  const read = noon - 60 * 86_400_000
  await audit(at(read), state.bot.db, {
    reference: 'read',
    phase: 'finished',
    person: bea,
    operation: 'x',
    input: { repository: 'acme/web' },
  })
  expect(await behind([line(read)])).toEqual([undefined])
})

test('lines without a time, and a bot whose account is not known, have nobody behind them', async () => {
  const start = noon - 70 * 86_400_000
  await ran(start, start + 1, { repository: 'acme/web' })
  expect(await behind([line(undefined), line(start)])).toEqual([undefined, 'bea'])
  const quay = { capabilities: {} }
  const nameless = await withPeople(
    { ...state.bot, quay } as unknown as typeof state.bot,
    pageOf(line(start), line(start, { performer: undefined })),
  ) // nothing else is asked
  expect(nameless.entries.map(({ performer }) => performer?.behalf)).toEqual([undefined, undefined])
})

// Archives

test.each<[string, boolean]>([
  ...[
    '1.0.0.0',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
  ].map((one): [string, boolean] => [one, true]),
  ...[
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.0.3.0',
    '192.88.98.255',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
  ].map((one): [string, boolean] => [one, true]),
  ...['198.51.99.255', '203.0.112.255', '203.0.114.0', '223.255.255.255'].map((one): [string, boolean] => [one, true]),
  ...[
    '0.255.255.255',
    '10.255.255.255',
    '100.127.255.255',
    '127.255.255.255',
    '169.254.0.0',
    '172.16.0.0',
    '192.0.0.255',
    '192.0.2.255',
  ].map((one): [string, boolean] => [one, false]),
  ...['192.88.99.0', '192.168.255.255', '198.18.0.0', '198.19.255.255', '198.51.100.0', '203.0.113.255', '224.0.0.0', '240.0.0.0'].map(
    (one): [string, boolean] => [one, false],
  ),
  ...['2000::1', '2001:200::1', '2003::1', '3ffe::1', '2001:4860:4860::8888', '::ffff:8.8.8.8'].map((one): [string, boolean] => [
    one,
    true,
  ]),
  ...[
    '1fff::1',
    '4000::1',
    '2001::1',
    '2001:1ff::1',
    '2001:db8:ffff::1',
    '2002::1',
    '3fff::1',
    '3fff:fff::1',
    'fc00::1',
    '::ffff:127.0.0.1',
  ].map((one): [string, boolean] => [one, false]),
])('%s is public: %s', (address, expected) => expect(isPublic(address)).toBe(expected))

const archive = (address: string, addresses: string[] | Error, hosts: string[] = [], isProxied = false) =>
  checkArchive(
    { archives: { hosts } },
    address,
    async () => {
      if (addresses instanceof Error) throw addresses
      return addresses
    },
    isProxied,
  )

test.each<[string, string, string[] | Error, string[], boolean, string | RegExp | undefined]>([
  ['a public host', 'https://a.example/x.tgz', ['8.8.8.8'], [], false, undefined],
  ['a public host over http', 'http://a.example/x.tgz', ['8.8.8.8'], [], false, undefined],
  ['a public host behind a proxy', 'https://a.example/x.tgz', ['8.8.8.8'], [], true, undefined],
  ['one with a private address beside it', 'https://a.example/x.tgz', ['8.8.8.8', '10.0.0.1'], [], false, /in a private network/],
  ['a private host that is allowed', 'https://a.example/x.tgz', ['10.0.0.1'], ['a.example'], false, undefined],
  ['an address that is allowed', 'https://10.0.0.1/x.tgz', [], ['10.0.0.1'], false, undefined],
  ['a dot behind the name', 'https://a.example./x.tgz', new Error('not asked'), ['a.example'], false, undefined],
  ['a pattern in capitals', 'https://a.example/x.tgz', new Error('not asked'), ['*.EXAMPLE'], false, undefined],
  ['a name that is not asked about', 'https://a.example/x.tgz', new Error('away'), [], false, /^away$/],
  ['one of which the proxy alone knows', 'https://a.example/x.tgz', new Error('away'), [], true, /from behind its proxy/],
  ['nowhere', 'https://a.example/x.tgz', [], [], false, /not found/],
  ['a user in the URL', 'https://bea@a.example/x.tgz', ['8.8.8.8'], [], false, /must not contain a password/],
  ['a password in the URL', 'https://:x@a.example/x.tgz', ['8.8.8.8'], [], false, /must not contain a password/],
  ['another scheme', 'xhttp://a.example/x.tgz', ['8.8.8.8'], [], false, /must begin with http/],
  ['another scheme that begins so', 'httpsx://a.example/x.tgz', ['8.8.8.8'], [], false, /must begin with http/],
  ['no URL', 'a.example/x.tgz', ['8.8.8.8'], ['*'], false, /must begin with http/],
  ['an IPv6 address', 'https://[2606:2800:21f::1]/x.tgz', ['8.8.8.8'], [], false, /Use a host name/],
])('an archive from %s', async (_, address, addresses, hosts, isProxied, message) => {
  const checked = archive(address, addresses, hosts, isProxied)
  if (message === undefined) expect(await checked).toBeUndefined()
  else await expect(checked).rejects.toThrow(message)
})

test('a name that cannot be is not found, and this machine is private', async () => {
  const policy = { archives: { hosts: [] } }
  // No name service is asked about an empty label.
  await expect(checkArchive(policy, 'https://x..example/x.tgz')).rejects.toMatchObject({ sentence: { message: 'Host {host} not found.' } })
  await expect(checkArchive(policy, 'https://localhost/x.tgz')).rejects.toMatchObject({
    sentence: { message: expect.stringContaining('private network') },
  })
})
