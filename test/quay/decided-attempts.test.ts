import { describe, expect, test } from 'vitest'
import { isLasting, isOutage, jsonOf, mapError, wordsOf } from '../../src/quay/refusal.ts'
import { type Attempt, defaults, type Limits, repeated } from '../../src/quay/retry.ts'

const answered = (status: number, text = '', retryAfter?: string): Attempt => ({ status, bytes: Buffer.from(text), retryAfter })
const limits: Limits = { ...defaults, call: 100, pauses: [3, 5] }

/** Makes these attempts, each of which takes so many milliseconds: what came of it, and what was left to each. */
async function tried(answers: [answer: Attempt, took: number][], within: Partial<Limits> = {}) {
  const lefts: number[] = []
  const answer = await repeated({ ...limits, ...within }, async (left) => {
    const [answer, took] = answers[lefts.length] ?? [answered(200), 0]
    lefts.push(left)
    return { answer, took }
  })
  return { lefts, came: 'failed' in answer ? answer.failed : answer.status }
}

describe('a call is repeated', () => {
  test.each<[string, Attempt, boolean]>([
    ['a good answer', answered(200), false],
    ['a refusal', answered(400), false],
    ['an error inside Quay', answered(500), false],
    ['what is not implemented', answered(501), false],
    ['too many calls', answered(429), true],
    ['a bad gateway', answered(502), true],
    ['away', answered(503), true],
    ['a gateway that waited', answered(504), true],
    ['a version of HTTP', answered(505), false],
    ['a registry that is read-only', answered(503, '{"message":"System is currently read-only."}'), false],
    ['a full queue', answered(429, '{"message":"Maximum queued build rate exceeded."}'), false],
    ['a connection that was cut', { failed: 'cut' }, true],
    ['a certificate that somebody has to mend', { failed: 'bad', problem: { message: 'bad', values: {} } }, false],
  ])('after %s: %#', async (_, answer, again) => {
    const { lefts, came } = await tried([[answer, 0]])
    expect(lefts).toHaveLength(again ? 2 : 1)
    if (again) expect(came).toBe(200)
  })

  test('three times at most, and the last answer counts', async () => {
    const away = answered(503)
    expect(
      (
        await tried([
          [away, 1],
          [away, 1],
          [answered(502), 1],
        ])
      ).came,
    ).toBe(502)
  })

  test('each attempt has what the attempts and pauses before it have left', async () => {
    const away = answered(503)
    expect(
      (
        await tried([
          [away, 20],
          [away, 30],
        ])
      ).lefts,
    ).toEqual([100, 77, 42])
  })

  test('not when the pause would take all that is left', async () => {
    expect((await tried([[answered(503), 97]])).lefts).toEqual([100])
    expect((await tried([[answered(503), 96]])).lefts).toEqual([100, 1])
  })

  test.each([
    ['in seconds', '1', 5_000, 4_000],
    ['in seconds that exceed the call', '6', 5_000, undefined],
    ['in no seconds', '0', 5_000, 4_997],
    ['as a date that is over', 'Wed, 21 Oct 2015 07:28:00 GMT', 5_000, 4_997],
    ['as a date far ahead', 'Wed, 21 Oct 2099 07:28:00 GMT', 5_000, undefined],
    ['as nonsense', 'soon', 5_000, 4_997],
  ])('after the pause that Quay asks for %s', async (_, retryAfter, call, left) => {
    const { lefts } = await tried([[answered(429, '', retryAfter), 0]], { call })
    expect(lefts).toEqual([call, ...(left === undefined ? [] : [left])])
  })
})

describe('what an answer means', () => {
  test.each([
    [428, false],
    [429, true],
    [430, false],
    [500, false],
    [501, false],
    [502, true],
    [503, true],
    [504, true],
    [505, false],
  ])('%i is an outage: %s', (status, is) => expect(isOutage(status)).toBe(is))

  test.each([
    ['System is currently read-only. Pulls will succeed but all write operations are currently suspended.', true],
    ['Repository is in read only mode', true],
    ['Maximum queued build rate exceeded.', true],
    ['The maximum queued build rate', false],
    ['Too many requests', false],
    [undefined, false],
  ])('%s lasts: %s', (words, is) => expect(isLasting(words)).toBe(is))

  const said = (detail: string) => JSON.stringify({ detail })
  test.each<[method: string, path: string, status: number, text: string, code: string, passes: boolean]>([
    ['GET', '/messages', 401, said('x'), 'unavailable', false],
    ['GET', '/user/', 401, said('x'), 'denied', false],
    ['POST', '/messages', 403, said('CSRF token was invalid or missing.'), 'unavailable', false],
    ['POST', '/messages', 403, said('no CSRF'), 'denied', false],
    ['GET', '/messages', 404, said('Not Found'), 'not_found', false],
    ['GET', '/messages', 404, '<html>', 'conflict', false],
    ['GET', '/messages', 405, said('x'), 'conflict', false],
    ['POST', '/messages', 409, said('x'), 'conflict', false],
    ['GET', '/messages', 410, said('x'), 'conflict', false],
    ['POST', '/messages', 418, said('x'), 'invalid', false],
    ['POST', '/messages', 429, said('slow down'), 'unavailable', true],
    ['POST', '/messages', 429, said('Maximum queued build rate exceeded'), 'conflict', false],
    ['POST', '/messages', 503, said('read-only'), 'conflict', false],
    ['POST', '/messages', 503, '<html>', 'unavailable', true],
    ['POST', '/messages', 500, said('read-only'), 'conflict', false],
    ['POST', '/messages', 499, '<html>', 'conflict', false],
    ['POST', '/messages', 400, said('Name is not available'), 'conflict', false],
    ['POST', '/messages', 400, said('Cannot delete it'), 'conflict', false],
    ['POST', '/messages', 400, said('Could not find it'), 'not_found', false],
    ['POST', '/messages', 400, said('Unknown thing'), 'not_found', false],
    ['POST', '/messages', 400, said('An unknown thing'), 'invalid', false],
  ])('%s %s %i %s: %s', (method, path, status, text, code, passes) => {
    expect(mapError(method, path, status, text, [])).toMatchObject({ code })
    expect(mapError(method, path, status, text, []).passes).toBe(passes)
  })

  test.each([
    ['{"detail":"one","error":"two","message":"three"}', 'one'],
    ['{"error":"two","message":"three"}', 'two'],
    ['{"message":"three\\nand more"}', 'three'],
    ['{"message":{"a":"four","b":"five"}}', 'four five'],
    ['{"message":7}', undefined],
    ['{}', undefined],
    ['null', undefined],
    ['<html>', undefined],
    ['', undefined],
  ])('the words of %s', (text, words) => expect(wordsOf(text)).toBe(words))

  test.each<[string, unknown]>([
    ['{"a":1}', { a: 1 }],
    ['"a\\u0000b"', 'a\ufffdb'],
    ['"\\u0041"', 'A'],
    ['null', null],
    ['', undefined],
    ['<html>', undefined],
  ])('%j is %j', (text, value) => expect(jsonOf(text)).toEqual(value))
})
