import type { Workspace } from './types.ts'

export interface Suggestion {
  insert: string
  title: string
  about: string
}

/** Completions of the line: the slash commands of the manifest with their usage hint. Slack knows no command behind them. */
export function suggested(line: string, { commands }: Workspace): Suggestion[] {
  if (!/^\/\S*$/.test(line)) return []
  const typed = line.toLowerCase()
  return commands
    .filter(({ command }) => command.startsWith(typed))
    .map(({ command, description, usage_hint }) => ({ insert: `${command} `, title: `${command} ${usage_hint}`, about: description }))
}

/** Completions of a mention of the bot at the end of the line, which works in channels and in threads. */
export function mentioned(line: string, { apps }: Workspace): Suggestion[] {
  const [, before = '', typed] = /^(|.*\s)@([\w.-]*)$/s.exec(line) ?? []
  if (typed === undefined) return []
  return apps
    .filter(({ id, name }) => id !== 'USLACKBOT' && name.startsWith(typed.toLowerCase()))
    .map(({ name }) => ({ insert: `${before}@${name} `, title: `@${name}`, about: 'The bot answers with the same commands, to you alone' }))
}
