import type { Bot } from '../context.ts'
import { namespaceOf } from '../quay/names.ts'
import type { Person } from '../security/identity.ts'
import {
  type Asked,
  because,
  checkAccount,
  checkPermission,
  checkSuperuser,
  type EffectivePermission,
  type ObjectPermission,
  type Permission,
} from '../security/permissions.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'

/** The permissions that a command needs for this input, one per object. A field that was left out needs nothing. */
export function requiredPermissions(command: Command, input: Record<string, unknown>): ObjectPermission[] {
  if (typeof command.permissions === 'string') return []
  return command.permissions.flatMap(({ permission, on, existing, orSuperuser }) => {
    const values = [input[on] ?? []].flat().filter((value) => value !== '')
    return values.map((value) => ({
      permission,
      object: objectOf(command, on, permission, String(value)),
      ...(orSuperuser && { orSuperuser }),
      ...(existing && { existing: { permission: existing, object: String(value) } }),
    }))
  })
}

/** A repository that does not exist yet, a robot account and a team are checked on their namespace. */
function objectOf(command: Command, on: string, permission: Permission, name: string) {
  const field = fieldsOf(command).find((one) => one.name === on)
  return field?.of === 'repository' && permission !== 'create' && permission !== 'member' ? name : namespaceOf(name)
}

/**
 * Checks that the person holds every permission that the command needs for this input. A missing and a forbidden object give the
 * same sentence (docs/SECURITY.md rule 22). Returns the permissions found, for the audit log. Throws `denied`, or `unavailable`
 * when Quay does not answer: the check fails closed.
 */
export async function checkPermissions(
  bot: Bot,
  person: Person,
  command: Command,
  input: Record<string, unknown>,
  asked: Asked = {},
): Promise<EffectivePermission[]> {
  const { permissions } = command
  if (permissions === 'anyone') return []
  checkAccount(bot, person)
  if (permissions === 'linked') return []
  if (permissions === 'superuser') return [await checkSuperuser(bot, person, command)]
  // A global read-only superuser can read everything and change nothing (docs/SECURITY.md rule 2).
  if (person.user?.globalReader && !command.changes)
    return [because('admin', '{account} is a global read-only superuser.', { account: person.account ?? '' })]
  return Promise.all(requiredPermissions(command, input).map((one) => checkPermission(bot, person, one, asked)))
}
