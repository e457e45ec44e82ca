import { z } from 'zod'
import { logKinds } from '../../draw/log-kinds.ts'
import { operation } from '../../operation.ts'
import { totalRegistryLogs } from '../../quay/logs.ts'
import { lines, message } from '../../slack/blocks.ts'

export default operation({
  summary: 'Count what was done in the registry, by kind',
  input: z.strictObject({
    from: z.iso.date().optional().describe('From this day on (UTC); yesterday when left out'),
    to: z.iso.date().optional().describe('Up to and with this day (UTC)'),
  }),
  examples: ['logs totals', 'logs totals from=2026-11-01 to=2026-11-07'],
  needs: 'superuser',
  run: async ({ quay, input }) => {
    const byKind = new Map<string, number>()
    const totals = await totalRegistryLogs(quay, input)
    for (const { kind, count } of totals) byKind.set(kind, (byKind.get(kind) ?? 0) + count)
    const days = totals.map(({ day }) => day).toSorted()
    return { totals: [...byKind].toSorted(([, one], [, other]) => other - one), first: days[0] ?? null, last: days.at(-1) ?? null }
  },
  view: ({ totals, first, last }, t) =>
    message(
      t('{kinds, plural, =0 {Nothing was done in this time.} other {What was done in the registry, {first} – {last}:}}', {
        kinds: totals.length,
        first: first ?? '',
        last: last ?? '',
      }),
      ...lines(totals.map(([kind, count]) => t('• {kind}: {count, number}', { kind: t.plain(logKinds[kind] ?? kind), count }))),
    ),
})
