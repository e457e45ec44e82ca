import type { Fields } from './json.ts'

/** What Slack answers instead of doing what was asked. */
export interface Refusal extends Error {
  answer: Fields
}

/** An answer `{ok: false, error}`; thrown by a method, sent by web-api.ts. */
export function refuse(error: string, more: Fields = {}): Refusal {
  return Object.assign(new Error(error), { answer: { ok: false, error, ...more } })
}

/** invalid_arguments with its messages, as the newer methods word it (docs/slack.md §1.6). */
export function invalidArguments(...messages: string[]): Refusal {
  return refuse('invalid_arguments', { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } })
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'answer' in error
}

/** Something a person cannot do in Slack. Not an answer to the bot but to whoever plays: what is not there, or what the client forbids. */
export interface Impossible extends Error {
  impossible: 'missing' | 'forbidden'
}

/** There is no such button, view, channel. */
export function impossible(sentence: string): Impossible {
  return Object.assign(new Error(sentence), { impossible: 'missing' as const })
}

/** It is there, but Slack's client does not let this person. */
export function forbidden(sentence: string): Impossible {
  return Object.assign(new Error(sentence), { impossible: 'forbidden' as const })
}

export function isImpossible(error: unknown): error is Impossible {
  return error instanceof Error && 'impossible' in error
}
