import type { Command } from './command.ts'
import { ideasIn, knownSayings, lengthOf, type Saying } from './known.ts'
import { type Notion, stem } from './notions.ts'
import { plainWord } from './phrases.ts'
import { commands } from './registry.ts'

/** A command that a text is like. */
export interface Like {
  name: string
  command: Command
  /** How like the text is to what is known to mean the command, from 0 to about 1.5. */
  likeness: number
  /** Words such as `visibility=public` that the likest saying stands for. */
  preset: string[]
}

const exact = 0.98

/** How like a text is to the sayings of one command. */
interface Likeness {
  /** To each of them, from 0 to 1. */
  alike: number[]
  preset: string[]
  /** Whether several words that the command declares are all in the text. */
  isNamed: boolean
}

/**
 * The commands that a text with these notions is like, the likest first. The text is compared with every command's name, aliases, examples and summary, and
 * with what people were seen to type (`sayings.json`), by the ideas in them (`concepts.ts`), in any order: rare ideas count more.
 */
export function likest(words: string[], notions: Notion[], hosts: string[]): Like[] {
  const { own } = knownSayings()
  // Nouns and verbs that a command has no use for speak against it.
  const acts = notions.filter(({ ideas }) => [...ideas.keys()].some((idea) => !/^word /.test(idea)))
  const foreignTo = (name: string) => acts.filter(({ ideas }) => ![...ideas.keys()].some((idea) => own.get(name)?.has(idea))).length
  const found = [...compared(words, hosts)].flatMap(([name, { alike, preset, isNamed }]) => {
    const command = commands.get(name)
    const [first = 0, second = 0, third = 0] = alike.toSorted((a, b) => b - a)
    const likeness = first + 0.3 * second + 0.15 * third + (first > exact ? 0.15 : 0) + (isNamed ? 0.1 : 0) - 0.15 * foreignTo(name)
    return command ? [{ name, command, likeness, preset }] : []
  })
  return found.toSorted((a, b) => b.likeness - a.likeness)
}

function compared(words: string[], hosts: string[]): Map<string, Likeness> {
  const { byIdea, rarity } = knownSayings()
  const ideas = ideasIn(words, hosts)
  const length = lengthOf(ideas, rarity)
  const stems = new Set(words.map((word) => stem(plainWord(word))))
  const shares = new Map<Saying, number>()
  for (const [idea, weight] of ideas) {
    const rare = (rarity.get(idea) ?? 0) ** 2
    for (const saying of byIdea.get(idea) ?? [])
      shares.set(saying, (shares.get(saying) ?? 0) + weight * (saying.ideas.get(idea) ?? 0) * rare)
  }
  const found = new Map<string, Likeness>()
  for (const [saying, shared] of shares) {
    const isWhole = saying.stems.length > 0 && isSaid(saying, stems)
    for (const [index, name] of saying.names.entries()) {
      const one = found.get(name) ?? { alike: [], preset: [], isNamed: false }
      // The first of several commands that were meant was meant most.
      one.alike.push((shared / (length * saying.length)) * saying.weight * (1 - index * 0.1))
      if (isWhole && saying.preset.length > 0) one.preset = saying.preset
      one.isNamed ||= isWhole && saying.stems.length > 1
      found.set(name, one)
    }
  }
  return found
}

/** Whether the text has the words that stand for a value: `publish` and `unpublish` are about the same, and mean the opposite. */
function isSaid({ stems }: Saying, text: Set<string>) {
  return stems.every((one) => text.has(one))
}
