import type { Named } from '../../command/object-kinds.ts'
import { namespaceAlone } from '../../command/object-words.ts'
import type { Bot } from '../../context.ts'
import { findOrganizationNames } from '../../security/directory/names.ts'
import { identify } from '../../security/identity.ts'
import { inTime, readerOf } from '../suggestions/suggest.ts'

const looked = 50

/**
 * The organization that is called like a noun, such as `build`, if the person is in it: the noun is what the words mean, and this is
 * the way to the other. From the directory; undefined also when nobody answers in time.
 */
export async function namesakeOf(bot: Bot, user: string, words: string[]): Promise<Named | undefined> {
  const name = namespaceAlone(words)?.given.organization
  if (typeof name !== 'string') return undefined
  const found = await inTime(identify(bot, user).then((person) => findOrganizationNames(bot, readerOf(bot, person), name, looked)))
  return found?.includes(name) ? { kind: 'namespace', namespace: name } : undefined
}
