import { findChannel, findUser, type Workspace } from './workspace.ts'

// A user of the sandbox may type a mention in Slack's own format; any other text in angle brackets is literal.
const live = /(<(?:@[UW]\w+|#C\w+|!subteam\^S\w+|https?:\/\/[^\s<>|]+)(?:\|[^<>]*)?>)/

/** Converts typed text as Slack's client does if the command asks for escaping: mentions, channels and links get ids (docs/slack.md §2). */
export function escaped(workspace: Workspace, text: string) {
  const parts = text.split(live)
  return parts.map((part, index) => (index % 2 === 1 ? part : alive(workspace, entities(part)))).join('')
}

function alive(workspace: Workspace, text: string) {
  return text
    .replaceAll(/(?<!\w)@([\w.-]+)/g, (whole, name: string) => mention(workspace, name) ?? whole)
    .replaceAll(/(?<![\w&/])#([\w-]+)/g, (whole, name: string) => channelLink(workspace, name) ?? whole)
    .replaceAll(/(?<![\w"=])https?:\/\/[^\s<>|"“”]+/g, '<$&>')
}

/** Typed ampersands and angle brackets become entities, so that a typed mention of everybody has no effect. */
function entities(text: string) {
  return text
    .replaceAll(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

const everybody = ['here', 'channel', 'everyone']

function mention(workspace: Workspace, name: string) {
  if (everybody.includes(name)) return `<!${name}>`
  const user = findUser(workspace, name)
  if (user) return `<@${user.id}|${user.name}>`
  const group = workspace.usergroups.find(({ handle }) => handle === name)
  return group && `<!subteam^${group.id}|@${group.handle}>`
}

function channelLink(workspace: Workspace, name: string) {
  const channel = findChannel(workspace, name)
  if (!channel || channel.id === name) return undefined
  return channel.is_private ? `<#${channel.id}|>` : `<#${channel.id}|${channel.name}>`
}
