import { and, eq, inArray } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import type { Sentence } from '../../core/i18n.ts'
import { directoryLists, directoryUsers } from '../../db/directory-tables.ts'
import { accessGrants, accessHolds, links } from '../../db/schema.ts'
import { listMembers, type Member, type Sight, sightOf } from '../../quay/members.ts'
import { namespaceOf } from '../../quay/names.ts'
import { findOrganization } from '../../quay/organizations.ts'
import { listPermissions } from '../../quay/permissions.ts'
import type { Quay } from '../../quay/registry.ts'
import { readRepository } from '../../quay/repositories.ts'
import { findTeamMembers } from '../../quay/teams.ts'
import { findUser, type User } from '../../quay/users.ts'
import type { Person } from '../../security/identity.ts'
import { openStates } from './hold.ts'

export type Right = 'pull' | 'push' | 'admin' | 'create' | 'member'

/** One account or robot, as plain JSON: why it can, until when (milliseconds; undefined: without an end), and who that is in Slack. */
export interface Holder {
  account: string
  kind: 'user' | 'robot' | 'team'
  why: Sentence[]
  until?: number | undefined
  slack?: string | undefined
}

interface Reason {
  account: string
  kind: 'user' | 'robot' | 'team'
  why: Sentence
  until?: number | undefined
}

export interface Answer {
  holders: Holder[]
  /** Everybody may, because it is public. */
  everybody: boolean
  /** What Quay does not show the bot: then there may be more. */
  hidden: boolean
  /** When the accounts were read that tell who is disabled (milliseconds); undefined: not yet. */
  asOf: number | undefined
}

const enough: Record<Right, string[]> = {
  pull: ['read', 'write', 'admin'],
  push: ['write', 'admin'],
  admin: ['admin'],
  create: ['creator', 'admin'],
  member: ['member', 'creator', 'admin'],
}

/**
 * Who holds a right on a repository or in an organization: at most five calls, and one for each
 * account that the policy links. Who is disabled the directory tells, minutes old.
 */
export async function whoCan(bot: Bot, quay: Quay, person: Person, right: Right, object: string): Promise<Answer> {
  const namespace = namespaceOf(object)
  const isRepository = object !== namespace
  const [found, repository, permissions, users, temporary] = await Promise.all([
    findOrganization(quay, namespace),
    isRepository ? readRepository(quay, object) : undefined,
    isRepository ? listPermissions(quay, object) : [],
    linkedAccounts(bot, quay),
    temporaryOn(bot, object, right),
  ])
  const sight = found ? await sightOf(quay, person, namespace) : { sees: 'all' as const, teams: [] }
  const members = found ? await membersFor(quay, namespace, sight) : []
  const ends = (kind: 'repository' | 'team', on: string, grantee: string) => temporary.get(`${kind} ${on} ${grantee}`)
  const reasons: Reason[] = []
  const add = (account: string, why: Sentence, until?: number) =>
    reasons.push({ account, kind: account.includes('+') ? 'robot' : 'user', why, until })
  const addTeam = (team: string, role: string | undefined, until?: number) => {
    const why: Sentence =
      role === undefined
        ? { message: 'team {team}: admin of the organization', values: { team } }
        : { message: 'team {team}: {role}', values: { team, role } }
    // Quay shows who is in a team to those in it and to admins of the organization.
    if (sight.sees !== 'all' && !sight.teams.includes(team)) reasons.push({ account: team, kind: 'team', why, until })
    for (const { name } of inTeam(members, team)) add(name, why, earliest(until, ends('team', `${namespace}/${team}`, name)))
  }
  if (!found) add(namespace, { message: 'owner of the namespace', values: {} })
  // To somebody outside Quay shows no team of the organization but those with a permission on the repository.
  for (const { name, role } of sight.sees === 'nothing' ? [] : (found?.teams ?? [])) {
    if (isRepository ? role === 'admin' : enough[right].includes(role)) addTeam(name, isRepository ? undefined : role)
  }
  for (const { kind, name, role } of permissions) {
    if (!enough[right].includes(role)) continue
    const until = ends('repository', object, kind === 'team' ? `team:${name}` : name)
    if (kind === 'team') addTeam(name, role, until)
    else add(name, { message: '{role} permission', values: { role } }, until)
  }
  for (const { username, superuser, globalReader } of users) {
    if (sight.sees !== 'all') continue
    if (superuser && quay.capabilities.superusersFullAccess) add(username, { message: 'superuser', values: {} })
    if (globalReader && (right === 'pull' || right === 'member')) add(username, { message: 'global read-only superuser', values: {} })
  }
  const { disabled, asOf } = await disabledAmong(
    bot,
    reasons.map(({ account }) => account),
  )
  const holders = await named(bot, merged(reasons.filter(({ account }) => !disabled.has(account))))
  return {
    holders,
    everybody: right === 'pull' && repository?.visibility === 'public',
    hidden: found !== undefined && (!found.teams || sight.sees === 'nothing'),
    asOf,
  }
}

/** Everybody, for whom Quay shows that; otherwise who is in the teams that the person is in. */
async function membersFor(quay: Quay, organization: string, { sees, teams }: Sight): Promise<Pick<Member, 'name' | 'teams'>[]> {
  if (sees === 'all') return listMembers(quay, organization)
  const found = await Promise.all(teams.map(async (team) => ({ team, list: await findTeamMembers(quay, { organization, team }) })))
  return found.flatMap(({ team, list }) => (list?.members ?? []).map(({ name }) => ({ name, teams: [team] })))
}

function inTeam(members: Pick<Member, 'name' | 'teams'>[], team: string) {
  return members.filter(({ teams }) => teams.includes(team))
}

function earliest(...times: (number | undefined)[]) {
  const known = times.filter((time) => time !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}

/** One row for each account: it ends when the last of its reasons does. */
function merged(reasons: Reason[]): Holder[] {
  const all = Map.groupBy(reasons, ({ kind, account }) => `${kind} ${account}`)
  return [...all]
    .map(([, own]) => {
      const until = own.some((one) => one.until === undefined) ? undefined : Math.max(...own.map((one) => one.until ?? 0))
      return { account: own[0]?.account ?? '', kind: own[0]?.kind ?? 'user', why: own.map(({ why }) => why), until }
    })
    .toSorted((one, other) => one.kind.localeCompare(other.kind) * -1 || one.account.localeCompare(other.account))
}

/** Until when the open grants there last, by kind, object and grantee, where what is held without an end would not be enough. */
async function temporaryOn({ db }: Pick<Bot, 'db'>, object: string, right: Right) {
  const { kind, object: on, grantee, permanent } = accessHolds
  const rows = await db
    .select({ kind, on, grantee, permanent, until: accessGrants.endsAt })
    .from(accessGrants)
    .innerJoin(accessHolds, eq(accessHolds.id, accessGrants.hold))
    .where(inArray(accessGrants.state, openStates))
  const ends = new Map<string, number>()
  for (const row of rows) {
    const isHere = row.kind === 'repository' ? row.on === object : namespaceOf(row.on) === namespaceOf(object)
    if (!isHere || (row.permanent !== null && enough[right].includes(row.permanent))) continue
    const key = `${row.kind} ${row.on} ${row.grantee}`
    ends.set(key, Math.max(ends.get(key) ?? 0, row.until.getTime()))
  }
  return ends
}

const linkedAtMost = 20

/** The accounts that the policy links: only those can be superusers from Slack, and Quay has no list of superusers. */
async function linkedAccounts({ policy }: Bot, quay: Quay): Promise<User[]> {
  const accounts = [...new Set(Object.values(policy.identity.map))].slice(0, linkedAtMost)
  const found = await Promise.all(accounts.map((account) => findUser(quay, account)))
  return found.flatMap((user) => user ?? [])
}

async function disabledAmong({ db }: Bot, accounts: string[]) {
  const is = and(eq(directoryUsers.enabled, false), inArray(directoryUsers.name, accounts))
  const rows = accounts.length > 0 ? await db.select({ name: directoryUsers.name }).from(directoryUsers).where(is) : []
  const [list] = await db.select({ asOf: directoryLists.asOf }).from(directoryLists).where(eq(directoryLists.list, 'users'))
  return { disabled: new Set(rows.map(({ name }) => name)), asOf: list?.asOf?.getTime() }
}

/** With the Slack people who are linked to the accounts: one statement for all. */
async function named({ db, policy }: Bot, holders: Holder[]): Promise<Holder[]> {
  const accounts = holders.map(({ account }) => account)
  const rows = accounts.length > 0 ? await db.select().from(links).where(inArray(links.account, accounts)) : []
  const people = new Map(rows.map(({ account, slackId }) => [account, slackId]))
  for (const [id, account] of Object.entries(policy.identity.map)) people.set(account, id)
  return holders.map((holder) => ({ ...holder, slack: people.get(holder.account) }))
}
