import type { Given } from '../command/arguments.ts'
import { arrange } from '../command/arrange.ts'
import type { Command } from '../command/command.ts'
import { fieldsOf } from '../command/fields.ts'
import { repaired } from '../command/repairs.ts'
import type { Typing } from '../command/tidy.ts'
import type { Bot } from '../context.ts'
import { translatorFor } from '../security/language.ts'
import type { ButtonText } from '../slack/blocks.ts'
import { teamOf } from '../slack/clients.ts'
import { keptInput, offerCommands } from './offers.ts'
import { rememberReply } from './reply-store.ts'

interface Refused {
  name: string
  command: Command
  words: string[]
  /** What was understood of the words, if they could be read at all. */
  given: Given | undefined
}

/** The way out of a refused input: its right forms as buttons, and the modal with what was typed. None while the database is down. */
export async function rightForms(bot: Bot, user: string, { name, command, words, given }: Refused, typing: Typing): Promise<ButtonText[]> {
  if (fieldsOf(command).length === 0) return []
  const t = await translatorFor(bot, user)
  try {
    const read = arrange(command, words, typing)
    // Of words that fit as they are it is not the form that was refused.
    const right = read.how === 'in order' && read.complete ? [] : repaired(name, command, words, typing)
    if (right.length > 0) return await offerCommands(bot, user, right, t)
    const input = keptInput(command, given ?? read.given)
    const value = await rememberReply(bot, { id: user, team: teamOf(bot.slack) }, { operation: name, input })
    return [{ action: 'reply:open', label: t.plain('Open it'), value }]
  } catch (err) {
    bot.log.warn({ err, command: name }, 'could not offer the correct forms of an input')
    return []
  }
}
