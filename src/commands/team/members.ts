import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField, teamField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { Failure } from '../../core/failure.ts'
import { sightOf } from '../../quay/members.ts'
import { findTeamMembers } from '../../quay/teams.ts'
import { bold, code, moment, note } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asMark } from '../../slack/lists/values.ts'
import { granteeColumns, opensGrantee } from '../../slack/views/grantee.ts'

export default command({
  summary: 'List team members',
  help: 'For organization admins and members of the team.',
  input: z.strictObject({
    organization: organizationField,
    team: teamField,
  }),
  examples: ['team members acme developers'],
  aliases: ['people', 'who is in', 'users', 'show', 'member', 'list members', 'who', 'who is in', 'members of'],
  permissions: [{ permission: 'member', on: 'organization' }],
  run: async ({ quay, person, input: { organization, team }, page, rows }) => {
    const { sees, teams } = await sightOf(quay, person, organization)
    if (sees !== 'all' && !teams.includes(team))
      throw new Failure('denied', 'Only admins of {organization} and members of the team {team} can see its members.', {
        organization,
        team,
      })
    const found = await findTeamMembers(quay, { organization, team })
    if (!found) throw new Failure('not_found', '{organization} has no team {team}.', { organization, team })
    const { members, synced } = found
    return {
      organization,
      team,
      synced,
      ...(await slice({ page, size: rows, fetch: async () => ({ entries: members, next: undefined }) })),
    }
  },
  view: ({ organization, team, synced, entries }, t) =>
    listMessage(
      {
        headline: t(
          '{count, plural, =0 {Team {team} of {organization} has no members.} other {Members of team {team} of {organization}}}',
          {
            count: entries.length,
            team: bold(team),
            organization: bold(organization),
          },
        ),
        rows: entries,
        columns: [
          ...granteeColumns<(typeof entries)[number]>({ name: 'member', title: t.plain('Member') }, (row) => row, t),
          { name: 'invited', title: t.plain('Invited'), value: ({ invited }) => asMark(invited, t.plain('invited')) },
        ],
        opens: (row) => opensGrantee(row),
        after: synced
          ? [
              note(
                t('Synced with the {service} group {group}{run, select, never {. Never synced.} other {. Last sync {moment}.}}', {
                  service: synced.service.toUpperCase(),
                  group: code(synced.group ?? '–'),
                  run: synced.updated ? 'once' : 'never',
                  moment: moment(Date.parse(synced.updated ?? '')),
                }),
              ),
            ]
          : [],
      },
      t,
    ),
})
