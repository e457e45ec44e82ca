import { isDeepStrictEqual } from 'node:util'
import { Failure } from '../core/failure.ts'
import { slash } from '../core/slash-command.ts'
import { narrow } from '../core/typed-characters.ts'
import type { Command } from './command.ts'
import { joinTimes, nameIn, no, yes } from './field-names.ts'
import { type Field, fieldsOf, isKey } from './fields.ts'
import { carriedAlong, noTyping, type Typing, tidyValue, typingFor } from './tidy.ts'

/** The values given for an input so far: typed, but not yet checked by the schema. */
export type Given = Record<string, unknown>

export interface Typed {
  given: Given
  dryRun: boolean
  reason?: string
}

/**
 * Reads the words behind a command's name. Words fill the fields in order; `name=value`, `--name value` and `--name` set one by name.
 * Throws `invalid` for an unknown field, a field given twice, a credential, a word too many, or an object of another registry.
 */
export function readWords(command: Command, words: string[], all: Typing = noTyping): Typed {
  const typing = typingFor(command, all)
  const { typed, loose } = readNames(command, words, typing)
  fillInOrder(typed.given, fieldsOf(command), loose, typing)
  return typed
}

/** The same without the words that have no name: they are returned as they are. */
export function readNames(command: Command, words: string[], typing: Typing): { typed: Typed; loose: string[] } {
  const fields = fieldsOf(command)
  const typed: Typed = { given: {}, dryRun: false }
  const loose: string[] = []
  const rest = joinTimes(words, fields)
  let within: string | undefined
  while (rest.length > 0) {
    const named = nameIn(rest, fields)
    if (named === undefined) loose.push(rest.shift() ?? '')
    else if (named.name === 'dry-run') typed.dryRun = named.value === undefined || yes.has(named.value.toLowerCase())
    else if (named.name === 'reason') typed.reason = named.value ?? ''
    else if (named.name === 'namespace' && !fields.some(({ name }) => name === 'namespace')) within = named.value
    else if (named.name !== undefined) give(typed.given, fieldNamed(fields, named.name), named.value ?? 'yes', { fields, typing })
  }
  return { typed, loose: within === undefined ? loose : inNamespace(within, loose, fields.some(({ of }) => of === 'robot') ? '+' : '/') }
}

/** `-n acme web`, as kubectl has it, is `acme/web`, and of a robot account `acme+web`. */
function inNamespace(namespace: string, [first, ...rest]: string[], sign: string) {
  if (first === undefined) return [namespace]
  return first.includes(sign) ? [first, ...rest] : [`${namespace}${sign}${first}`, ...rest]
}

function fieldNamed(fields: Field[], name: string) {
  const field = fields.find((one) => one.name === name)
  if (!field) throw new TypeError(`${name} is not one of the fields it was found in`)
  return field
}

function fillInOrder(given: Given, fields: Field[], words: string[], typing: Typing) {
  for (const [index, word] of words.entries()) {
    const free = fields.filter((field) => !(field.name in given) && !field.secret)
    const [next] = free
    // A list in the last field takes all remaining words: `team add acme devs alice bea`.
    if (next?.type === 'list' && free.length === 1) return give(given, next, words.slice(index).join(','), { fields, typing })
    // A person who leaves out `url=` still typed the URL, which is in the channel's history by now.
    const address = fields.find((field) => field.secret && field.name === 'url')
    if (address && /^https?:/i.test(word)) return give(given, address, word, { fields, typing })
    if (!next) throw new Failure('invalid', 'Unexpected “{word}”. Put text with spaces in quotes.', { word })
    give(given, next, word, { fields, typing })
  }
}

function give(given: Given, field: Field, text: string, { fields, typing }: { fields: Field[]; typing: Typing }) {
  if (field.secret)
    throw new Failure('invalid', '{label} is a credential. Leave it out here and enter it in the dialog.', {
      label: [{ say: field.label }],
    })
  if (field.name in given) throw new Failure('invalid', '{label} is given twice.', { label: [{ say: field.label }] })
  given[field.name] = typedValue(field, text, typing)
  for (const [name, part] of Object.entries(carriedAlong(field, fields, text, typing)))
    if (!(name in given)) given[name] = typedValue(fieldNamed(fields, name), String(part), typing)
}

/** Converts text to the type of the field. Text that cannot be converted stays text, and the schema reports the problem. */
export function typedValue(field: Field, text: string, typing: Typing = noTyping): unknown {
  if (field.type === 'boolean') return booleanOf(text) ?? text
  if (field.type === 'number') return numberOf(text) ?? text
  if (field.type === 'list' || field.type === 'choices') return splitList(text).map((one) => tidyValue(field, one, typing))
  return tidyValue(field, text, typing)
}

function booleanOf(text: string) {
  const word = narrow(text).trim().toLowerCase()
  return yes.has(word) ? true : no.has(word) ? false : undefined
}

function numberOf(text: string) {
  const digits = narrow(text).trim()
  return digits !== '' && Number.isFinite(Number(digits)) ? Number(digits) : undefined
}

function splitList(text: string) {
  return text
    .split(/[,、，;\n]/)
    .map((one) => one.trim())
    .filter(Boolean)
}

/** The required fields without a value. */
export function missingFields(command: Command, given: Given) {
  return fieldsOf(command).filter((field) => field.required && !(field.name in given))
}

/** Whether an edit names an object but no change: then the modal opens with the present values. */
export function isBareEdit(command: Command, given: Given) {
  const changing = fieldsOf(command).filter((field) => !isKey(field))
  return command.current !== undefined && changing.every((field) => !(field.name in given))
}

/** `/quay repo create <repository> [visibility={private | public}] [description=…]`, `/quay repo state <repository> <state: normal | read-only>` */
export function usageOf(name: string, command: Command) {
  const parts = fieldsOf(command).flatMap((field) =>
    field.secret ? [] : [field.required ? `<${requiredPart(field)}>` : `[${field.name}=${placeholderOf(field)}]`],
  )
  return slash([name, ...parts].join(' '))
}

function requiredPart({ name, options }: Field) {
  return options.length > 0 ? `${name}: ${options.join(' | ')}` : name
}

function placeholderOf({ type, options }: Field) {
  if (options.length > 0) return `{${options.join(' | ')}}${type === 'choices' ? ',…' : ''}`
  return { boolean: '{yes | no}', number: 'number', list: 'a,b,…', date: 'YYYY-MM-DD', string: '…', choice: '…', choices: '…' }[type]
}

/** The slash text that gives this input again, quoted where necessary and without credentials. */
export function commandOf(name: string, command: Command, given: Given) {
  const parts = fieldsOf(command).flatMap((field) => {
    const value = given[field.name]
    if (value === undefined || field.secret || isDeepStrictEqual(value, field.default)) return []
    if (!field.required && textOf(value) === '') return []
    const text = textOf(value)
    return [field.required ? quoted(text) : `${field.name}=${quoted(text)}`]
  })
  return slash([name, ...parts].join(' '))
}

function textOf(value: unknown) {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Array.isArray(value) ? value.join(',') : String(value)
}

function quoted(text: string) {
  return /^[^\s"'“”„«»‘’]+$/u.test(text) ? text : `"${text.replaceAll(/["“”]/g, '')}"`
}
