import type { Bot } from '../context.ts'
import type { Person } from '../security/identity.ts'
import type { Command } from './command.ts'

/** Whether the registry has every call that the command depends on. */
export function isOffered({ quay }: Pick<Bot, 'quay'>, { calls = [] }: Command) {
  return calls.every((call) => {
    const [method = '', path = ''] = call.split(' ')
    return quay.capabilities.offers(path, method)
  })
}

/** Whether the person could ever run the command with their own permissions. Used before there is an input. */
export function couldRun({ user, account }: Person, { permissions: needs, changes }: Command) {
  if (needs === 'anyone') return true
  if (needs === 'superuser') return user?.superuser === true || (user?.globalReader === true && !changes)
  return account !== undefined
}
