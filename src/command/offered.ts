import type { Bot } from '../context.ts'
import { entryOf } from '../core/foreign-text.ts'
import type { Sentence } from '../core/i18n.ts'
import { boundsOf } from '../quay/release.ts'
import type { Person } from '../security/identity.ts'
import type { Command } from './command.ts'
import { type Field, fieldsOf } from './fields.ts'

/** Whether the registry has every call that the command depends on. */
export function isOffered({ quay }: Pick<Bot, 'quay'>, { calls = [] }: Command) {
  return calls.every((call) => {
    const [method = '', path = ''] = call.split(' ')
    return quay.capabilities.offers(path, method)
  })
}

/** The field with only those values that the registry has; with all of them while it has not told. */
export function offeredField(bot: Pick<Bot, 'quay'>, field: Field): Field {
  const options = field.options.filter((value) => !lackOf(bot, field, value))
  return { ...field, options: options.length > 0 ? options : field.options }
}

/** By field, why the registry does not have a value of the input. */
export function lacksOf(bot: Pick<Bot, 'quay'>, command: Command, input: Record<string, unknown>): [field: string, problem: Sentence][] {
  return fieldsOf(command).flatMap((field) => {
    const [lack] = [input[field.name] ?? []].flat().flatMap((value) => lackOf(bot, field, String(value)) ?? [])
    return lack ? [[field.name, lack] as [string, Sentence]] : [] // otherwise inferred as a list of unions
  })
}

/** A flag of a later release may stand in the configuration of an old one, so that its release comes first. */
function lackOf({ quay: { capabilities } }: Pick<Bot, 'quay'>, { offered }: Field, value: string): Sentence | undefined {
  const needs = entryOf(offered, value)
  if (!needs || capabilities.unread.includes('configuration')) return undefined
  const { flag, since = 0 } = needs
  if (boundsOf(capabilities).last < since)
    return { message: 'This registry does not offer {value}: it needs Quay 3.{since} or newer.', values: { value, since: String(since) } }
  if (capabilities.features[flag] === true) return undefined
  return { message: 'This registry does not offer {value}: {flag} is off.', values: { value, flag: `FEATURE_${flag}` } }
}

/** Whether the person could ever run the command with their own permissions. Used before there is an input. */
export function couldRun({ user, account }: Person, { permissions: needs, changes }: Command) {
  if (needs === 'anyone') return true
  if (needs === 'superuser') return user?.superuser === true || (user?.globalReader === true && !changes)
  return account !== undefined
}
