import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { readOrganization } from '../../quay/organizations.ts'
import { teamsOf } from '../../quay/sight.ts'
import { bold, code, lines, message } from '../../slack/blocks.ts'

export default command({
  summary: 'List teams of an organization',
  input: z.strictObject({ organization: organizationField }),
  examples: ['team list acme'],
  permissions: [{ permission: 'member', on: 'organization' }],
  run: async ({ quay, input: { organization }, page }) => {
    const entries = teamsOf(quay, await readOrganization(quay, organization))
    return { organization, ...(await slice({ page, size: 20, fetch: async () => ({ entries, next: undefined }) })) }
  },
  view: ({ organization, entries }, t) =>
    message(
      t('Teams of {organization}', { organization: bold(organization) }),
      ...lines(
        entries.map(({ name, role, description, members, repositories, synced }) =>
          t(
            '• {team} – {role}, {members, plural, one {# member} other {# members}}{synced, select, yes { (synced)} other {}}, {repositories, plural, one {# repository} other {# repositories}}{described, select, yes {: {description}} other {}}',
            {
              team: code(name),
              role,
              members,
              synced: synced ? 'yes' : 'no',
              repositories,
              described: description ? 'yes' : 'no',
              description,
            },
          ),
        ),
      ),
    ),
})
