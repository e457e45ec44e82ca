import type { App, BlockSuggestion } from '@slack/bolt'
import { fieldsOf } from '../../command/fields.ts'
import { commands } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { isOption, option } from '../modals/fields.ts'
import { readModal } from '../modals/modal.ts'
import { paletteFor } from './palette.ts'
import { inTime, suggest } from './suggest.ts'

/** The options of an external select: the typed text first, so that every value can be entered, then suggestions. */
export function listenToSuggestions(app: App, bot: Bot) {
  app.options<'block_suggestion'>({ type: 'block_suggestion' }, async ({ ack, body }) => {
    const { value, block_id: name, user, view, action_id } = body
    const typed = typeof value === 'string' ? value.trim() : ''
    if (action_id === 'home:open#palette') {
      const option_groups = (await inTime(paletteFor(bot, user.id, typed))) ?? []
      return option_groups.length > 0 ? ack({ option_groups }) : ack({ options: [] })
    }
    const found = await offers(bot, user.id, view, name, typed)
    const all = [...(typed ? [typed] : []), ...found.filter((one) => one !== typed)].filter(isOption).slice(0, 100)
    await ack({ options: all.map((one) => option(one, one)) })
  })
}

/** No options for a modal of another release. Its submission explains the problem. */
async function offers(bot: Bot, user: string, view: BlockSuggestion['view'], name: string, typed: string) {
  if (!view) return []
  try {
    const read = readModal({ private_metadata: view.private_metadata, state: view.state as never }, (one) => commands.get(one)) // Bolt has no type for its values
    const field = fieldsOf(read.command).find((one) => one.name === name)
    return field ? await suggest(bot, user, field, read.carried.given, typed) : []
  } catch (error) {
    if (error instanceof Failure) return []
    throw error
  }
}
