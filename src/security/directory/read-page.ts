import { and, eq, lt, notInArray, sql } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Db } from '../../db/database.ts'
import {
  directoryLists,
  directoryMembers,
  directoryOrganizations,
  directoryRepositories,
  directoryUsers,
} from '../../db/directory-tables.ts'
import { listMembers, type Member } from '../../quay/members.ts'
import { findOrganization, listOrganizations, type Organization, type TeamRole, teamRoles } from '../../quay/organizations.ts'
import type { Quay } from '../../quay/registry.ts'
import { listRepositories } from '../../quay/repositories.ts'
import { listUsers } from '../../quay/users.ts'
import { hashOf } from './address.ts'
import { dropLists, type List, listOf } from './lists.ts'

/** A page of a list, as Quay gave it. */
export interface ReadPage {
  /** The name of its first entry. */
  first: string | undefined
  next: string | undefined
  /** Writes it down, as part of the pass. */
  store(tx: Db): Promise<void>
  /** Deletes what a whole pass has not seen. */
  sweep(tx: Db): Promise<void>
}

type Keeper = Pick<Bot, 'quay' | 'keys' | 'clock'>

/** Reads the next page of a list from Quay. Throws what the client throws. */
export function readPage(bot: Keeper, list: List): Promise<ReadPage> {
  // What changed after this moment is newer than the page.
  const seenAt = new Date(bot.clock())
  if (list.list === 'users') return users(bot, list, seenAt)
  if (list.list === 'organizations') return organizations(bot, list, seenAt)
  return contents(bot, list, seenAt)
}

const excluded = (column: string) => sql.raw(`excluded.${column}`)

async function users({ quay, keys }: Keeper, { next, pass }: List, seenAt: Date): Promise<ReadPage> {
  const { users, next: after } = await listUsers(quay, { limit: 100, next: next ?? undefined })
  const rows = users.map((one) => ({ name: one.username, address: hashOf(keys, one.email), enabled: one.enabled, pass, seenAt }))
  // A change of our own that was written after the page was asked for is newer.
  const newer = (column: 'address' | 'enabled') =>
    sql`case when ${directoryUsers.seenAt} > excluded.seen_at then ${directoryUsers[column]} else ${excluded(column)} end`
  const set = {
    pass,
    seenAt: sql`greatest(${directoryUsers.seenAt}, excluded.seen_at)`,
    address: newer('address'),
    enabled: newer('enabled'),
  }
  return {
    first: users[0]?.username,
    next: after,
    store: async (tx) => {
      if (rows.length > 0) await tx.insert(directoryUsers).values(rows).onConflictDoUpdate({ target: directoryUsers.name, set })
    },
    sweep: async (tx) => void (await tx.delete(directoryUsers).where(lt(directoryUsers.pass, pass))),
  }
}

async function organizations({ quay, clock }: Keeper, { next, pass }: List, seenAt: Date): Promise<ReadPage> {
  const { names, next: after } = await organizationNames(quay, next ?? undefined)
  return {
    first: names[0],
    next: after,
    store: async (tx) => {
      if (names.length === 0) return
      const rows = names.map((name) => ({ name, pass, seenAt }))
      await tx
        .insert(directoryOrganizations)
        .values(rows)
        .onConflictDoUpdate({ target: directoryOrganizations.name, set: { pass, seenAt } })
      const lists = names.map((name) => ({ list: listOf(name), dueAt: new Date(clock()) }))
      await tx.insert(directoryLists).values(lists).onConflictDoNothing()
    },
    sweep: async (tx) => {
      await tx.delete(directoryOrganizations).where(lt(directoryOrganizations.pass, pass))
      await sweepContents(tx)
    },
  }
}

/** Without a superuser’s token Quay lists only the organizations that the bot is in. */
async function organizationNames(quay: Quay, next: string | undefined) {
  try {
    const { organizations, next: after } = await listOrganizations(quay, { limit: 100, next })
    return { names: organizations.map(({ name }) => name), next: after }
  } catch (error) {
    if (!(error instanceof Failure) || error.passes) throw error
    return { names: quay.capabilities.organizations?.joined ?? [], next: undefined }
  }
}

/** What is in organizations goes with them. */
async function sweepContents(tx: Db) {
  const left = tx.select({ name: directoryOrganizations.name }).from(directoryOrganizations)
  await tx.delete(directoryMembers).where(notInArray(directoryMembers.organization, left))
  await tx.delete(directoryRepositories).where(notInArray(directoryRepositories.namespace, left))
  await dropLists(
    tx,
    sql`rtrim(${directoryLists.list}, '/*') not in (select ${directoryOrganizations.name} from ${directoryOrganizations})`,
  )
}

async function contents({ quay }: Keeper, { list, next, pass }: List, seenAt: Date): Promise<ReadPage> {
  const namespace = list.slice(0, -'/*'.length)
  const isFirst = next === null
  const [organization, members, page] = await Promise.all([
    isFirst ? orNothing(findOrganization(quay, namespace), undefined) : undefined,
    isFirst ? orNothing(listMembers(quay, namespace), []) : [],
    orNothing(listRepositories(quay, namespace, next ?? undefined), { repositories: [], next: undefined }),
  ])
  const rows = page.repositories.map(({ name, visibility }) => ({ name, namespace, isPublic: visibility === 'public', pass, seenAt }))
  const set = { pass, seenAt, isPublic: excluded('is_public') }
  return {
    first: rows[0]?.name,
    next: page.next,
    store: async (tx) => {
      if (isFirst) await storePeople(tx, namespace, organization, members)
      if (rows.length > 0)
        await tx.insert(directoryRepositories).values(rows).onConflictDoUpdate({ target: directoryRepositories.name, set })
    },
    sweep: async (tx) => {
      const isGone = and(eq(directoryRepositories.namespace, namespace), lt(directoryRepositories.pass, pass))
      await tx.delete(directoryRepositories).where(isGone)
    },
  }
}

async function storePeople(tx: Db, namespace: string, organization: Organization | undefined, members: Member[]) {
  const teams = organization?.teams ?? []
  await tx
    .update(directoryOrganizations)
    .set({ teams: teams.map(({ name }) => name) })
    .where(eq(directoryOrganizations.name, namespace))
  const rows = members.map((one) => ({
    organization: namespace,
    account: one.name,
    role: highest(teams.filter(({ name }) => one.teams.includes(name)).map(({ role }) => role)),
    repositories: one.repositories.map((repository) => `${namespace}/${repository}`),
  }))
  await tx.delete(directoryMembers).where(eq(directoryMembers.organization, namespace))
  for (let from = 0; from < rows.length; from += atOnce) await tx.insert(directoryMembers).values(rows.slice(from, from + atOnce))
}

const atOnce = 500

/** A role that is not known counts as the least. */
function highest(roles: string[]): TeamRole {
  return teamRoles.findLast((rank) => roles.includes(rank)) ?? 'member'
}

/** Where Quay refuses the bot something, the directory has less. Other errors propagate: the pass goes on later. */
async function orNothing<Found>(asked: Promise<Found>, nothing: Found): Promise<Found> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Failure && (error.code === 'denied' || error.code === 'not_found')) return nothing
    throw error
  }
}
