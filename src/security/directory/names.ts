import { and, asc, eq, exists, type SQL, sql } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { directoryMembers, directoryOrganizations, directoryRepositories, directoryUsers } from '../../db/directory-tables.ts'

// Names as the directory has them: minutes old, for finding and never for a permission.

type Keeper = Pick<Bot, 'db'>

/** Whose suggestions these are: an account, and whether Quay shows it everything. */
export interface Reader {
  account: string | undefined
  readsAll: boolean
}

/** What is typed is taken literally. */
const contains = (
  column: typeof directoryUsers.name | typeof directoryOrganizations.name | typeof directoryRepositories.name,
  typed: string,
) => sql`strpos(lower(${column}), ${typed.toLowerCase()}) > 0`

/** Enabled accounts whose names contain the text. */
export async function findAccountNames({ db }: Keeper, typed: string, limit: number): Promise<string[]> {
  const isWanted = and(eq(directoryUsers.enabled, true), contains(directoryUsers.name, typed))
  const rows = await db
    .select({ name: directoryUsers.name })
    .from(directoryUsers)
    .where(isWanted)
    .orderBy(asc(directoryUsers.name))
    .limit(limit)
  return rows.map(({ name }) => name)
}

function memberOf({ db }: Keeper, { account }: Reader, organization: SQL, also?: SQL): SQL {
  const isMember = and(sql`${directoryMembers.organization} = ${organization}`, eq(directoryMembers.account, account ?? ''), also)
  return exists(db.select({ one: sql`1` }).from(directoryMembers).where(isMember))
}

/** Organizations that the reader is in, or may create in, whose names contain the text. */
export async function findOrganizationNames(
  bot: Keeper,
  reader: Reader,
  typed: string,
  limit: number,
  { toCreate = false } = {},
): Promise<string[]> {
  const mayCreate = toCreate ? sql`${directoryMembers.role} in ('creator', 'admin')` : undefined
  const isShown = reader.readsAll ? undefined : memberOf(bot, reader, sql`${directoryOrganizations.name}`, mayCreate)
  const rows = await bot.db
    .select({ name: directoryOrganizations.name })
    .from(directoryOrganizations)
    .where(and(isShown, contains(directoryOrganizations.name, typed)))
    .orderBy(asc(directoryOrganizations.name))
    .limit(limit)
  return rows.map(({ name }) => name)
}

/** The teams of an organization that the reader is in. */
export async function findTeamNames(bot: Keeper, reader: Reader, organization: string): Promise<string[]> {
  const isShown = reader.readsAll ? undefined : memberOf(bot, reader, sql`${directoryOrganizations.name}`)
  const [row] = await bot.db
    .select({ teams: directoryOrganizations.teams })
    .from(directoryOrganizations)
    .where(and(isShown, eq(directoryOrganizations.name, organization)))
  return row?.teams ?? []
}

/** Repositories of organizations that the reader seems to be able to read, whose names contain the text. */
export async function findRepositoryNames(bot: Keeper, reader: Reader, typed: string, limit: number): Promise<string[]> {
  const holds = sql`(${directoryMembers.role} = 'admin' or ${directoryMembers.repositories} @> jsonb_build_array(${directoryRepositories.name}))`
  const isShown = reader.readsAll
    ? undefined
    : sql`(${directoryRepositories.isPublic} or ${memberOf(bot, reader, sql`${directoryRepositories.namespace}`, holds)})`
  const rows = await bot.db
    .select({ name: directoryRepositories.name })
    .from(directoryRepositories)
    .where(and(isShown, contains(directoryRepositories.name, typed)))
    .orderBy(asc(directoryRepositories.name))
    .limit(limit)
  return rows.map(({ name }) => name)
}
