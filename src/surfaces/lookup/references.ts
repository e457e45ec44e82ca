import { pastedIn } from '../../command/pasted.ts'

/** Where an app says something in a message, unfurls and cards included; other fields are ids, names and pictures. */
const saying = new Set([
  'text',
  'blocks',
  'attachments',
  'elements',
  'fields',
  'rows',
  'accessory',
  'url',
  'title',
  'title_link',
  'from_url',
  'original_url',
  'fallback',
  'pretext',
  'value',
  'footer',
  'author_link',
  'message_blocks',
  'message',
  'description',
])

// A message has 40,000 characters at most, and its attachments say the same again.
const charactersAtMost = 200_000
const deepest = 12

/**
 * The words in a message that name something of the registry: `acme/web:v1`, `quay.example.com/acme/web`, an address of its console.
 * Each once, in their order. A name without host and tag is none, because prose is full of them: “and/or”.
 */
export function referencesIn(message: unknown, hosts: string[]): string[] {
  const found = new Map<string, string>()
  let left = charactersAtMost
  for (const text of textsIn(message, deepest)) {
    left -= text.length
    if (left < 0) break
    for (const word of wordsIn(text)) {
      const name = referenceOf(word, hosts)
      if (name && !found.has(name)) found.set(name, word)
    }
  }
  return [...found.keys()]
}

function* textsIn(value: unknown, depth: number): Generator<string> {
  if (typeof value === 'string') yield value
  else if (depth > 0 && Array.isArray(value)) for (const one of value) yield* textsIn(one, depth - 1)
  else if (depth > 0 && typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) if (saying.has(key)) yield* textsIn(one, depth - 1)
}

// What a name, an image and an address can be made of; all other characters end a word, such as those of Slack's markup.
const wordPattern = /[\w.:/@+%?=&#~-]{3,500}/g

function wordsIn(text: string): string[] {
  return text.replaceAll('&amp;', '&').match(wordPattern) ?? []
}

/** The word that opens what is named; undefined: nothing of this registry. */
function referenceOf(word: string, hosts: string[]): string | undefined {
  const trimmed = word.replace(/[.:?&=]{1,5}$/, '')
  const isAddress = /^https?:\/\//i.test(trimmed)
  const hasHost = isAddress || hosts.some((host) => trimmed.toLowerCase().startsWith(`${host}/`))
  const pasted = pastedIn(trimmed, hosts)
  if (!pasted || pasted.foreign !== undefined) return undefined
  const { repository, tag, digest, build, robot, team, namespace } = pasted
  if (robot) return hasHost ? robot : undefined
  if (!repository) return hasHost && namespace ? trimmed : undefined
  if (build || team) return trimmed
  if (!hasHost && !tag && !digest) return undefined
  // A time and a line of a file look alike: `notes/2026:12`, `src/main.ts:30`.
  if (!hasHost && (/^\d+$/.test(tag ?? '') || !isName(repository))) return undefined
  return tag ? `${repository}:${tag}` : repository
}

function isName(repository: string) {
  return /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+$/.test(repository)
}
