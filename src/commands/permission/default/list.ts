import { z } from 'zod'
import { command } from '../../../command/command.ts'
import { organizationField } from '../../../command/common-fields.ts'
import { slice } from '../../../command/slice-pages.ts'
import { listDefaultPermissions } from '../../../quay/default-permissions.ts'
import { bold } from '../../../slack/blocks.ts'
import { listMessage } from '../../../slack/lists/list.ts'
import { asCode, asText } from '../../../slack/lists/values.ts'
import { granteeColumns, opensGrantee } from '../../../slack/views/grantee.ts'

export default command({
  summary: 'List default permissions',
  input: z.strictObject({ organization: organizationField }),
  examples: ['permission default list acme'],
  permissions: [{ permission: 'admin', on: 'organization' }],
  run: async ({ quay, input: { organization }, page, rows }) => {
    const entries = await listDefaultPermissions(quay, organization)
    return { organization, ...(await slice({ page, size: rows, fetch: async () => ({ entries, next: undefined }) })) }
  },
  view: ({ organization, entries }, t) =>
    listMessage(
      {
        headline: t('{count, plural, =0 {{organization} has no default permissions.} other {Default permissions of {organization}}}', {
          count: entries.length,
          organization: bold(organization),
        }),
        rows: entries,
        columns: [
          ...granteeColumns<(typeof entries)[number]>({ name: 'name', title: t.plain('Name') }, ({ to }) => to, t),
          { name: 'role', title: t.plain('Role'), value: ({ role }) => asText(role) },
          {
            name: 'created_by',
            title: t.plain('Repositories created by'),
            none: t.plain('anyone'),
            value: ({ createdBy }) => asCode(createdBy),
            said: (creator) => t('on repositories created by {creator}', { creator }),
          },
        ],
        opens: ({ to }) => opensGrantee(to),
      },
      t,
    ),
})
