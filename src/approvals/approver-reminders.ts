import type { Bot } from '../context.ts'
import { translatorFor } from '../security/language.ts'
import { bold, code, link, type Message, message, moment, rawMarkup } from '../slack/blocks.ts'
import { postKeyed } from '../slack/post-key.ts'
import { noticesOf } from './approver-notices.ts'
import { parseStoredCommand } from './approvers.ts'
import { decidersNow } from './candidates.ts'
import type { Request } from './request.ts'
import { typed } from './typed.ts'

type Reminder = 'first-reminder' | 'reminder' | 'reopened'

// A reminder reaches more people than the first message: those who were told first did not decide.
const remindedAtMost = 20

/**
 * Reminds everybody who can still decide, by a short direct message with a link; a card that was edited notifies nobody. Returns the
 * people to mention in the card's thread instead: everybody unless the rule says `notify: direct`, and those without direct messages.
 */
export async function remindApprovers(bot: Bot, request: Request, note: Reminder): Promise<string[]> {
  const able = await decidersNow(bot, request, parseStoredCommand(bot, request), remindedAtMost)
  const people = able.map(({ person }) => person.id)
  if (request.rule.notify !== 'direct' && note !== 'reopened') return people
  const links = await linksOf(bot, request)
  const unreached: string[] = []
  let again = false
  for (const person of people) {
    const t = await translatorFor(bot, person)
    const place = links(person)
    const values = {
      requester: bold(request.name),
      command: code(typed(request)),
      until: moment(request.expiresAt.getTime()),
      open: place ? link(place, t.plain('Open the request')) : rawMarkup(''),
    }
    const said: Message = message(
      note === 'reopened'
        ? t('{requester} requests approval for {command}: it needs approval again, because something changed. {open}', values).trimEnd()
        : t('{requester} requests approval for {command}: it still needs approval and expires {until}. {open}', values).trimEnd(),
    )
    const key = `${note} ${request.id} ${note === 'reopened' ? request.version : request.reminded} ${person}`
    const { became } = await postKeyed(bot, { key, channel: person, message: said })
    if (became === 'closed') unreached.push(person)
    else if (became !== 'posted' && became !== 'unsure') again = true
  }
  if (again) throw new Error('Slack does not take a reminder')
  return unreached
}

/** Where each person finds the buttons: their own copy, or else the card. */
async function linksOf(bot: Bot, request: Request) {
  const at = (channel: string, ts: string) => new URL(`archives/${channel}/p${ts.replace('.', '')}`, bot.slack.url).href
  const own = new Map((await noticesOf(bot, request)).map((notice) => [notice.person, notice]))
  return (person: string) => {
    const { channel, ts } = own.get(person) ?? {}
    if (channel && ts) return at(channel, ts)
    return request.cardTs ? at(request.rule.channel, request.cardTs) : undefined
  }
}
