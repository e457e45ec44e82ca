import { fieldsOf } from '../../command/fields.ts'
import { readingOf } from '../../command/reading.ts'
import { findCommand } from '../../command/registry.ts'
import { noTyping } from '../../command/tidy.ts'
import { wordsOf } from '../../command/tokenize.ts'
import { redact } from '../../core/redact.ts'

/**
 * Whether a message contains a credential. Unlike a typed command a message stays in the channel, so it is checked more strictly:
 * the value of a credential field, and whatever looks like a credential (docs/SECURITY.md rule 43).
 */
export function holdsCredential(text: string): boolean {
  const words = split(text)
  const found = findCommand(words)
  // Prose, logs and pasted shell commands: the whole line is the context.
  if (!found) return isCut(text) || isGivenInOtherWords(words)
  const secret = fieldsOf(found.command).filter((field) => field.secret)
  return text.split('\n').length > 1 && isCut(text)
    ? true
    : found.words.some(
        (word, index) =>
          isCut(word) ||
          (/^(?:-|—|–)/.test(word) && isCut(`${word} ${found.words[index + 1] ?? ''}`)) ||
          secret.some(({ name }) => isFor(word, name)),
      )
}

/** `add webhook acme/api …`: a command that is named by other words than its own has the same credential fields. */
function isGivenInOtherWords(words: string[]) {
  const reading = readingOf(words, noTyping)
  if (!('name' in reading)) return false
  const secret = fieldsOf(reading.command).filter((field) => field.secret)
  return words.some((word) => secret.some(({ name }) => isFor(word, name)))
}

function split(text: string) {
  try {
    return wordsOf(text)
  } catch {
    // A quotation mark is never closed.
    return text.split(/\s+/)
  }
}

function isCut(text: string) {
  return redact(text) !== text
}

/** `password=…`, `--password …`; an address may be given without its name. */
function isFor(word: string, field: string) {
  const [, name = ''] = /^(?:--|—|–)?([\p{L}_-]+)(?:=|$)/u.exec(word) ?? []
  const isNamed = name.replaceAll('-', '_').toLowerCase() === field && (word.includes('=') || /^(?:--|—|–)/.test(word))
  return isNamed || (field === 'url' && /^https?:/i.test(word))
}
