import { and, desc, eq, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import type { Db } from '../db/database.ts'
import { recent } from '../db/schema.ts'
import type { Person } from '../security/identity.ts'

type Somebody = Pick<Person, 'id' | 'team'>

/** Stores what a person ran, for `/quay` alone. The input must not contain credentials. */
export async function rememberRecent(
  { clock }: Pick<Bot, 'clock'>,
  db: Db,
  { id: person, team }: Somebody,
  operation: string,
  input: Record<string, unknown>,
) {
  const last = { input, at: new Date(clock()) }
  await db
    .insert(recent)
    .values({ team, person, operation, ...last })
    .onConflictDoUpdate({ target: [recent.team, recent.person, recent.operation], set: { ...last, times: sql`${recent.times} + 1` } })
}

/** The last commands of a person, newest first. */
export function listRecent({ db }: Pick<Bot, 'db'>, { id, team }: Somebody, limit = 3) {
  const { operation, input, times, at } = recent
  return db
    .select({ operation, input, times, at })
    .from(recent)
    .where(and(eq(recent.team, team), eq(recent.person, id)))
    .orderBy(desc(recent.at))
    .limit(limit)
}

/** The most frequent commands of a person, most frequent first. */
export async function listOften({ db }: Pick<Bot, 'db'>, { id, team }: Somebody): Promise<string[]> {
  const rows = await db
    .select({ operation: recent.operation })
    .from(recent)
    .where(and(eq(recent.team, team), eq(recent.person, id)))
    .orderBy(desc(recent.times), desc(recent.at))
    .limit(20)
  return rows.map(({ operation }) => operation)
}
