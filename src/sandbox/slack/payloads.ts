import { stateOf } from './elements.ts'
import { type Fields, fieldsOf } from './json.ts'
import { outwardly } from './messages.ts'
import { appId, isPerson, team, type User } from './people.ts'
import { forbidden, impossible } from './refusal.ts'
import type { Slack } from './simulation.ts'
import { viewObject } from './views.ts'
import { type Channel, findUser, type Message, type View } from './workspace.ts'

export const verificationToken = 'verification-token-sandbox'

/** Somebody who can do things: known, and not deactivated. */
export function actor(slack: Slack, id: string): User {
  const user = findUser(slack.workspace, id)
  if (!user || !isPerson(user)) throw impossible(`There is nobody called ${id}.`)
  if (user.deleted) throw forbidden(`${user.name} is deactivated and can do nothing in Slack.`)
  return user
}

/** What every interactive payload says first (doc-examples/payload.block_actions.message.json). */
export function interaction(slack: Slack, type: string, user: User): Fields {
  return {
    type,
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team_id },
    api_app_id: appId,
    token: verificationToken,
    team: { id: team, domain: slack.workspace.teams[0]?.domain },
    enterprise: null,
    is_enterprise_install: false,
  }
}

export function channelName(channel: Channel) {
  return channel.is_im ? 'directmessage' : channel.is_private ? 'privategroup' : channel.name
}

export function aboutMessage(channel: Channel, message: Message): Fields {
  const { blocks } = message
  const hidden = message.only_for !== undefined
  return {
    container: { type: 'message', message_ts: message.ts, channel_id: channel.id, is_ephemeral: hidden },
    channel: { id: channel.id, name: channelName(channel) },
    // An ephemeral message is not in the payload, only its address is: there is nothing stored to show.
    ...(hidden ? {} : { message: outwardly(message) }),
    state: { values: stateOf(blocks ?? [], message.typed) },
  }
}

export function aboutView(view: View): Fields {
  return { container: { type: 'view', view_id: view.id }, view: viewObject(view, fieldsOf(stateOf(view.blocks, view.typed))) }
}
