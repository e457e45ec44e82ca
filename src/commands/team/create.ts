import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { escaped } from '../../core/markup.ts'
import { slash } from '../../core/slash-command.ts'
import { shortName } from '../../quay/names.ts'
import { type findOrganization, readOrganization } from '../../quay/organizations.ts'
import { readBack } from '../../quay/read-back.ts'
import { teamsOf } from '../../quay/sight.ts'
import { setTeam } from '../../quay/teams.ts'
import { code, message, note, section } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Create a team in an organization',
  help: 'An existing team is never changed. (Quay itself would change its role.)',
  input: z.strictObject({
    organization: organizationField,
    team: shortName.meta({ title: 'Team name' }).describe('Name of the team, e.g. developers'),
    role: z
      .enum(['member', 'creator', 'admin'])
      .default('member')
      .meta({
        title: 'Team role',
        labels: { member: 'Member', creator: 'Creator: can create repositories', admin: 'Admin: full access to the organization' },
      })
      .describe('Role of the team in the organization'),
    description: z.string().max(500).default('').meta({ title: 'Description' }).describe('What it is for'),
  }),
  examples: ['team create acme backend', 'team create acme release role=creator description="Release managers"'],
  permissions: [{ permission: 'admin', on: 'organization' }],
  changes: {
    effects: ({ role }) => (role === 'member' ? ['creates'] : ['creates', 'grants']),
    // Only an empty team of just this role and description can be the lost attempt's.
    facts: { none: 'It makes something new: a team that is there is never changed.' },
    retry: async ({ quay, input: { organization, team, role, description } }) => {
      const found = await findTeam(quay, organization, team)
      const isOurs = found?.role === role && found.description === description && found.members === 0
      return isOurs ? { result: { organization, team, role, description, asAsked: true } } : undefined
    },
  },
  run: async ({ quay, input: { organization, team, role, description } }) => {
    // Quay's call changes the role of a team that exists, and so what its members may do (docs/SECURITY.md rule 6).
    const found = await findTeam(quay, organization, team)
    if (found)
      throw new Failure('conflict', '{organization} already has a team {team}, with the role {role}.', {
        organization,
        team,
        role: found.role,
      })
    const { created } = await setTeam(quay, { organization, team }, { role, description })
    if (!created) {
      throw new Failure(
        'conflict',
        'Someone else created the team {team} of {organization} at the same time; its role is now {role}. Check its members with {command}.',
        { organization, team, role, command: slash(`team members ${organization} ${team}`) },
      )
    }
    const wanted = { role, description }
    const stored =
      (await readBack<{ role: string; description: string } | undefined>(quay, wanted, async () => findTeam(quay, organization, team))) ??
      wanted
    const asAsked = stored.role === role && stored.description === description
    return { organization, team, role: stored.role, description: stored.description, asAsked }
  },
  view: ({ organization, team, role, description, asAsked }, t) =>
    message(
      t(
        '{role, select, admin {Created team {team}. Its members have full access to {organization}.} creator {Created team {team}. Its members can create repositories in {organization}.} other {Created team {team} in {organization}.}}',
        { role, team: code(team), organization: code(organization) },
      ),
      ...(description ? [section(escaped(description))] : []),
      ...storedNote(asAsked, t),
      note(t('Add members with {command}.', { command: code(slash(`team add ${organization} ${team} <user>`)) })),
    ),
})

async function findTeam(quay: Parameters<typeof findOrganization>[0], organization: string, team: string) {
  return teamsOf(quay, await readOrganization(quay, organization)).find(({ name }) => name === team)
}
