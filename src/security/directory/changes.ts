import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Bot } from '../../context.ts'
import { track } from '../../core/drain.ts'
import type { Db } from '../../db/database.ts'
import {
  directoryLists,
  directoryMembers,
  directoryOrganizations,
  directoryRepositories,
  directoryUsers,
} from '../../db/directory-tables.ts'
import { namespaceOf } from '../../quay/names.ts'
import type { Change } from '../../quay/registry.ts'
import { hashOf } from './address.ts'
import { listOf, markDue } from './lists.ts'

type Keeper = Pick<Bot, 'db' | 'clock' | 'keys' | 'quay' | 'runtime' | 'log'>
type Noted = Change & { at: Date }
type Note = (bot: Keeper, tx: Db, change: Noted) => Promise<unknown>

/**
 * Keeps the directory up to date with every change that the bot makes in Quay. It watches the calls in one place, so that no
 * command can forget it. What fails here is found by the next pass.
 */
export function keepDirectory(bot: Keeper): void {
  bot.quay.changed = (change) =>
    void track(bot, note(bot, change)).catch((err: unknown) => bot.log.warn({ err }, 'could not note a change in the directory'))
}

async function note(bot: Keeper, change: Change) {
  const at = new Date(bot.clock())
  const write = change.sure ? notes[`${change.method} ${change.template}`] : undefined
  if (write) await bot.db.transaction((tx) => write(bot, tx, { ...change, at }))
  else await rereadWhatItTouched(bot, change)
}

/** A change of other things of an organization or an account, or one whose answer was lost: the next run reads it again. */
async function rereadWhatItTouched(bot: Keeper, { template, params, body }: Change) {
  const organization = params.orgname ?? params.name ?? params.namespace ?? (params.repository ? namespaceOf(params.repository) : undefined)
  if (template.startsWith('/superuser/users')) return markDue(bot, bot.db, ['users'])
  if (template === '/organization/') return markDue(bot, bot.db, ['organizations'])
  if (!isShown.test(template)) return
  const { namespace } = z.object({ namespace: z.string().optional() }).parse(body ?? {})
  const touched = organization ?? namespace
  if (touched !== undefined) await markDue(bot, bot.db, [listOf(touched)])
}

// Teams, members and permissions decide what somebody is offered while typing.
const isShown =
  /^\/(organization|superuser\/organizations|superuser\/takeownership)\/\{\w+\}(\/(team|members)\/.*)?$|^\/repository(\/\{repository\}(\/permissions\/.*)?)?$/

const account = z.object({ username: z.string(), email: z.string().nullish() })
const changed = z.object({ email: z.string().optional(), enabled: z.boolean().optional() })
const repository = z.object({ namespace: z.string(), repository: z.string(), visibility: z.string() })

/** A row of our own belongs to the pass under way, whichever page that is at. */
const passOf = (list: string) =>
  sql<number>`coalesce((select ${directoryLists.pass} from ${directoryLists} where ${directoryLists.list} = ${list}), 0)`

const notes: Record<string, Note> = {
  'POST /superuser/users/': (bot, tx, { body, at }) => {
    const { username: name, email } = account.parse(body)
    const row = { address: hashOf(bot.keys, email ?? undefined), enabled: true, pass: passOf('users'), seenAt: at }
    return tx
      .insert(directoryUsers)
      .values({ name, ...row })
      .onConflictDoUpdate({ target: directoryUsers.name, set: row })
  },
  'PUT /superuser/users/{username}': (bot, tx, { params, body, at }) => {
    const { email, enabled } = changed.parse(body)
    const change = { ...(email !== undefined && { address: hashOf(bot.keys, email) }), ...(enabled !== undefined && { enabled }) }
    return tx
      .update(directoryUsers)
      .set({ ...change, seenAt: at })
      .where(eq(directoryUsers.name, params.username ?? ''))
  },
  'DELETE /superuser/users/{username}': (_, tx, { params }) =>
    tx.delete(directoryUsers).where(eq(directoryUsers.name, params.username ?? '')),
  'POST /organization/': async (_, tx, { body, at }) => {
    const { name } = z.object({ name: z.string() }).parse(body)
    await tx
      .insert(directoryOrganizations)
      .values({ name, pass: passOf('organizations'), seenAt: at })
      .onConflictDoNothing()
    await tx
      .insert(directoryLists)
      .values({ list: listOf(name), dueAt: at })
      .onConflictDoNothing()
  },
  'DELETE /organization/{orgname}': (_, tx, { params }) => dropOrganization(tx, params.orgname ?? ''),
  'DELETE /superuser/organizations/{name}': (_, tx, { params }) => dropOrganization(tx, params.name ?? ''),
  'PUT /organization/{orgname}/team/{teamname}': async (bot, tx, { params }) => {
    const { orgname = '', teamname = '' } = params
    const teams = directoryOrganizations.teams
    const added = sql`case when ${teams} @> ${JSON.stringify([teamname])}::jsonb then ${teams} else ${teams} || ${JSON.stringify([teamname])}::jsonb end`
    await tx.update(directoryOrganizations).set({ teams: added }).where(eq(directoryOrganizations.name, orgname))
    await markDue(bot, tx, [listOf(orgname)])
  },
  'DELETE /organization/{orgname}/team/{teamname}': async (bot, tx, { params }) => {
    const { orgname = '', teamname = '' } = params
    await tx
      .update(directoryOrganizations)
      .set({ teams: sql`${directoryOrganizations.teams} - ${teamname}::text` })
      .where(eq(directoryOrganizations.name, orgname))
    await markDue(bot, tx, [listOf(orgname)])
  },
  'DELETE /organization/{orgname}/members/{membername}': (_, tx, { params }) =>
    tx
      .delete(directoryMembers)
      .where(and(eq(directoryMembers.organization, params.orgname ?? ''), eq(directoryMembers.account, params.membername ?? ''))),
  'POST /repository': async (_, tx, { body, at }) => {
    const { namespace, repository: name, visibility } = repository.parse(body)
    // What is in the namespaces of people is not listed.
    if ((await tx.$count(directoryOrganizations, eq(directoryOrganizations.name, namespace))) === 0) return
    const row = { name: `${namespace}/${name}`, namespace, isPublic: visibility === 'public', pass: passOf(listOf(namespace)), seenAt: at }
    await tx.insert(directoryRepositories).values(row).onConflictDoUpdate({ target: directoryRepositories.name, set: row })
  },
  'DELETE /repository/{repository}': (_, tx, { params }) =>
    tx.delete(directoryRepositories).where(eq(directoryRepositories.name, params.repository ?? '')),
  // Every new repository is handed over by these two, so its organization is not read again for them.
  'PUT /repository/{repository}/permissions/user/{username}': (_, tx, { params }) => hold(tx, params, true),
  'DELETE /repository/{repository}/permissions/user/{username}': (_, tx, { params }) => hold(tx, params, false),
  'POST /repository/{repository}/changevisibility': (_, tx, { params, body }) => {
    const { visibility } = z.object({ visibility: z.string() }).parse(body)
    return tx
      .update(directoryRepositories)
      .set({ isPublic: visibility === 'public' })
      .where(eq(directoryRepositories.name, params.repository ?? ''))
  },
}

function hold(tx: Db, { repository: name = '', username = '' }: Change['params'], holds: boolean) {
  const without = sql`${directoryMembers.repositories} - ${name}::text`
  const repositories = holds ? sql`(${without}) || ${JSON.stringify([name])}::jsonb` : without
  const isTheirs = and(eq(directoryMembers.organization, namespaceOf(name)), eq(directoryMembers.account, username))
  return tx.update(directoryMembers).set({ repositories }).where(isTheirs)
}

async function dropOrganization(tx: Db, name: string) {
  await tx.delete(directoryOrganizations).where(eq(directoryOrganizations.name, name))
  await tx.delete(directoryMembers).where(eq(directoryMembers.organization, name))
  await tx.delete(directoryRepositories).where(eq(directoryRepositories.namespace, name))
  await tx.delete(directoryLists).where(eq(directoryLists.list, listOf(name)))
}
