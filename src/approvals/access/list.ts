import { and, asc, eq, inArray, or, type SQL } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import type { GrantState } from '../../db/access-tables.ts'
import { accessGrants, accessHolds } from '../../db/schema.ts'
import { namespaceOf } from '../../quay/names.ts'
import type { Person } from '../../security/identity.ts'
import { checkPermission, checkSuperuser } from '../../security/permissions.ts'
import { openStates } from './hold.ts'

/** One that is not over, as plain JSON; times in milliseconds. */
export interface Listed {
  id: string
  kind: 'repository' | 'team'
  object: string
  grantee: string
  role: string
  until: number
  state: GrantState
  deciders: string[]
  reason: string | null
  breakGlass: boolean
}

/**
 * What is temporary now, by when it ends: the person's own, that of a repository or organization for its admins, everything for
 * superusers. Throws `denied`.
 */
export async function listAccess(
  bot: Bot,
  person: Person,
  {
    object,
    all,
    page,
    rows: size = 20,
  }: { object?: string | undefined; all: boolean; page?: string | undefined; rows?: number | undefined },
): Promise<{ entries: Listed[]; next: string | undefined }> {
  const offset = Number(page ?? 0)
  const rows = await bot.db
    .select()
    .from(accessGrants)
    .innerJoin(accessHolds, eq(accessHolds.id, accessGrants.hold))
    .where(and(inArray(accessGrants.state, openStates), await scopeOf(bot, person, object, all)))
    .orderBy(asc(accessGrants.endsAt), asc(accessGrants.id))
  // Of a whole organization names are compared here: SQL would read `_` in them as any letter.
  const isThere = ({ kind, object: one }: { kind: string; object: string }) =>
    object === undefined || namespaceOf(one) === object || (kind === 'repository' && one === object)
  const found = rows.filter(({ access_holds: hold }) => isThere(hold))
  const shown = found.slice(offset, offset + size).map(({ access_grants: grant, access_holds: hold }): Listed => {
    const { id, role, state, decided, reason, breakGlass, endsAt } = grant
    const deciders = decided.map(({ name }) => name)
    return {
      id,
      kind: hold.kind,
      object: hold.object,
      grantee: hold.grantee,
      role,
      until: endsAt.getTime(),
      state,
      deciders,
      reason,
      breakGlass,
    }
  })
  return { entries: shown, next: found.length > offset + size ? String(offset + size) : undefined }
}

async function scopeOf(bot: Bot, person: Person, object: string | undefined, all: boolean): Promise<SQL | undefined> {
  if (object !== undefined) return void (await checkPermission(bot, person, { permission: 'admin', object }))
  if (all) return void (await checkSuperuser(bot, person, {}))
  return or(eq(accessHolds.grantee, person.account ?? ''), eq(accessGrants.asker, person.id))
}
