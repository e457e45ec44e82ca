import { z } from 'zod'
import { addedUp, totalsView } from '../../../draw/log-totals.ts'
import { dayFields, repositoryField } from '../../../object-fields.ts'
import { operation } from '../../../operation.ts'
import { totalRepositoryLogs } from '../../../quay/logs.ts'

export default operation({
  summary: 'Count what was done in a repository, by kind',
  input: z.strictObject({ repository: repositoryField, ...dayFields }),
  examples: ['logs totals repo acme/api', 'logs totals repo acme/api from=2026-11-01 to=2026-11-07'],
  needs: [{ right: 'admin', on: 'repository' }],
  run: async ({ quay, input: { repository, ...days } }) => addedUp(await totalRepositoryLogs(quay, repository, days), repository),
  view: totalsView,
})
