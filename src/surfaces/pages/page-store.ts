import { createHash, randomBytes } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { canonical } from '../../core/canonical-json.ts'
import { anHour } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { pages } from '../../db/schema.ts'
import type { Person } from '../../security/identity.ts'

type Reader = Pick<Person, 'id' | 'team'>
type State = Pick<Bot, 'db' | 'clock'>
type Row = typeof pages.$inferSelect

// Quay's tokens expire after two days without use; then it returns the first page.
const tokenLives = 47 * anHour

export interface Shown {
  /** The entries of the page, from which its hash is made; a list without entries has none. */
  entries: unknown[]
  /** Quay's token of the following page. It is never sent. */
  next: string | undefined
}

export interface Turn {
  operation: string
  input: Record<string, unknown>
  endpoint: string
  /** 0 is the first page. */
  index: number
  /** The `page` for `run`; undefined for the first page. */
  token: string | undefined
  /** The whole result, if it was prefetched. Permissions are checked all the same. */
  ahead: unknown
}

interface List extends Shown {
  person: Reader
  operation: string
  input: Record<string, unknown>
  /** The endpoint in Quay that the tokens belong to. */
  endpoint: string
}

/** Stores the first page of a list. Returns the id for its buttons, or undefined if there are no more pages. */
export async function rememberPage({ db, clock }: State, { person, operation, input, endpoint, entries, next }: List) {
  if (next === undefined) return undefined
  const id = randomBytes(16).toString('base64url')
  const now = new Date(clock())
  const row = { id, team: person.team, person: person.id, operation, input, endpoint, createdAt: now, usedAt: now }
  await db.insert(pages).values({ ...row, tokens: [null, next], firsts: [hashed(entries[0])], ahead: null })
  return id
}

/**
 * Returns what to show for page `index` of a list. Buttons name the page they lead to, so a double click turns once.
 * Throws `not_found` for an expired list, `denied` for another person's.
 */
export async function turnPage({ db, clock }: State, id: string, index: number, person: Reader): Promise<Turn> {
  const row = await find(db, id)
  if (row.person !== person.id || row.team !== person.team)
    throw new Failure('denied', 'Only the person who ran this command can change its pages. Run it yourself.')
  const token = row.tokens[index]
  if (token === undefined) throw forgotten()
  if (token !== null && clock() - row.createdAt.getTime() > tokenLives) throw expired()
  await db
    .update(pages)
    .set({ usedAt: new Date(clock()) })
    .where(eq(pages.id, id))
  const { operation, input, endpoint, ahead } = row
  return { operation, input, endpoint, index, token: token ?? undefined, ahead: ahead?.index === index ? ahead.result : undefined }
}

/**
 * Stores that page `index` was shown, and the token that follows. Throws if it is the wrong page: Quay answers an expired
 * token with its first page, which was shown already (docs/SECURITY.md rule 27).
 */
export async function pageTurned({ db, clock }: State, id: string, index: number, { entries, next }: Shown) {
  await db.transaction(async (tx) => {
    const [row] = await tx.select().from(pages).where(eq(pages.id, id)).for('update')
    if (!row) throw forgotten()
    if (index > 0 && wasShown(row, index, entries)) throw expired()
    const tokens = [...row.tokens.slice(0, index + 1), ...(next === undefined ? [] : [next])]
    const firsts = [...row.firsts.slice(0, index), hashed(entries[0])]
    const ahead = row.ahead?.index === index + 1 && row.tokens[index + 1] === next ? row.ahead : null
    await tx
      .update(pages)
      .set({ tokens, firsts, ahead, usedAt: new Date(clock()) })
      .where(eq(pages.id, id))
  })
}

/** For prefetching: the token of the page, or its result if it was prefetched already; neither if there is no such page. */
export async function aheadOf({ db }: Pick<Bot, 'db'>, id: string, index: number): Promise<{ token?: string; result?: unknown }> {
  const row = await find(db, id)
  if (row.ahead?.index === index) return { result: row.ahead.result }
  const token = row.tokens[index]
  return token ? { token } : {}
}

/** Stores a prefetched page, unless the list has changed since. */
export async function keepAhead({ db }: Pick<Bot, 'db'>, id: string, { index, token }: { index: number; token: string }, result: unknown) {
  const stillThere = sql`${pages.tokens} ->> ${index}::int = ${token}`
  await db
    .update(pages)
    .set({ ahead: { index, result } })
    .where(and(eq(pages.id, id), stillThere))
}

// Looks for the first entries of an earlier page anywhere on this one, because new entries may precede them.
function wasShown(row: Row, index: number, entries: unknown[]) {
  const before = new Set(row.firsts.slice(0, index))
  return entries.some((entry) => before.has(hashed(entry)))
}

function hashed(entry: unknown) {
  return entry === undefined ? null : createHash('sha256').update(canonical(entry)).digest('base64url').slice(0, 22)
}

async function find(db: Bot['db'], id: string): Promise<Row> {
  const [row] = await db.select().from(pages).where(eq(pages.id, id))
  if (!row) throw forgotten()
  return row
}

function forgotten() {
  return new Failure('not_found', 'This list has expired. Run the command again.')
}

function expired() {
  return new Failure('conflict', 'Quay no longer knows where this page begins. Run the command again to start from the first page.')
}

/** The command of a list, for a person who runs it themselves. Throws `not_found`. */
export async function findList({ db }: Pick<Bot, 'db'>, id: string) {
  const { operation, input } = await find(db, id)
  return { operation, input }
}
