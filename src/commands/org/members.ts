import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { listMembers } from '../../quay/members.ts'
import { bold, code, lines, message } from '../../slack/blocks.ts'

export default command({
  summary: 'List members and their teams',
  input: z.strictObject({ organization: organizationField }),
  examples: ['org members acme'],
  aliases: ['people', 'who owns', 'owners of', 'owners', 'who is in', 'users', 'who', 'member', 'list members', 'members of', 'list users'],
  permissions: [{ permission: 'admin', on: 'organization' }],
  run: async ({ quay, input: { organization }, page }) => {
    const members = await listMembers(quay, organization)
    const entries = members.map(({ name, kind, teams, repositories }) => ({ name, kind, teams, repositories: repositories.length }))
    return { organization, ...(await slice({ page, size: 20, fetch: async () => ({ entries, next: undefined }) })) }
  },
  view: ({ organization, entries }, t) =>
    message(
      t('{count, plural, =0 {{organization} has no members.} other {Members of {organization}}}', {
        count: entries.length,
        organization: bold(organization),
      }),
      ...lines(
        entries.map(({ name, kind, teams, repositories }) =>
          t(
            '• {kind, select, robot {Robot account {name}} other {{name}}} – {teams}{repositories, plural, =0 {} one {, and direct permission on # repository} other {, and direct permissions on # repositories}}',
            { kind, name: code(name), teams: teams.join(', '), repositories },
          ),
        ),
      ),
    ),
})
