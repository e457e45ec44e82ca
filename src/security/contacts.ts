import type { Bot } from '../context.ts'
import { adminsAmong } from '../quay/admins.ts'
import { listMembers } from '../quay/members.ts'
import { namespaceOf } from '../quay/names.ts'
import { findOrganization } from '../quay/organizations.ts'
import { findUser } from '../quay/users.ts'
import { findByEmail } from '../slack/users.ts'
import { type Person, personOf } from './identity.ts'

const threeAtMost = 3

/**
 * People who could help somebody without a permission on an object: at most three Slack user ids. Only people of the
 * person's own organization or named by the policy (docs/SECURITY.md rule 22), and none when Quay does not answer.
 */
export async function findHelpers(bot: Bot, person: Person, object: string): Promise<string[]> {
  const named = superusers(bot).filter((id) => id !== person.id)
  const namespace = namespaceOf(object)
  try {
    const [organization, members] = await Promise.all([findOrganization(bot.quay, namespace), listMembers(bot.quay, namespace)])
    if (!members.some(({ name }) => name === person.account)) return named
    const left = [person.account, bot.quay.capabilities.account]
    const admins = adminsAmong(organization?.teams ?? [], members).filter(({ account }) => !left.includes(account))
    const people = await Promise.all(admins.slice(0, threeAtMost).map(({ account }) => slackPersonOf(bot, account)))
    const found = people.filter((id) => id !== undefined)
    return found.length > 0 ? found : named
  } catch {
    // The names are optional: the refusal is sent without them.
    return named
  }
}

/** The people whom the policy names for superuser commands, except those that no longer exist in Slack. */
export function superusers({ policy, slack }: Pick<Bot, 'policy' | 'slack'>) {
  return (policy.superusers ?? []).filter((id) => !slack.unknown.has(id)).slice(0, threeAtMost)
}

/** A person who never used the bot is found by the e-mail address of the account. The name is only a hint and grants nothing. */
export async function slackPersonOf(bot: Bot, account: string) {
  const linked = await personOf(bot, account)
  if (linked) return linked
  const user = await findUser(bot.quay, account)
  return user?.enabled && user.email ? findByEmail(bot.slack, user.email) : undefined
}
