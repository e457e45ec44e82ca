import { isDeepStrictEqual } from 'node:util'
import { Failure } from '../core/failure.ts'
import { narrow, withoutInvisibleEnds } from '../core/typed-characters.ts'
import { missingFields, readNames, readWords, type Typed, typedValue } from './arguments.ts'
import type { Command } from './command.ts'
import { fieldAliases, values } from './field-lexicon.ts'
import { type Field, fieldsOf } from './fields.ts'
import { fillers, nouns } from './lexicon.ts'
import { pastedIn } from './pasted.ts'
import { isPhrase, phrases, plainWord } from './phrases.ts'
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
}

/** How the words behind a command may be meant, and how well they fit: in the order of its fields, else by what each field takes. */
export function arrange(
  command: Command,
  words: string[],
  all: Typing,
  { spoken = words, noun = [], guess = false, late = false }: Spoken = {},
): Arranged {
  const typing = typingFor(command, all)
  const inOrder = attempt(() => readWords(command, words, typing))
  const inItsOrder = guess && (late || words.some(isLinking)) ? undefined : inOrder
  const ordered = inItsOrder && fits(command, inItsOrder.given) ? asTyped(command, inItsOrder, words, { typing, guess }) : undefined
  if (ordered && ordered.loose === 0 && !guess && !words.some(isLinking)) return ordered
  const named = attempt(() => readNames(command, spoken, typing))
  const { typed, loose: rest } = named ?? { typed: { given: {}, dryRun: false }, loose: spoken.filter(isPlain) }
  const { given, left, loose } = byKind(command, typed.given, rest, { typing, noun, guess })
  const how = named === undefined || left > 0 || !fits(command, given) ? 'partly' : 'by kind'
  const kinds: Arranged = { ...typed, given, how, complete: isComplete(command, given), loose }
  const better = how === 'by kind' && kinds.complete && loose === 0 && !isDeepStrictEqual(ordered?.given, given)
  return ordered && !better ? ordered : kinds
}

function asTyped(command: Command, typed: Typed, words: string[], { typing, guess }: Omit<Reading, 'noun'>): Arranged {
  const named = attempt(() => readNames(command, words, typing).typed.given) ?? {}
  const loose = fieldsOf(command).filter(
    (field) => field.name in typed.given && !(field.name in named) && takesAnyText(command, field),
  ).length
  // `the team old in acme`: no team is called `in`, and `revoke robot …` is about no organization of that name.
  const odd = words.filter((word) => isLinking(word) || (guess && phrases().nouns.has(plainWord(word)))).length
  return { ...typed, how: 'in order', complete: isComplete(command, typed.given), loose: loose + 2 * odd }
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

interface Slot {
  word: string
  /** The field that a word before it names: `team developers`, `in acme`, `to bea`. */
  hint: string | undefined
}

interface Reading {
  typing: Typing
  noun: string[]
  guess: boolean
}

/** Gives each word to the field that takes it best: the plainest kinds first, then free text. `left`: how many fit nowhere. */
function byKind(command: Command, named: Typed['given'], words: string[], { typing, noun, guess }: Reading) {
  const fields = fieldsOf(command).filter(({ secret }) => !secret)
  const given = { ...named }
  const slots = slotsIn(words, fields, { typing, noun, guess })
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

/** Words without those that carry no meaning; `on`, `to` and `in` say which field the next one is for. */
function slotsIn(words: string[], fields: Field[], { typing, noun, guess }: Reading): Slot[] {
  const slots: Slot[] = []
  const members = fields.find(({ type, of, required }) => type === 'list' && of === 'user' && required)
  let hint: string | undefined
  let before = ''
  for (const word of words) {
    const plain = narrow(withoutInvisibleEnds(word))
      .toLowerCase()
      .replace(/[,.!?:;]{1,3}$/, '')
    const named = fieldNamedBy(plain, fields)
    if (['to', 'from', 'into'].includes(plain)) for (const slot of members ? slots : []) slot.hint ??= members?.name
    const isTalk = fillers.has(plain) || noun.includes(plain) || (guess && isPhrase(plain)) || /^(?:を|の|に|で|が|は)$/.test(plain)
    if (named !== undefined || isTalk) hint = named ?? hint
    else {
      const bare = pastedIn(word, typing.hosts) ? word : word.replace(/[,.!?:;]{1,3}$/, '')
      if (!(within.has(before) && joinsTo(slots, bare, fields, noun))) slots.push({ word: bare, hint })
      hint = undefined
    }
    before = plain
  }
  return slots
}

const within = new Set(['in', 'of', 'for', 'under', 'at', 'to'])
const joints: Partial<Record<NonNullable<Field['of']>, string>> = { robot: '+', repository: '/', 'new-repository': '/' }

/** `robot ci in acme` is acme+ci, `repo web in acme` acme/web: the namespace goes before the name that came just before it. */
function joinsTo(slots: Slot[], namespace: string, fields: Field[], noun: string[]): boolean {
  const last = slots.at(-1)
  const kind = fields.some(({ of }) => of === 'namespace') ? undefined : fields.find(({ of }) => of && joints[of] && isSaid(of, noun))?.of
  const joint = kind && joints[kind]
  const isName = (word: string) => /^[a-z0-9][a-z0-9_-]*$/.test(word)
  if (!last || joint === undefined || !isName(last.word) || !isName(namespace)) return false
  last.word = `${namespace}${joint}${last.word}`
  return true
}

function isSaid(of: NonNullable<Field['of']>, noun: string[]) {
  return kindWords(of === 'new-repository' ? 'repository' : of).has(noun.join(' '))
}

/** The field that a word announces: its name, another word for its kind, or a preposition that its name is. */
function fieldNamedBy(word: string, fields: Field[]) {
  const own = fields.find(({ name, type }) => name === word && type !== 'boolean')
  if (own) return own.name
  const singular = word.replace(/s$/, '')
  const kind = fields.find(
    ({ of, name }) => kindWords(of).has(word) || kindWords(of).has(singular) || (of !== undefined && name === singular),
  )
  if (kind) return kind.name
  if (word === 'in' || word === 'of') return fields.find(({ of }) => of === 'namespace')?.name
  return fields.find(({ name, type }) => type === 'list' && (fieldAliases[name] ?? []).includes(word))?.name
}

const nounOf: Partial<Record<NonNullable<Field['of']>, string>> = {
  repository: 'repo',
  namespace: 'org',
  team: 'team',
  robot: 'robot',
  tag: 'tag',
  user: 'user',
}

function kindWords(of: Field['of']): Set<string> {
  const noun = of && nounOf[of]
  if (!noun) return new Set()
  // An image may be a tag or a repository, and a group a team or an organization.
  return new Set([noun, ...(nouns[noun]?.aliases ?? [])].filter((word) => !['image', 'img', 'group', 'limit'].includes(word)))
}

const anyText = 9

function takesAnyText(command: Command, { name, of, id, time }: Field) {
  return !of && !id && !time && (accepts(command, name, '~ ~') || accepts(command, name, ['~ ~']))
}

// What people call tags without a number in them.
const tagWords = new Set(
  'latest stable main master trunk dev devel develop development prod production live staging stage qa test testing edge nightly daily beta alpha rc release candidate canary current next old previous snapshot lts base slim alpine debug broken good bad'.split(
    ' ',
  ),
)

/** A word or number that is hardly a name of something by itself. */
export function isProse(word: string) {
  return /^(?:\p{L}+|\d{1,4})$/u.test(word) && !tagWords.has(word.toLowerCase())
}

/** Lower is better. A field that says exactly what it takes comes before one that takes any text. */
function costOf(command: Command, field: Field, { word, hint }: Slot, { typing, guess }: Omit<Reading, 'noun'>): number {
  const announced = (hint === undefined ? 2 : hint === field.name ? -4 : 3) + (field.required ? 0 : 1)
  if (['choice', 'choices', 'boolean', 'number', 'date'].includes(field.type) || field.time) return announced
  // A word of a sentence, as in `who deleted v1 of acme/web`, is hardly a tag.
  if (guess && field.of === 'tag' && hint !== field.name && isProse(word)) return announced + anyText + 2
  // In `add bea as admin` only bea is a person.
  if (guess && field.of === 'user' && word in values) return announced + anyText + 2
  // `tag acme/api:v1.0`: with a repository in it, it is not the tag alone.
  if (field.of === 'tag' && pastedIn(word, typing.hosts)?.repository) return announced + 12
  if (field.of === 'robot' || (field.of === 'user' && /[@+:]/.test(word))) return announced
  if (field.of === 'repository' || field.of === 'new-repository') return announced + (pastedIn(word, typing.hosts)?.repository ? 0 : 3)
  if (field.of) return announced + 4
  if (field.id) return announced + (/\d/.test(word) ? 3 : 5)
  return announced + (takesAnyText(command, field) ? anyText + 2 : 2)
}
