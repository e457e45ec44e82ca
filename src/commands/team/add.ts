import { z } from 'zod'
import { giveForAWhile } from '../../approvals/access/give.ts'
import { heldForAWhile } from '../../approvals/access/hold.ts'
import { endOf, lengthFields } from '../../approvals/access/length.ts'
import { assertTeamLasts } from '../../approvals/access/team-terms.ts'
import { setWithoutEnd } from '../../approvals/access/without-end.ts'
import { command } from '../../command/command.ts'
import { organizationField, teamField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import type { Quay } from '../../quay/registry.ts'
import { findRobot } from '../../quay/robots.ts'
import { addTeamMember, listTeamPermissions, memberName, readTeam, type TeamMember } from '../../quay/teams.ts'
import { findUser } from '../../quay/users.ts'
import { code, lines, message, note } from '../../slack/blocks.ts'
import { codes } from '../../slack/views/codes.ts'
import { repositoryRoleLines } from '../../slack/views/permissions.ts'
import { lengthNote, temporaryNote } from '../../slack/views/temporary.ts'

// Enough to see what the team is about; `permission list` and Quay have the rest.
const repositoriesShown = 20

export default command({
  summary: 'Add team members',
  help: 'You see the team’s permissions before you confirm. Members of an admin team have full access to the organization.',
  input: z.strictObject({
    organization: organizationField,
    team: teamField,
    members: z.array(memberName).min(1).max(20).meta({ title: 'Members', of: 'user' }).describe('Users, and robot accounts as acme+ci'),
    ...lengthFields,
  }),
  examples: ['team add acme developers bea', 'team add acme developers bea,ivan,acme+ci', 'team add acme developers carl for=8h'],
  aliases: ['add member', 'add members', 'join', 'invite', 'put', 'add user', 'member add', 'members add', 'add to', 'add people'],
  // Whoever may change an admin team is admin of everything in it already: nobody grants more than they hold.
  permissions: [{ permission: 'admin', on: 'organization' }],
  lasting: (input, now) => ({ gives: [{ permission: 'team', object: input.organization }], endsAt: endOf(input, now) }),
  changes: {
    effects: ['grants'],
    // Who is a member already is left alone.
    facts: 'preview',
    retry: async ({ quay, input: { organization, team, members, for: length, until } }) => {
      // What ends is written down with it, which is repeated without harm.
      if (length !== undefined || until !== undefined) return undefined
      const { members: now } = await readTeam(quay, { organization, team })
      const isListed = members.every((name) => now.some((one) => one.name === name))
      return isListed ? { result: { organization, team, ...arrived(now, members) } } : undefined
    },
  },
  preview: {
    read: async ({ quay, bot, person, input }) => {
      const { organization, team, members } = input
      const { role, members: now, synced } = await readTeam(quay, { organization, team })
      await assertTeamLasts(bot, quay, person, { organization, team, role }, endOf(input, bot.clock()))
      const temporary = await heldForAWhile(bot.db, { kind: 'team', object: `${organization}/${team}` })
      const wanted = members.filter((name) => temporary.includes(name) || !now.some((one) => one.name === name))
      if (wanted.length === 0) throw new Failure('conflict', 'They are already members of the team {team}.', { team })
      if (synced && wanted.some((name) => !name.includes('+'))) {
        throw new Failure(
          'conflict',
          'Team {team} is synced with the group {group}: add users to the group. Only robot accounts can be added here.',
          {
            team,
            group: synced.group ?? '–',
          },
        )
      }
      await checkExist(quay, wanted)
      return {
        organization,
        team,
        role,
        wanted,
        until: input.until ?? null,
        length: input.for ?? null,
        members: now.map(({ name }) => name).toSorted(),
        permissions: await listTeamPermissions(quay, { organization, team }),
      }
    },
    view: ({ organization, team, role, wanted, permissions, until, length }, t) =>
      message(
        t(
          '{role, select, admin {Add {members} to the team {team}? They get *full access* to {organization}.} creator {Add {members} to the team {team}? They can then create repositories in {organization}.} other {Add {members} to the team {team} of {organization}?}}',
          { role, members: codes(wanted, t), team: code(team), organization: code(organization) },
        ),
        ...lengthNote({ until, length }, t),
        ...lines([
          t('{count, plural, =0 {The team has no permissions on repositories.} other {Permissions of the team:}}', {
            count: permissions.length,
          }),
          ...repositoryRoleLines(permissions.slice(0, repositoriesShown), t),
        ]),
        ...(permissions.length > repositoriesShown
          ? [
              note(
                t('And {count, plural, one {# more repository} other {# more repositories}}.', {
                  count: permissions.length - repositoriesShown,
                }),
              ),
            ]
          : []),
      ),
  },
  run: async (run) => {
    const { quay, bot, person, input } = run
    const { organization, team, members } = input
    const endsAt = endOf(input, bot.clock())
    const before = await readTeam(quay, { organization, team })
    const longest = await assertTeamLasts(bot, quay, person, { organization, team, role: before.role }, endsAt)
    const temporary = await heldForAWhile(bot.db, { kind: 'team', object: `${organization}/${team}` })
    const wanted = members.filter((name) => temporary.includes(name) || !before.members.some((one) => one.name === name))
    const untils: string[] = []
    for (const name of wanted) {
      const target = { kind: 'team' as const, object: `${organization}/${team}`, grantee: name }
      if (endsAt !== undefined) untils.push((await giveForAWhile(run, { target, role: 'member', endsAt, longest })).until)
      else if (!(await setWithoutEnd(run, target, 'member'))) await addTeamMember(quay, { organization, team }, name)
    }
    const { members: now } = await readTeam(quay, { organization, team })
    return { organization, team, ...arrived(now, wanted), until: untils[0] }
  },
  view: ({ organization, team, added, invited, until }, t) => {
    const values = { team: code(team), organization: code(organization) }
    return message(
      added.length > 0
        ? t('Added {members} to the team {team} of {organization}.', { members: codes(added, t), ...values })
        : t('No one was added to the team {team} of {organization}: already members.', values),
      ...(until === undefined ? [] : [temporaryNote({ until }, t)]),
      ...(invited.length > 0 ? [note(t('Invited; they become members when they accept: {members}', { members: codes(invited, t) }))] : []),
    )
  },
})

/** Who of them is in it. Where REQUIRE_TEAM_INVITE is on, Quay invites people who are new to the organisation instead. */
function arrived(now: TeamMember[], wanted: string[]): { added: string[]; invited: string[]; until?: string | undefined } {
  const isIn = (name: string) => now.some((one) => one.name === name && !one.invited)
  return { added: wanted.filter(isIn), invited: wanted.filter((name) => !isIn(name)) }
}

/** Before anything is changed: half of a list put in helps nobody. */
async function checkExist(quay: Quay, names: string[]) {
  const found = await Promise.all(names.map((name) => (name.includes('+') ? findRobotOf(quay, name) : findUser(quay, name))))
  const missing = names.filter((_, index) => found[index] === undefined)
  if (missing.length > 0) throw new Failure('not_found', 'Quay has no user or robot account with this name: {names}', { names: missing })
}

/** An organisation that does not exist has no robots; neither has, for the bot, somebody's own account. */
async function findRobotOf(quay: Quay, robot: string) {
  try {
    return await findRobot(quay, robot)
  } catch (error) {
    if (error instanceof Failure && error.code !== 'unavailable') return undefined
    throw error
  }
}
