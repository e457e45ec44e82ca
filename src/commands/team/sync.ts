import { z } from 'zod'
import { command, type Run } from '../../command/command.ts'
import { organizationField, teamField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { slash } from '../../core/slash-command.ts'
import { quayAnswer } from '../../quay/http.ts'
import type { Quay } from '../../quay/registry.ts'
import { checkMaySync, syncForAdmins } from '../../quay/sight.ts'
import { type Group, readTeam, syncTeam, type TeamMembers } from '../../quay/teams.ts'
import { code, message, note } from '../../slack/blocks.ts'

interface Wanted {
  organization: string
  team: string
  group_dn: string
}

export default command({
  summary: 'Sync a team with an LDAP or OIDC group',
  help: 'Name an LDAP group relative to Quay’s base DN: cn=developers,ou=groups. At the next sync the users in the team are replaced by those of the group. After that, users can’t be added or removed manually. Some registries allow only superusers to do this.',
  input: z.strictObject({
    organization: organizationField,
    team: teamField,
    group_dn: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .meta({ title: 'Group', assignments: true })
      .describe('LDAP: relative to the base DN, such as cn=developers,ou=groups. OIDC: name of the group'),
  }),
  examples: ['team sync acme developers "cn=developers,ou=groups"'],
  aliases: ['link', 'ldap', 'oidc', 'sync with', 'sync ldap', 'enable sync', 'directory'],
  permissions: [{ permission: 'admin', on: 'organization' }],
  calls: ['POST /organization/{orgname}/team/{teamname}/syncing'],
  changes: {
    effects: ['overwrites', 'grants'],
    facts: 'preview',
    retry: async ({ quay, input }) => {
      const { synced } = await readTeam(quay, input)
      return synced?.group === input.group_dn ? { result: input } : undefined
    },
  },
  preview: {
    read: async ({ quay, person, input }) => {
      const { members, role, service, base } = await ready({ quay, person, input })
      const people = members.filter(({ kind }) => kind === 'user')
      return { ...input, service, base, role, people: people.length, robots: members.length - people.length }
    },
    view: ({ organization, team, group_dn, service, base, role, people, robots }, t) =>
      message(
        t('Sync team {team} of {organization} with the {service} group {group}?', {
          team: code(team),
          organization: code(organization),
          service: service.toUpperCase(),
          group: code(base ? `${group_dn},${base}` : group_dn),
        }),
        note(
          t(
            '{people, plural, =0 {The team has no users now. The next sync adds the users of the group.} one {The team has one user now. The next sync replaces them with the users of the group.} other {The team has # users now. The next sync replaces them with the users of the group.}} {robots, plural, =0 {} one {Its robot account stays.} other {Its # robot accounts stay.}}',
            { people, robots },
          ),
        ),
        note(
          t(
            '{role, select, admin {Everyone in the group gets full access to {organization}.} creator {Everyone in the group can then create repositories in {organization}.} other {Everyone in the group gets the permissions of the team.}} After that, Quay does not allow adding or removing users manually.',
            { role, organization },
          ),
        ),
      ),
  },
  run: async ({ quay, person, input }) => {
    const { service, base } = await ready({ quay, person, input })
    try {
      await syncTeam(quay, input, groupOf(service, input.group_dn))
    } catch (error) {
      throw noSuchGroup(error, input.group_dn, base) ?? error
    }
    return input
  },
  view: ({ organization, team, group_dn }, t) =>
    message(
      t('Team {team} of {organization} is now synced with the group {group}.', {
        team: code(team),
        organization: code(organization),
        group: code(group_dn),
      }),
      note(
        t('Members change at Quay’s next sync. Stop syncing with {command}.', {
          command: code(slash(`team unsync ${organization} ${team}`)),
        }),
      ),
    ),
})

/** The team, if it can be synchronised with that group. Throws what is in the way, before Quay would (with a 500, for one). */
async function ready({ quay, person, input: { organization, team, group_dn } }: Pick<Run<Wanted>, 'quay' | 'person' | 'input'>) {
  checkMaySync(quay, person.user)
  const found = await readTeam(quay, { organization, team })
  if (found.synced) {
    throw new Failure('conflict', 'Team {team} is already synced with the group {group}. Stop that first: {command}', {
      team,
      group: found.synced.group ?? '–',
      command: slash(`team unsync ${organization} ${team}`),
    })
  }
  const { service, base } = serviceOf(quay, found)
  if (base && group_dn.toLowerCase().endsWith(`,${base.toLowerCase()}`)) {
    const problem = {
      message: 'Quay adds the base DN {base} automatically. Leave it out: {group}',
      values: { base, group: group_dn.slice(0, -base.length - 1) },
    }
    throw new Failure('invalid', problem.message, problem.values, { fields: { group_dn: problem } })
  }
  return { ...found, service, base }
}

/** Quay says of every other registry: "Could not sync to group: Not supported" (recorded: teamsync-post-dbauth). */
function serviceOf(quay: Quay, { canSync }: TeamMembers) {
  if (canSync) return canSync
  // Before 3.17.4 Quay does not tell superusers that it could, nor lets them (docs/quay.md, Releases §1a).
  if (['LDAP', 'OIDC', 'Keystone'].includes(quay.capabilities.authentication)) throw syncForAdmins(quay)
  throw new Failure(
    'conflict',
    'Quay says: Not supported. The authentication of this registry is {authentication}; only LDAP, OIDC and Keystone have groups to sync with.',
    { authentication: quay.capabilities.authentication },
  )
}

function groupOf(service: string, group: string): Group {
  if (service === 'oidc') return { group_name: group }
  if (service === 'keystone') return { group_id: group }
  return { group_dn: group }
}

function noSuchGroup(error: unknown, group: string, base: string | undefined) {
  if (!quayAnswer(error)?.words.endsWith('Group does not exist or is empty')) return undefined
  const values = { group, base: base ?? '' }
  const problem = base
    ? { message: 'Group {group} not found below {base}, or it has no members.', values }
    : { message: 'Group {group} not found, or it has no members.', values }
  return new Failure('invalid', problem.message, problem.values, { fields: { group_dn: problem }, cause: error })
}
