import { and, count, eq, gte } from 'drizzle-orm'
import { requiredPermissions } from '../command/authorize.ts'
import type { Bot } from '../context.ts'
import { aDay } from '../core/durations.ts'
import { type Earlier, type Held, type Peers, requests } from '../db/schema.ts'
import { listMembers } from '../quay/members.ts'
import { namespaceOf } from '../quay/names.ts'
import { findOrganization } from '../quay/organizations.ts'
import { listPermissions, repositoryRole } from '../quay/permissions.ts'
import { teamsOf } from '../quay/sight.ts'
import { effectivePermission } from '../security/permissions.ts'
import type { Asked } from './asked.ts'

const lookedBack = 90 * aDay

/** What the requester has on each object that the command needs a permission on: read for the check just before, so it costs no calls. */
export async function heldBy(bot: Bot, { person, command, input }: Asked): Promise<Held[]> {
  const objects = [...new Set(requiredPermissions(command, input).map(({ object }) => object))].slice(0, 3)
  return Promise.all(objects.map(async (object) => ({ object, permission: (await effectivePermission(bot, person, object)).permission })))
}

/** How the requester's requests of the last 90 days ended. */
export async function earlierOf({ db, clock }: Bot, { person: { id, team } }: Asked): Promise<Earlier> {
  const since = new Date(clock() - lookedBack)
  const rows = await db
    .select({ state: requests.state, count: count() })
    .from(requests)
    .where(and(eq(requests.team, team), eq(requests.requester, id), gte(requests.createdAt, since)))
    .groupBy(requests.state)
  const all = rows.reduce((sum, row) => sum + row.count, 0)
  const denied = rows.find(({ state }) => state === 'denied')?.count ?? 0
  const done = rows.find(({ state }) => state === 'succeeded')?.count ?? 0
  return { all, done, denied }
}

/**
 * How many others have what is asked for: two calls for a permission on a repository, none more for a repository in an organization,
 * whose members are read for the approvers. Only where every approver may know it. Undefined where Quay has no such number.
 */
export async function peersOf({ quay }: Bot, { command, input }: Asked, now: number): Promise<Peers | undefined> {
  const [given] = command.lasting?.(input, now).gives ?? []
  const role = repositoryRole.safeParse(given?.permission).data
  if (given && role && given.object.includes('/')) {
    const order = repositoryRole.options
    const same = (await listPermissions(quay, given.object)).filter((one) => order.indexOf(one.role as typeof role) >= order.indexOf(role)) // a role that is not known is none of them
    const of = (kind: string) => same.filter((one) => one.kind === kind).length
    return { kind: 'role', object: given.object, role, users: of('user'), teams: of('team'), robots: of('robot') }
  }
  const creates = requiredPermissions(command, input).find(({ permission }) => permission === 'create')
  if (!creates) return undefined
  const namespace = namespaceOf(creates.object)
  const organization = await findOrganization(quay, namespace)
  if (!organization) return undefined
  const able = new Set(teamsOf(quay, organization).flatMap(({ name, role: of }) => (of === 'creator' || of === 'admin' ? [name] : [])))
  const members = await listMembers(quay, namespace)
  const people = members.filter(
    ({ kind, name, teams }) => kind === 'user' && name !== quay.capabilities.account && teams.some((one) => able.has(one)),
  )
  return { kind: 'creators', namespace, users: people.length }
}
