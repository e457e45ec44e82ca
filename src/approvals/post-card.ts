import type { Bot } from '../context.ts'
import { translator } from '../core/i18n.ts'
import type { Message } from '../slack/blocks.ts'
import type { SlackError } from '../slack/errors.ts'
import { editCard, findOwn, postCard, type Sent, superseding } from '../slack/post-once.ts'

export interface Posted {
  channel: string
  ts: string
}

interface Where {
  channel: string
  /** Timestamp of the message to edit; undefined: post a new one. */
  ts: string | undefined
  /** The request id, for the message's metadata. */
  id: string
  since: number
  /** An earlier attempt may have posted it, and crashed or got no answer. */
  lookFirst: boolean
}

/** Slack did not accept a message, either for now or until somebody solves the problem. */
export class NotPosted extends Error {
  readonly problem: SlackError

  constructor(problem: SlackError) {
    super(`Slack did not take a message: ${problem.error}`)
    this.problem = problem
  }
}

/**
 * Edits a message in place, or posts it if it is missing. After a lost answer it looks for the message before it posts again; if
 * the bot may not read the channel, the second one says that it supersedes the first (docs/SECURITY.md rule 19). Throws NotPosted.
 */
export async function putMessage(bot: Bot, where: Where, message: Message): Promise<Posted> {
  if (where.ts !== undefined) {
    const edited = await editCard(bot.slack, { place: where.channel, ts: where.ts, message })
    if (edited.became !== 'gone') return posted(edited)
  }
  if (!where.lookFirst) return posted(await post(bot, where, message))
  const found = await findOwn(bot.slack, { channel: where.channel, marker: where.id, since: where.since })
  if (found === 'unknowable') return posted(await post(bot, where, superseding(message, translator(bot.config.LANGUAGE))))
  if (found.became === 'gone') return posted(await post(bot, where, message))
  const { channel, ts } = posted(found)
  return posted(await editCard(bot.slack, { place: channel, ts, message }))
}

/** Looks for the message right after a lost answer, because most such calls took effect. */
async function post(bot: Bot, { channel, id, since }: Where, message: Message): Promise<Sent> {
  const sent = await postCard(bot.slack, { channel, marker: id, message })
  if (sent.became !== 'unknown') return sent
  const found = await findOwn(bot.slack, { channel, marker: id, since })
  return found !== 'unknowable' && found.became === 'posted' ? found : sent
}

function posted(sent: Sent): Posted {
  if (sent.became === 'posted') return { channel: sent.place, ts: sent.ts }
  throw new NotPosted(sent.problem)
}
