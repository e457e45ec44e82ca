import { z } from 'zod'
import { command } from '../../../command/command.ts'
import { organizationField } from '../../../command/common-fields.ts'
import { slice } from '../../../command/slice-pages.ts'
import { listDefaultPermissions } from '../../../quay/default-permissions.ts'
import { bold, code, lines, message } from '../../../slack/blocks.ts'

export default command({
  summary: 'List default permissions',
  input: z.strictObject({ organization: organizationField }),
  examples: ['permission default list acme'],
  permissions: [{ permission: 'admin', on: 'organization' }],
  run: async ({ quay, input: { organization }, page }) => {
    const entries = await listDefaultPermissions(quay, organization)
    return { organization, ...(await slice({ page, size: 20, fetch: async () => ({ entries, next: undefined }) })) }
  },
  view: ({ organization, entries }, t) =>
    message(
      t('{count, plural, =0 {{organization} has no default permissions.} other {Default permissions of {organization}}}', {
        count: entries.length,
        organization: bold(organization),
      }),
      ...lines(
        entries.map(({ to, role, createdBy }) =>
          t(
            '• {kind, select, team {Team {name}} robot {Robot account {name}} other {{name}}} – {role}{by, select, all {} other {, on repositories created by {creator}}}',
            {
              kind: to.kind,
              name: code(to.name),
              role,
              by: createdBy === undefined ? 'all' : 'one',
              creator: code(createdBy ?? ''),
            },
          ),
        ),
      ),
    ),
})
