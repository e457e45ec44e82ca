import { isDeepStrictEqual } from 'node:util'
import { distance } from 'fastest-levenshtein'
import { Failure } from '../core/failure.ts'
import type { Command } from './command.ts'
import { type Field, fieldsOf, isKey } from './fields.ts'

/** The values given for an input so far: typed, but not yet checked by the schema. */
export type Given = Record<string, unknown>

export interface Typed {
  given: Given
  dryRun: boolean
  reason?: string
}

/** Words that every command takes besides its own fields. A test ensures that no field uses them. */
export const reserved = ['reason', 'dry-run']

/**
 * Reads the words behind a command's name. Words fill the fields in order; `name=value` sets one by name.
 * Throws `invalid` for an unknown field, a field given twice, a credential, or a word too many.
 */
export function readWords(command: Command, words: string[]): Typed {
  const fields = fieldsOf(command)
  const typed: Typed = { given: {}, dryRun: false }
  const loose: string[] = []
  for (const word of words) {
    const [name, value] = named(word, fields)
    const last = fields.findLast((field) => field.moment && field.name === Object.keys(typed.given).at(-1))
    // `until=friday 18:00` needs no quotes.
    if (name === undefined && last && /^\d{1,2}:\d\d$/.test(word)) typed.given[last.name] = `${typed.given[last.name]} ${word}`
    else if (name === undefined) loose.push(word)
    else if (name === 'dry-run') typed.dryRun = value === undefined || yes.has(value.toLowerCase())
    else if (name === 'reason') typed.reason = value ?? ''
    else give(typed.given, fieldNamed(fields, name), value ?? 'yes')
  }
  fillInOrder(typed.given, fields, loose)
  return typed
}

/** Splits `name=value`. `--dry-run` is a name without a value; any other word has no name. */
function named(word: string, fields: Field[]): [name?: string, value?: string] {
  // Phones replace two hyphens by one long dash.
  const [, dashes = '', rest = ''] = /^(--|—|–)?(.*)$/su.exec(word) ?? []
  const [, name = '', value] = /^([\p{L}_-]+)(?:=(.*))?$/su.exec(rest) ?? []
  const key = keyOf(name, fields)
  if (dashes && key === undefined && name) throw unknownName(name, fields)
  if (dashes && key) return [key, value]
  if (value === undefined) return []
  if (key) return [key, value]
  // As a plain word it would silently fill the next field.
  if (nearest(name, fields) || (isName(name) && !fields.some((field) => field.assignments))) throw unknownName(name, fields)
  return []
}

/** Other spellings of a field's name, such as `colour` or `pull_robot`. A text with an equals sign is quoted behind its name. */
function isName(name: string) {
  return /^\p{L}[\p{L}_-]+$/u.test(name)
}

function keyOf(name: string, fields: Field[]) {
  const wanted = name.toLowerCase()
  const names = [...fields.map((field) => field.name), ...reserved]
  return names.find((one) => one === wanted) ?? names.find((one) => one.replaceAll('_', '-') === wanted.replaceAll('_', '-'))
}

function nearest(name: string, fields: Field[]) {
  const wanted = name.toLowerCase()
  const names = [...fields.map((field) => field.name), ...reserved]
  const [near] = names.map((one) => ({ one, misses: distance(one, wanted) })).toSorted((a, b) => a.misses - b.misses)
  return near && near.misses <= Math.max(1, Math.floor(near.one.length / 4)) ? near.one : undefined
}

// Former names of Quay's, each with its present one.
const retired: Record<string, string> = { file_id: 'archive_url', fileid: 'archive_url' }

function unknownName(name: string, fields: Field[]) {
  const instead = fields.find((field) => field.name === retired[name.toLowerCase()])
  const near = instead?.name ?? nearest(name, fields)
  if (near) return new Failure('invalid', 'There is no field {name} here. Did you mean {near}?', { name, near })
  return new Failure('invalid', 'There is no field {name} here. There is: {names}.', {
    name,
    names: fields.map((field) => field.name).join(', '),
  })
}

function fieldNamed(fields: Field[], name: string) {
  const field = fields.find((one) => one.name === name)
  if (!field) throw new TypeError(`${name} is not one of the fields it was found in`)
  return field
}

function fillInOrder(given: Given, fields: Field[], words: string[]) {
  for (const [index, word] of words.entries()) {
    const free = fields.filter((field) => !(field.name in given) && !field.secret)
    const [next] = free
    // A list in the last field takes all remaining words: `team add acme devs alice bea`.
    if (next?.type === 'list' && free.length === 1) return give(given, next, words.slice(index).join(','))
    // A person who leaves out `url=` still typed the URL, which is in the channel's history by now.
    const address = fields.find((field) => field.secret && field.name === 'url')
    if (address && /^https?:/i.test(word)) return give(given, address, word)
    if (!next) throw new Failure('invalid', '{word} is one word too many. Put quotes around a text of several words.', { word })
    give(given, next, word)
  }
}

function give(given: Given, field: Field, text: string) {
  if (field.secret)
    throw new Failure('invalid', '{label} is a credential: leave it out here, the modal asks for it.', { label: field.label })
  if (field.name in given) throw new Failure('invalid', '{label} is given twice.', { label: field.label })
  given[field.name] = typedValue(field, text)
}

const yes = new Set(['yes', 'true', 'on', 'y', '1'])
const no = new Set(['no', 'false', 'off', 'n', '0'])

/** Converts text to the type of the field. Text that cannot be converted stays text, and the schema reports the problem. */
export function typedValue(field: Field, text: string): unknown {
  if (field.type === 'boolean') return yes.has(text.toLowerCase()) ? true : no.has(text.toLowerCase()) ? false : text
  if (field.type === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
  if (field.type === 'list') return splitList(text)
  if (field.type === 'choices') return splitList(text).map((one) => choiceOf(field, one))
  if (field.type === 'choice') return choiceOf(field, text)
  return text
}

function splitList(text: string) {
  return text
    .split(/[,、，\n]/)
    .map((one) => one.trim())
    .filter(Boolean)
}

/** A choice is case-insensitive, and its label is accepted like its value. */
function choiceOf({ options, labels }: Field, text: string) {
  const wanted = text.toLowerCase()
  return options.find((option) => option.toLowerCase() === wanted || labels[option]?.toLowerCase() === wanted) ?? text
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

/** `/quay repo create <repository> [visibility={private | public}] [description=…]` */
export function usageOf(name: string, command: Command) {
  const parts = fieldsOf(command).flatMap((field) =>
    field.secret ? [] : [field.required ? `<${field.name}>` : `[${field.name}=${placeholderOf(field)}]`],
  )
  return ['/quay', name, ...parts].join(' ')
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
  return ['/quay', name, ...parts].join(' ')
}

function textOf(value: unknown) {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Array.isArray(value) ? value.join(',') : String(value)
}

function quoted(text: string) {
  return /^[^\s"'“”„«»‘’]+$/u.test(text) ? text : `"${text.replaceAll(/["“”]/g, '')}"`
}
