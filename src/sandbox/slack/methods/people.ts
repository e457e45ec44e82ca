import { type Fields, textOf } from '../json.ts'
import { isTrue } from '../messages.ts'
import { page } from '../paging.ts'
import { team, type User } from '../people.ts'
import { refuse } from '../refusal.ts'
import type { Slack } from '../simulation.ts'
import type { Usergroup } from '../workspace.ts'
import type { Method } from './method.ts'

const groups = ['usergroups:read']

export const peopleMethods: Record<string, Method> = {
  'users.info': { scopes: ['users:read'], perMinute: 100, formOnly: true, required: ['user'], run: info },
  'users.list': { scopes: ['users:read'], perMinute: 20, formOnly: true, run: list },
  'users.lookupByEmail': { scopes: ['users:read.email'], perMinute: 50, formOnly: true, required: ['email'], run: lookup },
  'usergroups.list': { scopes: groups, perMinute: 20, formOnly: true, run: listGroups },
  'usergroups.users.list': { scopes: groups, perMinute: 20, formOnly: true, required: ['usergroup'], run: listGroup },
}

/** A user as the app may see them: the e-mail address needs a scope, and the locale must be requested and is never an external user's. */
export function userObject(slack: Slack, user: User, given: Fields = {}): Fields {
  const { locale, profile, ...rest } = user
  const { email, ...others } = profile
  const shown = slack.workspace.scopes.includes('users:read.email') && email !== undefined
  const home = user.team_id === team
  return {
    ...rest,
    profile: { ...others, ...(shown && { email }) },
    ...(isTrue(given.include_locale) && home && { locale }),
  }
}

function info(slack: Slack, given: Fields) {
  const { users } = slack.workspace
  const user = users.find(({ id }) => id === given.user) ?? users.find(({ enterprise_user: one }) => one && one.id === given.user)
  if (!user) throw refuse('user_not_found')
  return { user: { ...userObject(slack, user, given), id: given.user } }
}

function list(slack: Slack, given: Fields) {
  const { items, response_metadata } = page(slack.workspace.users, given)
  return { members: items.map((one) => userObject(slack, one, given)), cache_ts: Math.floor(slack.clock() / 1000), response_metadata }
}

function lookup(slack: Slack, given: Fields) {
  const wanted = textOf(given.email).toLowerCase()
  const user = slack.workspace.users.find(({ profile, deleted }) => !deleted && profile.email?.toLowerCase() === wanted)
  if (!user) throw refuse('users_not_found')
  return { user: userObject(slack, user, given) }
}

function groupObject(group: Usergroup, given: Fields): Fields {
  const { users, ...rest } = group
  return {
    ...rest,
    team_id: team,
    is_usergroup: true,
    is_external: false,
    ...(isTrue(given.include_users) && { users }),
    ...(isTrue(given.include_count) && { user_count: String(users.length) }),
  }
}

function listGroups({ workspace }: Slack, given: Fields) {
  const all = workspace.usergroups.filter(({ date_delete }) => date_delete === 0 || isTrue(given.include_disabled))
  return { usergroups: all.map((group) => groupObject(group, given)) }
}

function listGroup({ workspace }: Slack, given: Fields) {
  const group = workspace.usergroups.find(
    ({ id, date_delete }) => id === given.usergroup && (date_delete === 0 || isTrue(given.include_disabled)),
  )
  if (!group) throw refuse('no_such_subteam')
  return { users: [...group.users] }
}
