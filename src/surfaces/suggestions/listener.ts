import type { App, BlockSuggestion } from '@slack/bolt'
import { fieldsOf } from '../../command/fields.ts'
import { commands } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { isOption, option } from '../modals/fields.ts'
import { readModal } from '../modals/modal.ts'
import { suggest } from './suggest.ts'

/** What an external select offers: the typed text first, so that nothing is ever locked out, then what is remembered. */
export function listenToSuggestions(app: App, bot: Bot) {
  app.options<'block_suggestion'>({ type: 'block_suggestion' } as never, async ({ ack, body }) => {
    const { value, block_id: name, user, view } = body
    const typed = typeof value === 'string' ? value.trim() : ''
    const found = await offers(bot, user.id, view, name, typed)
    const all = [...(typed ? [typed] : []), ...found.filter((one) => one !== typed)].filter(isOption).slice(0, 100)
    await ack({ options: all.map((one) => option(one, one)) })
  })
}

/** Nothing for a modal that cannot be read any more: what is typed can be sent all the same, and is told so then. */
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
