import type { Command } from '../command/command.ts'
import type { Translate } from '../core/i18n.ts'
import { slash } from '../core/slash-command.ts'
import { type ButtonText, buttons, code, type Message, message } from '../slack/blocks.ts'

/** “Did you mean?”, with a button for each command that may be meant. */
export function guessView(names: string[], offers: ButtonText[], t: Translate): Message {
  const [name = ''] = names
  const question = names.length > 1 ? t('Did you mean one of these?') : t('Did you mean {command}?', { command: code(name) })
  return message(question, ...(offers.length > 0 ? [buttons(...offers)] : []))
}

/** The answer to `/quay repo`: the commands that begin with it, and buttons for those that may be meant. */
export function groupView(words: string, under: [name: string, command: Command][], offers: ButtonText[], t: Translate): Message {
  const all = under.map(([name, { summary }]) => t('{command} – {summary}', { command: code(slash(name)), summary: t.plain(summary) }))
  const list = [t('{words} needs a subcommand:', { words: code(slash(words)) }), ...all].join('\n')
  return message(list, ...(offers.length > 0 ? [buttons(...offers)] : []))
}
