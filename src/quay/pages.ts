import { Failure } from '../core/failure.ts'

/** One page of a list. `next` is Quay's token for the page after it: sent back unchanged, never shown, absent on the last page. */
export type Page<Name extends string, Entry> = Record<Name, Entry[]> & { next: string | undefined }

// Far more than any registry has, and a bound all the same.
const most = 1000

/** Every entry of a paged list. Unavailable: the list began anew, as it does on a token that Quay does not take (any more). */
export async function listAll<Entry>(
  page: (next: string | undefined) => Promise<{ entries: Entry[]; next: string | undefined }>,
): Promise<Entry[]> {
  const found: Entry[] = []
  let first: string | undefined
  let next: string | undefined
  for (let count = 0; count < most; count++) {
    const { entries, next: after } = await page(next)
    // Quay answers page 1 to a bad token (recorded: su-users-list-badtoken): an endless loop for who does not look.
    const opening = JSON.stringify(entries[0])
    if (count > 0 && opening !== undefined && opening === first) break
    first ??= opening
    found.push(...entries)
    if (after === undefined) return found
    next = after
  }
  throw new Failure('unavailable', 'Quay could not list everything. Try again.')
}
