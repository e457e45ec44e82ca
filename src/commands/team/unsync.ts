import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField, teamField } from '../../command/common-fields.ts'
import { teamFacts } from '../../command/facts.ts'
import { Failure } from '../../core/failure.ts'
import { checkMaySync } from '../../quay/sight.ts'
import { readTeam, unsyncTeam } from '../../quay/teams.ts'
import { code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Stop synchronising a team with the company directory',
  help: 'Whoever is in the team stays in it, and people can be added and removed by hand again. Where the registry wants it, only superusers may do this.',
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
    if (!synced) throw new Failure('conflict', 'The team {team} of {organization} is not synchronised.', input)
    await unsyncTeam(quay, input)
    return { ...input, group: synced.group ?? '', members: members.length }
  },
  view: ({ organization, team, group, members }, t) =>
    message(
      t(
        '{known, select, yes {The team {team} of {organization} no longer follows the group {group}.} other {The team {team} of {organization} is no longer synchronised.}}',
        {
          known: group ? 'yes' : 'no',
          team: code(team),
          organization: code(organization),
          group: code(group),
        },
      ),
      note(
        t('{count, plural, =0 {Nobody is in it.} one {Its # member stays in it.} other {Its # members stay in it.}}', { count: members }),
      ),
    ),
})
