import { randomBytes } from 'node:crypto'
import { and, desc, eq, isNotNull } from 'drizzle-orm'
import { z } from 'zod'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { replies } from '../db/schema.ts'
import type { Person } from '../security/identity.ts'

export type Reply = typeof replies.$inferSelect

interface Remembered {
  operation: string
  /** The input as given or parsed, without credentials. */
  input: Record<string, unknown>
  /** What `view` drew. */
  result?: unknown
}

/** Stores what a reply is about, for its buttons, which carry only the id. Kept for a day. */
export async function rememberReply(
  { db, clock }: Bot,
  { id: person, team }: Pick<Person, 'id' | 'team'>,
  { operation, input, result }: Remembered,
): Promise<string> {
  const id = randomBytes(16).toString('base64url')
  await db.insert(replies).values({ id, team, person, operation, input, result: result ?? null, createdAt: new Date(clock()) })
  return id
}

/** Remembers what a preview showed: pressed, it runs only while that is so. */
export function rememberPreview(bot: Bot, person: Pick<Person, 'id' | 'team'>, { facts, ...about }: Remembered & { facts: unknown }) {
  return rememberReply(bot, person, { ...about, result: { format: 2, facts } })
}

const preview = z.strictObject({ format: z.literal(2), facts: z.unknown() })

/** The facts under the red button of a preview. Release 0.1.0 remembered them bare, and knew fewer of them. */
export function confirmedIn({ result }: Reply): { facts: unknown; are: 'all' | 'some' } {
  const { data } = preview.safeParse(result)
  return data ? { facts: data.facts, are: 'all' } : { facts: result, are: 'some' }
}

const opening = z.object({ opening: z.object({ dryRun: z.boolean(), reason: z.string().optional() }) })

/** What was typed besides the input of a modal that did not open: a dry run stays one. */
export function openingIn({ result }: Reply): { dryRun: boolean; reason?: string } {
  const { data } = opening.safeParse(result)
  if (!data) return { dryRun: false }
  const { dryRun, reason } = data.opening
  return { dryRun, ...(reason !== undefined && { reason }) }
}

/** Reads what a button's reply is about. Throws `denied` for anybody but its recipient, `not_found` if it has expired. */
export async function findReply({ db }: Bot, { id: person, team }: Pick<Person, 'id' | 'team'>, id: string): Promise<Reply> {
  const [row] = await db.select().from(replies).where(eq(replies.id, id))
  if (!row) throw new Failure('not_found', 'These buttons have expired. Run the command again.')
  if (row.person !== person || row.team !== team)
    throw new Failure('denied', 'Only the person who ran this command can use its buttons. Run it yourself.')
  return row
}

/** The ids of the list that the person was shown last, with the input it was made from; of several pages the one turned to last. */
export async function lastListed({ db }: Pick<Bot, 'db'>, { id: person, team }: Pick<Person, 'id' | 'team'>, operation: string) {
  const [row] = await db
    .select()
    .from(replies)
    .where(and(eq(replies.team, team), eq(replies.person, person), eq(replies.operation, operation), isNotNull(replies.result)))
    .orderBy(desc(replies.createdAt))
    .limit(1)
  const { data } = listed.safeParse(row?.result)
  return row && data ? { input: row.input, ids: data.entries.map(({ id }) => id) } : undefined
}

const listed = z.object({ entries: z.array(z.object({ id: z.string() })) })

/** Deletes a preview, so that it is confirmed once. Returns false if it was deleted already. */
export async function takeReply({ db }: Bot, { id }: Reply): Promise<boolean> {
  const taken = await db
    .delete(replies)
    .where(and(eq(replies.id, id)))
    .returning({ id: replies.id })
  return taken.length > 0
}
