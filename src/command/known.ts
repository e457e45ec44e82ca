import { inOwnWords } from './client-habits.ts'
import { type Notion, notionsIn, stem } from './notions.ts'
import { pastedIn } from './pasted.ts'
import { splitName } from './phrases.ts'
import { commands } from './registry.ts'
import sayings from './sayings.json' with { type: 'json' }
import { wordsOf } from './tokenize.ts'

/** What is known to mean a command, as the ideas in it. */
export interface Saying {
  ideas: Map<string, number>
  /** The words that stand for `preset`. */
  stems: string[]
  names: string[]
  preset: string[]
  /** From 0 to 1: a summary says less than what a person typed. */
  weight: number
  length: number
  declared: boolean
}

interface Known {
  byIdea: Map<string, Saying[]>
  rarity: Map<string, number>
  /** What a command's own declaration says. */
  own: Map<string, Set<string>>
}

let known: Known | undefined

/** Everything that is known to mean a command. Made once, from the declarations and from what people were seen to type. */
export function knownSayings(): Known {
  known ??= collected()
  return known
}

// The parts of a pasted object: what they are says much about what is meant.
const kinds = ['repository', 'tag', 'digest', 'robot', 'team', 'user', 'build', 'foreign'] as const

/** The ideas in the words, each with how well they say it, with the kinds of the objects that are named. */
export function ideasIn(words: string[], hosts: string[]): Map<string, number> {
  const ideas = new Map<string, number>()
  const put = ({ ideas: said }: Pick<Notion, 'ideas'>) => {
    for (const [idea, weight] of said) ideas.set(idea, Math.max(weight, ideas.get(idea) ?? 0))
  }
  for (const notion of notionsIn(words.filter((word) => !word.includes('='))))
    put(isName(notion) ? { ideas: new Map([['a name', 1]]) } : notion)
  for (const word of words) for (const kind of kindsOf(word, hosts)) ideas.set(kind, 1)
  if (sizes.test(words.join(' '))) ideas.set('a size', 1)
  return ideas
}

const sizes = /(?:^|\s|=)\d{1,6}(?:\.\d+)? ?[kmgt]i?b?(?:\s|$)/i

// The names in what people were seen to type stand for any name.
const samples = new Set(
  'acme web api beta carl bob bea alice hana zed zoe tina ivan ci deploy deployer developers developer frontend qa shop foo'
    .split(' ')
    .map(stem),
)

/** Whether the word is none that says something. */
function isName({ ideas }: Notion) {
  const [idea = '', ...others] = ideas.keys()
  const word = idea.startsWith('word ') ? idea.slice(5) : undefined
  return word !== undefined && others.length === 0 && (samples.has(word) || (known !== undefined && !known.byIdea.has(idea)))
}

function kindsOf(word: string, hosts: string[]): string[] {
  if (/^@\w/.test(word)) return ['a user']
  const pasted = /[/+@:]/.test(word) && !word.includes('=') ? pastedIn(word, hosts) : undefined
  return pasted ? kinds.filter((kind) => pasted[kind] !== undefined).map((kind) => `a ${kind}`) : []
}

/** The length of the ideas as a vector, by which likeness is measured. */
export function lengthOf(ideas: Map<string, number>, rarity: Map<string, number>) {
  return Math.sqrt([...ideas].reduce((sum, [idea, weight]) => sum + (weight * (rarity.get(idea) ?? 0)) ** 2, 0)) || 1
}

function collected(): Known {
  const all = [...said()].map(({ text, names, weight, preset = [], stems = [], declared = true }): Saying => {
    const words = inOwnWords(wordsOf(text))
    return { ideas: ideasIn(words, ['quay.example.com']), stems, names, preset, weight, length: 1, declared }
  })
  const counts = new Map<string, number>()
  for (const { ideas } of all) for (const idea of ideas.keys()) counts.set(idea, (counts.get(idea) ?? 0) + 1)
  const rarity = new Map(
    [...counts].map(([idea, count]) => [
      idea,
      Math.log(1 + all.length / count) * (idea.startsWith('a ') ? 0.7 : idea === 'howto' ? 0.3 : 1),
    ]),
  )
  const byIdea = new Map<string, Saying[]>()
  for (const saying of all) {
    saying.length = lengthOf(saying.ideas, rarity)
    for (const idea of saying.ideas.keys()) byIdea.set(idea, [...(byIdea.get(idea) ?? []), saying])
  }
  const own = new Map<string, Set<string>>()
  for (const {
    declared,
    names: [name = ''],
    ideas,
  } of all)
    if (declared) own.set(name, new Set([...(own.get(name) ?? []), ...ideas.keys()]))
  return { byIdea, rarity, own }
}

interface Said {
  text: string
  names: string[]
  weight: number
  preset?: string[]
  stems?: string[]
  declared?: boolean
}

function* said(): Generator<Said> {
  for (const [name, { aliases = [], examples = [], summary }] of commands) {
    const { noun } = splitName(name)
    yield { text: name, names: [name], weight: 1 }
    for (const alias of aliases) {
      const words = alias.split(' ')
      const preset = words.filter((word) => word.includes('='))
      const stems = words.filter((word) => !preset.includes(word)).map(stem)
      yield { text: `${noun} ${alias}`, names: [name], weight: 0.9, preset, stems }
    }
    for (const text of examples) yield { text, names: [name], weight: 0.9 }
    yield { text: summary, names: [name], weight: 0.7 }
  }
  for (const [names, texts] of Object.entries(sayings))
    for (const text of texts) yield { text, names: names.split('|'), weight: 1, declared: false }
}
