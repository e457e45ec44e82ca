import { distance } from 'fastest-levenshtein'
import { Failure } from '../core/failure.ts'
import { narrow } from '../core/typed-characters.ts'
import { fieldAliases, idleFlags, values } from './field-lexicon.ts'
import type { Field } from './fields.ts'
import { isTime } from './typed-time.ts'

export const yes = new Set(['yes', 'true', 'on', 'y', '1', 't', 'enabled', 'はい'])
export const no = new Set(['no', 'false', 'off', 'n', '0', 'f', 'disabled', 'いいえ'])

/** A name that was typed, with its value if it has one; without a name, a flag that means nothing here. */
interface Named {
  name: string | undefined
  value: string | undefined
}

/** Words that every command takes besides its own fields. A test ensures that no field uses them. */
export const reserved = ['reason', 'dry-run']

/**
 * Takes `name=value`, `--name value`, `--name` or `-n value` from the front of the words; undefined, and nothing taken, for a word
 * without a name. Throws `invalid` for a name that is nearly one of a field, or an unknown flag.
 */
export function nameIn(words: string[], fields: Field[]): Named | undefined {
  const word = words[0] ?? ''
  // Phones replace two hyphens by one long dash.
  const [, dashes = '', rest = ''] = /^(--|—|–|―|-(?=[a-z](?:=|$)))?(.*)$/su.exec(word.replace(/^[-－]{2}/, '--')) ?? []
  const [, typed = '', value] = /^([\p{L}_-]{1,60})(?:=(.*))?$/su.exec(rest) ?? []
  if (dashes && typed) return flagIn(words, typed, value, fields)
  if (value === undefined) return undefined
  const literal = fields.some((field) => field.assignments)
  const name = keyOf(typed, fields, { aliases: !literal })
  // As a plain word it would silently fill the next field.
  if (name === undefined && (nearest(typed, fields) || (isName(typed) && !literal))) throw unknownName(typed, fields)
  if (name === undefined) return undefined
  words.shift()
  return { name, value }
}

function flagIn(words: string[], typed: string, given: string | undefined, fields: Field[]): Named {
  const negated = /^no-(.+)$/.exec(typed)?.[1]
  const off = negated === undefined ? undefined : fields.find(({ name, type }) => type === 'boolean' && name === keyOf(negated, fields))
  if (off) return { ...taken(words), name: off.name, value: 'no' }
  const option = fields.find(({ type, options }) => type === 'choice' && options.some((one) => isValue(one, typed)))
  const name = keyOf(typed, fields) ?? (['n', 'namespace', 'org'].includes(typed) ? 'namespace' : undefined)
  if (name === undefined && option && given === undefined) return { ...taken(words), name: option.name, value: typed }
  if (name === undefined && (idleFlags.has(typed.toLowerCase()) || ['o', 'output'].includes(typed))) {
    words.shift()
    // `-o wide`: the value means as little as the flag.
    if (['o', 'output'].includes(typed) && given === undefined) words.shift()
    return { name: undefined, value: undefined }
  }
  if (name === undefined) throw unknownName(typed, fields)
  words.shift()
  const field = fields.find((one) => one.name === name)
  if (given !== undefined) return { name, value: given }
  const next = words[0]
  if (name === 'dry-run' || field?.type === 'boolean') return { name, value: next && isYesOrNo(next) ? words.shift() : undefined }
  if (next === undefined) throw new Failure('invalid', '{flag} needs a value: add one after it.', { flag: `--${typed}` })
  return { name, value: words.shift() }
}

function taken(words: string[]) {
  words.shift()
  return {}
}

function isYesOrNo(word: string) {
  const known = narrow(word).toLowerCase()
  return yes.has(known) || no.has(known)
}

function isValue(option: string, typed: string) {
  return option === typed.toLowerCase() || (values[option] ?? []).includes(typed.toLowerCase())
}

/** Other spellings of a field's name, such as `colour` or `pull_robot`. A text with an equals sign is quoted behind its name. */
function isName(name: string) {
  return /^\p{L}[\p{L}_-]+$/u.test(name)
}

/** `Docker-Tags`, `dockerTags` and `docker_tags` are one name. */
function squashed(name: string) {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}

function keyOf(typed: string, fields: Field[], { aliases = true } = {}) {
  const wanted = squashed(typed)
  const names = [...fields.map((field) => field.name), ...reserved]
  const exact = names.find((one) => squashed(one) === wanted)
  if (exact !== undefined || !aliases) return exact
  const other = fields.find(({ name, secret }) => !secret && (fieldAliases[name] ?? []).some((alias) => squashed(alias) === wanted))
  const begun = wanted.length < 3 ? [] : names.filter((one) => squashed(one).startsWith(wanted))
  return other?.name ?? (begun.length === 1 ? begun[0] : undefined)
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
  const instead = fields.find((field) => Object.hasOwn(retired, name.toLowerCase()) && field.name === retired[name.toLowerCase()])
  const near = instead?.name ?? nearest(name, fields)
  if (near) return new Failure('invalid', 'Unknown field {name}. Did you mean {near}?', { name, near })
  return new Failure('invalid', 'Unknown field {name}. Available fields: {names}.', {
    name,
    names: fields.map((field) => field.name),
  })
}

/** Joins words that say one day, moment or duration: `friday 18:00`, `on=in 3 days`. Only where a field takes a time. */
export function joinTimes(words: string[], fields: Field[]): string[] {
  if (!fields.some(({ type, time, moment }) => type === 'date' || time !== undefined || moment)) return [...words]
  const joined: string[] = []
  for (let index = 0; index < words.length; ) {
    const length = [4, 3, 2].find((many) => index + many <= words.length && isTime(withoutName(words.slice(index, index + many).join(' '))))
    joined.push(words.slice(index, index + (length ?? 1)).join(' '))
    index += length ?? 1
  }
  return joined
}

function withoutName(text: string) {
  return text.replace(/^[\p{L}_-]{1,40}=/u, '')
}
