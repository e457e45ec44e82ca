import { and, eq, sql } from 'drizzle-orm'
import type { Command } from '../command/command.ts'
import { changedFields, differing, holdsStill, stored } from '../command/facts.ts'
import type { AnyRun } from '../command/run-with-retry.ts'
import { type Bot, enqueue } from '../context.ts'
import { canonical } from '../core/canonical-json.ts'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import { requests, votes } from '../db/schema.ts'
import { audit } from '../security/audit-log.ts'
import { type Request, requesterOf, revisionOf, rowOf } from './request.ts'

/**
 * What Quay had when a request was rendered: the data of its preview, its facts, or why neither could be read. Release 0.1.0
 * stored only previews, so its requests have no `facts`; later ones do, even if only `{}`.
 */
export interface RequestFacts {
  seen?: unknown
  facts?: Record<string, unknown>
  problem?: Sentence
}

/**
 * Reads from Quay what the request concerns. A person without the permission must not learn whether it exists, so an error
 * of Quay becomes a fact for the approvers (docs/SECURITY.md rule 22).
 */
export async function readFacts({ preview, changes }: Command, run: AnyRun, mayNotKnow: boolean): Promise<RequestFacts | null> {
  const declared = changes?.facts
  const read = typeof declared === 'function' ? declared : undefined
  if (!preview && !read) return null
  try {
    const [seen, facts] = await Promise.all([preview?.read(run), read?.(run)])
    return {
      ...(preview && { seen: JSON.parse(JSON.stringify(seen ?? null)) }),
      facts: stored(facts ?? {}),
    }
  } catch (error) {
    if (mayNotKnow && error instanceof Failure && error.code !== 'unavailable') return { problem: error.sentence, facts: {} }
    throw error
  }
}

/** The present facts with a note for the card if they differ from the rendered ones; otherwise undefined. */
export function changeOf(request: Request, facts: RequestFacts | null) {
  if (canonical(facts) === canonical(request.facts)) return undefined
  // jsonb holds what readFacts wrote
  const before = (request.facts ?? {}) as RequestFacts
  if (before.facts === undefined) return changeSinceFirstRelease(request, before, facts)
  const names = [...differing(before.seen, facts?.seen), ...differing(before.facts, facts?.facts)]
  return { facts, revision: revisionOf({ ...request, facts }), note: changedNote(names), shows: 'changes' as const }
}

function changedNote(names: string[]): Sentence {
  return {
    message: 'Changed since: {changed}. Review it again. Earlier approvals no longer count.',
    values: { changed: [...new Set(names)].join(',') },
  }
}

/** Compares only what release 0.1.0 stored. A preview that it did not have must be reviewed first. */
function changeSinceFirstRelease(request: Request, { seen, problem }: RequestFacts, facts: RequestFacts | null) {
  const revision = revisionOf({ ...request, facts })
  if (seen === undefined && problem === undefined) {
    if (facts?.seen === undefined || facts.seen === null) return undefined
    const note = {
      message: 'After an update, Quaymaster shows more of this request. Review it again. Earlier approvals no longer count.',
      values: {},
    }
    return { facts, revision, note, shows: 'more' as const }
  }
  if (problem ? facts?.problem !== undefined : holdsStill(seen, facts?.seen)) return undefined
  return { facts, revision, note: changedNote(changedFields(seen, facts?.seen)), shows: 'changes' as const }
}

/** Stores, with the first approval, the facts that release 0.1.0 did not read; from then on none of them may change. */
export async function completeFacts({ db }: Pick<Bot, 'db'>, request: Request, facts: RequestFacts | null) {
  if (canonical(facts) === canonical(request.facts)) return
  const unchanged = and(eq(requests.id, request.id), eq(requests.state, 'pending'), eq(requests.revision, request.revision))
  await db.update(requests).set({ facts }).where(unchanged)
}

/** Replaces the facts and voids the approvals. Does nothing if the request has changed in the meantime. */
export async function replaceFacts(bot: Bot, request: Request, { facts, revision, note }: NonNullable<ReturnType<typeof changeOf>>) {
  await bot.db.transaction(async (tx) => {
    const [row] = await tx
      .update(requests)
      .set({ facts, revision, note, version: sql`${requests.version} + 1` })
      .where(and(eq(requests.id, request.id), eq(requests.state, 'pending'), eq(requests.revision, request.revision)))
      .returning({ id: requests.id })
    if (!row) return
    await tx.delete(votes).where(eq(votes.request, request.id))
    await audit(bot, tx, { ...rowOf(request), person: requesterOf(request), phase: 'failed', outcome: note })
    await enqueue(bot, tx, 'show-request', { id: request.id })
  })
}
