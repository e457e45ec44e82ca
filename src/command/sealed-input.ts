import type { Bot } from '../context.ts'
import { credential } from '../core/credential.ts'
import type { Sealed } from '../core/keys.ts'
import type { Person } from '../security/identity.ts'
import { openInput, sealInput } from '../security/secrets.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'

type Owner = { id: string; person: Pick<Person, 'id' | 'team'> }

/** The credentials in an input, sealed for its owner until it is used; null if it has none. */
export function sealCredentials(
  bot: Pick<Bot, 'keys'>,
  owner: Owner,
  command: Pick<Command, 'input'>,
  input: Record<string, unknown>,
): Sealed | null {
  const given = fieldsOf(command).flatMap(({ name, secret }) =>
    secret && input[name] ? [[name, credential().parse(input[name])] as const] : [],
  )
  return given.length > 0 ? sealInput(bot, owner, Object.fromEntries(given)) : null
}

/** The input with the credentials that `sealCredentials` sealed. */
export function withCredentials(
  bot: Pick<Bot, 'keys'>,
  owner: Owner,
  input: Record<string, unknown>,
  sealed: Sealed | null,
): Record<string, unknown> {
  const credentials = sealed ? openInput(bot, owner, sealed) : {}
  return { ...input, ...Object.fromEntries(Object.entries(credentials).map(([name, value]) => [name, value.reveal()])) }
}
