import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { namespaceOf } from '../quay/names.ts'
import type { Operation } from './command.ts'
import { fieldsOf } from './fields.ts'

/**
 * The bot's own account, and what the policy protects (the organisation that owns its OAuth application), are out of
 * reach of every changing operation, whoever asks (security.md rule 8). Throws `denied`.
 */
export function refuseOwn({ quay, policy }: Pick<Bot, 'quay' | 'policy'>, operation: Operation, input: Record<string, unknown>) {
  if (!operation.changes) return
  const out = new Set([...policy.protected, ...(quay.facts.account === undefined ? [] : [quay.facts.account])])
  for (const field of fieldsOf(operation)) {
    if (!field.of || field.of === 'channel' || field.of === 'tag') continue
    for (const value of [input[field.name] ?? []].flat()) {
      const object = namespaceOf(String(value))
      if (out.has(object))
        throw new Failure('denied', '{object} belongs to Quaymaster itself and cannot be changed from Slack. Do it in Quay.', { object })
    }
  }
}
