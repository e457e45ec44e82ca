import { findChannel, findUser, type Workspace } from './workspace.ts'

/** What a client makes of typed text when the command asks for escaping: mentions, channels and links get ids (facts §2). */
export function escaped(workspace: Workspace, text: string) {
  return entities(text)
    .replaceAll(/(?<![<\w])@([\w.-]+)/g, (whole, name: string) => mention(workspace, name) ?? whole)
    .replaceAll(/(?<![<\w&/])#([\w-]+)/g, (whole, name: string) => channelLink(workspace, name) ?? whole)
    .replaceAll(/(?<![<\w"=|])https?:\/\/[^\s<>|"“”]+/g, '<$&>')
}

// Typed ampersands and angle brackets arrive as entities; what the sender already wrote as a mention stays one.
function entities(text: string) {
  return text
    .replaceAll(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replaceAll(/<(?![@#!]|https?:)|(?<!<[@#!h][^<>]*)>/g, (one) => (one === '<' ? '&lt;' : '&gt;'))
}

function mention(workspace: Workspace, name: string) {
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
