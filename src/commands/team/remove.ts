import { z } from 'zod'
import { setWithoutEnd } from '../../approvals/access/without-end.ts'
import { command } from '../../command/command.ts'
import { organizationField, teamField } from '../../command/common-fields.ts'
import { teamFacts } from '../../command/facts.ts'
import { Failure } from '../../core/failure.ts'
import { keepAnAdmin } from '../../quay/admins.ts'
import { readBack } from '../../quay/read-back.ts'
import { memberName, readTeam, removeTeamMember } from '../../quay/teams.ts'
import { code, message, note } from '../../slack/blocks.ts'
import { codes } from '../../slack/views/codes.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Remove team members',
  input: z.strictObject({
    organization: organizationField,
    team: teamField,
    members: z.array(memberName).min(1).max(20).meta({ title: 'Members', of: 'user' }).describe('Users, and robot accounts as acme+ci'),
  }),
  examples: ['team remove acme developers bea', 'team remove acme developers bea,acme+ci'],
  aliases: [
    'remove member',
    'remove members',
    'kick',
    'leave',
    'remove user',
    'member remove',
    'members remove',
    'rm member',
    'delete member',
    'remove from',
    'take out',
  ],
  permissions: [{ permission: 'admin', on: 'organization' }],
  changes: {
    effects: ['overwrites'],
    // Who is out already is left alone.
    facts: ({ quay, input: { organization, team } }) => teamFacts(quay, organization, team),
    retry: async ({ quay, input: { organization, team, members } }) => {
      const { members: now } = await readTeam(quay, { organization, team })
      const isOut = members.every((name) => !now.some((one) => one.name === name))
      return isOut ? { result: { organization, team, removed: members, asAsked: true, absent: [] } } : undefined
    },
  },
  run: async (run) => {
    const { quay, person } = run
    const { organization, team, members } = run.input
    const { members: now, synced, role } = await readTeam(quay, { organization, team })
    const wanted = members.filter((name) => now.some((one) => one.name === name))
    if (synced && wanted.some((name) => !name.includes('+'))) {
      throw new Failure(
        'conflict',
        'Team {team} is synced with the group {group}: remove users from the group. Only robot accounts can be removed here.',
        {
          team,
          group: synced.group ?? '–',
        },
      )
    }
    if (role === 'admin')
      await keepAnAdmin(quay, organization, person.account, (account, from) => from === team && wanted.includes(account))
    for (const name of wanted) {
      const target = { kind: 'team' as const, object: `${organization}/${team}`, grantee: name }
      // What was given for a while ends with it.
      if (!(await setWithoutEnd(run, target, null))) await removeTeamMember(quay, { organization, team }, name)
    }
    const left = await readBack<string[]>(quay, [], async () =>
      (await readTeam(quay, { organization, team })).members.map(({ name }) => name),
    )
    const removed = wanted.filter((name) => !left.includes(name))
    return {
      organization,
      team,
      removed,
      asAsked: removed.length === wanted.length,
      absent: members.filter((name) => !wanted.includes(name)),
    }
  },
  view: ({ organization, team, removed, asAsked, absent }, t) => {
    const values = { team: code(team), organization: code(organization) }
    return message(
      removed.length > 0
        ? t('Removed {members} from the team {team} of {organization}.', { members: codes(removed, t), ...values })
        : t('No one was removed: not members of the team {team} of {organization}.', values),
      ...storedNote(asAsked, t),
      ...(removed.length > 0 && absent.length > 0 ? [note(t('Not members: {members}', { members: codes(absent, t) }))] : []),
    )
  },
})
