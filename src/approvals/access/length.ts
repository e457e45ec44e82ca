import { z } from 'zod'
import { duration, secondsOf } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { untilText } from '../../core/until.ts'

/** How long, for whatever ends by itself. */
export const lengthFields = {
  for: z
    .string()
    .regex(/^[1-9]\d{0,3}[mhdw]$/, 'Enter a duration: 90m, 8h, 2d')
    .optional()
    .meta({ title: 'Duration', time: 'duration' })
    .describe('Ends automatically after this time: 90m, 8h, 2d'),
  until: z
    .string()
    .regex(untilText, 'Enter a time: friday 18:00, tomorrow, 2026-12-24 18:00')
    .optional()
    .meta({ title: 'Until', moment: true })
    .describe('Ends automatically at this time, in your time zone: friday 18:00'),
}

export interface Length {
  for?: string | undefined
  until?: string | undefined
}

/** When it ends, in milliseconds; undefined: never. Invalid: both are given. Conflict: that moment is over. */
export function endOf({ for: length, until }: Length, now: number): number | undefined {
  if (length !== undefined && until !== undefined) throw fieldProblem('until', 'Enter either a duration or an end time, not both.')
  if (length !== undefined && duration.test(length)) return now + secondsOf(length) * 1000
  if (until === undefined) return undefined
  const end = Date.parse(until)
  if (!(end > now)) throw new Failure('conflict', '{until} is in the past.', { until: [{ at: end }] })
  return end
}
