import { fieldsOf } from '../command/fields.ts'
import { commands } from '../command/registry.ts'
import { slash } from '../core/slash-command.ts'
import type { Request } from './request.ts'

/** The command of a request with its object, as somebody would type it: `/quay repo create acme/web`. */
export function typed({ operation, input }: Pick<Request, 'operation' | 'input'>): string {
  const found = commands.get(operation)
  const first = found && fieldsOf(found).find(({ secret, required }) => required && !secret)
  const object = first && input[first.name]
  return slash([operation, ...(typeof object === 'string' ? [object] : [])].join(' '))
}
