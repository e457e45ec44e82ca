import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField, teamField } from '../../command/common-fields.ts'
import { teamFacts } from '../../command/facts.ts'
import { Failure } from '../../core/failure.ts'
import { checkMaySync } from '../../quay/sight.ts'
import { readTeam, unsyncTeam } from '../../quay/teams.ts'
import { code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Stop syncing a team',
  help: 'Current members stay, and users can be added and removed manually again. Some registries allow only superusers to do this.',
  input: z.strictObject({
    organization: organizationField,
    team: teamField,
  }),
  examples: ['team unsync acme developers'],
  aliases: ['unlink', 'stop sync', 'disable sync', 'unsync from'],
  permissions: [{ permission: 'admin', on: 'organization' }],
  calls: ['DELETE /organization/{orgname}/team/{teamname}/syncing'],
  changes: {
    effects: ['overwrites'],
    facts: ({ quay, input: { organization, team } }) => teamFacts(quay, organization, team),
    retry: async ({ quay, input }) => {
      const { synced, members } = await readTeam(quay, input)
      return synced ? undefined : { result: { ...input, group: '', members: members.length } }
    },
  },
  run: async ({ quay, person, input }) => {
    checkMaySync(quay, person.user)
    const { synced, members } = await readTeam(quay, input)
    // Quay says of such a team that it was stopped (recorded: ldap-teamsync-delete-again).
    if (!synced) throw new Failure('conflict', 'Team {team} of {organization} is not synced.', input)
    await unsyncTeam(quay, input)
    return { ...input, group: synced.group ?? '', members: members.length }
  },
  view: ({ organization, team, group, members }, t) =>
    message(
      t(
        '{known, select, yes {Team {team} of {organization} is no longer synced with the group {group}.} other {Team {team} of {organization} is no longer synced.}}',
        {
          known: group ? 'yes' : 'no',
          team: code(team),
          organization: code(organization),
          group: code(group),
        },
      ),
      note(t('{count, plural, =0 {It has no members.} one {Its # member stays.} other {Its # members stay.}}', { count: members })),
    ),
})
