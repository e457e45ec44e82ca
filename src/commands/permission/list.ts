import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { listPermissions } from '../../quay/permissions.ts'
import { pageOf } from '../../quay/repositories.ts'
import { lines, link, message, note } from '../../slack/blocks.ts'
import { permissionLines } from '../../slack/views/permissions.ts'

export default command({
  summary: 'List repository permissions',
  help: 'Only permissions set on the repository itself. Organization admins have full access and are not listed.',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['permission list acme/web'],
  aliases: ['who can access', 'who has access', 'show', 'who can', 'list collaborators'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  run: async ({ quay, input: { repository }, page }) => {
    const entries = await listPermissions(quay, repository)
    const url = pageOf(quay, repository)
    return { repository, url, ...(await slice({ page, size: 20, fetch: async () => ({ entries, next: undefined }) })) }
  },
  view: ({ repository, url, entries }, t) =>
    message(
      t('{count, plural, =0 {No permissions are set on {repository}.} other {Permissions on {repository}}}', {
        count: entries.length,
        repository: link(url, repository),
      }),
      ...lines(permissionLines(entries, t)),
      note(t('Organization admins have full access and are not listed.')),
    ),
})
