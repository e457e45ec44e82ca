import { isDeepStrictEqual } from 'node:util'
import { distance } from 'fastest-levenshtein'
import { Failure } from '../core/failure.ts'
import type { Command } from './command.ts'
import { type Field, fieldsOf, isKey } from './fields.ts'

/** What somebody gave for an input, as far as they gave it: typed, not yet checked by the schema. */
export type Given = Record<string, unknown>

export interface Typed {
  given: Given
  dryRun: boolean
  reason?: string
}

/** Words that every command takes beside its own fields (a test keeps all inputs clear of them). */
export const reserved = ['reason', 'dry-run']

/**
 * Reads the words behind an operation's name. Words fill the input in order, `name=value` sets one by name.
 * Throws `invalid` for a name that is none, a name given twice, a credential, or a word too many.
 */
export function readWords(command: Command, words: string[]): Typed {
  const fields = fieldsOf(command)
  const typed: Typed = { given: {}, dryRun: false }
  const loose: string[] = []
  for (const word of words) {
    const [name, value] = named(word, fields)
    if (name === undefined) loose.push(word)
    else if (name === 'dry-run') typed.dryRun = value === undefined || yes.has(value.toLowerCase())
    else if (name === 'reason') typed.reason = value ?? ''
    else give(typed.given, fieldNamed(fields, name), value ?? 'yes')
  }
  fillInOrder(typed.given, fields, loose)
  return typed
}

/** `name=value` as its two parts, `--dry-run` as a name without value; no name at all for any other word. */
function named(word: string, fields: Field[]): [name?: string, value?: string] {
  // Phones make one long dash of two hyphens.
  const [, dashes = '', rest = ''] = /^(--|—|–)?(.*)$/su.exec(word) ?? []
  const [, name = '', value] = /^([\p{L}_-]+)(?:=(.*))?$/su.exec(rest) ?? []
  const key = keyOf(name, fields)
  if (dashes && key === undefined && name) throw unknownName(name, fields)
  if (dashes && key) return [key, value]
  if (value === undefined) return []
  if (key) return [key, value]
  // Taken for a word it would silently fill whatever field comes next.
  if (nearest(name, fields) || (isName(name) && !fields.some((field) => field.assignments))) throw unknownName(name, fields)
  return []
}

/** What people write for a field: `colour`, `pull_robot`; a text with an equals sign in it stands in quotes behind its name. */
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

// What Quay once took, and what stands in its place.
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
    // A list that comes last takes all the words that are left: `team add acme devs alice bea`.
    if (next?.type === 'list' && free.length === 1) return give(given, next, words.slice(index).join(','))
    // Who leaves `url=` out means the address all the same, and it is in the channel's history by now.
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

/** Text as the field's type; what cannot be read stays text, and the schema says what is wrong with it. */
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

/** Case does not matter in a choice, and its label is as good as its value. */
function choiceOf({ options, labels }: Field, text: string) {
  const wanted = text.toLowerCase()
  return options.find((option) => option.toLowerCase() === wanted || labels[option]?.toLowerCase() === wanted) ?? text
}

/** The required fields that nobody gave yet. */
export function missingFields(command: Command, given: Given) {
  return fieldsOf(command).filter((field) => field.required && !(field.name in given))
}

/** An edit that says what, but not how: the modal opens with what there is now. */
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

/** The command that gives just this input again, quoted where it must be; credentials are left out. */
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
