import { expect, test } from 'vitest'
import { Failure } from '../../src/core/failure.ts'
import { isCrash, mapError } from '../../src/quay/refusal.ts'
import { type Recording, recordings, templateOf, textOf } from './recordings.ts'

/** The Failure of a recorded answer, as one line. */
function lineOf(recording: Recording) {
  const { method, path } = recording.request
  const failure = mapError(method, (templateOf(path) ?? '?').replace('/api/v1', ''), recording.response.status, textOf(recording), [])
  const { message, values } = failure.sentence
  return `${recording.response.status} ${failure.code}: ${message.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'slash' ? '/quay' : String(values[name])))}`
}

test('what becomes of every error that was recorded', () => {
  const lines = recordings
    .filter(({ response, request }) => response.status >= 400 && !request.path.startsWith('/api/v1/user/'))
    .map(lineOf)

  expect([...new Set(lines)].sort()).toMatchSnapshot()
})

test.each([
  ["'x' is not valid\n\nFailed validating", 'invalid'],
  ['No repository notification found for: acme, web, 1', 'not_found'],
  ['Repository already exists', 'conflict'],
])('the first line of Quay’s words is enough: %s', (detail, code) => {
  expect(mapError('POST', '/repository', 400, JSON.stringify({ detail }), [])).toMatchObject({
    code,
    cause: { words: detail.split('\n')[0] },
  })
})

test('a feature below a repository that is switched off is no mistake of the person’s', () => {
  const nested = JSON.stringify({ detail: "'description' is a required property" })

  expect(mapError('PUT', '/repository/{repository}/changestate', 400, nested, [])).toMatchObject({
    message: 'This registry does not offer that.',
  })
  expect(mapError('PUT', '/repository/{repository}', 400, nested, [])).toMatchObject({ code: 'invalid' })
  // Any other call that lacks a description is a mistake of its own.
  expect(mapError('POST', '/repository/{repository}/changestate', 400, nested, [])).toMatchObject({ code: 'invalid' })
})

test('a cause keeps no more than 500 characters', () => {
  const failure = mapError('GET', '/messages', 400, JSON.stringify({ detail: 'x '.repeat(5000) }), [])

  expect(failure).toBeInstanceOf(Failure)
  expect(JSON.stringify(failure.cause).length).toBeLessThan(1100)
})

test('only an error inside Quay is one: nothing that it refuses, and nothing that is ours', () => {
  const refused = JSON.stringify({ detail: 'Repository already exists' })

  expect(mapError('POST', '/repository', 400, refused, [])).toMatchObject({ code: 'conflict' })
  expect(isCrash(mapError('POST', '/repository', 400, refused, []))).toBe(false)
  expect(isCrash(mapError('POST', '/repository', 503, '<html>', []))).toBe(false)
  expect(isCrash(new Failure('conflict', 'Already over: {object}.', { object: 'acme/web' }))).toBe(false)
  expect(isCrash(new Error('ours'))).toBe(false)
  expect(isCrash(mapError('POST', '/repository', 500, '<html>', []))).toBe(true)
})

test('those words of any other call are a mistake in what was sent', () => {
  const words = "'description' is a required property"
  const nested = JSON.stringify({ detail: words })
  for (const [method, template, detail] of [
    ['POST', '/repository/{repository}/build/', nested],
    ['DELETE', '/repository/{repository}/tag/{tag}', nested],
    ['PUT', '/organization/{orgname}/team/{teamname}', nested],
    ['PUT', '/repository/{repository}/changestate', JSON.stringify({ detail: "'state' is a required property" })],
  ] as const)
    expect(mapError(method, template, 400, detail, []), `${method} ${template}`).toMatchObject({ code: 'invalid' })
})

test('a page of HTML is of something in front of Quay, and nothing of it is told', () => {
  const failure = mapError('GET', '/repository/{repository}', 403, '<h1>Blocked by the firewall</h1>', [])
  expect(failure).toMatchObject({
    code: 'conflict',
    message: 'Something in front of Quay refuses this ({status}). An operator must check the proxies there.',
  })
  expect(JSON.stringify(failure.sentence)).not.toContain('Blocked')
})
