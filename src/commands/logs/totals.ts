import { z } from 'zod'
import { command } from '../../command/command.ts'
import { dayFields } from '../../command/common-fields.ts'
import { dayOf } from '../../quay/dates.ts'
import { totalRegistryLogs } from '../../quay/log-totals.ts'
import { addedUp, totalsView } from '../../slack/views/log-totals.ts'

export default command({
  summary: 'Summarize usage logs of the registry by event type',
  input: z.strictObject(dayFields),
  examples: ['logs totals', 'logs totals from=2026-11-01 to=2026-11-07'],
  permissions: 'superuser',
  run: async ({ bot, quay, input }) => addedUp(await totalRegistryLogs(quay, { ...input, today: dayOf(bot.clock()) })),
  view: totalsView,
})
