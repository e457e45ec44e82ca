import type { KnownBlock } from '@slack/types'
import type { Bot } from '../../context.ts'
import { aMinute } from '../../core/durations.ts'
import { translator } from '../../core/i18n.ts'
import { mention, note } from '../../slack/blocks.ts'
import { publishHome } from '../../slack/publish-home.ts'
import type { Press } from '../press.ts'
import { openHome, redrawHomeUnless } from './publish.ts'
import { decidingBlock } from './view.ts'

/**
 * Takes the buttons of a request off the App Home before the decision is checked, and publishes the home again afterwards, whatever
 * came of it.
 */
export async function whileHomeResponds(bot: Bot, { user, view }: Press, id: string, work: () => Promise<unknown>) {
  const t = translator(bot.config.LANGUAGE)
  // The cast: Slack sends back the blocks that were published.
  const shown = (view?.blocks ?? []) as KnownBlock[]
  const blocks = shown.map((block) =>
    block.block_id === decidingBlock(id) ? note(t('{person} is responding…', { person: mention(user) })) : block,
  )
  await redrawHomeUnless(bot, user, aMinute / 3)
  await publishHome(bot.slack, { person: user, hash: null }, { type: 'home', callback_id: 'home', blocks })
  try {
    await work()
  } finally {
    await openHome(bot, user, { empty: true })
  }
}
