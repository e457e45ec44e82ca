import { z } from 'zod'
import { rulingFor } from '../../approvals/rules.ts'
import type { Given } from '../../command/arguments.ts'
import { requiredPermissions } from '../../command/authorize.ts'
import type { Command } from '../../command/command.ts'
import { kinds, type Named } from '../../command/object-kinds.ts'
import { inputFor } from '../../command/objects.ts'
import { couldRun, isOffered } from '../../command/offered.ts'
import { commands } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { isCancellable, isRepeatable } from '../../quay/build-phase.ts'
import type { Person } from '../../security/identity.ts'
import { checkSuperuser, holds } from '../../security/permissions.ts'
import { isAmong } from '../../slack/users.ts'
import { nounsOf } from '../nouns.ts'

/** A command for an object: its input as far as the object gives it, and whether the person runs or requests it. */
export interface Action {
  name: string
  command: Command
  given: Given
  how: 'run' | 'ask'
}

// Help is about commands, and emergency access is for nobody to stumble on.
const never = new Set(['help', 'break-glass'])

// What the card shows decides whether these make sense now.
const sensible: Record<string, (shown: Record<string, unknown>) => boolean> = {
  'build cancel': ({ phase }) => typeof phase !== 'string' || isCancellable(phase),
  'build retry': ({ phase }) => typeof phase !== 'string' || isRepeatable(phase),
  'tag lock': ({ immutable }) => immutable !== true,
  'tag unlock': ({ immutable }) => immutable !== false,
  'tag move': ({ immutable }) => immutable !== true,
  'tag delete': ({ immutable }) => immutable !== true,
  'user enable': ({ enabled }) => enabled !== true,
  'user disable': ({ enabled }) => enabled !== false,
  'mirror sync': ({ state }) => state === undefined || state === 'mirror',
  'mirror edit': ({ state }) => state === undefined || state === 'mirror',
  'mirror cancel': ({ state }) => state === undefined || state === 'mirror',
  'mirror show': ({ state }) => state === undefined || state === 'mirror',
}

/** Every command that fits the object, without regard to permissions: those of the first buttons, then the others by their nouns. */
export function fitting(bot: Pick<Bot, 'quay'>, object: Named, shown: unknown = {}): Omit<Action, 'how'>[] {
  const { card, first } = kinds[object.kind]
  const facts = factsOf(object.kind === 'build' && typeof shown === 'object' && shown !== null && 'build' in shown ? shown.build : shown)
  const fits = (name: string) => {
    const command = commands.get(name)
    if (!command || name === card || never.has(name) || !isOffered(bot, command)) return []
    if (sensible[name]?.(facts) === false) return []
    const given = inputFor(name, command, object)
    return given ? [{ name, command, given }] : []
  }
  const others = nounsOf([...commands.keys()]).flatMap(([, names]) => names)
  return [...new Set([...first, ...others])].flatMap(fits)
}

function factsOf(shown: unknown): Record<string, unknown> {
  return typeof shown === 'object' && shown !== null ? { ...shown } : {}
}

/** Those of the commands that this person may run now, or request by the policy. Reads the permissions that were just checked. */
export async function actionsFor(bot: Bot, person: Person, all: Omit<Action, 'how'>[]): Promise<Action[]> {
  const known = await Promise.all(
    all.map(async (one) => {
      const how = await howFor(bot, person, one)
      return how ? [{ ...one, how }] : []
    }),
  )
  return known.flat()
}

async function howFor(bot: Bot, person: Person, { name, command, given }: Omit<Action, 'how'>): Promise<Action['how'] | undefined> {
  if (!person.user?.enabled) return undefined
  const may = await mayRun(bot, person, command, given)
  // With the defaults of what is not known yet, where the command has them.
  const partial = z.strictObject(command.input.shape).partial().safeParse(given)
  const input = command.input.safeParse(given).data ?? partial.data ?? given
  const { verdict } = await rulingFor(bot.policy, { name, command, input }, { may, isAmong: (ids) => isAmong(bot.slack, person.id, ids) })
  return verdict === 'refuse' ? undefined : verdict
}

/** Whether the person holds what the command needs on the objects that are known so far. */
async function mayRun(bot: Bot, person: Person, command: Command, given: Given): Promise<boolean> {
  if (!couldRun(person, command)) return false
  if (command.permissions === 'superuser') return isNotRefused(checkSuperuser(bot, person, command))
  if (person.user?.globalReader && !command.changes) return true
  const needed = await Promise.all(
    requiredPermissions(command, given).map(
      async (one) =>
        (await holds(bot, person, one)) || (one.orSuperuser !== undefined && (await isNotRefused(checkSuperuser(bot, person, command)))),
    ),
  )
  return needed.every(Boolean)
}

async function isNotRefused(check: Promise<unknown>) {
  try {
    await check
    return true
  } catch (error) {
    if (error instanceof Failure && error.code === 'denied') return false
    throw error
  }
}
