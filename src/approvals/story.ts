import { and, asc, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { comments, followers, requests } from '../db/schema.ts'
import { openStates, type Request, type Vote, votesOn } from './request.ts'

/** What people did about a request, which its drawings show. */
export interface Story {
  votes: Vote[]
  /** The last ones, the oldest first. */
  comments: Pick<typeof comments.$inferSelect, 'name' | 'by' | 'said'>[]
  followers: { name: string }[]
  /** Other open requests for the same. `known`: the two requesters were shown to each other. */
  same: { id: string; name: string; known: boolean }[]
}

const commentsShown = 6
const sameShown = 3

/** What happened to a request so far: votes, comments, followers, and the same request of others. */
export async function storyOf({ db }: Pick<Bot, 'db'>, request: Request): Promise<Story> {
  const { id } = request
  const [votes, said, following, same] = await Promise.all([
    votesOn(db, id),
    db
      .select({ name: comments.name, by: comments.by, said: comments.said })
      .from(comments)
      .where(eq(comments.request, id))
      .orderBy(desc(comments.id))
      .limit(commentsShown),
    db.select({ name: followers.name }).from(followers).where(eq(followers.request, id)).orderBy(asc(followers.at)),
    request.state === 'pending' ? sameRequests({ db }, request) : [],
  ])
  const known = request.about.same ?? []
  return {
    votes,
    comments: said.toReversed(),
    followers: following,
    same: same.map(({ id: other, name, about }) => ({ id: other, name, known: known.includes(other) || (about.same ?? []).includes(id) })),
  }
}

type Wanted = Pick<Request, 'id' | 'team' | 'operation' | 'input' | 'requester'>

/** Open requests of other people for the same command with the same input. */
export function sameRequests({ db }: Pick<Bot, 'db'>, { id, team, operation, input, requester }: Wanted): Promise<Request[]> {
  return db
    .select()
    .from(requests)
    .where(
      and(
        eq(requests.team, team),
        inArray(requests.state, openStates),
        eq(requests.operation, operation),
        sql`${requests.input} = ${JSON.stringify(input)}::jsonb`,
        ne(requests.id, id),
        ne(requests.requester, requester),
      ),
    )
    .orderBy(asc(requests.createdAt))
    .limit(sameShown)
}
