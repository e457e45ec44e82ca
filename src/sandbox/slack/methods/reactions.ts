import { knownChannel } from '../channels.ts'
import { type Fields, textOf } from '../json.ts'
import { botUser } from '../people.ts'
import { refuse } from '../refusal.ts'
import type { Slack } from '../simulation.ts'
import { isMember } from '../workspace.ts'
import type { Method } from './method.ts'

export const reactionMethods: Record<string, Method> = {
  'reactions.add': { scopes: ['reactions:write'], perMinute: 50, required: ['channel', 'name', 'timestamp'], run: add },
  'reactions.remove': { scopes: ['reactions:write'], perMinute: 20, required: ['name'], run: takeBack },
}

function subject(slack: Slack, given: Fields) {
  const name = textOf(given.name)
  if (!/^[a-z0-9_+'-]+(?:::skin-tone-[2-6])?$/.test(name)) throw refuse('invalid_name')
  if (!given.channel || !given.timestamp) throw refuse('no_item_specified')
  const channel = knownChannel(slack, given.channel)
  if (!isMember(channel, botUser)) throw refuse('no_access')
  const message = slack.workspace.messages.find((one) => one.ts === given.timestamp && one.channel === channel.id && !one.only_for)
  if (!message) throw refuse('message_not_found')
  message.reactions ??= []
  return { name, message, reactions: message.reactions }
}

function add(slack: Slack, given: Fields) {
  const { name, reactions } = subject(slack, given)
  const found = reactions.find((one) => one.name === name)
  if (found?.users.includes(botUser)) throw refuse('already_reacted')
  if (found) Object.assign(found, { users: [...found.users, botUser], count: found.count + 1 })
  else reactions.push({ name, users: [botUser], count: 1 })
  slack.changed()
  return {}
}

function takeBack(slack: Slack, given: Fields) {
  const { name, message, reactions } = subject(slack, given)
  const found = reactions.find((one) => one.name === name)
  if (!found?.users.includes(botUser)) throw refuse('no_reaction')
  Object.assign(found, { users: found.users.filter((one) => one !== botUser), count: found.count - 1 })
  message.reactions = reactions.filter(({ count }) => count > 0)
  slack.changed()
  return {}
}
