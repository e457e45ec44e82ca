import { type Fields, textOf } from './json.ts'
import { refuse } from './refusal.ts'

/** One page of a list; the cursor is opaque and empty at the end (docs/slack.md §6). */
export function page<T>(all: T[], given: Fields): { items: T[]; response_metadata: { next_cursor: string } } {
  const limit = given.limit === undefined ? 100 : Number(given.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw refuse('invalid_limit')
  const from = offset(textOf(given.cursor))
  const next = from + limit
  return { items: all.slice(from, next), response_metadata: { next_cursor: next < all.length ? encode(next) : '' } }
}

function encode(offset: number) {
  return Buffer.from(`next:${offset}`).toString('base64')
}

function offset(cursor: string) {
  if (cursor === '') return 0
  const found = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1]
  if (!found) throw refuse('invalid_cursor')
  return Number(found)
}
