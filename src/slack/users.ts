import { type Language, languageOf } from '../core/i18n.ts'
import { cached } from '../core/ttl-cache.ts'
import { type Slack, teamOf } from './clients.ts'

/** A Slack user, with what the bot needs to know. */
export interface SlackUser {
  id: string
  /** On an Enterprise Grid a person has an id of their own (W…) and one per workspace (U…). This is the one for the whole grid. */
  one: string
  /** The workspace or Enterprise Grid in which the bot is installed. */
  team: string
  name: string
  /** Only if Slack says that it is confirmed. */
  email: string | undefined
  language: Language
  timeZone: string | undefined
  /** Why the person may not use the bot; undefined for a member of the workspace. */
  external: 'guest' | 'outside' | 'deactivated' | 'bot' | 'gone' | undefined
}

/** Reads a user from Slack, cached for a minute or until Slack reports a change; `bypassCache` reads now. */
export function findSlackUser(slack: Slack, id: string, { bypassCache = false } = {}): Promise<SlackUser> {
  return cached(slack.people, id, () => askSlack(slack, id), { bypassCache })
}

async function askSlack(slack: Slack, id: string): Promise<SlackUser> {
  const { user } = await slack.directory.users.info({ user: id, include_locale: true }).catch(goneAs(slack, id, { user: undefined }))
  if (!user) return { id, one: id, team: teamOf(slack), name: id, email: undefined, language: 'en', timeZone: undefined, external: 'gone' }
  noteKnown(slack, id, user.deleted ? 'deactivated' : undefined)
  const profile = user.profile
  const one = user.enterprise_user?.id ?? id
  if (one !== id) slack.aliases.set(id, one)
  return {
    id,
    one,
    team: teamOf(slack),
    name: profile?.display_name || profile?.real_name || user.real_name || user.name || id,
    email: user.is_email_confirmed === true ? profile?.email : undefined,
    language: languageOf(user.locale),
    timeZone: user.tz,
    external: externalOf(slack, user),
  }
}

type User = NonNullable<Awaited<ReturnType<Slack['directory']['users']['info']>>['user']>

// The checks that Slack's documentation recommends before trusting a press (docs/slack.md §8). Names prove nothing.
function externalOf(slack: Slack, user: User): SlackUser['external'] {
  if (user.deleted) return 'deactivated'
  if (user.is_bot || user.is_app_user || user.is_workflow_bot || user.id === 'USLACKBOT') return 'bot'
  const here =
    user.team_id === slack.team ||
    (slack.enterprise !== undefined && user.enterprise_user?.enterprise_id === slack.enterprise) ||
    user.enterprise_user?.teams?.includes(slack.team)
  if (!here || (user as { is_stranger?: boolean }).is_stranger) return 'outside' // missing in the client's types
  if (user.is_restricted || user.is_ultra_restricted || (user as { is_invited_user?: boolean }).is_invited_user) return 'guest' // missing in the client's types
  return undefined
}

// Slack's error codes for missing users and groups: somebody left, or a group was disabled.
const gone = new Set(['user_not_found', 'users_not_found', 'user_not_visible', 'no_such_subteam', 'subteam_disabled'])

/** An id unknown to Slack counts as nobody and is reported to the operator. Other errors propagate. */
function goneAs<Answer>(slack: Slack, id: string, nothing: Answer) {
  return (error: unknown): Answer => {
    const { data } = (error ?? {}) as { data?: { error?: string } } // the errors of @slack/web-api have this shape
    if (!gone.has(data?.error ?? '')) throw error
    noteKnown(slack, id, data?.error)
    return nothing
  }
}

const notedAtMost = 200

/** Stores that Slack does not know an id, and logs it once. `undefined` means that the id exists. */
function noteKnown({ unknown, log }: Slack, id: string, problem: string | undefined) {
  if (problem === undefined) return void unknown.delete(id)
  if (unknown.has(id) || unknown.size >= notedAtMost) return
  unknown.set(id, problem)
  log.warn({ id, problem }, 'a person or user group no longer exists in Slack and is ignored')
}

/** The members of a user group, cached for a minute. A deleted or disabled group has none. */
export function findMembers(slack: Slack, group: string): Promise<string[]> {
  return cached(slack.people, group, async () => {
    const { users = [] } = await slack.directory.usergroups.users
      .list({ usergroup: group })
      .then((answer) => {
        noteKnown(slack, group, undefined)
        return answer
      })
      .catch(goneAs(slack, group, { users: [] as string[] })) // otherwise inferred as never[]
    return users
  })
}

/** These people, with the members of user groups in place of the groups. */
export async function peopleIn(slack: Slack, ids: string[]): Promise<string[]> {
  return (await Promise.all(ids.map((id) => (id.startsWith('S') ? findMembers(slack, id) : [id])))).flat()
}

/** Whether a person is one of these people or in one of these user groups, under any of their ids. */
export async function isAmong(slack: Slack, id: string, people: string[]) {
  if (people.includes(id)) return true
  const named = await peopleIn(slack, people)
  if (named.includes(id)) return true
  const one = await idForAll(slack, id)
  // Only on an Enterprise Grid does a person have a second id.
  if (one === id && !id.startsWith('W')) return false
  return (await Promise.all(named.map((other) => idForAll(slack, other)))).includes(one)
}

/** A person's id in the whole Enterprise Grid; elsewhere their only id. Kept forever, because Slack never changes it. */
export async function idForAll(slack: Slack, id: string): Promise<string> {
  return slack.aliases.get(id) ?? (/^[UW]/.test(id) ? (await findSlackUser(slack, id)).one : id)
}

/** Those of these people and user groups that exist, so that a message may mention them. */
export async function presentAmong(slack: Slack, ids: string[]): Promise<string[]> {
  const found = await Promise.all(
    ids.map(async (id) =>
      id.startsWith('S') ? (await findMembers(slack, id)).length > 0 : (await findSlackUser(slack, id)).external === undefined,
    ),
  )
  return ids.filter((_, index) => found[index])
}

/** The Slack user with a confirmed e-mail address; undefined if there is none. */
export async function findByEmail(slack: Slack, email: string): Promise<string | undefined> {
  try {
    return (await slack.directory.users.lookupByEmail({ email })).user?.id
  } catch {
    // The names of helpers are optional, so a refusal must not fail because Slack does not know an address.
    return undefined
  }
}
