import type { Call } from './call.ts'

// Page tokens are opaque and live two days; a bad or expired one is silently page 1 (docs/quay.md, Paging).
// They carry only a position, so that the token of one log endpoint is taken by another, as in Quay.
const prefix = 'gAAAAAB'
const lifetime = 2 * 24 * 3600 * 1000

export function pageToken(call: Call, position: number) {
  return prefix + Buffer.from(JSON.stringify([position, call.world.now()])).toString('base64url')
}

export function positionOf(call: Call): number {
  const token = call.query.get('next_page')
  if (!token?.startsWith(prefix)) return 0
  try {
    const [position, made] = JSON.parse(Buffer.from(token.slice(prefix.length), 'base64url').toString()) as unknown[] // whatever else it is cannot be taken apart, and throws
    return typeof position === 'number' && typeof made === 'number' && call.world.now() - made <= lifetime ? position : 0
  } catch {
    return 0
  }
}

/** One page of a list in a fixed order; `next_page` is absent on the last one. */
export function page<Item>(call: Call, items: Item[], size: number): { items: Item[]; more: { next_page?: string } } {
  const start = positionOf(call)
  const end = start + size
  return { items: items.slice(start, end), more: end < items.length ? { next_page: pageToken(call, end) } : {} }
}
