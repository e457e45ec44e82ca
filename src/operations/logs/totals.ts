import { z } from 'zod'
import { logFilters } from '../../draw/log-page.ts'
import { operation } from '../../operation.ts'
import { type LogTotal, totalRegistryLogs } from '../../quay/logs.ts'
import { code, drawn, lines, message } from '../../slack/blocks.ts'
import { slice } from '../../slices.ts'

const { from, to } = logFilters

export default operation({
  summary: 'Count what was done in the whole registry, by kind and day',
  input: z.strictObject({ from, to }),
  examples: ['logs totals', 'logs totals from=2026-11-01 to=2026-11-20'],
  needs: 'superuser',
  calls: ['GET /superuser/aggregatelogs'],
  run: async ({ quay, input, page }) => {
    const totals = await totalRegistryLogs(quay, input)
    const all = totals.reduce((sum, { count }) => sum + count, 0)
    const fetch = async () => ({ entries: byKind(totals), next: undefined })
    return { all, days: new Set(totals.map(({ day }) => day)).size, ...(await slice({ page, size: 20, fetch })) }
  },
  view: ({ all, days, entries }, t) =>
    message(
      t(
        '{all, plural, =0 {Nothing was logged.} one {# log entry} other {# log entries}} {days, plural, =0 {} one {on # day} other {on # days}}',
        {
          all,
          days,
        },
      ),
      ...lines(
        entries.map(({ kind, count, days }) =>
          t('• {kind} – {count} ({days})', {
            kind: code(kind),
            count,
            days: drawn(days.map(({ day, count }) => t('{day}: {count}', { day, count })).join(', ')),
          }),
        ),
      ),
    ),
})

interface KindTotal {
  kind: string
  count: number
  days: { day: string; count: number }[]
}

/** The commonest first, each with its days in order. */
function byKind(totals: LogTotal[]): KindTotal[] {
  const grouped = Object.entries(Object.groupBy(totals, ({ kind }) => kind)).map(([kind, all = []]) => ({
    kind,
    count: all.reduce((sum, { count }) => sum + count, 0),
    days: all.map(({ day, count }) => ({ day, count })).toSorted((one, other) => one.day.localeCompare(other.day)),
  }))
  return grouped.toSorted((one, other) => other.count - one.count)
}
