import { z } from 'zod'
import { filtered, logView } from '../../draw/log-page.ts'
import { logFields, repositoryField } from '../../object-fields.ts'
import { operation } from '../../operation.ts'
import { listRepositoryLogs } from '../../quay/logs.ts'

export default operation({
  summary: 'Show the usage logs of a repository',
  help: 'Without days Quay shows yesterday and today. Twenty entries are a page; *Older* and *Newer* turn it.',
  input: z.strictObject({
    repository: repositoryField,
    ...logFields,
  }),
  examples: ['logs repo acme/api', 'logs repo acme/api kind=pull_repo from=2026-11-01'],
  needs: [{ right: 'admin', on: 'repository' }],
  run: async ({ quay, input: { repository, actor, kind, from, to }, page }) =>
    filtered(await listRepositoryLogs(quay, repository, { from, to, next: page }), { actor, kind }, repository),
  view: logView,
})
