import type { App } from '@slack/bolt'
import { fieldsOf } from '../../command/fields.ts'
import { operations } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { isOption, option } from '../modals/fields.ts'
import { readModal } from '../modals/modal.ts'
import { suggest } from './suggest.ts'

/** What an external select offers: the typed text first, so that nothing is ever locked out, then what is remembered. */
export function listenToSuggestions(app: App, bot: Bot) {
  app.options<'block_suggestion'>({ type: 'block_suggestion' } as never, async ({ ack, body }) => {
    const { value, block_id: name, user, view } = body
    const typed = value.trim()
    const read = view && readModal({ private_metadata: view.private_metadata, state: view.state as never }, (one) => operations.get(one))
    const field = read && fieldsOf(read.operation).find((one) => one.name === name)
    const found = field ? await suggest(bot, user.id, field, read.carried.given, typed) : []
    const all = [...(typed ? [typed] : []), ...found.filter((one) => one !== typed)].filter(isOption).slice(0, 100)
    await ack({ options: all.map((one) => option(one, one)) })
  })
}
