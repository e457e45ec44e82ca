import { fillers } from './lexicon.ts'
import { type Pasted, pastedIn } from './pasted.ts'
import { plainWord } from './phrases.ts'
import { isProse } from './prose.ts'
import type { Typing } from './tidy.ts'

/** The command that shows an object, with its input. */
export interface ShownBy {
  name: string
  given: Record<string, unknown>
}

// The tabs of the console, by the command that shows what they show.
const tabs: Record<string, string> = {
  tags: 'tag list',
  builds: 'build list',
  history: 'tag history',
  logs: 'logs repo',
  settings: 'permission list',
  mirroring: 'mirror show',
}

const showing = new Set([
  'show',
  'view',
  'get',
  'see',
  'open',
  'inspect',
  'describe',
  'display',
  'info',
  'details',
  'stat',
  'pull',
  'push',
  'image',
])

/** Whether the word only asks to show what stands beside it. */
export function isShowing(word: string) {
  return fillers.has(plainWord(word)) || showing.has(plainWord(word))
}

/** Whether the word looks like an object: no command is named like that. */
export function isObject(word: string) {
  return /[/+@]/.test(word)
}

/** An object and nothing else shows that object: `acme/web`, `acme+ci`, `@carl`, an address of the console, a pasted image. */
export function objectAlone(words: string[], typing: Typing): ShownBy | undefined {
  const slots = words.filter((word) => !isShowing(word))
  const [word = '', second] = slots
  if (slots.length > 2) return undefined
  if (slots.length === 1 && /^@[\w.-]{2,}$/.test(word)) return { name: 'user show', given: { user: word } }
  const pasted = pastedIn(word, typing.hosts)
  if (!pasted) return undefined
  if (pasted.foreign) return { name: 'repo show', given: { repository: word } }
  if (second === undefined) return objectOf(pasted)
  return pasted.repository && !/\//.test(second) && !isProse(second) ? objectOf({ ...pasted, tag: second }) : undefined
}

function objectOf({ robot, repository, build, tag, tab, team, user, namespace }: Pasted): ShownBy | undefined {
  if (robot) return { name: 'robot show', given: { robot } }
  if (repository && build) return { name: 'build show', given: { repository, build } }
  if (repository && tag) return { name: 'tag list', given: { repository, like: tag } }
  if (repository) return { name: tabs[tab ?? ''] ?? 'repo show', given: { repository } }
  if (namespace && team) return { name: 'team members', given: { organization: namespace, team } }
  if (user) return { name: 'user show', given: { user } }
  return namespace ? { name: 'org show', given: { organization: namespace } } : undefined
}

/** A single word that may be the name of an organization, which looks like any other word. */
export function namespaceAlone([only = '', ...others]: string[]): ShownBy | undefined {
  const word = plainWord(only)
  const isName = others.length === 0 && word.length > 1 && /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(word)
  return isName ? { name: 'org show', given: { organization: word } } : undefined
}

/** What opens the object of a button, whose word may be a command's name too. Undefined: it names no object. */
export function shownByWord(word: string, typing: Typing): ShownBy | undefined {
  return objectAlone([word], typing) ?? namespaceAlone([word])
}
