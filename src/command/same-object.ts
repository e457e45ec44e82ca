import { and, eq, gt, inArray, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { audit } from '../db/schema.ts'
import { dayOf } from '../quay/dates.ts'
import { listRepositoryLogs } from '../quay/logs.ts'
import { findPermission } from '../quay/permissions.ts'
import type { Quay } from '../quay/registry.ts'
import { findTeamMembers } from '../quay/teams.ts'
import type { Begun, Run } from './command.ts'

// Whether the remaining steps of a plan still concern the object of the plan (docs/SECURITY.md rule 28). A name proves nothing:
// the object may have been deleted, and another may have been created under the same name.

/** Checks that the repository is the one that the plan created: the bot is still its admin until the last step, and the audit log has no later one of that name. Throws `conflict`. */
export async function checkOwnRepository({ bot, quay }: Run<unknown>, repository: string, begun: Begun): Promise<void> {
  const { account } = quay.capabilities
  const isOurs =
    !(await wasRecreated(bot, ['repo create', 'mirror create', 'repo delete'], { repository }, begun)) &&
    (account === undefined
      ? !(await createdSince(quay, repository, begun.at))
      : (await findPermission(quay, repository, { kind: 'user', name: account })) === 'admin')
  if (isOurs) return
  throw new Failure(
    'conflict',
    '{repository} is not the repository that this command created. It was deleted, taken over or replaced. The remaining steps were not run.',
    { repository },
  )
}

/** Checks that the organization is the one that the plan created: the bot is still an owner until the last step, and the audit log has no later one. Throws `conflict`. */
export async function checkOwnOrganization({ bot, quay }: Run<unknown>, organization: string, begun: Begun): Promise<void> {
  const { account } = quay.capabilities
  const [recreated, owners] = await Promise.all([
    wasRecreated(bot, ['org create', 'org delete'], { name: organization, organization }, begun),
    findTeamMembers(quay, { organization, team: 'owners' }),
  ])
  if (!recreated && account !== undefined && owners?.members.some(({ name }) => name === account)) return
  throw new Failure(
    'conflict',
    '{organization} is not the organization that this command created. It was deleted, taken over or replaced. The remaining steps were not run.',
    { organization },
  )
}

/** Whether the audit log has a later success of one of these commands for an object of that name. */
async function wasRecreated(
  { db }: Pick<Bot, 'db'>,
  operations: string[],
  names: Record<string, string>,
  { at, references, request }: Begun,
) {
  const named = Object.entries(names).map(([field, name]): SQL => sql`${audit.input} ->> ${field} = ${name}`)
  const count = await db.$count(
    audit,
    and(
      inArray(audit.operation, operations),
      eq(audit.phase, 'finished'),
      gt(audit.at, new Date(at)),
      or(...named),
      notInArray(audit.reference, references),
      request === undefined ? undefined : sql`${audit.request} is distinct from ${request}`,
    ),
  )
  return count > 0
}

const pagesRead = 5

/**
 * Whether Quay's usage log records a creation of the repository since then, at the log's resolution of seconds.
 * True also if the log is too long to read to its end, because then nothing is known.
 */
async function createdSince(quay: Quay, repository: string, since: number): Promise<boolean> {
  let next: string | undefined
  for (let read = 0; read < pagesRead; read += 1) {
    const page = await listRepositoryLogs(quay, repository, { from: dayOf(since), next })
    if (page.entries.some(({ kind, at }) => kind === 'create_repo' && Date.parse(at ?? '') > since)) return true
    if (page.next === undefined || page.entries.length === 0) return false
    next = page.next
  }
  return true
}
