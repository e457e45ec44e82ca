import type { ContextBlock } from '@slack/types'
import { durationText } from '../../core/duration-text.ts'
import { secondsOf } from '../../core/durations.ts'
import type { Translate } from '../../core/i18n.ts'
import { moment, note } from '../blocks.ts'

/** Until when something is given (ISO), and what comes back then. */
export function temporaryNote({ until, back }: { until: string; back?: string | null | undefined }, t: Translate): ContextBlock {
  return note(
    t('Temporary: ends automatically at {until}{back, select, none {} other {; *{back}* is then restored}}.', {
      until: moment(Date.parse(until)),
      back: back ?? 'none',
    }),
  )
}

/** How long something will be given, before it is. `until` is ISO. */
export function lengthNote({ until, length }: { until?: string | null; length?: string | null }, t: Translate): ContextBlock[] {
  if (until) return [temporaryNote({ until }, t)]
  return length ? [note(t('Temporary: ends automatically after {length}.', { length: durationText(secondsOf(length), t) }))] : []
}
