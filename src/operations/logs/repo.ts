import { z } from 'zod'
import { logFilters, logView, shownLog } from '../../draw/log-page.ts'
import { operation } from '../../operation.ts'
import { listRepositoryLogs } from '../../quay/logs.ts'
import { repositoryName } from '../../quay/names.ts'
import { bold } from '../../slack/blocks.ts'

export default operation({
  summary: 'Show the usage log of a repository',
  help: 'What happened yesterday and today, newest first, or between two days. Quay cannot filter it by account or kind, so those two are applied page by page.',
  input: z.strictObject({ repository: repositoryName.meta({ of: 'repository' }).describe('As namespace/name'), ...logFilters }),
  examples: ['logs repo acme/api', 'logs repo acme/api kind=push_repo from=2026-11-01 to=2026-11-20'],
  needs: [{ right: 'admin', on: 'repository' }],
  run: async ({ quay, input: { repository, from, to, ...filters }, page }) => {
    const log = await listRepositoryLogs(quay, repository, { from, to, next: page })
    return { repository, ...shownLog(log, filters) }
  },
  view: ({ repository, ...log }, t) => logView(t('Usage log of {repository}', { repository: bold(repository) }), log, t),
})
