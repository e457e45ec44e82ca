import { z } from 'zod'
import { filtered, logView } from '../../draw/log-page.ts'
import { operation } from '../../operation.ts'
import { listRepositoryLogs } from '../../quay/logs.ts'
import { repositoryField } from '../../shared-fields.ts'

export default operation({
  summary: 'Show the usage logs of a repository',
  help: 'Without days Quay shows yesterday and today. Twenty entries are a page; *Older* and *Newer* turn it.',
  input: z.strictObject({
    repository: repositoryField,
    actor: z.string().max(255).optional().meta({ of: 'user' }).describe('Only what this account or robot did'),
    kind: z.string().max(100).optional().describe('Only this kind, in Quay’s word, such as push_repo'),
    from: z.iso.date().optional().describe('From this day on (UTC)'),
    to: z.iso.date().optional().describe('Up to and with this day (UTC)'),
  }),
  examples: ['logs repo acme/api', 'logs repo acme/api kind=pull_repo from=2026-11-01'],
  needs: [{ right: 'admin', on: 'repository' }],
  run: async ({ quay, input: { repository, actor, kind, from, to }, page }) =>
    filtered(await listRepositoryLogs(quay, repository, { from, to, next: page }), { actor, kind }, repository),
  view: logView,
})
