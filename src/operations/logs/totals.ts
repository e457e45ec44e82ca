import { z } from 'zod'
import { addedUp, totalsView } from '../../draw/log-totals.ts'
import { dayFields } from '../../object-fields.ts'
import { operation } from '../../operation.ts'
import { totalRegistryLogs } from '../../quay/logs.ts'

export default operation({
  summary: 'Count what was done in the registry, by kind',
  input: z.strictObject(dayFields),
  examples: ['logs totals', 'logs totals from=2026-11-01 to=2026-11-07'],
  needs: 'superuser',
  run: async ({ quay, input }) => addedUp(await totalRegistryLogs(quay, input)),
  view: totalsView,
})
