import { slash } from '../core/slash-command.ts'
import { type Arranged, arrange } from './arrange.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'
import { nouns } from './lexicon.ts'
import type { ShownBy } from './object-kinds.ts'
import { isObject, isShowing, namespaceAlone, objectAlone } from './object-words.ts'
import { clients } from './pasted.ts'
import { phrases, plainWord } from './phrases.ts'
import { commands, findCommand } from './registry.ts'
import { repaired } from './repairs.ts'
import type { Typing } from './tidy.ts'
import { type Candidate, candidatesFor, respelled, unjoined } from './understand.ts'
import { rowOf } from './whole-ids.ts'

/** What typed words come to. A changing command is run only where they name it and fill it in order; else its modal opens filled. */
export type Reading =
  /** Words that name a command as the help does, or by other words of its own: the rest is read as its input. */
  | { kind: 'command'; name: string; command: Command; words: string[] }
  /** Understood by what fits where: a read runs, a change opens filled. */
  | { kind: 'understood'; name: string; command: Command; arranged: Arranged }
  /** Several commands, or one that is only near: nothing runs. */
  | { kind: 'ask'; candidates: Candidate[] }
  /** A noun alone: what can follow. */
  | { kind: 'noun'; noun: string; candidates: Candidate[] }
  | { kind: 'unknown' }

// Beyond, it is a text and no command in other words; and every word is compared with every field.
const mostWords = 16

/** Understands what a person typed behind `/quay`. Local: nothing is asked of Slack or Quay. */
export function readingOf(typed: string[], typing: Typing): Reading {
  const words = withoutQuestion(withoutClient(withoutOwnName(typed)).flatMap(withoutParticles))
  if (words.length === 0) return exact('help', [])
  const help = helpIn(words)
  if (help) return exact('help', help)
  const found = findCommand(words)
  if (words.length > mostWords) return found ? { kind: 'command', ...found } : { kind: 'unknown' }
  if (found?.name === 'help') return { kind: 'command', ...found }
  if (found) return asNamed(found, words, typing)
  const noun = bareNoun(words)
  if (noun !== undefined) return commands.has(noun) ? exact(noun, []) : { kind: 'noun', noun, candidates: [] }
  return byOtherWords(unjoined(words), typing)
}

function exact(name: string, words: string[]): Reading {
  const command = commands.get(name)
  return command ? { kind: 'command', name, command, words } : { kind: 'unknown' }
}

/** A question mark at the end asks for help only behind the words of a command: `last sync of acme/web ?` is a question. */
function withoutQuestion(words: string[]) {
  const said = words.slice(0, -1)
  return said.length > 0 && /^[?？]+$/.test(words.at(-1) ?? '') && !findCommand(said) && bareNoun(said) === undefined ? said : words
}

/** `acme/webのタグ` and `タグを`: Japanese joins its words by particles. Only where a word of a command is left. */
function withoutParticles(word: string): string[] {
  const parts = word.split(/[のをはがに]/u).filter((part) => part !== '')
  const isCommand = (part: string) => phrases().nouns.has(plainWord(part)) || phrases().verbs.has(plainWord(part))
  const isJoined = parts.join('') !== word && parts.some(isCommand) && parts.every((part) => isCommand(part) || /^[\x21-\x7e]+$/.test(part))
  return isJoined ? parts : [word]
}

/** `/quay quay repo list`, and `@quaymaster` before it. */
function withoutOwnName([first = '', ...rest]: string[]) {
  return rest.length > 0 && ['quay', '/quay', 'quaymaster', '@quaymaster', slash()].includes(first.toLowerCase())
    ? rest
    : first
      ? [first, ...rest]
      : rest
}

/** `docker pull quay.example.com/acme/web:v1` is about the image, and `trivy image acme/web:v1` about its scan. */
function withoutClient(words: string[]) {
  const [first = '', second = ''] = words.map(plainWord)
  if (phrases().verbs.has(`${first} ${second}`)) return words
  const isClient = words.length > 1 && clients.includes(first) && !commands.has(first)
  if (isClient && scanners.has(first)) return ['scan', ...words.slice(['image', 'registry', 'container'].includes(second) ? 2 : 1)]
  const rest = isClient ? withoutGroup(words.slice(1)).flatMap(slashed) : words
  return rest.length > 1 && !isNamedBy(rest) && ['pull', 'push', 'run', 'login'].includes(plainWord(rest[0] ?? '')) && isClient
    ? rest.slice(1)
    : rest
}

const scanners = new Set(['trivy', 'grype', 'snyk', 'clairctl'])

/** `oc adm policy who-can …` and `kubectl auth can-i …` without the groups that other tools sort their commands into. */
function withoutGroup(words: string[]): string[] {
  const first = plainWord(words[0] ?? '')
  return words.length > 1 && ['adm', 'policy', 'auth', 'cluster', 'api'].includes(first) && !commands.has(first) && !isNamedBy(words)
    ? withoutGroup(words.slice(1))
    : words
}

function isNamedBy(words: string[]) {
  return phrases().verbs.has(words.slice(0, 2).map(plainWord).join(' '))
}

/** `build/42` as kubectl and oc write `build 42`, and `repos/acme/web`. */
function slashed(word: string) {
  const [, kind = '', name = ''] = /^([a-z]+)\/([^/]+(?:\/[^/]+)?)$/i.exec(word) ?? []
  return name !== '' && phrases().nouns.has(kind.toLowerCase()) ? [kind, name] : [word]
}

const helpWords = new Set(['--help', '-h', '—help', '–help', '-help', '--h'])

/** `repo create --help`, `-h` or `help` behind a command: what the help is about, without objects. */
function helpIn(words: string[]) {
  const last = plainWord(words.at(-1) ?? '')
  const asked =
    words.some((word) => helpWords.has(plainWord(word))) ||
    (words.length > 1 && ['help', '?', 'usage'].includes(last) && plainWord(words[0] ?? '') !== 'help')
  if (!asked) return undefined
  const topic = words.map(plainWord).filter((word) => !helpWords.has(word) && !['help', '?', 'usage'].includes(word))
  return topicOf(topic)
}

/** The words of a command or a noun that the help is asked for, `ls repos` as `repo list`; the same words if they name none. */
export function topicOf(words: string[]): string[] {
  const tokens = words.map(plainWord)
  const found = findCommand(tokens)
  if (found) return found.name.split(' ')
  const noun = bareNoun(tokens)
  if (noun !== undefined) return noun.split(' ')
  const [best] = candidatesFor(tokens.slice(0, mostWords), { hosts: [], now: 0, timeZone: undefined }).filter(({ sure }) => sure)
  if (best) return best.name.split(' ')
  const named = tokens.flatMap((_, start) =>
    [2, 1].flatMap((length) => phrases().nouns.get(tokens.slice(start, start + length).join(' ')) ?? []),
  )
  return named[0]?.noun.split(' ') ?? words
}

function bareNoun(words: string[]): string | undefined {
  const phrase = words.map(plainWord).join(' ')
  return phrases().nouns.get(phrase)?.[0]?.noun
}

/** A command by its own name. If its words do not fit, they may still be meant for it in another order, or for another command. */
function asNamed(found: { name: string; command: Command; words: string[] }, words: string[], typing: Typing): Reading {
  const arranged = arrange(found.command, found.words, typing)
  const own: Reading = { kind: 'command', ...found }
  const isNoun = found.name in nouns && found.words.some((word) => !word.includes('='))
  if (arranged.how === 'in order' && !isNoun) return own
  const others = candidatesFor(words, typing).filter(
    ({ name, arranged: { how, complete, loose } }) => name !== found.name && how !== 'partly' && complete && loose === 0,
  )
  const below = isNoun ? others.find(({ name }) => name.startsWith(`${found.name} `)) : undefined
  // `logs of the last build acme/web` are those of a build.
  const named = words.flatMap((word) => phrases().nouns.get(plainWord(word)) ?? []).map(({ noun }) => `${noun} ${found.name}`)
  const ofNoun = isNoun ? others.find(({ name }) => named.includes(name)) : undefined
  const beside = arranged.how === 'partly' && fieldsOf(found.command).length === 0 ? others[0] : undefined
  const best =
    (arranged.how === 'in order' && arranged.loose === 0 ? undefined : others.find(({ sure }) => sure)) ?? ofNoun ?? below ?? beside
  if (best) return best.sure ? asSure(best) : settled([best])
  // As far as every word went to a field of its kind: a free text would take anything.
  // `build logs #2` is of the repository whose builds were listed.
  const isWhole = arranged.complete || Object.values(arranged.given).some((value) => rowOf(value) !== undefined)
  if (arranged.how === 'by kind' && isWhole && arranged.loose === 0)
    return { kind: 'understood', name: found.name, command: found.command, arranged }
  return own
}

function byOtherWords(words: string[], typing: Typing): Reading {
  const object = objectAlone(words, typing)
  const alone = object && about(object)
  const candidates = candidatesFor(words, typing)
  const [best] = candidates
  const isAlone = words.every((word) => isObject(word) || isShowing(word)) && !best?.sure
  if (alone && (isAlone || !best || !isUsable(best))) return alone
  const better = best?.sure ? undefined : respelled(words)
  const near = better ? candidatesFor(better, typing) : []
  // `tag lsit acme/web`: what the words say when they are spelled right comes before a guess that takes the misspelt one for a name.
  const spelled = better && findCommand(better)
  if (spelled) return { kind: 'ask', candidates: asSpelled(spelled, typing) }
  const right = near.find(({ sure }) => sure)
  if (right) return { kind: 'ask', candidates: [right, ...likeliest(candidates).filter(({ name }) => name !== right.name)].slice(0, 3) }
  // `make a bot called ci`: the command that was named comes before a change that its words happen to fill.
  const named = best?.command.changes && !best.sure ? candidates.find(({ sure }) => sure) : undefined
  if (named) return { kind: 'ask', candidates: likeliest([named, ...candidates]) }
  if (best && (best.sure || isUsable(best))) return best.sure ? asSure(best, candidates) : settled(candidates)
  const nearNoun = better && bareNoun(better)
  if (near.length === 0 && nearNoun !== undefined) return { kind: 'noun', noun: nearNoun, candidates: [] }
  if (near[0] && near[0].arranged.how !== 'partly') return { kind: 'ask', candidates: likeliest(near) }
  const all = [...candidates, ...near]
  const [noun] = phrases().nouns.get(plainWord(words[0] ?? '')) ?? []
  if (noun) return { kind: 'noun', noun: noun.noun, candidates: likeliest(candidates) }
  return all.length > 0 ? { kind: 'ask', candidates: likeliest(all) } : lastGuess(words)
}

/** What a command's own name that was misspelt says: `robto create acme ci` is `robot create acme+ci`. */
function asSpelled({ name, command, words }: { name: string; command: Command; words: string[] }, typing: Typing): Candidate[] {
  const arranged = arrange(command, words, typing)
  const better = arranged.how === 'in order' && arranged.complete ? [] : repaired(name, command, words, typing)
  return better.length > 0 ? better : [{ name, command, words, arranged, sure: true, score: 0 }]
}

/** Whether every word has its place: a free text that would take any word counts only where the command is named for certain. */
function isUsable({ command, arranged: { how, loose, complete }, sure }: Candidate) {
  // A change opens filled with what was said, and asks for the rest.
  return how !== 'partly' && (sure || ((complete || command.changes !== undefined) && loose === 0))
}

function lastGuess(words: string[]): Reading {
  const namespace = namespaceAlone(words)
  return namespace ? about(namespace) : { kind: 'unknown' }
}

/** The noun and the verb are at the beginning, in whatever words: it runs as if its own words had been typed, when they fit in order. */
function asSure(best: Candidate, all: Candidate[] = [best]): Reading {
  const rivals = all.filter(({ name, score, sure }) => sure && name !== best.name && score - best.score < 1)
  if (rivals.length > 0) return { kind: 'ask', candidates: likeliest([best, ...rivals]) }
  const { name, command, words, arranged } = best
  return arranged.how === 'by kind' ? { kind: 'understood', name, command, arranged } : { kind: 'command', name, command, words }
}

/** One that is clearly the likeliest is meant; of several that are as likely a person chooses. */
function settled(candidates: Candidate[]): Reading {
  const [best, next] = candidates
  if (!best) return { kind: 'unknown' }
  const margin = best.command.changes ? (best.arranged.complete ? 3 : 6) : 1
  if (next && next.score - best.score < margin && next.arranged.how !== 'partly') return { kind: 'ask', candidates: likeliest(candidates) }
  return { kind: 'understood', name: best.name, command: best.command, arranged: { ...best.arranged, how: 'by kind' } }
}

/** The three to offer. */
function likeliest(candidates: Candidate[]): Candidate[] {
  const [best] = candidates
  const near = candidates.filter(({ score }) => score - (best?.score ?? 0) <= 25).toSorted((a, b) => Number(b.sure) - Number(a.sure))
  return [...new Map(near.map((one) => [one.name, one])).values()].slice(0, 3)
}

function about({ name, given }: ShownBy): Reading {
  const command = commands.get(name)
  if (!command) return { kind: 'unknown' }
  return { kind: 'understood', name, command, arranged: { given, dryRun: false, how: 'by kind', complete: true, loose: 0 } }
}
