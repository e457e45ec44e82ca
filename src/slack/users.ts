import { type Language, languageOf } from '../core/i18n.ts'
import { remember } from '../core/ttl-cache.ts'
import { type Slack, teamOf } from './clients.ts'

/** Somebody in Slack, as far as the bot must know them. */
export interface SlackUser {
  id: string
  /** The workspace or Enterprise Grid that the bot is installed in. */
  team: string
  name: string
  /** Only when Slack says that it is confirmed. */
  email: string | undefined
  language: Language
  timeZone: string | undefined
  /** Why they may not use the bot; undefined for a member of the workspace. */
  stranger: 'guest' | 'outside' | 'deactivated' | 'bot' | undefined
}

/** Asks Slack who somebody is; remembered for a minute, until Slack reports a change, or not at all when `fresh`. */
export function findSlackUser(slack: Slack, id: string, { fresh = false } = {}): Promise<SlackUser> {
  return remember(slack.people, id, () => askSlack(slack, id), { fresh })
}

async function askSlack(slack: Slack, id: string): Promise<SlackUser> {
  const { user } = await slack.directory.users.info({ user: id, include_locale: true })
  if (!user) throw new TypeError('Slack answered users.info without a user')
  const profile = user.profile
  return {
    id,
    team: teamOf(slack),
    name: profile?.display_name || profile?.real_name || user.real_name || user.name || id,
    email: user.is_email_confirmed === true ? profile?.email : undefined,
    language: languageOf(user.locale),
    timeZone: user.tz,
    stranger: strangerOf(slack, user),
  }
}

type User = NonNullable<Awaited<ReturnType<Slack['directory']['users']['info']>>['user']>

// What Slack's own pages say to look at before trusting a press (slack/facts.md §8); names prove nothing.
function strangerOf(slack: Slack, user: User): SlackUser['stranger'] {
  if (user.deleted) return 'deactivated'
  if (user.is_bot || user.is_app_user || user.is_workflow_bot || user.id === 'USLACKBOT') return 'bot'
  const here =
    user.team_id === slack.team ||
    (slack.enterprise !== undefined && user.enterprise_user?.enterprise_id === slack.enterprise) ||
    user.enterprise_user?.teams?.includes(slack.team)
  if (!here || (user as { is_stranger?: boolean }).is_stranger) return 'outside'
  if (user.is_restricted || user.is_ultra_restricted || (user as { is_invited_user?: boolean }).is_invited_user) return 'guest'
  return undefined
}

/** The members of a user group, remembered for a minute. */
export function findMembers(slack: Slack, group: string): Promise<string[]> {
  return remember(slack.people, group, async () => (await slack.directory.usergroups.users.list({ usergroup: group })).users ?? [])
}

/** Whether somebody is one of these people, or in one of these user groups. */
export async function isAmong(slack: Slack, id: string, people: string[]) {
  if (people.includes(id)) return true
  const groups = await Promise.all(people.filter((one) => one.startsWith('S')).map((group) => findMembers(slack, group)))
  return groups.some((members) => members.includes(id))
}

/** The Slack person of a confirmed e-mail address; undefined when there is none. */
export async function findByEmail(slack: Slack, email: string): Promise<string | undefined> {
  try {
    return (await slack.directory.users.lookupByEmail({ email })).user?.id
  } catch {
    // Who could help is a courtesy: a refusal must not fail because Slack does not know an address.
    return undefined
  }
}
