import type { Logger } from 'pino'
import { z } from 'zod'
import { couldAsk } from '../approvals/rules.ts'
import type { Given } from '../command/arguments.ts'
import { checkPermissions } from '../command/authorize.ts'
import type { Command } from '../command/command.ts'
import { fieldsOf, isKey } from '../command/fields.ts'
import { readInput } from '../command/input.ts'
import { commands } from '../command/registry.ts'
import { hasShortIds, withWholeIds } from '../command/whole-ids.ts'
import { type Bot, onBehalfOf } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { identify, type Person } from '../security/identity.ts'
import { checkAccount, checkSuperuser } from '../security/permissions.ts'

interface Prepared {
  person: Person
  command: Command
  /** The given values, merged over the present ones from Quay. */
  given: Given
}

/**
 * Reads what a modal needs before it is shown: who asks, whether they could run the command at all, and the present values in Quay.
 * Permissions on fields with a value are checked too. Throws `denied` and whatever `current` throws.
 */
export async function prefill(
  all: Bot,
  { name, given, user, log }: { name: string; given: Given; user: string; log: Logger },
): Promise<Prepared> {
  const command = commands.get(name)
  if (!command) throw new TypeError(`There is no command ${name}`)
  const bot = onBehalfOf(all, user, 'modal')
  const person = await identify(bot, user)
  try {
    await checkSoFar(bot, command, given, person)
  } catch (error) {
    // The person may fill in the modal to request approval, but must not see the present values.
    if (error instanceof Failure && error.code === 'denied' && person.user?.enabled && couldAsk(bot.policy, name, command))
      return { person, command, given }
    throw error
  }
  const whole = await withIds(bot, command, given, person)
  const now = await currentOf(bot, command, whole, person, log)
  return { person, command, given: { ...now, ...whole } }
}

/** With the whole id of `latest`, so that the modal shows which one is meant. Not before every permission could be checked. */
async function withIds(bot: Bot, command: Command, given: Given, person: Person): Promise<Given> {
  const { permissions } = command
  const isChecked = !Array.isArray(permissions) || permissions.every(({ on }) => given[on] !== undefined)
  if (!isChecked || !hasShortIds(command, given)) return given
  return withWholeIds(bot.quay, command, await withAccounts(bot, command, given, person))
}

async function checkSoFar(bot: Bot, command: Command, given: Given, person: Person) {
  const { permissions } = command
  if (permissions !== 'anyone') checkAccount(bot, person)
  if (permissions === 'superuser') await checkSuperuser(bot, person, command)
  if (!Array.isArray(permissions)) return
  const known = { ...command, permissions: permissions.filter(({ on }) => given[on] !== undefined) }
  await checkPermissions(bot, person, known, await withAccounts(bot, command, given, person))
}

/** The given fields that are valid; the modal asks for the others. */
async function withAccounts(bot: Bot, command: Command, given: Given, person: Person): Promise<Given> {
  const partial = { ...command, input: z.strictObject(command.input.shape).partial() }
  try {
    return { ...given, ...(await readInput(bot, partial, given, person)) }
  } catch (error) {
    if (error instanceof Failure && error.code === 'invalid') return given
    throw error
  }
}

async function currentOf(bot: Bot, command: Command, given: Given, person: Person, log: Logger) {
  const keys = fieldsOf(command).filter(isKey)
  if (!command.current || keys.some(({ name }) => given[name] === undefined)) return {}
  return command.current({ bot, quay: bot.quay, person, log, input: given })
}
