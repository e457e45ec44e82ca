import { Failure } from '../core/failure.ts'
import { call, done } from './http.ts'
import { findTeams } from './members.ts'
import { readOrganization } from './organizations.ts'
import type { Quay } from './registry.ts'
import { teamsOf } from './sight.ts'
import { addTeamMember, findTeamMembers, removeTeamMember, setTeam } from './teams.ts'
import { findUser } from './users.ts'

// How the bot becomes an admin of an organization that nobody has let it into (docs/SECURITY.md rule 39).

/** The team that the bot makes for itself. */
export const ownTeam = 'quaymaster'

/**
 * Makes the bot's own account an owner. Given a user's name Quay would turn the user into an organization, so that both are asked
 * for immediately before, and any doubt refuses. Not found: no such organization. Conflict: it is a user's name too.
 */
export async function takeOwnership(quay: Quay, organization: string): Promise<void> {
  // "Immediately before" is not what this execution has read earlier.
  quay.memo?.forget()
  const [, user] = await Promise.all([readOrganization(quay, organization), findUser(quay, organization)])
  if (user)
    throw new Failure('conflict', '{organization} is also the name of a user. Nothing was done, because Quay could convert the user.', {
      organization,
    })
  const path = '/superuser/takeownership/{namespace}'
  await call(quay, { method: 'POST', path, params: { namespace: organization }, assume: undefined, response: done })
}

/** The bot's own account. Conflict: it is not known, or being an admin would not count with the scopes of the token. */
export function accountToJoin({ capabilities }: Quay): string {
  const { account, organizations } = capabilities
  if (account === undefined)
    throw new Failure('conflict', 'Quaymaster does not know its own Quay user. An operator must renew QUAY_TOKEN with the scope user:read.')
  if (organizations?.scoped === false || organizations?.repositories === false)
    throw new Failure(
      'conflict',
      'This would not help: QUAY_TOKEN lacks the scopes org:admin, repo:admin and repo:create. An operator must renew it with these scopes first.',
    )
  return account
}

/** The bot's own team of role admin, with nobody else in it. Conflict: there is a team of that name with somebody else, or another role. */
export async function joinOwnTeam(quay: Quay, organization: string, account: string): Promise<void> {
  const team = { organization, team: ownTeam }
  const members = await findTeamMembers(quay, team)
  const role = teamsOf(quay, await readOrganization(quay, organization)).find(({ name }) => name === ownTeam)?.role
  const others = members?.members.filter(({ name }) => name !== account) ?? []
  if (others.length > 0 || (members && role !== 'admin'))
    throw new Failure('conflict', '{organization} already has its own team {team}. An admin must rename or delete it first.', team)
  if (!members) await setTeam(quay, team, { role: 'admin', description: 'The bot that runs commands from Slack' })
  if (!members?.members.some(({ name }) => name === account)) await addTeamMember(quay, team, account)
}

/** Leaves every other admin team, which Quay has put the bot into. Only where its own team keeps it an admin. */
export async function leaveOwners(quay: Quay, organization: string, account: string): Promise<void> {
  if (quay.dryRunCalls) return removeTeamMember(quay, { organization, team: 'owners' }, account)
  const teams = (await findTeams(quay, organization, account)).filter(({ role }) => role === 'admin').map(({ team }) => team)
  if (!teams.includes(ownTeam))
    throw new Failure('conflict', '{account} is not in the team {team} yet, so it remains an owner.', { account, team: ownTeam })
  for (const team of teams) if (team !== ownTeam) await removeTeamMember(quay, { organization, team }, account)
}
