import { z } from 'zod'
import { logFilters, logView, shownLog } from '../draw/log-page.ts'
import { operation } from '../operation.ts'
import { listRegistryLogs } from '../quay/logs.ts'

export default operation({
  summary: 'Show the usage log of the whole registry',
  help: 'What happened yesterday and today, newest first, or between two days. Quay keeps no filter by account or kind for the whole registry, so those two are applied page by page.',
  input: z.strictObject(logFilters),
  examples: ['logs', 'logs performer=alice from=2026-11-01 to=2026-11-20', 'logs kind=delete_repo'],
  needs: 'superuser',
  calls: ['GET /superuser/logs'],
  run: async ({ quay, input, page }) => shownLog(await listRegistryLogs(quay, { from: input.from, to: input.to, next: page }), input),
  view: (log, t) => logView(t('Usage log of the registry'), log, t),
})
