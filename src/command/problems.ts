import type { z } from 'zod'
import type { Sentence } from '../core/i18n.ts'
import { redact } from '../core/redact.ts'
import { slash } from '../core/slash-command.ts'
import { isInvisible } from '../core/typed-characters.ts'
import type { Given } from './arguments.ts'
import { readWords } from './arguments.ts'
import type { Command } from './command.ts'
import { type Field, fieldsOf } from './fields.ts'
import { findCommand } from './registry.ts'
import { wordsOf } from './tokenize.ts'

/** What is wrong with the value of one field. */
export interface Problem {
  field: string
  problem: Sentence
}

/** Marks a message that zod would word itself. Those of a schema are sentences of ours. */
export const unworded = '\u0000'

/** zod's error map: it words nothing, because its sentences are for programmers. `problemOf` words what it finds. */
export const wordless: z.core.$ZodErrorMap = () => unworded

/** What an issue says of a field, in our words, and what the field expects instead. */
export function problemOf(issue: z.core.$ZodIssue, command: Pick<Command, 'input'>): Problem {
  const name = String(issue.code === 'unrecognized_keys' ? issue.keys[0] : (issue.path[0] ?? ''))
  const field = fieldsOf(command).find((one) => one.name === name)
  const ours = issue.message === unworded ? undefined : { message: sentence(issue.message), values: {} }
  return { field: name, problem: ours ?? expected(issue, field) }
}

function sentence(text: string) {
  return /[.。!?]$/.test(text) ? text : `${text}.`
}

function expected(issue: z.core.$ZodIssue, field: Field | undefined): Sentence {
  if (issue.code === 'unrecognized_keys') return { message: 'Unknown field.', values: {} }
  if (issue.code === 'too_big') return tooBig(issue)
  if (issue.code === 'too_small') return tooSmall(issue)
  if (issue.code === 'invalid_type' && issue.input === undefined) return { message: 'Enter a value.', values: {} }
  return ofType(field)
}

function tooBig({ origin, maximum }: z.core.$ZodIssueTooBig): Sentence {
  const most = Number(maximum)
  if (origin === 'string') return { message: 'Use at most {most, plural, one {# character} other {# characters}}.', values: { most } }
  if (origin === 'array') return { message: 'Enter at most {most, plural, one {# value} other {# values}}.', values: { most } }
  return { message: 'Enter a number up to {most, number}.', values: { most } }
}

function tooSmall({ origin, minimum }: z.core.$ZodIssueTooSmall): Sentence {
  const least = Number(minimum)
  if (least <= 1 && origin !== 'number' && origin !== 'int') return { message: 'Enter a value.', values: {} }
  if (origin === 'string') return { message: 'Use at least {least} characters.', values: { least } }
  if (origin === 'array') return { message: 'Enter at least {least} values.', values: { least } }
  return { message: 'Enter a number of {least, number} or more.', values: { least } }
}

function ofType(field: Field | undefined): Sentence {
  const { type = 'string', options = [], integer = false, name = '' } = field ?? {}
  if (options.length > 0) return { message: 'Choose one of these: {options}.', values: { options } }
  if (type === 'boolean') return { message: 'Enter yes or no.', values: {} }
  if (type === 'number')
    return { message: '{whole, select, true {Enter a whole number.} other {Enter a number.}}', values: { whole: String(integer) } }
  if (type === 'date') return { message: 'Enter a day, such as 2026-12-24, tomorrow or friday.', values: {} }
  if (type === 'list') return { message: 'Enter values separated by commas.', values: {} }
  if (name === 'email') return { message: 'Enter an e-mail address, such as name@example.com.', values: {} }
  return { message: 'Enter some text.', values: {} }
}

// PostgreSQL rejects NUL, Slack shows no control characters, and in a log they hide what follows. U+FFFD replaces one (slack-door.ts).
const unusable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]|\p{Cs}/u

/** Values with characters that cannot be stored, and names with characters that cannot be seen. */
export function unusableFields(command: Pick<Command, 'input'>, given: Given): Problem[] {
  return Object.entries(given).flatMap(([name, value]): Problem[] => {
    const texts = [value].flat().filter((one): one is string => typeof one === 'string')
    const field = fieldsOf(command).find((one) => one.name === name)
    if (texts.some((text) => unusable.test(text)))
      return [
        { field: name, problem: { message: 'The text contains a control character. Delete it, or type the text again.', values: {} } },
      ]
    if ((field?.of || field?.id) && texts.some((text) => [...text].some(isInvisible)))
      return [
        { field: name, problem: { message: 'The name contains an invisible character. Delete it, or type the name again.', values: {} } },
      ]
    return []
  })
}

const shownAtMost = 60

/** What was typed, short enough to be read again; undefined for credentials, and for texts of which it would say nothing. */
export function typedAs(field: Field | undefined, value: unknown): string | undefined {
  if (!field || field.secret || value === undefined || (typeof value === 'object' && !Array.isArray(value))) return undefined
  const text = [value].flat().join(',')
  // Without a character that cannot be seen it would look right; and a credential is not repeated, wherever it was typed.
  const isShown = text.trim() !== '' && text.length <= shownAtMost && !/[\p{Cc}\p{Cf}\p{Cs}\ufffd]/u.test(text)
  return isShown && redact(text) === text ? text : undefined
}

/** An example of the command that has the field, `/quay repo create acme/web visibility=public`; undefined if none has. */
export function exampleWith(command: Pick<Command, 'input' | 'examples'>, field: string): string | undefined {
  const example = (command.examples ?? []).find((one) => {
    const found = findCommand(wordsOf(one))
    return found !== undefined && field in readWords(found.command, found.words).given
  })
  return example && slash(example)
}
