import { fieldProblem } from '../core/field-problem.ts'
import { momentOf } from '../core/until.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'

/**
 * The input with the moments of its fields in ISO: `friday 18:00` is the next Friday of who types it, and stays that one in a request
 * that is decided later. Invalid: it names no moment.
 */
export function withMoments(
  command: Command,
  input: Record<string, unknown>,
  now: number,
  timeZone: string | undefined,
): Record<string, unknown> {
  const fields = fieldsOf(command).filter(({ name, moment }) => moment && typeof input[name] === 'string')
  const read = fields.map(({ name }) => {
    const moment = momentOf(String(input[name]), now, timeZone)
    if (moment === undefined)
      throw fieldProblem(name, '“{text}” is not a valid time. Example: {example}.', { text: String(input[name]), example: 'friday 18:00' })
    return [name, new Date(moment).toISOString()]
  })
  return { ...input, ...Object.fromEntries(read) }
}
