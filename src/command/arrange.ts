import { isDeepStrictEqual } from 'node:util'
import { Failure } from '../core/failure.ts'
import { missingFields, readNames, readWords, type Typed, typedValue } from './arguments.ts'
import type { Command } from './command.ts'
import { fieldAliases, values } from './field-lexicon.ts'
import { type Field, fieldsOf } from './fields.ts'
import { pastedIn } from './pasted.ts'
import { phrases, plainWord } from './phrases.ts'
import { isProse } from './prose.ts'
import { type Said, type Slot, slotsIn } from './slots.ts'
import { carriedAlong, type Typing, typingFor } from './tidy.ts'
import { isTime } from './typed-time.ts'
import { isRelative } from './whole-ids.ts'

export interface Arranged extends Typed {
  /**
   * `in order`: as the command itself would read the words. `by kind`: each word went to the field that takes it. `partly`: some
   * words fit no field.
   */
  how: 'in order' | 'by kind' | 'partly'
  /** Whether no required field is missing. */
  complete: boolean
  /** How many words went to a field that takes any text, because nothing else took them. */
  loose: number
}

interface Spoken {
  /** The same words with the noun among them, which may say what the next word is: `team developers`. */
  spoken?: string[]
  noun?: string[]
  /** The command is only one that may be meant: what fits where counts more than the order, and words about commands are no values. */
  guess?: boolean
  /** Words stand before the command's own. */
  late?: boolean
  /** Words that say what is meant, and so are hardly values. */
  talk?: Set<string> | undefined
}

/** How the words behind a command may be meant, and how well they fit: in the order of its fields, else by what each field takes. */
export function arrange(
  command: Command,
  words: string[],
  all: Typing,
  { spoken = words, noun = [], guess = false, late = false, talk }: Spoken = {},
): Arranged {
  const typing = typingFor(command, all)
  const inOrder = attempt(() => readWords(command, words, typing))
  const inItsOrder = guess && (late || words.some(isLinking)) ? undefined : inOrder
  const ordered = inItsOrder && fits(command, inItsOrder.given) ? asTyped(command, inItsOrder, words, { typing, guess }) : undefined
  if (ordered && ordered.loose === 0 && !guess && !words.some(isLinking)) return ordered
  const named = attempt(() => readNames(command, spoken, typing))
  const { typed, loose: rest } = named ?? { typed: { given: {}, dryRun: false }, loose: spoken.filter(isPlain) }
  const { given, left, loose } = byKind(command, typed.given, rest, { typing, noun, guess, talk })
  const how = named === undefined || left > 0 || !fits(command, given) ? 'partly' : 'by kind'
  const kinds: Arranged = { ...typed, given, how, complete: isComplete(command, given), loose }
  const better = how === 'by kind' && kinds.complete && loose === 0 && !isDeepStrictEqual(ordered?.given, given)
  return ordered && !better ? ordered : kinds
}

function asTyped(command: Command, typed: Typed, words: string[], { typing, guess }: Omit<Said, 'noun'>): Arranged {
  const named = attempt(() => readNames(command, words, typing).typed.given) ?? {}
  const loose = fieldsOf(command).filter(
    (field) => field.name in typed.given && !(field.name in named) && takesAnyText(command, field),
  ).length
  // `the team old in acme`: no team is called `in`, and `revoke robot …` is about no organization of that name.
  const odd = words.filter((word) => isLinking(word) || (guess && phrases().nouns.has(plainWord(word)))).length
  // `logs last week` are those of no one of that name.
  const late = fieldsOf(command).filter(({ name, type, time, moment }) => {
    const value = name in named ? undefined : typed.given[name]
    return type === 'string' && !time && !moment && typeof value === 'string' && !/^\d+$/.test(value) && isTime(value)
  }).length
  return { ...typed, how: 'in order', complete: isComplete(command, typed.given), loose: loose + 2 * (odd + late) }
}

/** Words such as `to` and `in` are hardly names, though they could be. */
function isLinking(word: string) {
  return linking.has(word.toLowerCase())
}

const linking = new Set(['to', 'in', 'of', 'on', 'for', 'from', 'by', 'with', 'at', 'into', 'onto', 'as', 'the', 'a', 'an', 'my', 'and'])

function isComplete(command: Command, given: Typed['given']) {
  return missingFields(command, given).every(({ secret }) => secret)
}

/** Undefined for words that the command refuses. */
function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Failure && error.code === 'invalid') return undefined
    throw error
  }
}

function isPlain(word: string) {
  return !/^(?:--|—|–)|=/.test(word)
}

/** Whether every given value is one that its field takes. */
export function fits(command: Command, given: Typed['given']) {
  return Object.entries(given).every(([name, value]) => accepts(command, name, value))
}

function accepts(command: Command, name: string, value: unknown) {
  // An id is taken as it is typed, and Quay or the bot looks for it; what cannot be one was meant for another field.
  const isId = fieldsOf(command).some((field) => field.name === name && field.id)
  if (isId && typeof value === 'string' && !/^[#＃]?[\w.+-]{1,100}$|^\p{L}{1,10}$/u.test(value)) return false
  return command.input.shape[name]?.safeParse(value).success === true
}

/** Gives each word to the field that takes it best: the plainest kinds first, then free text. `left`: how many fit nowhere. */
function byKind(command: Command, named: Typed['given'], words: string[], { typing, noun, guess, talk }: Said) {
  const fields = fieldsOf(command).filter(({ secret }) => !secret)
  const given = { ...named }
  const slots = slotsIn(words, fields, { typing, noun, guess, talk })
  const pairs = slots.flatMap((slot, index) =>
    fields.flatMap((field, order) => {
      if (field.name in named && field.type !== 'list') return []
      // What few people give is filled only where it is announced: `admins bea`, `by bea`.
      const isRare = field.advanced || (field.of === 'user' && !field.required)
      if (isRare && slot.hint !== field.name) return []
      if (field.id && !/\d/.test(slot.word) && !isRelative(slot.word.toLowerCase())) return []
      if ((field.time || field.moment) && field.type !== 'choice' && isProse(slot.word) && !isTime(slot.word)) return []
      const value = valueFor(command, field, slot.word, typing)
      return value === undefined ? [] : [{ index, order, field, value, cost: costOf(command, field, slot, { typing, guess }) }]
    }),
  )
  const placed = new Set<number>()
  let loose = 0
  for (const { index, field, value, cost } of pairs.toSorted((a, b) => a.cost - b.cost || a.order - b.order || a.index - b.index)) {
    const before = given[field.name]
    if (placed.has(index) || (before !== undefined && !(Array.isArray(before) && Array.isArray(value)))) continue
    given[field.name] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value
    placed.add(index)
    if (cost >= anyText) loose += 1
    for (const [name, part] of Object.entries(carriedAlong(field, fields, slots[index]?.word, typing)))
      if (!(name in given)) given[name] = part
  }
  const lost = slots.filter(({ word }) => isLost(word, typing, Object.values(given))).length
  return { given, left: slots.length - placed.size + lost, loose }
}

/** Whether a part of a pasted object went nowhere: `acme/api:v1.0` as a repository, and its tag left out. */
function isLost(word: string, { hosts, takes }: Typing, values: unknown[]) {
  const { namespace, repository, tag, digest } = (values.includes(word) ? undefined : pastedIn(word, hosts)) ?? {}
  const inTwo = repository !== undefined && values.includes(namespace) && values.includes(repository.slice(repository.indexOf('/') + 1))
  const parts = [inTwo ? undefined : repository, ...(takes?.tag ? [tag, digest] : [])]
  return parts.some((part) => part !== undefined && !values.includes(part))
}

/** The value of the word in that field; undefined if the field does not take it. */
function valueFor(command: Command, field: Field, word: string, typing: Typing) {
  const bareFlag = field.type === 'boolean' && [field.name, ...(fieldAliases[field.name] ?? [])].includes(word.toLowerCase())
  const value = bareFlag ? true : attempt(() => typedValue(field, word, typing))
  return value !== undefined && accepts(command, field.name, value) ? value : undefined
}

const anyText = 9

function takesAnyText(command: Command, { name, of, id, time }: Field) {
  return !of && !id && !time && (accepts(command, name, '~ ~') || accepts(command, name, ['~ ~']))
}

/** Lower is better. A field that says exactly what it takes comes before one that takes any text. */
function costOf(command: Command, field: Field, { word, hint }: Slot, { typing, guess }: Omit<Said, 'noun'>): number {
  const announced = (hint === undefined ? 2 : hint === field.name ? -4 : 3) + (field.required ? 0 : 1)
  if (['choice', 'choices', 'boolean', 'number', 'date'].includes(field.type) || field.time) return announced
  // A word of a sentence, as in `who deleted v1 of acme/web`, is hardly a tag.
  if (guess && field.of === 'tag' && hint !== field.name && isProse(word)) return announced + anyText + 2
  // In `add bea as admin` only bea is a person.
  if (guess && field.of === 'user' && Object.hasOwn(values, word)) return announced + anyText + 2
  // `tag acme/api:v1.0`: with a repository in it, it is not the tag alone.
  if (field.of === 'tag' && pastedIn(word, typing.hosts)?.repository) return announced + 12
  if (field.of === 'robot' || (field.of === 'user' && /[@+:]/.test(word))) return announced
  if (field.of === 'repository' || field.of === 'new-repository') return announced + (pastedIn(word, typing.hosts)?.repository ? 0 : 3)
  if (field.of) return announced + 4
  if (field.id) return announced + (/\d/.test(word) ? 3 : 5)
  return announced + (takesAnyText(command, field) ? anyText + 2 : 2)
}
