import { eq } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { hooks } from '../db/schema.ts'

/** Quay's ids of the notifications that subscriptions have made for a repository. */
export async function ownNotifications({ db }: Pick<Bot, 'db'>, repository: string): Promise<Set<string>> {
  const rows = await db.select({ id: hooks.notification }).from(hooks).where(eq(hooks.object, repository))
  return new Set(rows.flatMap(({ id }) => id ?? []))
}
