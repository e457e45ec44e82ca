import { and, eq } from 'drizzle-orm'
import { waitingCount } from '../approvals/pending.ts'
import { commandOf } from '../command/arguments.ts'
import { couldRun, isOffered } from '../command/offered.ts'
import { commands } from '../command/registry.ts'
import type { Bot } from '../context.ts'
import type { Sentence } from '../core/i18n.ts'
import { withShortIds } from '../core/short-id.ts'
import { troubleOf } from '../db/errors.ts'
import { subscriptions } from '../db/schema.ts'
import type { Person } from '../security/identity.ts'
import { teamOf } from '../slack/clients.ts'
import { oftenRun } from './often-run.ts'
import { listRecent } from './recent-commands.ts'

/** What `/quay` alone shows: who the person is, what needs them, what they do often, and everything else behind one select. */
export interface FirstContact {
  kind: 'overview'
  account: string | undefined
  superuser: boolean
  /** The account could not be determined at the time. */
  unasked: boolean
  /** Why there is no account, and whether the operators can be asked from here. */
  unlinked: Sentence | undefined
  mayAskOperators: boolean
  /** Requests that wait for the person's decision, by what they were told. */
  waiting: number
  /** What this channel follows. */
  follows: string[]
  last: string[]
  often: string[]
}

/** Without any call to Quay but the identification; whatever the database does not answer is left out. */
export async function firstContact(bot: Bot, person: Person, channel: string | undefined): Promise<FirstContact> {
  const [waiting, follows, recent, often] = await Promise.all([
    orNothing(waitingCount(bot, person), 0),
    orNothing(followedIn(bot, channel), []),
    orNothing(listRecent(bot, person), []),
    orNothing(oftenRun(bot, person), []),
  ])
  return {
    kind: 'overview',
    account: person.account,
    superuser: person.user?.superuser === true,
    unasked: person.unasked === true,
    unlinked: person.unlinked,
    mayAskOperators: person.account === undefined && !person.unasked && bot.policy.operators !== undefined,
    waiting,
    follows,
    last: recent.flatMap(({ operation: name, input }) => {
      const command = commands.get(name)
      return command ? [withShortIds(commandOf(name, command, input))] : []
    }),
    often,
  }
}

/** The commands that a person can use: without those for superusers only, and without those that the registry does not support. */
export function offeredTo(bot: Bot, person: Person): string[] {
  return [...commands].filter(([, command]) => isOffered(bot, command) && couldRun(person, command)).map(([name]) => name)
}

async function followedIn(bot: Bot, channel: string | undefined): Promise<string[]> {
  if (channel === undefined) return []
  const active = and(eq(subscriptions.team, teamOf(bot.slack)), eq(subscriptions.channel, channel), eq(subscriptions.state, 'active'))
  const rows = await bot.db
    .select({ target: subscriptions.target })
    .from(subscriptions)
    .where(active)
    .orderBy(subscriptions.target)
    .limit(20)
  return rows.map(({ target }) => target)
}

/** The help must work while the database is down. */
async function orNothing<Found>(asked: Promise<Found>, nothing: Found): Promise<Found> {
  try {
    return await asked
  } catch (error) {
    if (!troubleOf(error)) throw error
    return nothing
  }
}
