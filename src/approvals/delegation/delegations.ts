import { and, asc, eq, gt, inArray, isNull, or } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { delegations } from '../../db/schema.ts'
import type { Person } from '../../security/identity.ts'

export type Delegation = typeof delegations.$inferSelect

/** It ends by the clock, whether or not the sweep has already said so. */
export function isInForce({ clock }: Pick<Bot, 'clock'>) {
  return and(isNull(delegations.endedAt), gt(delegations.endsAt, new Date(clock())))
}

/** The delegations to a person that are in force, the oldest first. */
export function delegationsTo(
  bot: Pick<Bot, 'db' | 'clock'>,
  { id, one = id, team }: Pick<Person, 'id' | 'one' | 'team'>,
): Promise<Delegation[]> {
  return bot.db
    .select()
    .from(delegations)
    .where(and(eq(delegations.team, team), inArray(delegations.delegate, [id, one]), isInForce(bot)))
    .orderBy(asc(delegations.createdAt), asc(delegations.id))
}

/** What the person has handed over and what was handed to them. */
export function delegationsOf(bot: Pick<Bot, 'db' | 'clock'>, { id, one = id, team }: Person): Promise<Delegation[]> {
  const isTheirs = or(inArray(delegations.delegator, [id, one]), inArray(delegations.delegate, [id, one]))
  return bot.db
    .select()
    .from(delegations)
    .where(and(eq(delegations.team, team), isTheirs, isInForce(bot)))
    .orderBy(asc(delegations.endsAt), asc(delegations.id))
}

/** The Slack users to whom these people have handed their approvals. */
export async function delegatesOf(bot: Pick<Bot, 'db' | 'clock'>, people: string[]): Promise<string[]> {
  if (people.length === 0) return []
  const found = await bot.db
    .select({ delegate: delegations.delegate })
    .from(delegations)
    .where(and(inArray(delegations.delegator, people), isInForce(bot)))
  return found.map(({ delegate }) => delegate)
}

/** The pairs of these accounts of which one has handed their approvals to the other: each pair counts as one approver. */
export async function pairsAmong(bot: Pick<Bot, 'clock'>, db: Db, accounts: string[]): Promise<[string, string][]> {
  if (accounts.length < 2) return []
  const found = await db
    .select({ delegator: delegations.delegatorAccount, delegate: delegations.delegateAccount })
    .from(delegations)
    .where(and(inArray(delegations.delegatorAccount, accounts), inArray(delegations.delegateAccount, accounts), isInForce(bot)))
  return found.map(({ delegator, delegate }) => [delegator, delegate])
}
