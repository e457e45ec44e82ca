import { eq } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { canonical } from '../../core/canonical-json.ts'
import { Failure } from '../../core/failure.ts'
import { followers } from '../../db/schema.ts'
import type { Person } from '../../security/identity.ts'
import { findRequest, openStates, type Request, redraw } from '../request.ts'

/**
 * Tells the person how the request of somebody else ends, whose card says so. Only for somebody who wanted exactly the same.
 * Throws `denied` for others, `conflict` once it has ended.
 */
export async function followRequest(bot: Bot, id: string, person: Person, wanted: Pick<Request, 'operation' | 'input'>): Promise<Request> {
  const request = await findRequest(bot.db, id)
  if (request.operation !== wanted.operation || canonical(request.input) !== canonical(wanted.input))
    throw new Failure('denied', 'You can only follow a request for the same thing.')
  if (!openStates.includes(request.state)) throw new Failure('conflict', 'This request has ended. Request it yourself.')
  await bot.db.transaction(async (tx) => {
    const row = { request: id, person: person.one ?? person.id, name: person.name, at: new Date(bot.clock()) }
    await tx.insert(followers).values(row).onConflictDoNothing()
    await redraw(bot, tx, id)
  })
  return request
}

/** Slack ids of who wants to hear how the request ends. */
export async function followersOf({ db }: Pick<Bot, 'db'>, id: string): Promise<string[]> {
  const found = await db.select({ person: followers.person }).from(followers).where(eq(followers.request, id))
  return found.map(({ person }) => person)
}
