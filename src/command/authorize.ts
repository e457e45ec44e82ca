import type { Bot } from '../context.ts'
import { namespaceOf } from '../quay/names.ts'
import type { Person } from '../security/identity.ts'
import {
  type Asked,
  because,
  checkAccount,
  checkRight,
  checkSuperuser,
  type Effective,
  type Right,
  type Wanted,
} from '../security/permissions.ts'
import type { Operation } from './command.ts'
import { fieldsOf } from './fields.ts'

/** The rights that an operation needs for this input, object by object; a field that was left out needs nothing. */
export function wantedRights(operation: Operation, input: Record<string, unknown>): Wanted[] {
  if (typeof operation.needs === 'string') return []
  return operation.needs.flatMap(({ right, on, existing }) => {
    const values = [input[on] ?? []].flat().filter((value) => value !== '')
    return values.map((value) => ({
      right,
      object: objectOf(operation, on, right, String(value)),
      ...(existing && { existing: { right: existing, object: String(value) } }),
    }))
  })
}

/** A repository to be, a robot and a team stand for their namespace. */
function objectOf(operation: Operation, on: string, right: Right, name: string) {
  const field = fieldsOf(operation).find((one) => one.name === on)
  return field?.of === 'repository' && right !== 'create' && right !== 'member' ? name : namespaceOf(name)
}

/**
 * Refuses, unless the person holds every right that the operation needs for this input. Missing and forbidden are one
 * sentence (security.md rule 22). Returns the rights found, for the audit. Throws `denied`; `unavailable` when Quay does
 * not answer: it fails closed.
 */
export async function checkRights(
  bot: Bot,
  person: Person,
  operation: Operation,
  input: Record<string, unknown>,
  asked: Asked = {},
): Promise<Effective[]> {
  const { needs } = operation
  if (needs === 'anyone') return []
  checkAccount(bot, person)
  if (needs === 'linked') return []
  if (needs === 'superuser') return [await checkSuperuser(bot, person, operation)]
  // A global read-only superuser reads everything, and does nothing else (security.md rule 2).
  if (person.user?.globalReader && !operation.changes)
    return [because('admin', '{account} is a global read-only superuser.', { account: person.account ?? '' })]
  return Promise.all(wantedRights(operation, input).map((one) => checkRight(bot, person, one, asked)))
}
