import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { readOrganization } from '../../quay/organizations.ts'
import { teamsOf } from '../../quay/sight.ts'
import { bold } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asCode, asMark, asNumber, asText } from '../../slack/lists/values.ts'

export default command({
  summary: 'List teams of an organization',
  input: z.strictObject({ organization: organizationField }),
  examples: ['team list acme'],
  aliases: ['teams and membership', 'membership'],
  permissions: [{ permission: 'member', on: 'organization' }],
  run: async ({ quay, input: { organization }, page, rows }) => {
    const entries = teamsOf(quay, await readOrganization(quay, organization))
    return {
      organization,
      url: `${quay.url}/organization/${organization}`,
      ...(await slice({ page, size: rows, fetch: async () => ({ entries, next: undefined }) })),
    }
  },
  view: ({ organization, url, entries }, t) =>
    listMessage(
      {
        headline: t('Teams of {organization}', { organization: bold(organization) }),
        rows: entries,
        columns: [
          { name: 'team', title: t.plain('Team'), value: ({ name }) => asCode(name) },
          { name: 'role', title: t.plain('Role'), value: ({ role }) => asText(role) },
          {
            name: 'members',
            title: t.plain('Members'),
            value: ({ members }) => asNumber(members, t),
            said: (_, { members }) => t('{members, plural, one {# member} other {# members}}', { members }),
          },
          { name: 'synced', title: t.plain('Synced'), value: ({ synced }) => asMark(synced, t.plain('synced')) },
          {
            name: 'repositories',
            title: t.plain('Repositories'),
            value: ({ repositories }) => asNumber(repositories, t),
            said: (_, { repositories }) => t('{repositories, plural, one {# repository} other {# repositories}}', { repositories }),
          },
          { name: 'description', title: t.plain('Description'), value: ({ description }) => asText(description) },
        ],
        ...(url !== undefined && { opens: ({ name }) => `${url}/teams/${name}` }),
      },
      t,
    ),
})
