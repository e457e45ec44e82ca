import { namespaceOf } from '../quay/names.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'

/** The fields of a command that name a namespace, or an object inside one. */
export function namespaceFields(command: Command) {
  // A tag or a team needs no check of its own: the field that contains it names the namespace.
  return fieldsOf(command).filter(({ of, in: scope }) => of && of !== 'channel' && of !== 'tag' && !(of === 'team' && scope !== undefined))
}

/** Every namespace that the input names, in lower case: of repositories, robots, teams, users and organisations. */
export function namespacesIn(command: Command, input: Record<string, unknown>): string[] {
  const named = namespaceFields(command).flatMap(({ name }) =>
    [input[name] ?? []].flat().map((value) => namespaceOf(String(value)).toLowerCase()),
  )
  return [...new Set(named.filter(Boolean))]
}
