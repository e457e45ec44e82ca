import { readdirSync } from 'node:fs'
import type { Command } from './command.ts'
import { namingWhatIsMissing } from './missing.ts'

const folder = new URL('../commands/', import.meta.url)

/** Every command by its slash text: `commands/repo/create.ts` is `repo create`. */
export const commands = new Map<string, Command>()

/** Loads every command from its file: there is no list to maintain. Called once, at the start of the bot. */
export async function loadCommands() {
  // This cannot run while the module loads, because some commands (help) import the registry themselves.
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!file.endsWith('.ts')) continue
    const module: { default: Command } = await import(new URL(file, folder).href)
    commands.set(nameOf(file), namingWhatIsMissing(module.default))
  }
  return commands
}

/** The slash text of a command is its path. */
function nameOf(file: string) {
  return file.replace(/\.ts$/, '').replaceAll(/[/\\]/g, ' ')
}

/** Splits `repo create acme/web` into its command and the words of its input. Case-insensitive. */
export function findCommand(words: string[]) {
  for (let length = Math.min(words.length, 3); length > 0; length -= 1) {
    const name = words.slice(0, length).join(' ').toLowerCase()
    const command = commands.get(name)
    if (command) return { name, command, words: words.slice(length) }
  }
}

/** The commands whose names begin with these words, to complete `/quay repo`. */
export function commandsUnder(words: string[]) {
  const prefix = `${words.join(' ').toLowerCase()} `
  return [...commands].filter(([name]) => name.startsWith(prefix))
}
