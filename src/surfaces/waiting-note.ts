import type { Logger } from 'pino'
import type { Bot } from '../context.ts'
import { translatorFor } from '../security/language.ts'
import { message } from '../slack/blocks.ts'
import { deleteCard, postCard } from '../slack/post-once.ts'

const again = 5_000

/**
 * Tells a person whose calls wait behind those of others how long it will take: not before they have waited in silence for a
 * while (`limits.silent`), and once. Returns what ends it: the note goes when the answer comes. It is a direct message, because
 * nothing replaces an earlier reply to a slash command (docs/slack.md §2).
 */
export function noteWaiting(bot: Bot, user: string, log: Logger): () => Promise<void> {
  let posted: Promise<{ place: string; ts: string } | undefined> | undefined
  const look = () => {
    const { others, seconds } = bot.quay.rateLimiter.waiting(user)
    // Who is alone waits for nobody, and needs no words for it.
    if (others > 0) posted = post(bot, user, seconds, log)
    else timer = setTimeout(look, again)
  }
  let timer = setTimeout(look, bot.quay.limits.silent)
  return async () => {
    clearTimeout(timer)
    const note = await posted
    if (note) await deleteCard(bot.slack, note)
  }
}

async function post(bot: Bot, user: string, seconds: number, log: Logger) {
  try {
    const t = await translatorFor(bot, user)
    const isLong = seconds >= 120
    const text = t(
      'Many people are using Quay right now. You’ll get an answer in about {unit, select, minutes {{count, plural, one {# minute} other {# minutes}}} other {{count, plural, one {# second} other {# seconds}}}}.',
      { unit: isLong ? 'minutes' : 'seconds', count: isLong ? Math.ceil(seconds / 60) : seconds },
    )
    const sent = await postCard(bot.slack, { channel: user, message: message(text), marker: crypto.randomUUID() })
    return sent.became === 'posted' ? sent : undefined
  } catch (err) {
    log.warn({ err }, 'could not send the waiting notice')
    return undefined
  }
}
