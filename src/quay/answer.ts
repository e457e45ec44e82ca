import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { credentialsIn } from './credentials.ts'
import type { Quay } from './http.ts'
import { jsonOf, refusal, tokenRefused, unavailable } from './refusal.ts'
import type { Attempt } from './retry.ts'

interface Asked<Schema extends z.ZodType> {
  method: string
  path: string
  body?: object | undefined
  response: Schema
}

/** A good answer as its schema reads it. Throws a Failure for every other, and an error of ours for a redirect. */
export function answerOf<Schema extends z.ZodType>(quay: Quay, answer: Attempt, { method, path, body, response }: Asked<Schema>) {
  if ('failed' in answer) throw unavailable(answer)
  const { status } = answer
  const text = answer.bytes.toString()
  // A wrong template: Quay redirects an address that lacks its slash, and nobody follows with the token.
  if (status === 308) throw new Error(`Quay redirects ${method} ${path}.`)
  if (status >= 300) throw noticed(quay, refusal(method, path, status, text, [quay.token, ...credentialsIn(body)]))
  const parsed = response.safeParse(valueIn(status, text))
  // Not the text: it may hold a credential. The schema tells where it differs, not what stands there.
  if (!parsed.success) throw unavailable({ status, text: z.prettifyError(parsed.error) })
  // Quay answers a bad token like no token, with 200, wherever everybody may read.
  if (method !== 'GET' || path.startsWith('/superuser/')) quay.tokenAccepted.value = true
  return parsed.data
}

function noticed(quay: Quay, failure: Failure) {
  if (failure.cause === tokenRefused) quay.tokenAccepted.value = false
  return failure
}

/** What a good answer says; undefined for the empty bodies of 204s. */
function valueIn(status: number, text: string) {
  if (text === '') return undefined
  const value = jsonOf(text)
  // Recorded: repo-changevisibility-missing.
  if (value === null) throw new Failure('not_found', 'Quay has nothing of that name.', {}, { cause: { status, text } })
  // A page instead of JSON is not Quay's, whatever its status says.
  if (value === undefined) throw unavailable({ status, text: 'no JSON' })
  return value
}
