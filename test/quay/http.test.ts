import { inspect } from 'node:util'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { credential } from '../../src/core/credential.ts'
import { Failure } from '../../src/core/failure.ts'
import { call, closeQuay, done, dryRun, find, openQuay, quayAnswer, withPriority } from '../../src/quay/http.ts'
import { type Answer, startServer, token } from './start-server.ts'

const html = '<!DOCTYPE html><h1>Oops</h1>'
const read = { method: 'GET', path: '/messages', response: z.object({ ok: z.boolean() }) } as const
const change = { method: 'POST', path: '/messages', body: {}, assume: undefined, response: done } as const

function always(answer: Answer) {
  return () => answer
}

/** Fails so many times, then answers well. */
function after(times: number, answer: Answer) {
  return (_: unknown, count: number): Answer => (count <= times ? answer : { body: { ok: true } })
}

const cut: Answer = (response) => {
  response.writeHead(200, { 'content-length': 100 }).write('{"ok":')
  setTimeout(() => response.destroy(), 5)
}

test.each([
  '',
  '.',
  '..',
  'acme',
  'acme/..',
  '../acme',
  'a/../b',
  'a//b',
  'a/',
  '/a',
  'a/b?c',
  'a/b#c',
  'a/b%2Fc',
  'a/b%2e',
  'a\\b/c',
  'a/b\nc',
  'a/b\0',
  'a/\ud800',
  'acme/web/permissions/user/bea',
  'acme/web/tag',
  'acme/web/x/build',
  'mirror/health',
])('the repository %j never becomes part of an address', async (repository) => {
  const { quay, requests } = await startServer(always({ body: {} }))

  const answer = call(quay, {
    method: 'DELETE',
    path: '/repository/{repository}',
    params: { repository },
    assume: undefined,
    response: done,
  })

  await expect(answer).rejects.toMatchObject({ code: 'invalid' })
  expect(requests).toEqual([])
})

test.each(['bea/../dora', 'bea/quota', '..', '', 'bea?x=1', 'bea%2Fquota', 'bea#', 'bea\\..'])(
  'only a repository may hold a slash: no account is called %j',
  async (username) => {
    const { quay, requests } = await startServer(always({ body: {} }))

    const answer = call(quay, {
      method: 'DELETE',
      path: '/superuser/users/{username}',
      params: { username },
      assume: undefined,
      response: done,
    })

    await expect(answer).rejects.toMatchObject({ code: 'invalid' })
    expect(requests).toEqual([])
  },
)

test('names arrive as they are: robots with their plus, nested repositories, digests', async () => {
  const { quay, requests } = await startServer(always({ body: {} }))
  const path = '/repository/{repository}/permissions/user/{username}'

  await call(quay, {
    method: 'DELETE',
    path,
    params: { repository: 'acme/team/web', username: 'acme+ci' },
    assume: undefined,
    response: done,
  })

  expect(requests[0]?.path).toBe('/api/v1/repository/acme/team/web/permissions/user/acme%2Bci')
})

test('what a query holds stays in its place', async () => {
  const { quay, requests } = await startServer(always({ body: { ok: true } }))

  await call(quay, { ...read, query: { next_page: 'a&b=c#d?e+f', left_out: undefined } })

  expect(requests[0]?.query.get('next_page')).toBe('a&b=c#d?e+f')
  expect([...(requests[0]?.query.keys() ?? [])]).toEqual(['next_page'])
})

test.each<[string, Answer]>([
  ['an answer that is cut', cut],
  ['a connection that is cut', (response) => response.destroy()],
  ['a gateway that fails', { status: 502, body: html }],
  ['a registry that is busy', { status: 503, body: { message: 'Try later' } }],
  ['a limit of calls', { status: 429, body: html }],
])('reading survives %s', async (_, answer) => {
  const { quay, requests } = await startServer(after(2, answer))

  await expect(call(quay, read)).resolves.toEqual({ ok: true })

  expect(requests).toHaveLength(3)
})

test.each<[string, Answer]>([
  ['cut', (response) => response.destroy()],
  ['502', { status: 502, body: html }],
  ['429', { status: 429, body: html }],
])('a change is never sent twice: %s', async (_, answer) => {
  const { quay, requests } = await startServer(after(1, answer))

  await expect(call(quay, change)).rejects.toMatchObject({ code: 'unavailable' })

  expect(requests).toHaveLength(1)
})

test.each([
  ['a crash', { status: 500, body: html }],
  [
    'a registry that is read-only',
    { status: 503, body: { is_readonly: true, message: 'System is currently read-only. Pulls will succeed.' } },
  ],
  ['a full queue', { status: 429, body: { message: 'Maximum queued build rate exceeded.' } }],
])('%s does not pass by asking again', async (_, answer) => {
  const { quay, requests } = await startServer(always(answer))

  await expect(call(quay, read)).rejects.toBeInstanceOf(Failure)

  expect(requests).toHaveLength(1)
})

test('the pause that Quay asks for is kept, unless the call would last too long', async () => {
  const patient = await startServer(after(1, { status: 429, body: html, headers: { 'retry-after': '1' } }), { call: 5000 })
  const hurried = await startServer(after(1, { status: 429, body: html, headers: { 'retry-after': '60' } }), { call: 5000 })
  const started = performance.now()

  await expect(call(hurried.quay, read)).rejects.toMatchObject({ code: 'unavailable' })
  expect(performance.now() - started).toBeLessThan(10_000)
  await expect(call(patient.quay, read)).resolves.toEqual({ ok: true })

  expect(performance.now() - started).toBeGreaterThan(990)
})

test('a call ends in time, its repetitions included, however slowly the answer comes', async () => {
  const drip: Answer = (response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(timer))
  }
  const { quay } = await startServer(always(drip), { call: 300 })
  const started = performance.now()

  await expect(call(quay, read)).rejects.toMatchObject({ code: 'unavailable' })

  expect(performance.now() - started).toBeLessThan(5000)
})

test('an answer too long to be one of Quay’s is dropped', async () => {
  const { quay } = await startServer(always({ body: { ok: 'x'.repeat(2000) } }), { answer: 1000 })

  await expect(call(quay, read)).rejects.toMatchObject({
    code: 'unavailable',
    cause: { failed: expect.stringContaining('longer than 1000 bytes') },
  })
})

test.each([
  ['a page instead of JSON', { body: html }],
  ['another shape', { body: { ok: 'yes' } }],
  ['nothing', { status: 204 }],
])('%s with a good status is no answer', async (_, answer) => {
  const { quay } = await startServer(always(answer))

  await expect(call(quay, read)).rejects.toMatchObject({ code: 'unavailable' })
})

test('a page of a proxy is no sign that a change was made', async () => {
  const { quay } = await startServer(always({ body: html }))

  await expect(call(quay, change)).rejects.toMatchObject({ code: 'unavailable' })
})

test.each([
  { status: 204 },
  { status: 201, body: '"Created"' },
  { status: 201, body: '""' },
  { status: 201 },
  { body: {} },
  { body: { success: true } },
])('%j says that it was done', async (answer) => {
  const { quay } = await startServer(always(answer))

  await expect(call(quay, change)).resolves.toBeUndefined()
})

test('null with 200 is Quay’s word for what does not exist', async () => {
  const { quay } = await startServer(always({ body: 'null\n' }))

  await expect(call(quay, change)).rejects.toMatchObject({ code: 'not_found' })
  await expect(find(quay, { path: '/messages', response: z.unknown() })).resolves.toBeUndefined()
})

test('fields that a release to come adds do no harm', async () => {
  const { quay } = await startServer(always({ body: { ok: true, more: { of: ['it'] } } }))

  await expect(call(quay, read)).resolves.toEqual({ ok: true })
})

test.each([301, 302, 307])('a redirect (%i) is not followed, so that nobody else gets the token', async (status) => {
  const elsewhere = await startServer(always({ body: { ok: true } }))
  const { quay } = await startServer(always({ status, headers: { location: elsewhere.url } }))

  await expect(call(quay, read)).rejects.toMatchObject({ code: 'unavailable' })

  expect(elsewhere.requests).toEqual([])
})

test('a redirect of Quay’s own (308) is a bug of ours, and no Failure', async () => {
  const { quay } = await startServer(always({ status: 308, headers: { location: '/api/v1/messages/' } }))

  const error = await call(quay, read).catch((error: unknown) => error)

  expect(error).toBeInstanceOf(Error)
  expect(error).not.toBeInstanceOf(Failure)
})

test('a registry that cannot be reached is unavailable', async () => {
  const quay = openQuay({ url: 'http://127.0.0.1:9', token, rate: 100, limits: { pauses: [1] } })

  await expect(call(quay, read)).rejects.toMatchObject({ code: 'unavailable', cause: { failed: expect.stringContaining('ECONNREFUSED') } })
  await closeQuay(quay)
})

test.each([
  ['GET', { status: 401, body: { detail: 'Requires authentication' } }],
  ['POST', { status: 403, body: { error: 'CSRF token was invalid or missing.' } }],
] as const)('a bad token on %s turns readiness red, and a good answer turns it green again', async (method, answer) => {
  const { quay } = await startServer(after(1, answer))
  const refused = method === 'GET' ? call(quay, read) : call(quay, change)

  await expect(refused).rejects.toMatchObject({ code: 'unavailable' })
  expect(quay.tokenAccepted.value).toBe(false)
  await call(quay, read)
  // Everybody may read messages: that Quay answers them proves nothing.
  expect(quay.tokenAccepted.value).toBe(false)
  await call(withPriority(quay, { class: 'job' }), change)
  expect(quay.tokenAccepted.value).toBe(true)
})

test('what the API document lacks is not even asked for', async () => {
  const { quay, requests } = await startServer(always({ status: 204 }))
  quay.capabilities.offers = (template) => template !== '/messages'

  await expect(call(quay, change)).rejects.toMatchObject({ code: 'conflict', message: 'This registry does not offer that.' })

  expect(requests).toEqual([])
})

test('a dry run reads, and writes down what it would change', async () => {
  const { quay, requests } = await startServer(always({ body: { ok: true } }))
  const dry = dryRun(quay)
  const password = credential().parse('hunter2hunter2')

  await call(dry, read)
  const answer = await call(dry, {
    ...change,
    query: { a: 1 },
    body: { password, deep: [{ password }] },
    assume: { id: 7 },
    response: z.object({ id: z.number() }),
  })

  expect(answer).toEqual({ id: 7 })
  expect(requests.map(({ method }) => method)).toEqual(['GET'])
  expect(dry.dryRunCalls).toEqual([
    { method: 'POST', path: '/api/v1/messages?a=1', body: { password: '[credential]', deep: [{ password: '[credential]' }] } },
  ])
  expect(quay.dryRunCalls).toBeUndefined()
})

test('every attempt is counted, with its template and not its names', async () => {
  const { quay } = await startServer(after(1, { status: 502, body: html }))
  quay.observe = vi.fn()

  await call(quay, read)

  expect(vi.mocked(quay.observe).mock.calls.map(([{ method, template, status }]) => [method, template, status])).toEqual([
    ['GET', '/messages', 502],
    ['GET', '/messages', 200],
  ])
})

test('the token stands in no error, no inspection and no JSON, whatever Quay says back', async () => {
  const password = credential().parse('hunter2hunter2')
  const echo = `Bearer ${token} hunter2hunter2`
  const answers: Answer[] = [
    { status: 400, body: { detail: `${echo}\n${echo}` } },
    { status: 400, body: { detail: 'wrong', password: 'of somebody', token: 'of a robot', url: 'https://bea:secret@example.com/' } },
    { status: 500, body: echo },
    { status: 418, body: { message: { password: echo } } },
    { body: { ok: echo } },
    { body: echo },
    (response) => response.destroy(),
  ]
  for (const answer of answers) {
    const { quay } = await startServer(always(answer))
    const error = await call(quay, { ...change, body: { password }, response: z.object({ ok: z.boolean() }), assume: { ok: true } }).catch(
      (error: unknown) => error,
    )

    const shown = inspect([error, quay], { depth: 9, showHidden: true }) + JSON.stringify([error, quay.token]) + (error as Error).stack
    expect(error).toBeInstanceOf(Failure)
    for (const secret of [token, 'hunter2hunter2', 'of somebody', 'of a robot', 'bea:secret']) expect(shown).not.toContain(secret)
  }
})

test('who knows which input Quay’s words are about can tell', async () => {
  const { quay } = await startServer(always({ status: 400, body: { detail: 'Invalid Archive URL: Must be http or https\n\nmore' } }))

  const error = await call(quay, change).catch((error: unknown) => error)

  expect(quayAnswer(error)).toEqual({ status: 400, words: 'Invalid Archive URL: Must be http or https' })
  expect(error).toMatchObject({
    sentence: { message: 'Quay accepts archives only from a URL that begins with http or https.' },
  })
  expect(quayAnswer(new Failure('invalid', 'Ours.'))).toBeUndefined()
  expect(quayAnswer(new Error('unexpected error'))).toBeUndefined()
})

test('only the origin of QUAY_URL is ever asked', () => {
  expect(openQuay({ url: 'https://quay.example.com/', token, rate: 4 }).url).toBe('https://quay.example.com')
})

test('only what Quay does not have is nothing: what it refuses, and that it is away, is never taken for that', async () => {
  const asked = async (answer: Answer) => {
    const { quay } = await startServer(always(answer), { pauses: [] })
    return find(quay, { path: '/messages', response: z.unknown() }).catch((error: unknown) =>
      error instanceof Failure ? error.code : error,
    )
  }

  expect(await asked({ status: 404, body: { detail: 'Not Found' } })).toBeUndefined()
  for (const [status, code] of [
    [400, 'invalid'],
    [401, 'unavailable'],
    [403, 'denied'],
    [409, 'conflict'],
    [500, 'conflict'],
    [503, 'unavailable'],
  ] as const)
    expect(await asked({ status, body: { detail: 'Refused' } }), String(status)).toBe(code)
  expect(await asked(cut)).toBe('unavailable')
})

test('a body is sent as JSON and named so; a call without one has none', async () => {
  const { quay, requests } = await startServer(always({ body: { ok: true } }))

  await call(quay, { ...change, body: { content: 'hello', severity: 'info' } })
  await call(quay, { ...change, body: undefined })

  expect(requests.map(({ body, headers }) => [body, headers['content-type']])).toEqual([
    ['{"content":"hello","severity":"info"}', 'application/json'],
    ['', undefined],
  ])
})

test('what only a superuser may read proves the token; what everybody may read does not', async () => {
  const { quay } = await startServer(always({ body: { ok: true } }))
  quay.tokenAccepted.value = false

  await call(quay, read)
  expect(quay.tokenAccepted.value).toBe(false)
  await call(quay, { method: 'GET', path: '/superuser/logs', response: z.unknown() })
  expect(quay.tokenAccepted.value).toBe(true)
})
