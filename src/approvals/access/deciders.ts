import { and, eq } from 'drizzle-orm'
import type { Run } from '../../command/command.ts'
import type { Decided } from '../../db/access-tables.ts'
import { requests, votes } from '../../db/schema.ts'

/** Who decided on what runs: the approvers of the request, or who typed it. */
export async function decidersOf({ bot, person, reference }: Pick<Run<unknown>, 'bot' | 'person' | 'reference'>): Promise<Decided[]> {
  const approved = await bot.db
    .select({ person: votes.person, name: votes.name, account: votes.account })
    .from(votes)
    .innerJoin(requests, eq(requests.id, votes.request))
    .where(and(eq(requests.reference, reference ?? ''), eq(votes.decision, 'approved')))
  return approved.length > 0 ? approved : [{ person: person.id, name: person.name, account: person.account ?? null }]
}
