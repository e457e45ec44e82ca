import { kinds, type Named, wordOf } from '../../command/object-kinds.ts'
import { namedByWord } from '../../command/object-words.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { hostsOf } from '../../quay/hosts.ts'
import type { Person } from '../../security/identity.ts'
import { findReply, rememberReply } from '../reply-store.ts'

// The value of an option has 75 characters, and the longest command and a space need 28 of them (docs/slack.md §1).
const longest = 45

/** The word of an object as the options of a select can carry it; a longer one is kept for a day, and its id is carried. */
export async function carriedWord(bot: Bot, person: Pick<Person, 'id' | 'team'>, object: Named): Promise<string> {
  const word = wordOf(object)
  if (word.length <= longest) return word
  return `=${await rememberReply(bot, person, { operation: kinds[object.kind].card, input: { word } })}`
}

/** The object of a carried word. Throws `not_found` if it has expired or names none, `denied` if it was kept for somebody else. */
export async function objectIn(bot: Bot, person: Pick<Person, 'id' | 'team'>, carried: string): Promise<Named> {
  const word = carried.startsWith('=') ? (await findReply(bot, person, carried.slice(1))).input.word : carried
  const object =
    typeof word === 'string' ? namedByWord(word, { hosts: hostsOf(bot.quay), now: bot.clock(), timeZone: undefined }) : undefined
  if (!object) throw new Failure('not_found', 'These buttons have expired. Run the command again.')
  return object
}
