import { Failure } from '../../core/failure.ts'
import { dayOf } from '../../quay/dates.ts'
import { refreshCapabilities } from '../../quay/facts.ts'
import { type LogEntry, type LogPage, listNamespaceLogs, listRepositoryLogs } from '../../quay/logs.ts'
import { namespaceOf } from '../../quay/names.ts'
import { granteeOf } from '../../quay/permissions.ts'
import type { Quay } from '../../quay/registry.ts'
import type { Hold } from './hold.ts'
import { teamOfTarget } from './target.ts'

/** Who else changed it: an account, nobody, or nobody can tell. `anew`: the object was made since. */
export type Meddler = { who: string } | { who: undefined; anew?: true } | 'unreadable'

// Quay shows 20 entries on a page; a busy repository fills many in a few hours.
const pagesAtMost = 25
// Quay writes whole seconds.
const tolerance = 2_000

const kinds: Record<Hold['kind'], string[]> = {
  repository: ['change_repo_permission', 'delete_repo_permission'],
  team: ['org_add_team_member', 'org_remove_team_member'],
}

/**
 * Looks in Quay's usage logs for somebody who changed what a grantee has since it was given. What the bot did does not count, nor
 * what who benefits did themself (docs/SECURITY.md rule 41). Throws `unavailable` while Quay does not answer.
 */
export async function findMeddler(quay: Quay, hold: Hold, now: number): Promise<Meddler> {
  const since = hold.since?.getTime() ?? now
  // Not yet known, because Quay was away at the start, is another matter than a token that may not say.
  if (quay.capabilities.unread.includes('account')) await refreshCapabilities(quay)
  const own = quay.capabilities.account
  if (own === undefined && quay.capabilities.unread.includes('account'))
    throw new Failure('unavailable', 'Quaymaster does not know its own Quay user yet.')
  if (own === undefined) return 'unreadable'
  try {
    let next: string | undefined
    for (let page = 0; page < pagesAtMost; page += 1) {
      const read = await pageOf(quay, hold, { from: dayOf(since), to: dayOf(now), next })
      for (const entry of read.entries) {
        const at = Date.parse(entry.at ?? '')
        if (at < since - tolerance) return { who: undefined }
        if (isCreation(hold, entry) && at > since + tolerance) return { who: undefined, anew: true }
        const performer = entry.performer?.name ?? 'nobody'
        if (concerns(hold, entry) && performer !== own && performer !== hold.grantee) return { who: performer }
      }
      next = read.next
      if (next === undefined || read.entries.length === 0) return { who: undefined }
    }
    return 'unreadable'
  } catch (error) {
    if (error instanceof Failure && error.code !== 'unavailable') return 'unreadable'
    throw error
  }
}

function pageOf(quay: Quay, { kind, object }: Hold, window: { from: string; to: string; next: string | undefined }): Promise<LogPage> {
  return kind === 'repository' ? listRepositoryLogs(quay, object, window) : listNamespaceLogs(quay, namespaceOf(object), window)
}

function isCreation({ kind, object }: Hold, { kind: what, details }: LogEntry) {
  return kind === 'repository' ? what === 'create_repo' : what === 'org_create_team' && details.team === teamOfTarget({ object }).team
}

function concerns({ kind, object, grantee }: Hold, { kind: what, details }: LogEntry) {
  if (!kinds[kind].includes(what)) return false
  if (kind === 'team') return details.team === teamOfTarget({ object }).team && details.member === grantee
  const { kind: type, name } = granteeOf(grantee)
  return type === 'team' ? details.team === name : details.username === name
}
