import { and, eq, gte, inArray } from 'drizzle-orm'
import { fieldsOf } from '../../command/fields.ts'
import { commands as all } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Sentence } from '../../core/i18n.ts'
import { audit } from '../../db/schema.ts'
import { dayOf } from '../../quay/dates.ts'
import { type LogEntry, listNamespaceLogs, listRepositoryLogs } from '../../quay/logs.ts'
import { namespaceOf } from '../../quay/names.ts'
import { granteeOf } from '../../quay/permissions.ts'
import type { Quay } from '../../quay/registry.ts'
import type { Grant, Hold } from './hold.ts'

// What outlives the permission under which it was made: in our commands, and in Quay's words for what was done without the bot.
const commands = ['permission grant', 'permission default create', 'robot create', 'repo create', 'team add', 'team create']
const kinds = ['change_repo_permission', 'create_robot', 'create_prototype_permission', 'org_add_team_member', 'org_create_team']
const pagesAtMost = 5
const shownAtMost = 10

/**
 * Permissions, robot accounts and default permissions that somebody made while they could (docs/SECURITY.md rule 41): for the message
 * about its end. Nothing for what gives no right to make any.
 */
export async function madeMeanwhile(bot: Bot, quay: Quay, hold: Hold, grant: Grant): Promise<Sentence[]> {
  const { kind, name } = granteeOf(hold.grantee)
  if (kind === 'team' || (hold.kind === 'repository' && grant.role !== 'admin')) return []
  const byUs = await byCommands(bot, name, grant.startedAt)
  try {
    const made = [...byUs, ...(await inQuay(quay, hold, name, grant.startedAt, bot.clock()))]
    if (made.length === 0) return []
    const what = made.slice(0, shownAtMost).join('; ')
    return [
      {
        message:
          'Created by {grantee} in the meantime: {what}{more, plural, =0 {} other { and # more}}. It remains unless someone removed it.',
        values: { grantee: hold.grantee, what, more: Math.max(0, made.length - shownAtMost) },
      },
    ]
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const what = byUs.slice(0, shownAtMost).join('; ')
    return [
      {
        message:
          'What {grantee} created in Quay in the meantime can’t be read from the usage logs{what, select, none {} other {; through Quaymaster: {what}}}.',
        values: { grantee: hold.grantee, what: what || 'none' },
      },
    ]
  }
}

async function byCommands({ db }: Bot, account: string, since: Date) {
  const is = and(eq(audit.account, account), eq(audit.phase, 'finished'), inArray(audit.operation, commands), gte(audit.at, since))
  const rows = await db.select({ operation: audit.operation, input: audit.input }).from(audit).where(is).limit(100)
  return rows.map(({ operation, input }) => [operation, ...valuesOf(operation, input)].join(' '))
}

/** In the order of the fields, as they are typed. */
function valuesOf(operation: string, input: Record<string, unknown>) {
  const command = all.get(operation)
  const fields = command ? fieldsOf(command).map(({ name }) => input[name]) : []
  return fields.flat().filter((value) => typeof value === 'string' && value !== '')
}

async function inQuay(quay: Quay, hold: Hold, account: string, since: Date, now: number) {
  const found: string[] = []
  let next: string | undefined
  for (let page = 0; page < pagesAtMost; page += 1) {
    const window = { from: dayOf(since.getTime()), to: dayOf(now), next }
    const read =
      hold.kind === 'repository'
        ? await listRepositoryLogs(quay, hold.object, window)
        : await listNamespaceLogs(quay, namespaceOf(hold.object), { ...window, performer: account })
    for (const entry of read.entries) {
      if (Date.parse(entry.at ?? '') < since.getTime() - 1_000) return found
      if (entry.performer?.name === account && kinds.includes(entry.kind)) found.push(inWords(entry))
    }
    next = read.next
    if (next === undefined || read.entries.length === 0) return found
  }
  return found
}

function inWords({ kind, details, repository }: LogEntry) {
  const words = [details.username, details.team, details.member, details.robot, details.role, repository]
  return [kind, ...words.filter((word) => typeof word === 'string')].join(' ')
}
