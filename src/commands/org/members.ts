import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { commas } from '../../core/commas.ts'
import { listMembers } from '../../quay/members.ts'
import { bold } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asNumber, asText } from '../../slack/lists/values.ts'
import { granteeColumns, opensGrantee } from '../../slack/views/grantee.ts'

export default command({
  summary: 'List members and their teams',
  input: z.strictObject({ organization: organizationField }),
  examples: ['org members acme'],
  aliases: ['people', 'who owns', 'owners of', 'owners', 'who is in', 'users', 'who', 'member', 'list members', 'members of', 'list users'],
  permissions: [{ permission: 'admin', on: 'organization' }],
  run: async ({ quay, input: { organization }, page, rows }) => {
    const members = await listMembers(quay, organization)
    const entries = members.map(({ name, kind, teams, repositories }) => ({ name, kind, teams, repositories: repositories.length }))
    return { organization, ...(await slice({ page, size: rows, fetch: async () => ({ entries, next: undefined }) })) }
  },
  view: ({ organization, entries }, t) =>
    listMessage(
      {
        headline: t('{count, plural, =0 {{organization} has no members.} other {Members of {organization}}}', {
          count: entries.length,
          organization: bold(organization),
        }),
        rows: entries,
        columns: [
          ...granteeColumns<(typeof entries)[number]>({ name: 'member', title: t.plain('Member') }, (row) => row, t),
          { name: 'teams', title: t.plain('Teams'), value: ({ teams }) => asText(commas(t, teams)) },
          {
            name: 'repositories',
            title: t.plain('Direct permissions'),
            value: ({ repositories }) => asNumber(repositories, t),
            said: (_, { repositories }) =>
              t(
                '{repositories, plural, =0 {} one {and direct permission on # repository} other {and direct permissions on # repositories}}',
                {
                  repositories,
                },
              ),
          },
        ],
        opens: (row) => opensGrantee(row),
      },
      t,
    ),
})
