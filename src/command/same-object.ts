import { and, eq, gt, inArray, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { audit } from '../db/schema.ts'
import { listRepositoryLogs } from '../quay/logs.ts'
import { findPermission } from '../quay/permissions.ts'
import type { Quay } from '../quay/registry.ts'
import { findTeamMembers } from '../quay/teams.ts'
import type { Begun, Run } from './command.ts'

// Whether what is left of a plan is still about what the plan was about (docs/SECURITY.md rule 28). A name proves nothing: what it
// named may have been deleted, and somebody else's may stand there now.

/** The repository that a plan made: until the last step the bot is still its admin, and the record has no other of its name. Throws `conflict`. */
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

/** The organization that a plan made: until the last step the bot is one of its owners, and the record has no other. Throws `conflict`. */
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

/** Whether the record has another success with one of these commands on an object of that name since. */
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
 * Whether Quay's usage log has the creation of the repository since then. By its seconds, which
 * is all that the log has. Of one that was too busy to read through: yes, as nobody can tell.
 */
async function createdSince(quay: Quay, repository: string, since: number): Promise<boolean> {
  let next: string | undefined
  for (let read = 0; read < pagesRead; read += 1) {
    const page = await listRepositoryLogs(quay, repository, { from: new Date(since).toISOString().slice(0, 10), next })
    if (page.entries.some(({ kind, at }) => kind === 'create_repo' && Date.parse(at ?? '') > since)) return true
    if (page.next === undefined || page.entries.length === 0) return false
    next = page.next
  }
  return true
}
