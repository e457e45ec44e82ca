import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField, teamField } from '../../command/common-fields.ts'
import { commas } from '../../core/commas.ts'
import { keepAnAdmin } from '../../quay/admins.ts'
import type { Quay } from '../../quay/registry.ts'
import { deleteTeam, findTeamMembers, listTeamPermissions, readTeam, type TeamName } from '../../quay/teams.ts'
import { code, lines, message } from '../../slack/blocks.ts'
import { repositoryRoleLines } from '../../slack/views/permissions.ts'

const shown = 20

export default command({
  summary: 'Delete a team',
  help: 'Its members stay in other teams of the organization, and lose the permissions of this team.',
  input: z.strictObject({
    organization: organizationField,
    team: teamField,
  }),
  examples: ['team delete acme frontend'],
  permissions: [{ permission: 'admin', on: 'organization' }],
  changes: {
    effects: ['destroys'],
    facts: 'preview',
    retry: async ({ quay, input }) => ((await findTeamMembers(quay, input)) ? undefined : { result: input }),
  },
  preview: {
    read: async ({ quay, person, input }) => {
      const { role, members } = await deletable(quay, input, person.account)
      return { ...input, role, members: members.map(({ name }) => name), permissions: await listTeamPermissions(quay, input) }
    },
    view: ({ organization, team, role, members, permissions }, t) =>
      message(
        t('Delete team {team} of {organization}? Its role is {role}.', { team: code(team), organization: code(organization), role }),
        ...lines([
          t(
            '{count, plural, =0 {It has no members.} one {One member loses its permissions: {names}} other {# members lose its permissions: {names}}}',
            {
              count: members.length,
              names: commas(t, [...members.slice(0, shown), ...(members.length > shown ? ['…'] : [])]),
            },
          ),
          t(
            '{count, plural, =0 {It has no permissions on repositories.} one {It has permission on # repository:} other {It has permissions on # repositories:}}',
            {
              count: permissions.length,
            },
          ),
          ...repositoryRoleLines(permissions.slice(0, shown), t),
        ]),
      ),
  },
  run: async ({ quay, person, input }) => {
    const { role } = await deletable(quay, input, person.account)
    await deleteTeam(quay, input, role)
    return input
  },
  view: ({ organization, team }, t) =>
    message(t('Deleted team {team} of {organization}.', { team: code(team), organization: code(organization) })),
})

/** The team. Throws `conflict` where nobody, or not the person any more, would administer the organization without it. */
async function deletable(quay: Quay, wanted: TeamName, person: string | undefined) {
  const found = await readTeam(quay, wanted)
  if (found.role === 'admin') await keepAnAdmin(quay, wanted.organization, person, (_, team) => team === wanted.team)
  return found
}
