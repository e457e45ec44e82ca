import type { IdKind } from '../command/command.ts'
import { fieldsOf } from '../command/fields.ts'
import { commands } from '../command/registry.ts'
import { shortId } from '../core/short-id.ts'
import { slash } from '../core/slash-command.ts'
import type { Request } from './request.ts'

const valueAtMost = 60

/** A value as it is read: of an id as much as is taken back. */
export function shownValue(id: IdKind | undefined, value: unknown): unknown {
  return id && typeof value === 'string' ? shortId(value) : value
}

/** The command of a request with what it cannot do without, as somebody would type it: `/quay permission grant acme/web bea write`. */
export function typed({ operation, input }: Pick<Request, 'operation' | 'input'>): string {
  const found = commands.get(operation)
  const needed = (found ? fieldsOf(found) : []).filter(({ secret, required }) => required && !secret)
  const values = needed.map(({ name, id }) => shownValue(id, input[name]))
  const isWord = (value: unknown): value is string => typeof value === 'string' && /^\S+$/.test(value) && value.length <= valueAtMost
  // Words fill the fields in order, so they end where one does not fit in a line.
  const end = values.findIndex((value) => !isWord(value))
  const words = (end < 0 ? values : values.slice(0, end)).filter(isWord)
  const length = ['for', 'until'].flatMap((name) => (isWord(input[name]) ? [`${name}=${input[name]}`] : []))
  return slash([operation, ...words, ...length].join(' '))
}
