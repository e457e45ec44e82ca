import { narrow, withoutInvisibleEnds } from '../core/typed-characters.ts'
import { fieldAliases } from './field-lexicon.ts'
import type { Field } from './fields.ts'
import { fillers, nouns } from './lexicon.ts'
import { pastedIn } from './pasted.ts'
import { isPhrase } from './phrases.ts'
import type { Typing } from './tidy.ts'

export interface Slot {
  word: string
  /** The field that a word before it names: `team developers`, `in acme`, `to bea`. */
  hint: string | undefined
}

export interface Said {
  typing: Typing
  noun: string[]
  guess: boolean
}

/** Words without those that carry no meaning; `on`, `to` and `in` say which field the next one is for. */
export function slotsIn(words: string[], fields: Field[], { typing, noun, guess }: Said): Slot[] {
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
