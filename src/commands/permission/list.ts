import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { listPermissions } from '../../quay/permissions.ts'
import { pageOf } from '../../quay/repositories.ts'
import { link, note } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asCode, asText } from '../../slack/lists/values.ts'

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
          {
            name: 'name',
            title: t.plain('Name'),
            value: ({ name }) => asCode(name),
            said: (name, { kind }) => t('{kind, select, team {Team {name}} robot {Robot account {name}} other {{name}}}', { kind, name }),
          },
          {
            name: 'kind',
            title: t.plain('Kind'),
            value: ({ kind }) => asText(t.plain('{kind, select, team {team} robot {robot account} other {user}}', { kind })),
            said: () => '',
          },
          { name: 'role', title: t.plain('Role'), value: ({ role }) => asText(role) },
        ],
        opens: ({ kind, name }) => (kind === 'team' ? undefined : kind === 'robot' ? name : `@${name}`),
        after: [note(t('Organization admins have full access and are not listed.'))],
      },
      t,
    ),
})
