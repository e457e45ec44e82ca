import { isPerson, type User } from '../slack/people.ts'
import { impossible } from '../slack/refusal.ts'
import type { SimulatedSlack } from '../slack/simulate.ts'
import { type Channel, directMessage, findChannel, findUser, isMember, type Workspace } from '../slack/workspace.ts'

/** A person by name or id. The bot and missing people are unknown. */
export function person({ workspace }: SimulatedSlack, name: unknown): User {
  const user = typeof name === 'string' ? findUser(workspace, name) : undefined
  if (user && isPerson(user)) return user
  const all = workspace.users.filter(isPerson).map((one) => one.name)
  throw impossible(
    name ? `There is nobody called ${String(name)}; there are ${all.join(', ')}.` : `Say who it is: user is one of ${all.join(', ')}.`,
  )
}

/** A channel by name or id as a person sees it. The name of a person or the bot means the direct message with the bot. */
export function channelOf({ workspace }: SimulatedSlack, name: unknown, viewer: User): Channel {
  const channel = typeof name === 'string' ? (findChannel(workspace, name) ?? direct(workspace, name, viewer)) : undefined
  if (!channel) {
    const all = workspace.channels.filter(({ is_im }) => !is_im).map((one) => one.name)
    throw impossible(
      name ? `There is no channel called ${String(name)}; there are ${all.join(', ')}.` : `Say where: channel is one of ${all.join(', ')}.`,
    )
  }
  if (!isMember(channel, viewer.id)) {
    throw impossible(
      channel.is_im ? `${viewer.name} does not see the direct messages of others.` : `${viewer.name} is not in #${channel.name}.`,
    )
  }
  return channel
}

function direct(workspace: Workspace, name: string, viewer: User) {
  const user = findUser(workspace, name)
  return user && directMessage(workspace, user.is_bot ? viewer.id : user.id)
}

/** The visible name of a channel; for a direct message the name of the person. */
export function nameOf({ workspace }: SimulatedSlack, id: string) {
  const channel = workspace.channels.find((one) => one.id === id)
  return channel?.is_im ? findUser(workspace, channel.user ?? '')?.name : channel?.name
}
