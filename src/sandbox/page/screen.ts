import { person } from '../control/names.ts'
import type { Route } from '../control/route.ts'
import { shownMessage, shownView } from '../control/shown.ts'
import type { SimulatedSlack } from '../slack/simulate.ts'
import { type Channel, directMessage, findUser, isMember, type Workspace } from '../slack/workspace.ts'

const worlds = new WeakMap<Workspace, number>()

/** Everything that one person sees: channels with their messages, the direct message with the bot, modals and App Home. */
export const screenOf: Route = ({ slack, clock }, { user }) => {
  const viewer = person(slack, user)
  const { workspace } = slack
  const direct = directMessage(workspace, viewer.id)
  const channels = [...workspace.channels.filter((one) => !one.is_im && isMember(one, viewer.id)), direct]
  const home = workspace.homes.find((one) => one.user === viewer.id)
  return {
    user: viewer.name,
    locale: viewer.locale,
    channels: channels.map((one) => shownChannel(slack, one, viewer.id)),
    views: workspace.views.filter((one) => one.user === viewer.id).map(shownView),
    home: home ? shownView(home) : null,
    connections: slack.connections(),
    now: clock.now(),
    world: worldOf(workspace),
  }
}

/** Identifies this sandbox until its next reset, so that a browser discards what it stored for another. */
function worldOf(workspace: Workspace) {
  // Not the sandbox's clock, which is moved by hand.
  const world = worlds.get(workspace) ?? Date.now()
  worlds.set(workspace, world)
  return world
}

function shownChannel(slack: SimulatedSlack, channel: Channel, viewer: string) {
  const { id, name, is_im, purpose, members, is_ext_shared } = channel
  const seen = slack.workspace.messages.filter((one) => one.channel === id && (!one.only_for || one.only_for === viewer))
  return {
    id,
    name: is_im ? 'quaymaster' : name,
    is_im,
    purpose,
    is_ext_shared,
    // Slack's client has no composer then.
    read_only: is_im && slack.messagesAreReadOnly(),
    members: members.map((one) => findUser(slack.workspace, one)?.name ?? one),
    messages: seen.map((one) => shownMessage(slack, one, viewer)),
  }
}
