import { z } from 'zod'
import { call, done, find } from './http.ts'
import { findOrganization, type TeamRole } from './organizations.ts'
import type { Quay } from './registry.ts'
import type { User } from './users.ts'

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
  })
  return members
}

/** Undefined for who is in no team. */
export function findMember(quay: Quay, organization: string, account: string): Promise<Member | undefined> {
  return find(quay, { path, params: { orgname: organization, membername: account }, response: member })
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

/** The teams of the organisation that the account is in, with their roles: two calls, however many teams there are. */
export async function findTeams(quay: Quay, organization: string, account: string): Promise<{ team: string; role: TeamRole }[]> {
  const [found, membership] = await Promise.all([findOrganization(quay, organization), findMember(quay, organization, account)])
  return (found?.teams ?? []).flatMap(({ name, role }) => (membership?.teams.includes(name) ? [{ team: name, role }] : []))
}

export interface Sight {
  /** All of it, what its members see, or only that there is one. */
  sees: 'all' | 'inside' | 'nothing'
  /** The teams that the account is in. */
  teams: string[]
}

/** How much of an organisation Quay shows an account: the bot's own token is shown everything. Two calls. */
export async function sightOf(
  quay: Quay,
  { account, user }: { account: string | undefined; user: User | undefined },
  organization: string,
): Promise<Sight> {
  if (account === undefined || !user?.enabled) return { sees: 'nothing', teams: [] }
  const teams = await findTeams(quay, organization, account)
  const names = teams.map(({ team }) => team)
  const seesAll = user.globalReader || (user.superuser && quay.capabilities.superusersFullAccess) || organization === account
  if (seesAll || teams.some(({ role }) => role === 'admin')) return { sees: 'all', teams: names }
  return { sees: teams.length > 0 ? 'inside' : 'nothing', teams: names }
}
