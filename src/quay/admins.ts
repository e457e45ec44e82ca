import { Failure } from '../core/failure.ts'
import { findMember, listMembers, type Member } from './members.ts'
import { listOrganizations, readOrganization, type Team } from './organizations.ts'
import type { Quay } from './registry.ts'
import { teamsOf } from './sight.ts'
import { findUser } from './users.ts'

// Quay's own guards look at the caller, and the bot is a superuser who walks past them: they are repeated here for people.

/** Somebody in teams of role admin. */
export interface Admin {
  account: string
  teams: string[]
}

/** The people who administer the organization: no robots, and never the bot. Denied: Quay does not show the bot its teams. */
export async function listAdmins(quay: Quay, organization: string): Promise<Admin[]> {
  const [found, members] = await Promise.all([readOrganization(quay, organization), listMembers(quay, organization)])
  return adminsAmong(teamsOf(quay, found), members).filter(({ account }) => account !== quay.capabilities.account)
}

/** The people among the members who are in teams of role admin: no robots. */
export function adminsAmong(teams: Pick<Team, 'name' | 'role'>[], members: Member[]): Admin[] {
  const admin = new Set(teams.flatMap(({ name, role }) => (role === 'admin' ? [name] : [])))
  return members
    .filter(({ kind }) => kind === 'user')
    .map(({ name, teams: own }) => ({ account: name, teams: own.filter((team) => admin.has(team)) }))
    .filter(({ teams: own }) => own.length > 0)
}

/** What a change takes: whether this membership in an admin team ends. */
type Ends = (account: string, team: string) => boolean

/**
 * Refuses what would leave the organization without an admin, or would take `person` out of the only team that makes them one, which
 * Quay lets nobody do to themselves. Throws `conflict`.
 */
export async function keepAnAdmin(quay: Quay, organization: string, person: string | undefined, ends: Ends): Promise<void> {
  const admins = await listAdmins(quay, organization)
  const left = admins.filter(({ account, teams }) => teams.some((team) => !ends(account, team)))
  if (left.length === admins.length) return
  if (!(await isAnyEnabled(quay, left)))
    throw new Failure('conflict', '{organization} would have no admin. Make someone else an admin first.', {
      organization,
    })
  const own = admins.find(({ account }) => account === person)
  if (own && own.teams.length === 1 && !left.includes(own))
    throw new Failure(
      'conflict',
      'You are an admin of {organization} only through the team {team}, and Quay does not allow you to remove yourself. Another admin can do it.',
      { team: own.teams[0] ?? '', organization },
    )
}

/** A disabled account administers nothing. */
async function isAnyEnabled(quay: Quay, admins: Admin[]) {
  for (const { account } of admins) if ((await findUser(quay, account))?.enabled) return true
  return false
}

// One call each: beyond that nobody would wait for the answer.
const organizationsRead = 40

export interface OnlyAdministered {
  organizations: string[]
  /** There are others, which were not looked at. */
  more: boolean
  /** Those of which Quay does not show the bot who administers them. */
  hidden: string[]
}

/** The organizations that nobody else administers. */
export async function listOnlyAdministered(quay: Quay, account: string): Promise<OnlyAdministered> {
  const { organizations, next } = await listOrganizations(quay, { limit: organizationsRead })
  const found = await Promise.all(organizations.map(({ name }) => orHidden(isOnlyAdmin(quay, name, account))))
  const named = (answer: boolean | 'hidden') => organizations.flatMap(({ name }, index) => (found[index] === answer ? [name] : []))
  return { organizations: named(true), more: next !== undefined, hidden: named('hidden') }
}

async function orHidden(asked: Promise<boolean>) {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Failure && error.code === 'denied') return 'hidden' as const
    throw error
  }
}

async function isOnlyAdmin(quay: Quay, organization: string, account: string) {
  // Most people are in few organizations: one call tells.
  if (!(await findMember(quay, organization, account))) return false
  const admins = await listAdmins(quay, organization)
  if (!admins.some((one) => one.account === account)) return false
  return !(await isAnyEnabled(
    quay,
    admins.filter((one) => one.account !== account),
  ))
}
