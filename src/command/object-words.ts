import { fillers } from './lexicon.ts'
import { cardOf, kinds, type Named, type ShownBy } from './object-kinds.ts'
import { type Pasted, pastedIn } from './pasted.ts'
import { plainWord } from './phrases.ts'
import { isProse } from './prose.ts'
import type { Typing } from './tidy.ts'

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
function isShowing(word: string) {
  return fillers.has(plainWord(word)) || showing.has(plainWord(word))
}

/** Whether the word looks like an object: no command is named like that. */
export function isObject(word: string) {
  return /[/+@]/.test(word)
}

/**
 * An object and nothing else shows that object: `acme/web`, `acme/web:v1`, `acme+ci`, `@carl`, `@acme/developers`, `acme/web#3592c8dd`,
 * an address of the console, a pasted image.
 */
export function objectAlone(words: string[], typing: Typing): ShownBy | undefined {
  const slots = words.filter((word) => !isShowing(word))
  const [word = '', second] = slots
  if (slots.length > 2) return undefined
  if (slots.length === 1) {
    const named = namedByMark(word)
    if (named) return cardOf(named)
  }
  // The whole id of a build, whose repository is then asked for.
  if (slots.length === 1 && wholeBuild.test(word)) return { name: kinds.build.card, given: { build: word.toLowerCase() } }
  const pasted = pastedIn(word, typing.hosts)
  if (!pasted) return undefined
  if (pasted.foreign) return { name: 'repo show', given: { repository: word } }
  if (second !== undefined && (!pasted.repository || second.includes('/') || isProse(second))) return undefined
  return shownBy(second === undefined ? pasted : { ...pasted, tag: second })
}

const wholeBuild = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** `@carl`, a Slack person as `@U024BE7LH`, and `@acme/developers`. */
function namedByMark(word: string): Named | undefined {
  const [, namespace, team] = /^@([a-z0-9._-]{2,255})\/([a-z0-9._-]{2,255})$/i.exec(word) ?? []
  if (namespace !== undefined) return { kind: 'team', namespace: namespace.toLowerCase(), team: team?.toLowerCase() }
  return /^@[\w.-]{2,}$/.test(word) ? { kind: 'user', user: /^@[UW][A-Z0-9]+$/.test(word) ? word : word.slice(1) } : undefined
}

function shownBy({ tab, ...pasted }: Pasted): ShownBy | undefined {
  const named = namedIn(pasted)
  const shown = tab === undefined || named?.kind !== 'repository' ? undefined : tabs[tab]
  if (named && shown !== undefined) return { name: shown, given: { repository: named.repository } }
  return named && cardOf(named)
}

/** The object that pasted text names: the innermost of its parts. */
function namedIn({ robot, repository, build, tag, digest, team, user, namespace }: Pasted): Named | undefined {
  if (robot) return { kind: 'robot', robot }
  if (repository && build) return { kind: 'build', repository, build }
  if (repository && tag) return { kind: 'tag', repository, tag }
  if (repository && digest) return { kind: 'image', repository, digest }
  if (repository) return { kind: 'repository', repository }
  if (namespace && team) return { kind: 'team', namespace, team }
  if (user) return { kind: 'user', user }
  return namespace ? { kind: 'namespace', namespace } : undefined
}

/** A single word that may be the name of an organization, which looks like any other word. */
export function namespaceAlone([only = '', ...others]: string[]): ShownBy | undefined {
  const word = plainWord(only)
  const isName = others.length === 0 && word.length > 1 && /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(word)
  return isName ? cardOf({ kind: 'namespace', namespace: word }) : undefined
}

/** What opens the object of a button, whose word may be a command's name too. Undefined: it names no object. */
export function shownByWord(word: string, typing: Typing): ShownBy | undefined {
  return objectAlone([word], typing) ?? namespaceAlone([word])
}

/** The object of a button's word. Undefined: it names none. */
export function namedByWord(word: string, typing: Typing): Named | undefined {
  const marked = namedByMark(word)
  if (marked) return marked
  const pasted = pastedIn(word, typing.hosts)
  if (pasted) return pasted.foreign ? undefined : namedIn(pasted)
  return /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(word) ? { kind: 'namespace', namespace: word } : undefined
}
