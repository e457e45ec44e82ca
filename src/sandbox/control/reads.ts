import { hash } from 'node:crypto'
import { isPerson } from '../slack/people.ts'
import type { SimulatedSlack } from '../slack/simulate.ts'
import { isMember } from '../slack/workspace.ts'
import { channelOf, person } from './names.ts'
import type { Route } from './route.ts'
import { shownFile, shownMessage, shownView } from './shown.ts'

/** Reads: GET /_control/<name>. */
export const reads: Record<string, Route | undefined> = {
  /** With `unlike`, the `state` of an earlier answer: once something is another one. */
  messages: async ({ slack }, { channel, user, unlike }) => {
    const viewer = person(slack, user)
    const { id } = channelOf(slack, channel, viewer)
    const seen = () => slack.workspace.messages.filter((one) => one.channel === id && (!one.only_for || one.only_for === viewer.id))
    const state = () => stateOf(seen().map(({ ts, changed }) => `${ts} ${changed}`))
    await untilUnlike(slack, state, unlike)
    return { state: state(), messages: seen().map((one) => shownMessage(slack, one, viewer.id)) }
  },
  /** As with messages. */
  views: async ({ slack }, { user, unlike }) => {
    const { id } = person(slack, user)
    const open = () => slack.workspace.views.filter((one) => one.user === id)
    const state = () => stateOf(open().map((one) => `${one.id} ${one.hash}`))
    await untilUnlike(slack, state, unlike)
    return { state: state(), views: open().reverse().map(shownView) }
  },
  home: ({ slack }, { user }) => {
    const { id } = person(slack, user)
    const view = slack.workspace.homes.find((one) => one.user === id)
    return { view: view ? shownView(view) : null }
  },
  files: ({ slack }, { user }) => {
    const { id } = person(slack, user)
    const mine = new Set(slack.workspace.channels.filter((one) => isMember(one, id)).map((one) => one.id))
    const seen = slack.workspace.files.filter(({ completed, channels }) => completed && channels.some((one) => mine.has(one)))
    return { files: seen.map((one) => shownFile(slack, one)) }
  },
  slackbot: async ({ slack }) => ({ tools: await slack.listTools() }),
  workspace: ({ slack, clock }) => {
    const { users, channels, usergroups } = slack.workspace
    return {
      people: users.filter(isPerson).map(({ id, name, real_name, profile, deleted, is_restricted, team_id }) => {
        return { id, name, real_name, title: profile.title, deleted, is_restricted, team_id }
      }),
      // The bot and Slackbot cannot be played, but are named in mentions.
      apps: users.filter((one) => !isPerson(one)).map(({ id, name }) => ({ id, name })),
      channels: channels
        .filter(({ is_im }) => !is_im)
        .map(({ id, name, purpose, members, is_ext_shared }) => ({ id, name, purpose, members, is_ext_shared })),
      usergroups,
      connections: slack.connections(),
      now: clock.now(),
    }
  },
  log: ({ slack, quay }) => ({ slack: slack.traffic, quay: quay.exchanges }),
  quay: ({ quay }) => quay.snapshot(),
}

function stateOf(parts: string[]) {
  return hash('sha256', parts.join('\n'), 'base64url')
}

// Not every change is one of the state: a reaction, an error under a field.
const longestWait = 1000

/** Waits until a state is another one than the reader has seen, so that nobody has to ask again and again. */
async function untilUnlike(slack: SimulatedSlack, state: () => string, seen: unknown) {
  if (state() !== seen) return
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer)
      forget()
      resolve()
    }
    const timer = setTimeout(end, longestWait)
    const forget = slack.onChange(() => state() !== seen && end())
  })
}
