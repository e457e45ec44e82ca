import { stateOf } from './elements.ts'
import { type Fields, fieldsOf } from './json.ts'
import { outwardly } from './messages.ts'
import { appId, isPerson, team, type User } from './people.ts'
import { forbidden, impossible } from './refusal.ts'
import type { Slack } from './simulation.ts'
import { viewObject } from './views.ts'
import { type Channel, findUser, type Message, type View } from './workspace.ts'

export const verificationToken = 'verification-token-sandbox'

/** The person who acts. */
export function actor(slack: Slack, id: string): User {
  const user = findUser(slack.workspace, id)
  if (!user || !isPerson(user)) throw impossible(`There is nobody called ${id}.`)
  return user
}

/** The person, if they are active. A press before a deactivation may still arrive afterwards. */
export function present(slack: Slack, id: string): User {
  const user = actor(slack, id)
  if (user.deleted) throw forbidden(`${user.name} is deactivated and can do nothing in Slack.`)
  return user
}

/** The common fields of every interactive payload (doc-examples/payload.block_actions.message.json). */
export function interaction(slack: Slack, type: string, user: User): Fields {
  if (!slack.manifest.interactivity) throw forbidden('Interactivity is switched off in the manifest, so the bot hears of nothing.')
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

/** The place of an action: a message, or one of its attachments. */
export function aboutMessage(channel: Channel, message: Message, attachment?: Fields): Fields {
  const { blocks } = message
  const hidden = message.only_for !== undefined
  return {
    container: {
      type: attachment ? 'message_attachment' : 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: hidden,
      ...(attachment && { attachment_id: attachment.id, is_app_unfurl: attachment.is_app_unfurl === true }),
    },
    channel: { id: channel.id, name: channelName(channel) },
    // An ephemeral message is not stored, so the payload has only its address.
    ...(hidden ? {} : { message: outwardly(message) }),
    state: { values: stateOf(blocks ?? [], message.typed) },
  }
}

export function aboutView(view: View): Fields {
  return { container: { type: 'view', view_id: view.id }, view: viewObject(view, fieldsOf(stateOf(view.blocks, view.typed))) }
}
