import type { Bot } from '../context.ts'
import { entryOf } from '../core/foreign-text.ts'
import type { Sentence, Translate } from '../core/i18n.ts'
import { cached } from '../core/ttl-cache.ts'
import { withPriority } from '../quay/http.ts'
import { findRepository } from '../quay/repositories.ts'
import { buttons, clip, message, moment, note, quoted, rawMarkup } from '../slack/blocks.ts'
import { findChannel } from '../slack/channels.ts'
import { renderFailure } from './builds/failure-log.ts'
import type { NoticeMore } from './cards.ts'
import { cannotAsk } from './channel-unknown.ts'
import { renderDigest } from './digest.ts'
import type { Card, Rendered } from './event-kind.ts'
import { kindOfSubject } from './event-kinds.ts'

const ownKinds: Record<string, (bot: Bot, card: Card, t: Translate) => Promise<Rendered>> = {
  notice: async (_, { data }, t) => notice(data as unknown as Notice, t), // enqueueNotice wrote it
  failure: renderFailure,
  digest: renderDigest,
}

/** Renders any card in the present state of its subject. Throws `unavailable` when Quay or Slack does not answer. */
export async function renderCard(bot: Bot, card: Card, t: Translate): Promise<Rendered> {
  if (!(await mayBeShown(bot, card))) return 'nothing'
  const word = card.subject.split(' ')[0] ?? ''
  const render = entryOf(ownKinds, word) ?? kindOfSubject(card.subject)?.render
  return render ? render(bot, card, t) : 'nothing'
}

type Notice = NoticeMore & { sentence: Sentence }

function notice({ sentence, moments = [], quote, below = [], buttons: all = [] }: Notice, t: Translate) {
  // Mentions of people and channels use our own ids, so they may be live; everything else is escaped.
  const said = ({ message: text, values }: Sentence) =>
    t(
      text,
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, moments.includes(name) ? moment(Number(value)) : value])),
    )
  const pressed = all.map(({ label, ...one }) => ({ ...one, label: t.plain(label.message, label.values) }))
  const first = said(sentence)
  const drawn = message(
    first,
    ...(quote ? [quoted(quote)] : []),
    ...below.map((one) => note(said(one))),
    ...(pressed.length > 0 ? [buttons(...pressed)] : []),
  )
  // A phone shows the text alone, so it has the person's words too.
  return quote ? { ...drawn, text: t('{said} {reason}', { said: rawMarkup(first), reason: clip(quote, 200) }) } : drawn
}

/** Hides private repositories and whole namespaces where people of other workspaces read (docs/SECURITY.md rule 22). */
async function mayBeShown(bot: Bot, { channel, object }: Card) {
  if (object === null) return true
  const facts = await findChannel(bot.slack, channel).catch(cannotAsk)
  if (facts && !facts.shared) return true
  // A missing channel is detected when Slack refuses the message.
  if (!facts) return true
  return object.includes('/') && isPublic(bot, object)
}

async function isPublic(bot: Bot, repository: string) {
  const quay = withPriority(bot.quay, { class: 'job', work: 'event' })
  const found = await cached(bot.cache, `repository ${repository}`, () => findRepository(quay, repository))
  return found?.visibility === 'public'
}
