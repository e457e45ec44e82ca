import { entryOf } from '../../core/foreign-text.ts'
import type { Translate } from '../../core/i18n.ts'
import type { LogTotal } from '../../quay/log-totals.ts'
import { bold, type Message } from '../blocks.ts'
import { listMessage } from '../lists/list.ts'
import { asNumber, asText } from '../lists/values.ts'
import { usageChart } from './charts.ts'
import { logKinds } from './log-kinds.ts'

/** Totals by event type; `of` is a repository or a namespace, undefined for the whole registry. */
export interface LogTotals {
  of: string | undefined
  totals: [kind: string, count: number][]
  first: string | null
  last: string | null
  /** By day; absent in what an earlier release stored. */
  days?: [day: string, kind: string, count: number][]
}

/** Adds up Quay's daily counts, most frequent event type first. */
export function addedUp(found: LogTotal[], of?: string): LogTotals {
  const byKind = new Map<string, number>()
  for (const { kind, count } of found) byKind.set(kind, (byKind.get(kind) ?? 0) + count)
  const days = found.map(({ day }) => day).toSorted()
  return {
    of,
    totals: [...byKind].toSorted(([, one], [, other]) => other - one),
    first: days[0] ?? null,
    last: days.at(-1) ?? null,
    days: found.map(({ day, kind, count }) => [day, kind, count]),
  }
}

/** Usage by kind and day, as a list and where it helps as a chart. */
export function totalsView({ of, totals, first, last, days = [] }: LogTotals, t: Translate): Message {
  return listMessage(
    {
      headline: t(
        '{kinds, plural, =0 {No usage log entries in this period.} other {{where, select, registry {Usage of the registry, {days}:} other {Usage of {object}, {days}:}}}}',
        {
          kinds: totals.length,
          where: of === undefined ? 'registry' : 'object',
          object: bold(of ?? ''),
          days: first === last ? (first ?? '') : `${first} – ${last}`,
        },
      ),
      before: usageChart(days, t),
      rows: totals,
      columns: [
        {
          name: 'event',
          title: t.plain('Event'),
          value: ([kind]) => asText(t.plain(entryOf(logKinds, kind) ?? kind)),
          said: (event, [, count]) => t('{event}: {count, number}', { event, count }),
        },
        { name: 'count', title: t.plain('Count'), value: ([, count]) => asNumber(count, t), said: () => '' },
      ],
    },
    t,
  )
}
