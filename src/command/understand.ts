import { alikeIn } from './alike.ts'
import { byLikelihood, type Candidate } from './candidate.ts'
import { namedIn } from './named.ts'
import { plainWord } from './phrases.ts'
import type { Typing } from './tidy.ts'

// How much likelier what the words are like must be than the command that they name.
const doubtful = 2.5
const farthest = 15

/** The commands that these words may mean: those that they name for certain, then those that they are like, the likeliest first. */
export function candidatesFor(words: string[], typing: Typing): Candidate[] {
  const plainer = withoutTalk(words)
  const asked = plainer.join(' ') === words.join(' ') ? [] : namedIn(plainer, typing).map(unrun)
  const named = [...namedIn(words, typing), ...asked]
  const like = alikeIn(words, typing)
  const best = new Map<string, Candidate>()
  for (const one of named) if (one.score < (best.get(one.name)?.score ?? Number.POSITIVE_INFINITY)) best.set(one.name, one)
  const nearest = like[0]?.score ?? Number.POSITIVE_INFINITY
  // `check the audit chain` names a command, and says another.
  const isMeant = ({ name }: Candidate) => (like.find((one) => one.name === name)?.score ?? farthest) - nearest <= doubtful
  const ordered = [...best.values()].toSorted(byLikelihood)
  const sure = (ordered[0] && isMeant(ordered[0]) ? ordered : []).filter(isMeant).map((one) => {
    const other = one.arranged.how === 'partly' ? like.find(({ name }) => name === one.name) : undefined
    return other && other.arranged.how !== 'partly' && Object.keys(other.arranged.given).length > 0
      ? { ...one, arranged: other.arranged }
      : one
  })
  const others = like.filter(({ name }) => !sure.some((one) => one.name === name))
  return [...sure, ...others]
}

/** `how do I create repo acme/web` asks: what it would change opens filled. */
function unrun(one: Candidate): Candidate {
  return one.command.changes && one.arranged.how === 'in order' ? { ...one, arranged: { ...one.arranged, how: 'by kind' } } : one
}

const opening = new Set('how do does i we to want need would like please pls can could you hey hi let is are what which where'.split(' '))
const articles = new Set(['a', 'an', 'the', 'my', 'our', 'all', 'some', 'any', 'me', 'us', 'please'])

/** `how do I create a repository` as `create repository`. */
function withoutTalk(words: string[]) {
  const start = words.findIndex((word) => !opening.has(plainWord(word)))
  const said = words.slice(Math.max(start, 0)).filter((word) => !articles.has(plainWord(word)))
  // `carl’s access`
  return said.map((word) => word.replace(/(?<=\w)['’]s$/, ''))
}
