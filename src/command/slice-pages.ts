import { z } from 'zod'
import type { Paged } from './command.ts'

const place = z.object({ token: z.string().optional(), offset: z.number().int().nonnegative() })

interface Slicing<Entry> {
  /** The `page` of the run; absent on the first page. */
  page: string | undefined
  /** The most entries on one of our pages. */
  size?: number | undefined
  /** Reads one page of Quay's by its token; without a token the first page, or the whole list where Quay does not paginate. */
  fetch(token: string | undefined): Promise<Paged<Entry>>
}

/** Splits Quay's pages of a hundred entries, or its whole list, into pages that fit into a Slack message. */
export async function slice<Entry>({ page, size = 20, fetch }: Slicing<Entry>): Promise<Paged<Entry>> {
  const { token, offset } = page === undefined ? { token: undefined, offset: 0 } : place.parse(JSON.parse(page))
  const { entries, next } = await fetch(token)
  const shown = fitting(entries.slice(offset, offset + size))
  const end = offset + shown.length
  if (end < entries.length) return { entries: shown, next: JSON.stringify({ token, offset: end }) }
  return { entries: shown, next: next === undefined ? undefined : JSON.stringify({ token: next, offset: 0 }) }
}

// Slack takes 10,000 characters in the cells of a table, of which long ones are shortened.
const charactersAtMost = 8_000
const longestCell = 60

/** As many entries as fit into a message, and at least one. */
function fitting<Entry>(entries: Entry[]): Entry[] {
  let left = charactersAtMost
  const first = entries.findIndex((entry) => {
    left -= charactersOf(entry)
    return left < 0
  })
  return first < 0 ? entries : entries.slice(0, Math.max(1, first))
}

function charactersOf(value: unknown): number {
  if (typeof value === 'string') return Math.min(value.length, longestCell)
  if (typeof value !== 'object' || value === null) return 5
  return Object.values(value).reduce((sum: number, one) => sum + charactersOf(one), 0)
}
