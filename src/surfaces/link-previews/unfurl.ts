import type { App } from '@slack/bolt'
import type { Bot } from '../../context.ts'
import { track } from '../../core/drain.ts'
import { Failure } from '../../core/failure.ts'
import { type Translate, translator } from '../../core/i18n.ts'
import { escaped } from '../../core/markup.ts'
import { slash } from '../../core/slash-command.ts'
import { clip, code, link, note, section } from '../../slack/blocks.ts'
import { isShared } from '../../slack/channels.ts'
import { linkedRepository } from './linked-repository.ts'

interface Posted {
  channel: string
  message_ts: string
  links: { url: string }[]
  /** A message in the composer has an id of its own and no channel. */
  source?: string
  unfurl_id?: string
}

type Repository = NonNullable<Awaited<ReturnType<typeof linkedRepository>>>

// Slack shows at most five previews per message.
const shownAtMost = 5

/** Links to public repositories unfurl; to private ones they do not, nor to any that do not exist (docs/SECURITY.md rule 22). */
export function listenToLinks(app: App, bot: Bot) {
  app.event('link_shared', async ({ event }) => {
    // Bolt's type lacks the fields of the composer.
    await track(bot, unfurl(bot, event as Posted)).catch((error: unknown) => {
      // A preview is optional, so its failure is only logged.
      if (error instanceof Failure) bot.log.info({ reason: error.sentence.message }, 'could not unfurl a link')
      else bot.log.warn({ err: error }, 'could not unfurl a link')
    })
  })
}

async function unfurl(bot: Bot, { channel, message_ts: ts, links, source, unfurl_id: id }: Posted) {
  const t = translator(bot.config.LANGUAGE)
  const found = await Promise.all(
    [...new Set(links.map(({ url }) => url))].slice(0, shownAtMost).map(async (url) => ({ url, found: await linkedRepository(bot, url) })),
  )
  const shown = found.flatMap(({ url, found: repository }) => (repository ? [[url, { blocks: preview(repository, t) }] as const] : []))
  if (shown.length === 0 || !(await mayBeRead(bot, channel, source))) return
  const where = source === 'composer' && id ? { unfurl_id: id, source: 'composer' as const } : { channel, ts }
  await bot.slack.cards.chat.unfurl({ ...where, unfurls: Object.fromEntries(shown) })
}

/** In a registry without anonymous access, public repositories are not public to people of other workspaces. */
async function mayBeRead(bot: Bot, channel: string, source: string | undefined) {
  if (bot.quay.capabilities.features.ANONYMOUS_ACCESS === true) return true
  // If Slack does not say, the channel counts as shared.
  return source !== 'composer' && !(await isShared(bot.slack, channel).catch(() => true))
}

function preview({ name, url, description, state }: Repository, t: Translate) {
  // The first line of a long Markdown text is enough.
  const [first = ''] = description.trim().split(/\n/)
  const about = first ? `\n${escaped(clip(first, 300))}` : ''
  return [
    section(`*${link(url, name).markup}*${about}`),
    note(
      t(
        '{state, select, mirror {Public: anyone can pull it. Mirrored by Quay from an external repository.} readonly {Public: anyone can pull it. Read-only.} other {Public: anyone can pull it.}} Tags: {command}',
        { state: state.replace('-', ''), command: code(slash(`tag list ${name}`)) },
      ),
    ),
  ]
}
