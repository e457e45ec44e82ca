import type { AuditRow } from '../security/audit-log.ts'
import type { Person } from '../security/identity.ts'
import type { EffectivePermission } from '../security/permissions.ts'
import type { Given } from './arguments.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'

interface Recorded {
  name: string
  command: Command
  reference: string
  person: Person
  input: Given
  permissions?: EffectivePermission[]
}

/** The fields of an audit entry that all phases of one command share. */
export function auditRow({ name, command, reference, person, input, permissions = [] }: Recorded): Omit<AuditRow, 'phase'> {
  const right = permissions.map(({ permission, reason }) => `${permission}: ${inEnglish(reason)}`).join(' ')
  return { operation: name, reference, person, input: withoutCredentials(command, input), right: right || undefined }
}

/** Audit entries are in English: their readers may not speak the language of the person concerned. */
function inEnglish({ message, values }: EffectivePermission['reason']) {
  return message.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** Values of known fields that are not credentials; of unknown fields only the name (docs/SECURITY.md rule 20). */
export function withoutCredentials(command: Command, given: Given): Record<string, unknown> {
  const kept = new Set(fieldsOf(command).flatMap((field) => (field.secret ? [] : [field.name])))
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, kept.has(name) ? withoutQuery(value) : '[not kept]']))
}

/** The input as it may be stored: without the fields that hold a credential. */
export function withoutSecrets(command: Command, input: Given): Given {
  const secret = new Set(fieldsOf(command).flatMap((field) => (field.secret ? [field.name] : [])))
  return Object.fromEntries(Object.entries(input).filter(([name]) => !secret.has(name)))
}

/** The input with the query strings of its URLs removed. */
export function withoutQueries(input: Given): Given {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, withoutQuery(value)]))
}

/** Removes the part of a URL behind the `?` before it is stored: a signed URL has its signature there. */
function withoutQuery(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutQuery)
  return typeof value === 'string' ? value.replace(/^(https?:\/\/[^?#\s]+)[?#].*$/s, '$1') : value
}
