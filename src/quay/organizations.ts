import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { shownEmail } from './email.ts'
import { call, done, find } from './http.ts'
import type { Page } from './pages.ts'
import type { Quay } from './registry.ts'
import { type Word, word } from './word.ts'

export const teamRoles = ['member', 'creator', 'admin'] as const
export type TeamRole = (typeof teamRoles)[number]

/** A team as its organisation lists it. */
export interface Team {
  name: string
  role: Word<TeamRole>
  description: string
  members: number
  repositories: number
  /** Whether a directory decides who is in it. */
  synced: boolean
}

export interface Organization {
  name: string
  url: string
  email: string | undefined
  /** Undefined: Quay keeps them from the bot (before 3.16, and where superusers have no full access), which is not none: `teamsOf`. */
  teams: Team[] | undefined
  /** Whether Quay takes the bot, by its account's teams and its token's scopes together, for one of its admins. */
  isAdmin: boolean
  /** Seconds that deleted tags are kept. */
  tagExpiration: number | undefined
  /** Bytes: what the organisation has, and what it may have (undefined: no quota). */
  size: number | undefined
  quota: number | undefined
}

const team = z.object({
  name: z.string(),
  role: word<TeamRole>(),
  description: z.string().nullish(),
  member_count: z.number().default(0),
  repo_count: z.number().default(0),
  is_synced: z.boolean().default(false),
})

const report = z.object({ quota_bytes: z.number().nullish(), configured_quota: z.number().nullish() }).nullish()

const organization = z.object({
  name: z.string(),
  email: shownEmail,
  teams: z.record(z.string(), team).optional(),
  is_admin: z.boolean().default(false),
  tag_expiration_s: z.number().nullish(),
  quota_report: report,
})

const path = '/organization/{orgname}'

function organizationOf(quay: Quay, read: z.output<typeof organization>): Organization {
  return {
    name: read.name,
    url: new URL(`/organization/${read.name}`, quay.url).href,
    email: read.email,
    teams: read.teams && Object.values(read.teams).map(teamOf),
    isAdmin: read.is_admin,
    tagExpiration: read.tag_expiration_s ?? undefined,
    size: read.quota_report?.quota_bytes ?? undefined,
    quota: read.quota_report?.configured_quota ?? undefined,
  }
}

function teamOf({ name, role, description, member_count, repo_count, is_synced }: z.output<typeof team>): Team {
  return { name, role, description: description ?? '', members: member_count, repositories: repo_count, synced: is_synced }
}

/** The organisation with its teams; undefined when there is none, also for the namespace of a user. */
export async function findOrganization(quay: Quay, name: string): Promise<Organization | undefined> {
  const found = await find(quay, { path, params: { orgname: name }, response: organization })
  return found && organizationOf(quay, found)
}

/** The organisation, which has to be there. Not found: it is not. */
export async function readOrganization(quay: Quay, organization: string): Promise<Organization> {
  const found = await findOrganization(quay, organization)
  if (!found) throw new Failure('not_found', 'Organization {organization} not found.', { organization })
  return found
}

export type ListedOrganization = Pick<Organization, 'name' | 'url' | 'email' | 'size' | 'quota'>

/** A page of all organisations. `limit`: 1 to 100 (Quay pages only when asked to). */
export async function listOrganizations(
  quay: Quay,
  { limit = 20, next }: { limit?: number | undefined; next?: string | undefined } = {},
): Promise<Page<'organizations', ListedOrganization>> {
  const response = z.object({ organizations: z.array(organization), next_page: z.string().optional() })
  const answer = await call(quay, { method: 'GET', path: '/superuser/organizations/', query: { limit, next_page: next }, response })
  const organizations = answer.organizations.map((one) => {
    const { name, url, email, size, quota } = organizationOf(quay, one)
    return { name, url, email, size, quota }
  })
  return { organizations, next: answer.next_page }
}

/**
 * Creates an organisation, whose only owner is then the bot's account: put somebody into `owners`, then `removeMember` the bot.
 * Conflict: the name is taken. Denied: the token lacks user:admin.
 */
export async function createOrganization(quay: Quay, { name, email }: { name: string; email?: string | undefined }): Promise<void> {
  const body = { name, ...(email !== undefined && { email }) }
  await call(quay, { method: 'POST', path: '/organization/', body, assume: undefined, response: done })
}

/**
 * Deletes the organization with its repositories. For superusers, and where the bot administers neither it nor everything, by the
 * superusers' own address, which needs no full access. Not found: there is none.
 */
export async function deleteOrganization(quay: Quay, name: string, { asSuperuser = false } = {}): Promise<void> {
  if (asSuperuser || (!quay.capabilities.superusersFullAccess && !(await findOrganization(quay, name))?.isAdmin)) {
    const template = '/superuser/organizations/{name}'
    await call(quay, { method: 'DELETE', path: template, params: { name }, assume: undefined, response: done })
    return
  }
  await call(quay, { method: 'DELETE', path, params: { orgname: name }, assume: undefined, response: done })
}
