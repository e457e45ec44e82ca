import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { isoOf } from './dates.ts'
import { call, done, find } from './http.ts'
import { findTeams } from './members.ts'
import { findOrganization, type TeamRole } from './organizations.ts'
import type { RepositoryRole } from './permissions.ts'
import type { Quay } from './registry.ts'
import { teamsOf } from './sight.ts'
import { type Word, word } from './word.ts'

const path = '/organization/{orgname}/team/{teamname}'
const memberPath = '/organization/{orgname}/team/{teamname}/members/{membername}'
const syncPath = '/organization/{orgname}/team/{teamname}/syncing'

/** Which team of which organisation. */
export interface TeamName {
  organization: string
  team: string
}

const short = '[a-z0-9]+(?:[._-][a-z0-9]+)*'

/** Who may be in a team: `bea`, or the robot `acme+ci`. */
export const memberName = z
  .string()
  .max(500)
  .regex(new RegExp(`^${short}(?:\\+${short})?$`), 'Enter a user (bea) or a robot account (acme+ci)')

function paramsOf({ organization, team }: TeamName) {
  return { orgname: organization, teamname: team }
}

/**
 * Creates the team, or changes the role of the one there is: then its members have that role (`created: false`). A new one of
 * exactly this role must be proven absent first. Not found: no such organisation. Conflict: the bot would lose its own rights.
 */
export function setTeam(
  quay: Quay,
  team: TeamName,
  { role, description }: { role: TeamRole; description?: string | undefined },
): Promise<{ created: boolean }> {
  return call(quay, {
    method: 'PUT',
    path,
    params: paramsOf(team),
    body: { role, ...(description !== undefined && { description }) },
    assume: { new_team: true },
    response: z.object({ new_team: z.boolean().default(false) }).transform((read) => ({ created: read.new_team })),
  })
}

/**
 * Not found: there is none. Conflict: it is the only one that makes the bot an admin. `keepAnAdmin` comes first. Quay fails on a team
 * of role admin when its caller is in no such team of the organization: then it is made a team of members before it goes.
 */
export async function deleteTeam(quay: Quay, team: TeamName, role: Word<TeamRole> = 'member'): Promise<void> {
  const isDemoted = role === 'admin' && !(await isAdminHere(quay, team.organization))
  if (isDemoted) await setTeam(quay, team, { role: 'member' })
  try {
    await call(quay, { method: 'DELETE', path, params: paramsOf(team), assume: undefined, response: done })
  } catch (error) {
    if (isDemoted && error instanceof Failure && error.code !== 'unavailable') await setTeam(quay, team, { role: 'admin' })
    throw error
  }
}

/** Whether the bot's own account is in a team of role admin. */
async function isAdminHere(quay: Quay, organization: string) {
  const { account } = quay.capabilities
  if (account === undefined) return false
  return (await findTeams(quay, organization, account)).some(({ role }) => role === 'admin')
}

export interface TeamMember {
  /** An account, a robot, or the e-mail address of somebody invited. */
  name: string
  kind: 'user' | 'robot'
  /** Invited by mail, and not a member yet. */
  invited: boolean
}

export interface TeamMembers {
  members: TeamMember[]
  /** Present: a directory decides who is in it. `group`: the group there, for whom Quay shows it to. */
  synced: { service: string; group: string | undefined; updated: string | undefined } | undefined
  /** Present: Quay could synchronise it. `base`: what a `group_dn` is relative to, with LDAP. */
  canSync: { service: string; base: string | undefined } | undefined
}

const member = z
  .object({
    name: z.string().optional(),
    email: z.string().optional(),
    is_robot: z.boolean().default(false),
    invited: z.boolean().default(false),
  })
  .transform((read): TeamMember => ({ name: read.name ?? read.email ?? '', kind: read.is_robot ? 'robot' : 'user', invited: read.invited }))

const synced = z.object({ service: z.string(), last_updated: z.string().nullish(), config: z.record(z.string(), z.unknown()).nullish() })

const members = z
  .object({
    members: z.array(member),
    synced: synced.optional(),
    can_sync: z.object({ service: z.string(), base_dn: z.string().optional() }).optional(),
  })
  .transform(
    (read): TeamMembers => ({
      members: read.members,
      synced: read.synced && { service: read.synced.service, group: groupOf(read.synced.config), updated: isoOf(read.synced.last_updated) },
      canSync: read.can_sync && { service: read.can_sync.service, base: read.can_sync.base_dn },
    }),
  )

/** LDAP calls it `group_dn`, OIDC `group_name`, Keystone `group_id`. */
function groupOf(config: Record<string, unknown> | null | undefined) {
  const group = Object.values(config ?? {})[0]
  return typeof group === 'string' ? group : undefined
}

/** Who is in the team, whoever is invited included; undefined when there is no such team. */
export function findTeamMembers(quay: Quay, team: TeamName): Promise<TeamMembers | undefined> {
  return find(quay, {
    path: '/organization/{orgname}/team/{teamname}/members',
    params: paramsOf(team),
    query: { includePending: true },
    response: members,
    whole: true,
  })
}

/** The team with its role and who is in it. Not found: no such organisation, or no such team in it. */
export async function readTeam(
  quay: Quay,
  { organization, team }: TeamName,
): Promise<TeamMembers & { role: Word<TeamRole>; repositories: number }> {
  const [found, members] = await Promise.all([findOrganization(quay, organization), findTeamMembers(quay, { organization, team })])
  const listed = found && teamsOf(quay, found).find(({ name }) => name === team)
  if (!listed || !members) throw new Failure('not_found', '{organization} has no team {team}.', { organization, team })
  return { ...members, role: listed.role, repositories: listed.repositories }
}

/** Not found: no such team, or no such account. Conflict: a member already, or the team is synchronised. */
export async function addTeamMember(quay: Quay, team: TeamName, account: string): Promise<void> {
  await call(quay, {
    method: 'PUT',
    path: memberPath,
    params: { ...paramsOf(team), membername: account },
    assume: undefined,
    response: done,
  })
}

/** Not found: no such team or account, or no member. Conflict: the team is synchronised, or the bot's only admin team. */
export async function removeTeamMember(quay: Quay, team: TeamName, account: string): Promise<void> {
  await call(quay, {
    method: 'DELETE',
    path: memberPath,
    params: { ...paramsOf(team), membername: account },
    assume: undefined,
    response: done,
  })
}

/** The repositories that the team has a permission on. */
export async function listTeamPermissions(quay: Quay, team: TeamName): Promise<{ repository: string; role: Word<RepositoryRole> }[]> {
  const permission = z.object({ repository: z.object({ name: z.string() }), role: word<RepositoryRole>() })
  const response = z.object({ permissions: z.array(permission) })
  const { permissions } = await call(quay, {
    method: 'GET',
    path: '/organization/{orgname}/team/{teamname}/permissions',
    params: paramsOf(team),
    response,
  })
  return permissions.map((one) => ({ repository: `${team.organization}/${one.repository.name}`, role: one.role }))
}

/** A group in a directory. An LDAP group is named relative to `canSync.base`: absolute ones Quay does not find. */
export type Group = { group_dn: string } | { group_name: string } | { group_id: string }

/**
 * Lets a directory decide who is in the team; its members change at Quay's next synchronisation. Conflict: accounts do not come
 * from a directory. Not found: no such team or group. Ask `findTeamMembers` first: Quay fails on a team that is synchronised.
 */
export async function syncTeam(quay: Quay, team: TeamName, group: Group): Promise<void> {
  await call(quay, { method: 'POST', path: syncPath, params: paramsOf(team), body: group, assume: undefined, response: done })
}

/** Stops it; the members stay. Quay says nothing when the team was not synchronised. */
export async function unsyncTeam(quay: Quay, team: TeamName): Promise<void> {
  await call(quay, { method: 'DELETE', path: syncPath, params: paramsOf(team), assume: undefined, response: done })
}
