import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { listPermissions } from '../../quay/permissions.ts'
import { pageOf } from '../../quay/repositories.ts'
import { link, note } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asText } from '../../slack/lists/values.ts'
import { granteeColumns, opensGrantee } from '../../slack/views/grantee.ts'

export default command({
  summary: 'List repository permissions',
  help: 'Lists only permissions set on the repository itself. Organization admins have full access and are not listed.',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['permission list acme/web'],
  aliases: ['who can access', 'who has access', 'show', 'who can', 'list collaborators'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  run: async ({ quay, input: { repository }, page, rows }) => {
    const entries = await listPermissions(quay, repository)
    const url = pageOf(quay, repository)
    return { repository, url, ...(await slice({ page, size: rows, fetch: async () => ({ entries, next: undefined }) })) }
  },
  view: ({ repository, url, entries }, t) =>
    listMessage(
      {
        headline: t('{count, plural, =0 {No permissions are set on {repository}.} other {Permissions on {repository}}}', {
          count: entries.length,
          repository: link(url, repository),
        }),
        rows: entries,
        columns: [
          ...granteeColumns<(typeof entries)[number]>({ name: 'name', title: t.plain('Name') }, (row) => row, t),
          { name: 'role', title: t.plain('Role'), value: ({ role }) => asText(role) },
        ],
        opens: (row) => opensGrantee(row),
        after: [note(t('Organization admins have full access and are not listed.'))],
      },
      t,
    ),
})
