import type { Fields } from './json.ts'

/** Slack's answer to a refused call. */
export interface Refusal extends Error {
  answer: Fields
}

/** An answer `{ok: false, error}`; thrown by a method, sent by web-api.ts. */
export function refuse(error: string, more: Fields = {}): Refusal {
  return Object.assign(new Error(error), { answer: { ok: false, error, ...more } })
}

/** invalid_arguments with its messages, in the words of the newer methods (docs/slack.md §1.6). */
export function invalidArguments(...messages: string[]): Refusal {
  return refuse('invalid_arguments', { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } })
}

export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'answer' in error
}

/** An action that is impossible in Slack. It is not sent to the bot: the object is missing, or the client forbids the action. */
export interface Impossible extends Error {
  impossible: 'missing' | 'forbidden'
}

/** The button, view or channel does not exist. */
export function impossible(sentence: string): Impossible {
  return Object.assign(new Error(sentence), { impossible: 'missing' as const })
}

/** It exists, but Slack's client does not allow the action to this person. */
export function forbidden(sentence: string): Impossible {
  return Object.assign(new Error(sentence), { impossible: 'forbidden' as const })
}

export function isImpossible(error: unknown): error is Impossible {
  return error instanceof Error && 'impossible' in error
}
