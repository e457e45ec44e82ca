import { checkBlocks, type Problem } from './block-kit-check.ts'
import { type Fields, fieldsOf, isFields, lengthOf, listOf, parsed, textOf } from './json.ts'
import { autoParsed, linked, normalisedBlocks } from './normalise.ts'
import { appId, botId, botUser, slackbot, team } from './people.ts'
import { refuse } from './refusal.ts'
import { nextTs, type Slack } from './simulation.ts'
import { foreignVideos } from './videos.ts'
import type { Channel, Message } from './workspace.ts'

/** The checked and normalized content of a bot's message. */
export interface Content {
  text?: string
  blocks?: Fields[]
  attachments?: Fields[]
  metadata?: Fields
}

/** Arguments that are JSON: WebClient sends them as strings in a form, other clients as JSON. */
export function structured(value: unknown): unknown {
  return typeof value === 'string' ? parsed(value) : value
}

export function refuseProblems(error: string, problems: Problem[]) {
  const errors = problems.map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`)
  return refuse(error, { errors, response_metadata: { messages: errors.map((one) => `[ERROR] ${one}`) } })
}

/** Reads the content of a message, or refuses it as Slack does (docs/slack.md §1.1, §1.6, §6). `budget` is the maximum total text in blocks. */
export function readContent(slack: Slack, given: Fields, { budget, maxText }: { budget?: number; maxText?: number } = {}): Content {
  const content: Content = {}
  if (given.markdown_text !== undefined && (given.text !== undefined || given.blocks !== undefined)) throw refuse('markdown_text_conflict')
  if (given.text !== undefined && given.text !== null) content.text = readText(slack, given, maxText)
  if (given.markdown_text !== undefined) content.text = readMarkdown(given.markdown_text, maxText)
  if (given.blocks !== undefined && given.blocks !== null) content.blocks = readBlocks(slack, given.blocks, budget)
  if (given.attachments !== undefined && given.attachments !== null) content.attachments = readAttachments(slack, given.attachments)
  if (given.metadata !== undefined && given.metadata !== null) content.metadata = readMetadata(given.metadata)
  return content
}

export function isEmpty({ text, blocks, attachments }: Content) {
  return !text?.trim() && !blocks?.length && !attachments?.length
}

// Slack cuts text after 40,000 characters; some methods refuse far shorter texts (docs/slack.md §1.1).
function readText(slack: Slack, given: Fields, maxText: number | undefined) {
  const text = String(given.text)
  if (maxText !== undefined && lengthOf(text) > maxText) throw refuse('msg_too_long')
  const clipped = [...text].slice(0, 40_000).join('')
  return given.parse === 'full' || isTrue(given.link_names) ? autoParsed(slack, clipped) : linked(clipped)
}

// Methods that do not refuse a long text have no error code for it; there markdown counts as its blocks (docs/slack.md §1.1, §6).
function readMarkdown(value: unknown, maxText: number | undefined) {
  if (lengthOf(String(value)) > 12_000) throw refuse(maxText === undefined ? 'msg_blocks_too_long' : 'msg_too_long')
  return String(value)
}

export function isTrue(value: unknown) {
  return value === true || value === 'true' || value === '1' || value === 1
}

function readBlocks(slack: Slack, value: unknown, budget: number | undefined): Fields[] {
  const blocks = structured(value)
  if (!Array.isArray(blocks)) throw refuse('invalid_blocks_format')
  const { blocks: edition } = slack.faults
  const problems = checkBlocks(blocks, 'message', '/blocks', edition)
  // What such a workspace says is not known, and whoever asks must not depend on it.
  if (problems.length > 0 && edition === 'refusing-without-reason') throw refuse('invalid_blocks')
  if (problems.length > 0) throw refuseProblems(codeFor(problems), problems)
  const foreign = foreignVideos(slack, listOf(blocks), '/blocks')
  if (foreign.length > 0) throw refuseProblems('invalid_blocks', foreign)
  if (markdownIn(blocks) > 12_000) throw refuse('msg_blocks_too_long')
  if (budget !== undefined && textIn(blocks) > budget) throw refuse('msg_blocks_too_long')
  return normalisedBlocks(slack, blocks)
}

// Tables are rendered as attachments, and too many of them are reported as such (docs/slack.md §1.1).
function codeFor(problems: Problem[]) {
  return problems.every(({ message }) => message === 'only_one_table_allowed') ? 'invalid_attachments' : 'invalid_blocks'
}

function markdownIn(blocks: unknown[]) {
  const all = listOf(blocks).filter(({ type }) => type === 'markdown')
  return all.reduce((sum, { text }) => sum + lengthOf(textOf(text)), 0)
}

/** The total length of all visible text in these blocks. */
function textIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + textIn(one), 0)
  if (!isFields(value)) return 0
  return Object.entries(value).reduce(
    (sum, [key, one]) => sum + (key === 'text' && typeof one === 'string' ? lengthOf(one) : textIn(one)),
    0,
  )
}

function readAttachments(slack: Slack, value: unknown): Fields[] {
  const attachments = structured(value)
  if (!Array.isArray(attachments) || !attachments.every(isFields)) throw refuse('invalid_attachments')
  if (attachments.length > 100) throw refuse('too_many_attachments')
  return listOf(attachments).map((attachment, index) => {
    if (attachment.blocks === undefined) return { id: index + 1, ...attachment }
    const at = `/attachments/${index}/blocks`
    const problems = checkBlocks(attachment.blocks, 'message', at, slack.faults.blocks)
    const foreign = problems.length > 0 ? [] : foreignVideos(slack, listOf(attachment.blocks), at)
    if (problems.length + foreign.length > 0) throw refuseProblems('invalid_attachments', [...problems, ...foreign])
    return { id: index + 1, ...attachment, blocks: normalisedBlocks(slack, listOf(attachment.blocks)) }
  })
}

function readMetadata(value: unknown): Fields {
  const metadata = structured(value)
  if (!isFields(metadata)) throw refuse('invalid_metadata_format')
  if (!textOf(metadata.event_type) || !isFields(metadata.event_payload)) throw refuse('invalid_metadata_schema')
  if (JSON.stringify(metadata).length > 16_000) throw refuse('metadata_too_large')
  return metadata
}

/** Posts a message of the bot. */
export function post(
  slack: Slack,
  where: Pick<Message, 'channel' | 'thread_ts' | 'only_for' | 'reply_broadcast' | 'subtype' | 'username'>,
  content: Content,
): Message {
  // A message without text says this to a client that cannot show blocks (doc-examples/payload.block_actions.message.json).
  const text = content.text ?? (content.blocks ? 'This content can’t be displayed.' : '')
  const message: Message = {
    type: 'message',
    ts: nextTs(slack),
    user: botUser,
    team,
    bot_id: botId,
    app_id: appId,
    ...where,
    ...content,
    text,
  }
  slack.workspace.messages.push(message)
  slack.changed()
  return message
}

/** Changes a message. Text alone removes the blocks; attachments stay unless new ones are given (docs/slack.md §6 chat.update). */
export function edit(slack: Slack, message: Message, content: Content) {
  if (content.text !== undefined) message.text = content.text
  if (content.blocks) message.blocks = content.blocks
  else if (content.text !== undefined) delete message.blocks
  if (content.attachments) message.attachments = content.attachments
  if (content.metadata) message.metadata = content.metadata
  message.changed = (message.changed ?? 0) + 1
  // "(edited)" is shown only for changed text, not for changed blocks.
  if (content.text !== undefined && !content.blocks) message.edited = { user: botUser, ts: nextTs(slack) }
  delete message.typed
  slack.changed()
}

export function remove(slack: Slack, message: Message) {
  slack.workspace.messages = slack.workspace.messages.filter((one) => one !== message)
  slack.changed()
}

/** The messages that a person sees in a channel, ephemeral ones included, oldest first. */
export function visible(slack: Slack, channel: string, user: string) {
  return slack.workspace.messages.filter((one) => one.channel === channel && (!one.only_for || one.only_for === user))
}

/** A message in the format of the Web API, without the simulator's own fields. */
export function outwardly(message: Message): Fields {
  const { channel: _channel, only_for: _only, typed: _typed, changed: _changed, failed_for: _failed, ...shown } = message
  return fieldsOf(shown)
}

export function channelType(channel: Channel) {
  return channel.is_im ? 'im' : channel.is_private ? 'group' : 'channel'
}

/** An ephemeral message from Slackbot, by which Slack reports that a command failed. */
export function slackbotSays(slack: Slack, channel: string, user: string, text: string) {
  slack.workspace.messages.push({ type: 'message', ts: nextTs(slack), user: slackbot, team, channel, text, only_for: user })
  slack.changed()
}
