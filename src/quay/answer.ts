import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { credentialsIn } from './credentials.ts'
import { jsonOf, mapError, quayAnswer, tokenRefused, unavailable, unusable } from './refusal.ts'
import type { Quay } from './registry.ts'
import type { Attempt } from './retry.ts'
import { refusalHere } from './sight.ts'

interface Asked<Schema extends z.ZodType> {
  method: string
  path: string
  params?: Record<string, string>
  body?: object | undefined
  response: Schema
}

/** A good answer as its schema reads it. Throws a Failure for every other, and an error of ours for a path that Quay mends. */
export function answerOf<Schema extends z.ZodType>(quay: Quay, answer: Attempt, { method, path, params, body, response }: Asked<Schema>) {
  if ('failed' in answer) {
    const { problem } = answer
    throw problem ? unusable(problem.message, problem.values, answer) : unavailable(answer)
  }
  const { status } = answer
  const text = answer.bytes.toString()
  if (status >= 300 && status < 400) throw redirected(quay, answer, `${method} ${path}`)
  if (status >= 300) throw noticed(quay, { path, params }, mapError(method, path, status, text, [quay.token, ...credentialsIn(body)]))
  const parsed = response.safeParse(valueIn(status, text))
  // Not the text: it may hold a credential. The schema tells where it differs, not what stands there.
  if (!parsed.success)
    throw unusable(
      'Quay’s response could not be read. An operator must check Quaymaster’s log.',
      {},
      { status, text: z.prettifyError(parsed.error) },
    )
  // Quay answers a bad token like no token, with 200, wherever everybody may read.
  if (method !== 'GET' || path.startsWith('/superuser/')) quay.tokenAccepted.value = true
  return parsed.data
}

/**
 * Nobody follows a redirect with the token. Within QUAY_URL it is a wrong template of ours: Quay redirects an address that
 * lacks its slash. To another origin, such as from http to https, it is QUAY_URL that is wrong.
 */
function redirected(quay: Quay, { status, location = '' }: Extract<Attempt, { status: number }>, what: string) {
  const origin = URL.parse(location, quay.url)?.origin ?? ''
  if (origin === quay.url) return new Error(`Quay redirects ${what}.`)
  quay.redirected.to = origin
  return unusable(
    'QUAY_URL is not Quay: it redirects to {location}. An operator must set QUAY_URL to the URL of Quay.',
    { location: origin },
    { status, redirects: origin },
  )
}

function noticed(quay: Quay, asked: Parameters<typeof refusalHere>[1], failure: Failure) {
  if (failure.cause === tokenRefused) quay.tokenAccepted.value = false
  return (quayAnswer(failure)?.words === 'Unauthorized' && refusalHere(quay, asked, failure.cause)) || failure
}

/** What a good answer says; undefined for the empty bodies of 204s. */
function valueIn(status: number, text: string) {
  if (text === '') return undefined
  const value = jsonOf(text)
  // Recorded: repo-changevisibility-missing.
  if (value === null) throw new Failure('not_found', 'Quay has nothing with that name.', {}, { cause: { status, text } })
  // A page instead of JSON is not Quay's, whatever its status says.
  if (value === undefined)
    throw unusable(
      'QUAY_URL is not Quay: it returns a page instead of data. An operator must check QUAY_URL and the proxies in front of Quay.',
      {},
      { status, text: 'no JSON' },
    )
  return value
}
