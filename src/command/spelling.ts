import { distance } from 'fastest-levenshtein'
import { fillers } from './lexicon.ts'
import { isKnown } from './notions.ts'
import { isPhrase, phrases, plainWord } from './phrases.ts'
import { commands } from './registry.ts'

/** The words with misspelt ones replaced by the nearest word of a command; undefined if there is none to replace. */
export function respelled(words: string[]): string[] | undefined {
  let changed = false
  const better = words.map((word, index) => {
    const token = plainWord(word)
    if (index > 3 || token.length < 2 || !/^[\p{L}-]+$/u.test(token) || isPhrase(token) || fillers.has(token) || isKnown(token)) return word
    const near = nearestWord(token)
    changed ||= near !== undefined
    return near ?? word
  })
  return changed ? better : undefined
}

function nearestWord(token: string) {
  const all = phrases().words.filter((one) => Math.abs(one.length - token.length) <= 2)
  const ranked = all
    .map((one) => ({ one, misses: isSwapped(one, token) ? 0.5 : distance(one, token) }))
    .toSorted((a, b) => a.misses - b.misses || Number(commands.has(b.one)) - Number(commands.has(a.one)))
  const [near] = ranked
  return near && near.misses <= Math.max(1, Math.floor(near.one.length / 4)) && near.one.length > 2 ? near.one : undefined
}

/** Whether two neighboring letters changed places, as in `stauts`: the commonest slip. */
function isSwapped(one: string, other: string) {
  const at = [...one].findIndex((letter, index) => letter !== other[index])
  return at >= 0 && one.length === other.length && one === `${other.slice(0, at)}${other[at + 1] ?? ''}${other[at]}${other.slice(at + 2)}`
}
