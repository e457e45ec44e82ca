import { commandOf, type Given, missingFields } from '../command/arguments.ts'
import { withoutSecrets } from '../command/audit-row.ts'
import type { Candidate } from '../command/candidate.ts'
import type { Command } from '../command/command.ts'
import { isOffered } from '../command/offered.ts'
import type { Bot } from '../context.ts'
import type { Translate } from '../core/i18n.ts'
import { redact } from '../core/redact.ts'
import { withShortIds } from '../core/short-id.ts'
import { type ButtonText, clip } from '../slack/blocks.ts'
import { teamOf } from '../slack/clients.ts'
import { rememberReply } from './reply-store.ts'

const longestLabel = 75

/** What was typed, as it may be kept for a button: without what is a credential or looks like one. */
export function keptInput(command: Command, given: Given): Given {
  const kept = withoutSecrets(command, given)
  const isPlain = (value: unknown) => typeof value !== 'string' || (redact(value) === value && !/^https?:\/\/[^?#]*[?#]/.test(value))
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => [value].flat().every(isPlain)))
}

/**
 * A button for each command that may be meant. A read runs when it is pressed; a change opens its modal, filled, because a press
 * of what was guessed must not change anything.
 */
export async function offerCommands(bot: Bot, user: string, candidates: Candidate[], t: Translate): Promise<ButtonText[]> {
  const offered = candidates.filter(({ command }) => isOffered(bot, command)).slice(0, 3)
  const buttons = offered.map(async ({ name, command, arranged }): Promise<ButtonText> => {
    const given = keptInput(command, arranged.given)
    const value = await rememberReply(bot, { id: user, team: teamOf(bot.slack) }, { operation: name, input: given })
    const runs = !command.changes && missingFields(command, given).length === 0
    const label =
      offered.length > 1 ? clip(withShortIds(commandOf(name, command, given)), longestLabel) : t.plain(runs ? 'Run it' : 'Open it')
    return { action: runs ? 'reply:run' : 'reply:open', label, value, ...(offered.length === 1 && { style: 'primary' as const }) }
  })
  return Promise.all(buttons)
}
