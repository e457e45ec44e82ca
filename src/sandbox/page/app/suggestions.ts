import type { Workspace } from './types.ts'

export interface Suggestion {
  insert: string
  title: string
  about: string
}

/** Completions of the line: the slash commands of the manifest, then the bot's commands behind it. */
export function suggested(line: string, { commands, operations }: Workspace): Suggestion[] {
  if (!line.startsWith('/') || line.includes('\n')) return []
  const typed = line.toLowerCase()
  const slash = commands
    .filter(({ command }) => command.startsWith(typed) && typed !== `${command} `)
    .map(({ command, description, usage_hint }) => ({ insert: `${command} `, title: `${command} ${usage_hint}`, about: description }))
  if (!commands.some(({ command }) => typed.startsWith(`${command} `))) return slash
  // For a complete command its usage is shown instead.
  if (operations.some(({ words }) => typed.startsWith(`${words} `) && !operations.some((other) => other.words.startsWith(typed)))) return []
  return operations
    .filter(({ words }) => words.startsWith(typed.trimEnd()) && words !== typed.trimEnd())
    .map(({ words, summary }) => ({ insert: `${words} `, title: words, about: summary }))
}

/** Completions of a mention of the bot at the end of the line, which works in channels and in threads. */
export function mentioned(line: string, { apps }: Workspace): Suggestion[] {
  const [, before = '', typed] = /^(|.*\s)@([\w.-]*)$/s.exec(line) ?? []
  if (typed === undefined) return []
  return apps
    .filter(({ id, name }) => id !== 'USLACKBOT' && name.startsWith(typed.toLowerCase()))
    .map(({ name }) => ({ insert: `${before}@${name} `, title: `@${name}`, about: 'The bot answers with the same commands, to you alone' }))
}

/** The usage line of the typed command. */
export function usageFor(line: string, { operations }: Workspace): string | undefined {
  const typed = line.toLowerCase()
  return operations
    .filter(({ words }) => typed === words || typed.startsWith(`${words} `))
    .toSorted((one, other) => other.words.length - one.words.length)[0]?.usage
}
