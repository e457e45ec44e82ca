import { z } from 'zod'
import type { Paged } from './command.ts'

const place = z.object({ token: z.string().optional(), offset: z.number().int().nonnegative() })

interface Slicing<Entry> {
  /** The `page` of the run; absent on the first page. */
  page: string | undefined
  /** Number of entries on one of our pages. */
  size: number
  /** Reads one page of Quay's by its token; without a token the first page, or the whole list where Quay does not paginate. */
  fetch(token: string | undefined): Promise<Paged<Entry>>
}

/** Splits Quay's pages of a hundred entries, or its whole list, into pages that fit into a Slack message. */
export async function slice<Entry>({ page, size, fetch }: Slicing<Entry>): Promise<Paged<Entry>> {
  const { token, offset } = page === undefined ? { token: undefined, offset: 0 } : place.parse(JSON.parse(page))
  const { entries, next } = await fetch(token)
  const shown = entries.slice(offset, offset + size)
  if (offset + size < entries.length) return { entries: shown, next: JSON.stringify({ token, offset: offset + size }) }
  return { entries: shown, next: next === undefined ? undefined : JSON.stringify({ token: next, offset: 0 }) }
}
