import { commandOf } from '../command/arguments.ts'
import { isOffered } from '../command/offered.ts'
import type { Candidate } from '../command/understand.ts'
import type { Bot } from '../context.ts'
import type { Translate } from '../core/i18n.ts'
import { type ButtonText, clip } from '../slack/blocks.ts'
import { teamOf } from '../slack/clients.ts'
import { rememberReply } from './reply-store.ts'

const longestLabel = 75

/**
 * A button for each command that may be meant. A read runs when it is pressed; a change opens its modal, filled, because a press
 * of what was guessed must not change anything.
 */
export async function offerCommands(bot: Bot, user: string, candidates: Candidate[], t: Translate): Promise<ButtonText[]> {
  const offered = candidates.filter(({ command }) => isOffered(bot, command)).slice(0, 3)
  const buttons = offered.map(async ({ name, command, arranged: { given, complete } }): Promise<ButtonText> => {
    const value = await rememberReply(bot, { id: user, team: teamOf(bot.slack) }, { operation: name, input: given })
    const runs = !command.changes && complete
    const label = offered.length > 1 ? clip(commandOf(name, command, given), longestLabel) : t.plain(runs ? 'Run it' : 'Open it')
    return { action: runs ? 'reply:run' : 'reply:open', label, value, ...(offered.length === 1 && { style: 'primary' as const }) }
  })
  return Promise.all(buttons)
}
