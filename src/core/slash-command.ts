const usual = '/quay'
let word = usual

/**
 * The slash command of this process (SLACK_COMMAND), set once at its start: a workspace can have a bot for each registry, and each
 * answers to a word of its own.
 */
export function setSlashCommand(chosen: string): void {
  word = chosen
}

/** What somebody types for a command: `slash('repo create acme/web')` is `/quay repo create acme/web`; alone the word itself. */
export function slash(words = ''): string {
  return words === '' ? word : `${word} ${words}`
}
