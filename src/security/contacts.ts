import type { Bot } from '../context.ts'
import { listMembers } from '../quay/members.ts'
import { namespaceOf } from '../quay/names.ts'
import { findOrganization } from '../quay/organizations.ts'
import { findUser } from '../quay/users.ts'
import { findByEmail } from '../slack/users.ts'
import { type Person, personOf } from './identity.ts'

const threeAtMost = 3

/**
 * Who could help somebody that lacks a right on an object: Slack user ids, three at most. Names only people of the
 * asker's own organisation, or those the policy names (docs/SECURITY.md rule 22), and nobody when Quay does not answer.
 */
export async function findHelpers(bot: Bot, person: Person, object: string): Promise<string[]> {
  const named = superusers(bot)
  const namespace = namespaceOf(object)
  try {
    const [organization, members] = await Promise.all([findOrganization(bot.quay, namespace), listMembers(bot.quay, namespace)])
    if (!members.some(({ name }) => name === person.account)) return named
    const adminTeams = new Set(organization?.teams.flatMap(({ name, role }) => (role === 'admin' ? [name] : [])))
    const isHelper = ({ name, kind, teams }: (typeof members)[number]) =>
      kind === 'user' && name !== person.account && name !== bot.quay.capabilities.account && teams.some((team) => adminTeams.has(team))
    const admins = members.filter(isHelper).map(({ name }) => name)
    const people = await Promise.all(admins.slice(0, threeAtMost).map((account) => slackPersonOf(bot, account)))
    const found = people.filter((id) => id !== undefined)
    return found.length > 0 ? found : named
  } catch {
    // A courtesy: the refusal stands without it.
    return named
  }
}

/** Who the policy names for superuser operations, as far as a refusal names them; nobody of whom Slack has said that they are gone. */
export function superusers({ policy, slack }: Pick<Bot, 'policy' | 'slack'>) {
  return (policy.superusers ?? []).filter((id) => !slack.unknown.has(id)).slice(0, threeAtMost)
}

/** Somebody who never used the bot is found by the account's address; a name is a help here, it gives no right. */
export async function slackPersonOf(bot: Bot, account: string) {
  const linked = await personOf(bot, account)
  if (linked) return linked
  const user = await findUser(bot.quay, account)
  return user?.enabled && user.email ? findByEmail(bot.slack, user.email) : undefined
}
