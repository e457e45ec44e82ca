import { slash } from '../core/slash-command.ts'
import { arrange } from './arrange.ts'
import type { Candidate } from './candidate.ts'
import { inOwnWords } from './client-habits.ts'
import type { Command } from './command.ts'
import { fieldsOf } from './fields.ts'
import { bareNoun, helpIn } from './help-topic.ts'
import { nouns } from './lexicon.ts'
import { notionsIn } from './notions.ts'
import type { ShownBy } from './object-kinds.ts'
import { isObject, namespaceAlone, objectAlone } from './object-words.ts'
import { isPhrase, phrases, plainWord } from './phrases.ts'
import { commands, findCommand } from './registry.ts'
import { repaired } from './repairs.ts'
import { asSure, isUsable, likeliest, type Reading, settled, weak } from './settle.ts'
import { respelled } from './spelling.ts'
import { splitWords } from './split-words.ts'
import type { Typing } from './tidy.ts'
import { candidatesFor } from './understand.ts'
import { rowOf } from './whole-ids.ts'

// Beyond, it is a text and no command in other words; and every word is compared with every field.
const mostWords = 16

/** Understands what a person typed behind `/quay`. Local: nothing is asked of Slack or Quay. */
export function readingOf(typed: string[], typing: Typing): Reading {
  const words = withoutHost(withoutQuestion(inOwnWords(withoutOwnName(typed)).flatMap(withoutParticles)), typing)
  if (words.length === 0) return exact('help', [])
  const help = helpIn(words)
  if (help) return exact('help', help)
  const found = findCommand(words)
  if (words.length > mostWords) return found ? { kind: 'command', ...found } : { kind: 'unknown' }
  if (found?.name === 'help') return { kind: 'command', ...found }
  if (found) return asNamed(found, words, typing)
  const noun = bareNoun(words)
  if (noun !== undefined) return commands.has(noun) ? exact(noun, []) : { kind: 'noun', noun, candidates: [] }
  return byOtherWords(splitWords(words), typing)
}

function exact(name: string, words: string[]): Reading {
  const command = commands.get(name)
  return command ? { kind: 'command', name, command, words } : { kind: 'unknown' }
}

/** `crane catalog quay.example.com`: the registry alone names nothing. */
function withoutHost(words: string[], { hosts }: Typing) {
  return words.length > 1 ? words.filter((word) => !hosts.includes(plainWord(word))) : words
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
  // Where the word is `/registry`, which is a noun too: `registry repo show acme/web`.
  if (first.toLowerCase() === slash().slice(1) && findCommand(rest)) return rest
  return rest.length > 0 && ['quay', '/quay', 'quaymaster', '@quaymaster', slash()].includes(first.toLowerCase())
    ? rest
    : first
      ? [first, ...rest]
      : rest
}

/** A command by its own name. If its words do not fit, they may still be meant for it in another order, or for another command. */
function asNamed(found: { name: string; command: Command; words: string[] }, words: string[], typing: Typing): Reading {
  const arranged = arrange(found.command, found.words, typing)
  const own: Reading = { kind: 'command', ...found }
  const isNoun = found.name in nouns && found.words.some((word) => !word.includes('='))
  if (arranged.how === 'in order' && !isNoun) return own
  const candidates = candidatesFor(words, typing)
  const others = candidates.filter(
    ({ name, arranged: { how, complete, loose } }) => name !== found.name && how !== 'partly' && complete && loose === 0,
  )
  // `logs of the last build acme/web` are those of a build.
  const named = words.flatMap((word) => phrases().nouns.get(plainWord(word)) ?? []).map(({ noun }) => `${noun} ${found.name}`)
  const ofNoun = isNoun ? candidates.find(({ name }) => named.includes(name)) : undefined
  if (ofNoun) return isUsable(ofNoun) ? settled([ofNoun]) : { kind: 'ask', candidates: likeliest([ofNoun, ...candidates]) }
  const isOwn = arranged.how === 'by kind' && arranged.loose === 0 && Object.keys(arranged.given).length > 0
  const below =
    isNoun && !isOwn
      ? others.find(({ name, arranged: { given } }) => name.startsWith(`${found.name} `) && Object.keys(given).length > 0)
      : undefined
  if (below) return below.sure ? asSure(below) : settled([below])
  const beside = arranged.how === 'partly' && fieldsOf(found.command).length === 0 ? others[0] : undefined
  const best = (arranged.how === 'in order' && arranged.loose === 0 ? undefined : others.find(({ sure }) => sure)) ?? beside
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
  const isAlone = !best?.sure && (words.length === 1 || !hasIdeas(words))
  if (alone && (isAlone || !best || best.score > weak)) return alone
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
  // A single word that is no command may be the name of an organization, or a noun that is misspelt.
  const misspelt = words.length === 1 && better ? bareNoun(better) : undefined
  if (misspelt !== undefined) return { kind: 'noun', noun: misspelt, candidates: [] }
  // `hello there` says nothing that a command is about.
  if (!best?.sure && !isAbout(words)) return lastGuess(words)
  if (best && (best.sure || isUsable(best))) return best.sure ? asSure(best, candidates) : settled(candidates)
  const nearNoun = better && bareNoun(better)
  if (near.length === 0 && nearNoun !== undefined) return { kind: 'noun', noun: nearNoun, candidates: [] }
  if (near[0] && near[0].arranged.how !== 'partly') return { kind: 'ask', candidates: likeliest(near) }
  const all = [...candidates, ...near]
  const [noun] = phrases().nouns.get(plainWord(words[0] ?? '')) ?? []
  if (noun) return { kind: 'noun', noun: noun.noun, candidates: likeliest(candidates) }
  return all.length > 0 ? { kind: 'ask', candidates: likeliest(all) } : lastGuess(words)
}

/** Whether the words name an object, or say something that commands are about. */
function isAbout(words: string[]) {
  const ideas = notionsIn(words).flatMap((notion) => [...notion.ideas.keys()])
  return words.some((word) => isObject(word) || isPhrase(plainWord(word))) || ideas.some((idea) => !idea.startsWith('word '))
}

/** Whether the words beside an object say more than that it should be shown: `I cannot see acme/web`. */
function hasIdeas(words: string[]) {
  const said = notionsIn(words.filter((word) => !isObject(word)))
  return said.some(({ ideas }) =>
    [...ideas.keys()].every((idea) => !/^(?:verb (?:show|list)|noun (?:repo|tag)|read|write|version|word .*)$/.test(idea)),
  )
}

/** What a command's own name that was misspelt says: `robto create acme ci` is `robot create acme+ci`. */
function asSpelled({ name, command, words }: { name: string; command: Command; words: string[] }, typing: Typing): Candidate[] {
  const arranged = arrange(command, words, typing)
  const better = arranged.how === 'in order' && arranged.complete ? [] : repaired(name, command, words, typing)
  return better.length > 0 ? better : [{ name, command, words, arranged, sure: true, score: 0 }]
}

function lastGuess(words: string[]): Reading {
  const namespace = namespaceAlone(words)
  return namespace ? about(namespace) : { kind: 'unknown' }
}

function about({ name, given }: ShownBy): Reading {
  const command = commands.get(name)
  if (!command) return { kind: 'unknown' }
  return { kind: 'understood', name, command, arranged: { given, dryRun: false, how: 'by kind', complete: true, loose: 0 } }
}
