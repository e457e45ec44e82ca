import { narrow, withoutInvisibleEnds } from '../core/typed-characters.ts'
import { fieldAliases, values } from './field-lexicon.ts'
import type { Field } from './fields.ts'
import { fillers, nouns } from './lexicon.ts'
import { pastedIn } from './pasted.ts'
import { isPhrase } from './phrases.ts'
import { isTagWord } from './prose.ts'
import type { Typing } from './tidy.ts'
import { isTime } from './typed-time.ts'
import { isRelative } from './whole-ids.ts'

export interface Slot {
  word: string
  /** The field that a word before it names: `team developers`, `in acme`, `to bea`. */
  hint: string | undefined
}

export interface Said {
  typing: Typing
  noun: string[]
  guess: boolean
  /** Words that say what is meant, and so are no values, unless a choice of the command has them. */
  talk?: Set<string> | undefined
}

/** Words without those that carry no meaning; `on`, `to` and `in` say which field the next one is for. */
export function slotsIn(words: string[], fields: Field[], { typing, noun, guess, talk }: Said): Slot[] {
  const slots: Slot[] = []
  const members = fields.find(({ type, of, required }) => type === 'list' && of === 'user' && required)
  let hint: string | undefined
  let before = ''
  for (const [index, word] of words.entries()) {
    const plain = narrow(withoutInvisibleEnds(word))
      .toLowerCase()
      .replace(/[,.!?:;]{1,3}$/, '')
    // In `team acme developers` the noun announces nothing.
    const named = talk && index === 0 ? undefined : fieldNamedBy(plain, fields)
    if (['to', 'from', 'into'].includes(plain)) for (const slot of members ? slots : []) slot.hint ??= members?.name
    const isTold = talk?.has(plain) === true && !isValue(fields, plain)
    const isTalk =
      fillers.has(plain) || noun.includes(plain) || isTold || (guess && !talk && isPhrase(plain)) || /^(?:を|の|に|で|が|は)$/.test(plain)
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

/** Whether the word is a value, though it says something too: `write` of a role, `latest` of a tag or a build. */
export function isValue(fields: Field[], word: string) {
  const isNamed = fields.some(({ of, id }) => (of === 'tag' && isTagWord(word)) || (id !== undefined && isRelative(word)))
  const isWhen = fields.some(({ type, time, moment }) => type === 'date' || time !== undefined || moment === true) && isTime(word)
  return isNamed || isWhen || isChoice(fields, word)
}

/** Whether the word is a value of a choice: `write` of a role, in other words too. */
function isChoice(fields: Field[], word: string) {
  return fields.some(({ options }) => options.some((option) => option === word || values[option]?.includes(word)))
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

/** The noun of the commands about a kind of object. */
export const nounOf: Partial<Record<NonNullable<Field['of']>, string>> = {
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
