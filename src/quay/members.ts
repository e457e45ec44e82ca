import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { call, done, find } from './http.ts'
import { findOrganization, type Organization, type TeamRole, teamRoles } from './organizations.ts'
import type { Quay } from './registry.ts'
import { hidden } from './sight.ts'
import { readsEverything, type User } from './users.ts'
import { isOneOf, type Word } from './word.ts'

/** Somebody in a team of an organisation. */
export interface Member {
  name: string
  kind: 'user' | 'robot'
  teams: string[]
  /** Repositories of the organisation, without its name, that the member has a permission of their own on. */
  repositories: string[]
}

const member = z
  .object({
    name: z.string(),
    kind: z.string(),
    teams: z.array(z.object({ name: z.string() })),
    repositories: z.array(z.string()).default([]),
  })
  .transform(({ name, teams, repositories }): Member => {
    // Quay calls robots users too.
    return { name, kind: name.includes('+') ? 'robot' : 'user', teams: teams.map((team) => team.name), repositories }
  })

const path = '/organization/{orgname}/members/{membername}'

/** Everybody in any team, in one call. Not found: no such organisation. */
export async function listMembers(quay: Quay, organization: string): Promise<Member[]> {
  const response = z.object({ members: z.array(member) })
  const { members } = await call(quay, {
    method: 'GET',
    path: '/organization/{orgname}/members',
    params: { orgname: organization },
    response,
    whole: true,
  })
  return members
}

/** Undefined for who is in no team. Denied: without full access, in an organization that the bot does not administer. */
export async function findMember(quay: Quay, organization: string, account: string): Promise<Member | undefined> {
  try {
    return await find(quay, { path, params: { orgname: organization, membername: account }, response: member })
  } catch (error) {
    // Some releases refuse superusers a single member and list all, anew here because it tells a permission (docs/quay.md, Releases §1a: 3.9, 3.10.0 to 3.10.6).
    if (!isDenied(error) || !quay.capabilities.superusersFullAccess) throw error
    return (await membersIfAny({ ...quay, lists: undefined }, organization)).find(({ name }) => name === account)
  }
}

/** A user's namespace has none. */
async function membersIfAny(quay: Quay, organization: string) {
  try {
    return await listMembers(quay, organization)
  } catch (error) {
    if (error instanceof Failure && error.code === 'not_found') return []
    throw error
  }
}

function isDenied(error: unknown): error is Failure {
  return error instanceof Failure && error.code === 'denied'
}

/** Repositories of the organisation, without its name, that somebody who is in no team of it has a permission of their own on. */
export async function listCollaborations(quay: Quay, organization: string, account: string): Promise<string[]> {
  const response = z.object({ collaborators: z.array(z.object({ name: z.string(), repositories: z.array(z.string()) })) })
  const found = await find(quay, { path: '/organization/{orgname}/collaborators', params: { orgname: organization }, response })
  return found?.collaborators.find(({ name }) => name === account)?.repositories ?? []
}

/** Takes the account out of all teams and permissions of the organisation. Quay says nothing when it had none. */
export async function removeMember(quay: Quay, organization: string, account: string): Promise<void> {
  await call(quay, { method: 'DELETE', path, params: { orgname: organization, membername: account }, assume: undefined, response: done })
}

/** The organization as the bot sees it, and the account in it. `member`: undefined for who is in no team. */
export interface Membership {
  organization: Organization | undefined
  member: Member | undefined
}

/** Two calls, however many teams there are. Denied: Quay does not show the bot who is in the organization. */
export async function findMembership(quay: Quay, organization: string, account: string): Promise<Membership> {
  const asked = findMember(quay, organization, account).catch((error: unknown) => {
    if (isDenied(error)) return error
    throw error
  })
  const [found, member] = await Promise.all([findOrganization(quay, organization), asked])
  if (member instanceof Failure) throw hidden(quay, organization, found, member)
  return { organization: found, member }
}

/**
 * The teams of the organization that the account is in, with their roles. Denied: Quay does not show the bot which, or not their
 * roles; that somebody is in none is certain.
 */
export async function findTeams(quay: Quay, organization: string, account: string): Promise<{ team: string; role: Word<TeamRole> }[]> {
  const { organization: found, member } = await findMembership(quay, organization, account)
  if (found && !found.teams && member && member.teams.length > 0) throw hidden(quay, organization, found)
  return (found?.teams ?? []).flatMap(({ name, role }) => (member?.teams.includes(name) ? [{ team: name, role }] : []))
}

export interface Sight {
  /** All of it, what its members see, or only that there is one. */
  sees: 'all' | 'inside' | 'nothing'
  /** The teams that the account is in. */
  teams: string[]
}

/** How much of an organization Quay shows an account, as far as Quay shows the bot who that is: see `findTeams`. Two calls. */
export async function sightOf(
  quay: Quay,
  { account, user }: { account: string | undefined; user: User | undefined },
  organization: string,
): Promise<Sight> {
  if (account === undefined || !user?.enabled) return { sees: 'nothing', teams: [] }
  const seesAll = readsEverything(quay, user) || organization === account
  const teams = await findTeams(quay, organization, account).catch((error: unknown) => {
    // Then it is not for their teams that they see it.
    if (seesAll && isDenied(error)) return []
    throw error
  })
  const names = teams.map(({ team }) => team)
  if (seesAll || teams.some(({ role }) => role === 'admin')) return { sees: 'all', teams: names }
  return { sees: teams.some(({ role }) => isOneOf(teamRoles, role)) ? 'inside' : 'nothing', teams: names }
}
