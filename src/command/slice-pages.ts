import { z } from 'zod'
import type { Paged } from './command.ts'

const place = z.object({ token: z.string().optional(), offset: z.number().int().nonnegative() })

interface Slicing<Entry> {
  /** `page` of the run; absent on the first page. */
  page: string | undefined
  /** Entries on one page of ours. */
  size: number
  /** One page of Quay's, by its token; without a token the first, or the whole list where Quay does not page. */
  fetch(token: string | undefined): Promise<Paged<Entry>>
}

/** Cuts what Quay gives by the hundred, or all at once, into pages that fit into a message. */
export async function slice<Entry>({ page, size, fetch }: Slicing<Entry>): Promise<Paged<Entry>> {
  const { token, offset } = page === undefined ? { token: undefined, offset: 0 } : place.parse(JSON.parse(page))
  const { entries, next } = await fetch(token)
  const shown = entries.slice(offset, offset + size)
  if (offset + size < entries.length) return { entries: shown, next: JSON.stringify({ token, offset: offset + size }) }
  return { entries: shown, next: next === undefined ? undefined : JSON.stringify({ token: next, offset: 0 }) }
}
