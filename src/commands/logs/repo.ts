import { z } from 'zod'
import { command } from '../../command/command.ts'
import { logFields, repositoryField } from '../../command/common-fields.ts'
import { listRepositoryLogs } from '../../quay/logs.ts'
import { withPeople } from '../../security/done-for.ts'
import { filtered, logView } from '../../slack/views/log-page.ts'

export default command({
  summary: 'Show usage logs of a repository',
  help: 'Default: yesterday and today. Each page has 20 entries; use *Older* and *Newer* to change pages.',
  input: z.strictObject({
    repository: repositoryField,
    ...logFields,
  }),
  examples: ['logs repo acme/api', 'logs repo acme/api kind=pull_repo from=2026-11-01'],
  aliases: ['repository', 'who deleted', 'who changed', 'who pulled', 'what happened', 'recent activity', 'repos', 'image'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  run: async ({ bot, quay, input: { repository, actor, kind, from, to }, page }) =>
    withPeople(bot, filtered(await listRepositoryLogs(quay, repository, { from, to, next: page }), { actor, kind }, repository)),
  view: logView,
})
