import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { audit, replies } from '../../../src/db/schema.ts'
import { answerSlackbot } from '../../../src/surfaces/slackbot/door.ts'
import { sized } from '../../sized.ts'
import { startBot } from '../../start-bot.ts'
import { callBody, signedHeaders, slackbotAt } from './slackbot.ts'

const started = await startBot({ until: afterAll })
const { bot, slack } = started
const slackbot = slackbotAt(started)
const { secret, now, post, identity } = slackbot

const whoami = (id: number | string) => callBody('quay_whoami', {}, identity('U0ALICE'), id)

/** What a call leaves behind where it was accepted. */
async function traces() {
  return { audit: await bot.db.$count(audit), replies: await bot.db.$count(replies) }
}

test('a call that Slack signed just now is answered, in Socket Mode too', async () => {
  const response = await post(whoami(1))
  expect({ status: response.status, text: await response.text() }).toMatchObject({ status: 200, text: expect.stringContaining('alice') })
})

test('while the policy has mcp: off there is nothing at this path, and switching it off holds at once', async () => {
  bot.policy.mcp = { allow: 'off', commands: undefined }
  expect((await post(whoami('off'))).status).toBe(404)
  expect((await fetch(slackbot.url)).status).toBe(404)
  bot.policy.mcp = { allow: 'on', commands: undefined }
  expect((await post(whoami('on again'))).status).toBe(200)
})

test('a policy that lets in Slackbot without a signing secret is said at start and in status, and everything stays closed', async () => {
  const closed = await startBot({ environment: { SLACK_SIGNING_SECRET: '' }, policy: { mcp: { allow: 'on', commands: undefined } } })
  const said = 'The policy allows Slackbot, but Quaymaster can’t answer it: an operator must set SLACK_SIGNING_SECRET.'
  expect(closed.log()).toContain(said)
  expect((await closed.grace.types('/quay status')).text).toContain(said)
  expect((await slackbotAt(closed).post(whoami('closed'))).status).toBe(404)
})

test('the tools are listed for whoever Slack is, and to nobody without its signature', async () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  expect((await post(body)).status).toBe(200)
  expect((await post(body, { 'content-type': 'application/json', accept: 'application/json, text/event-stream' })).status).toBe(401)
  expect((await fetch(slackbot.url)).status).toBe(405)
})

test('discovery is answered where Slack names nobody in what its client says about itself', async () => {
  const told = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} }
  for (const _meta of [told, { progressToken: 1 }]) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta } })
    const era: Record<string, string> = _meta === told ? { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' } : {}
    const response = await post(body, { ...signedHeaders(secret, body, now()), ...era })
    expect({ status: response.status, text: await response.text() }).toMatchObject({
      status: 200,
      text: expect.stringContaining('quay_whoami'),
    })
  }
})

test('a method that is not offered is answered as the protocol says in each era, and a notification of it not at all', async () => {
  const asking = (id: number | undefined, method: string, _meta = {}) =>
    post(JSON.stringify({ jsonrpc: '2.0', id, method, params: { _meta } }))
  const unknown = { jsonrpc: '2.0', id: 7, error: { code: -32601, message: 'Method not found' } }
  for (const method of ['prompts/list', 'resources/read', 'subscriptions/listen', 'nothing']) {
    const earlier = await asking(7, method)
    expect({ status: earlier.status, body: await earlier.json() }).toEqual({ status: 200, body: unknown })
    const later = await asking(7, method, { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' })
    expect({ status: later.status, body: await later.json() }).toEqual({ status: 404, body: unknown })
  }
  expect((await asking(undefined, 'notifications/roots/list_changed')).status).toBe(202)
})

test('a page of another site gets no answer, even with a signature', async () => {
  const door = createServer((request, response) => void answerSlackbot(bot, request, response)).listen(0, '127.0.0.1')
  await once(door, 'listening')
  onTestFinished(() => void door.close())
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  const from = async (origin: string) => {
    const headers = { ...signedHeaders(secret, body, now()), origin, connection: 'close' }
    const { status } = await fetch(`http://127.0.0.1:${(door.address() as AddressInfo).port}/mcp/slack`, { method: 'POST', headers, body }) // it listens on a port
    return status
  }
  for (const origin of ['https://evil.example.com', 'null', 'http://localhost.evil.example.com', 'x'])
    expect([origin, await from(origin)]).toEqual([origin, 403])
  for (const origin of ['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:1'])
    expect([origin, await from(origin)]).toEqual([origin, 200])
})

test('a body of more than 256 kB is refused before it is read whole', async () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: { x: 'x'.repeat(256 * 1024) } } })
  expect((await post(body)).status).toBe(413)
  const answered = await new Promise<number | undefined>((resolve, reject) => {
    const sent = httpRequest(slackbot.url, { method: 'POST', headers: signedHeaders(secret, body, now()) }, (response) => {
      resolve(response.statusCode)
      response.resume()
    })
    sent.on('error', reject)
    // Without a length, in pieces, and never ended.
    for (let at = 0; at < body.length; at += 64 * 1024) sent.write(body.slice(at, at + 64 * 1024))
    sent.write('x')
  }).catch((error: { code?: string }) => error.code)
  expect([413, 'ECONNRESET', 'EPIPE']).toContain(answered)
})

test('the same signed call again is refused, and runs nothing', async () => {
  const body = callBody(
    'quay_prepare_repository',
    { command: 'repo description', arguments: { repository: 'acme/web', description: 'x' } },
    identity('U0ALICE'),
    'once',
  )
  const headers = signedHeaders(secret, body, now())
  expect((await post(body, headers)).status).toBe(200)
  const before = await traces()
  const again = await Promise.all(Array.from({ length: 20 }, () => post(body, headers)))
  expect(new Set(again.map(({ status }) => status))).toEqual(new Set([409]))
  expect(await traces()).toEqual(before)
})

/** A small generator of numbers, so that a failure can be run again. */
function numbers(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

type Forged = { kind: string; body: string; headers: Record<string, string> }

/** One call that Slack did not sign, not now, not so, or for nobody of here. */
function forged(index: number, next: (below: number) => number, seen: { body: string; headers: Record<string, string> }): Forged {
  const body = callBody(
    'quay_prepare_repository',
    { command: 'repo description', arguments: { repository: 'acme/web', description: `${index}` } },
    identity('U0ALICE'),
    index,
  )
  const named = (who: object | undefined) => callBody('quay_whoami', {}, who, index)
  const signed = (text: string, at: number | string = now(), by = secret) => ({ body: text, headers: signedHeaders(by, text, at) })
  const without = (name: string) => {
    const { headers } = signed(body)
    return { body, headers: Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name)) }
  }
  const withHeader = (name: string, value: string) => ({ body, headers: { ...signed(body).headers, [name]: value } })
  const late = 301 + next(100_000)
  const hex = (text: string) => createHmac('sha256', secret).update(text).digest('hex')
  const ways: Record<string, () => { body: string; headers: Record<string, string> }> = {
    unsigned: () => without('x-slack-signature'),
    'without a time': () => without('x-slack-request-timestamp'),
    'by another secret': () => signed(body, now(), randomBytes(16).toString('hex')),
    'by an empty secret': () => signed(body, now(), ''),
    stale: () => signed(body, now() - late),
    'of the future': () => signed(body, now() + late),
    'no number': () =>
      signed(body, ['abc', `${now()}.5`, `+${now()}`, `${now()} `.repeat(2), `0${now()}`, '1e9', `${now() * 1000}`, ''][next(8)]),
    'another body': () => ({ body: body.replace('acme', 'acne'), headers: signed(body).headers }),
    'a byte more': () => ({ body: `${body} `, headers: signed(body).headers }),
    'another time': () => withHeader('x-slack-request-timestamp', String(now() - 1 - next(200))),
    'cut signature': () => withHeader('x-slack-signature', `v0=${hex(`v0:${now()}:${body}`).slice(0, next(64))}`),
    'random signature': () => withHeader('x-slack-signature', `v0=${randomBytes(32).toString('hex')}`),
    'other version': () => withHeader('x-slack-signature', `v1=${hex(`v0:${now()}:${body}`)}`),
    'upper case': () => withHeader('x-slack-signature', `v0=${hex(`v0:${now()}:${body}`).toUpperCase()}`),
    replayed: () => seen,
    batched: () => signed(`[${body}]`),
    'batched twice': () => signed(`[${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })},${body}]`),
    'null team': () => signed(named({ ...identity('U0ALICE'), team_id: null })),
    'no team': () => signed(named({ user_id: 'U0ALICE' })),
    'another team': () => signed(named({ ...identity('U0ALICE'), team_id: `T0${next(1_000_000)}` })),
    'a list of teams': () => signed(named({ ...identity('U0ALICE'), team_id: [bot.slack.team] })),
    'only an enterprise': () => signed(named({ user_id: 'U0ALICE', team_id: null, enterprise_id: 'E0ACME' })),
    nobody: () => signed(named(undefined)),
    'no person': () => signed(named({ ...identity('U0ALICE'), user_id: null })),
    'another kind of id': () => signed(named({ ...identity('U0ALICE'), user_id: ['alice', 'C0GENERAL', '<@U0ALICE>', ''][next(4)] })),
    'no method': () => signed(JSON.stringify({ jsonrpc: '2.0', id: index })),
    'another method': () =>
      signed(
        JSON.stringify({ jsonrpc: '2.0', id: index, method: ['resources/read', 'completion/complete', 'subscriptions/listen'][next(3)] }),
      ),
    'a call without an answer': () => signed(JSON.stringify({ jsonrpc: '2.0', method: 'tools/call', params: JSON.parse(body).params })),
    'no message': () => signed(['null', '"x"', '7', '{', '', '[]'][next(6)] ?? ''),
  }
  const kinds = Object.keys(ways)
  const kind = kinds[index % kinds.length] ?? ''
  const { body: text, headers } = ways[kind]?.() ?? signed(body)
  return { kind, body: text, headers }
}

const forgeries = sized(100, 3_000, 10_000)

test('of thousands of forged, stale, replayed, batched and null-team calls none is accepted, and none leaves a trace', async () => {
  const body = callBody('quay_whoami', {}, identity('U0ALICE'), 'seen')
  const seen = { body, headers: signedHeaders(secret, body, now()) }
  expect((await post(body, seen.headers)).status).toBe(200)
  const before = await traces()
  const next = numbers(2026)
  const accepted: { kind: string; status: number }[] = []
  const kinds = new Map<string, number>()
  for (let from = 0; from < forgeries; from += 50) {
    const some = Array.from({ length: 50 }, (_, at) => forged(from + at, next, seen))
    const statuses = await Promise.all(
      some.map(async ({ kind, body: text, headers }) => {
        const response = await post(text, headers)
        return { kind, status: response.status, isUnknown: (await response.text()).includes('"code":-32601') }
      }),
    )
    for (const { kind, status } of statuses) kinds.set(kind, status)
    // A method that there is not is told so, with a status of the protocol's.
    accepted.push(...statuses.filter(({ status, isUnknown }) => ![400, 401, 403, 409].includes(status) && !isUnknown))
  }
  expect(accepted).toEqual([])
  expect(kinds.size).toBeGreaterThan(25)
  expect(await traces()).toEqual(before)
  expect(started.changes().filter((one) => !one.startsWith('GET'))).toEqual([])
}, 120_000)

test('on an Enterprise Grid the call must name it, and a workspace in it', async () => {
  const { enterprise } = bot.slack
  bot.slack.enterprise = 'E0GRID'
  const named = (who: object, id: string) => post(callBody('quay_whoami', {}, who, id)).then(({ status }) => status)
  expect(await named({ ...identity('U0ALICE'), enterprise_id: 'E0GRID' }, 'ours')).toBe(200)
  expect(await named({ ...identity('U0ALICE'), enterprise_id: 'E0OTHER' }, 'other')).toBe(403)
  expect(await named({ ...identity('U0ALICE') }, 'none')).toBe(403)
  expect(await named({ user_id: 'U0ALICE', team_id: null, enterprise_id: 'E0GRID' }, 'null')).toBe(403)
  bot.slack.enterprise = enterprise
})

test('the signing secret, signatures and arguments never reach the log', () => {
  expect(slack.tokens.signingSecret.length).toBeGreaterThan(10)
  expect(started.log()).not.toContain(slack.tokens.signingSecret)
  expect(started.log()).not.toMatch(/v0=[0-9a-f]{64}/)
})
