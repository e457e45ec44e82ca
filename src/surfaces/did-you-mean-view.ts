import type { Command } from '../command/command.ts'
import type { Translate } from '../core/i18n.ts'
import { buttons, code, type Message, message } from '../slack/blocks.ts'

/** “Did you mean?”, with a button that runs a read-only command, or opens the filled modal of a changing one. */
export function guessView(name: string, reply: string, { changes }: Command, t: Translate): Message {
  return message(
    t('Did you mean {command}?', { command: code(name) }),
    buttons({
      action: changes ? 'reply:open' : 'reply:run',
      label: changes ? t.plain('Open it') : t.plain('Run it'),
      value: reply,
      style: 'primary',
    }),
  )
}

/** The answer to `/quay repo`: the commands that begin with it. */
export function groupView(words: string, under: [name: string, command: Command][], t: Translate): Message {
  const all = under.map(([name, { summary }]) => t('{command} – {summary}', { command: code(`/quay ${name}`), summary: t.plain(summary) }))
  return message([t('{words} needs a subcommand:', { words: code(`/quay ${words}`) }), ...all].join('\n'))
}
