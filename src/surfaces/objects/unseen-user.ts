import type { ShownBy } from '../../command/object-kinds.ts'
import { kinds } from '../../command/object-kinds.ts'
import { type Bot, onBehalfOf } from '../../context.ts'
import { translator } from '../../core/i18n.ts'
import { identify } from '../../security/identity.ts'
import type { ButtonText } from '../../slack/blocks.ts'
import { titleOf } from '../modals/titles.ts'
import { actionsFor, fitting } from './actions.ts'

const most = 3

/**
 * Below the refusal of a user's card, which Quay shows to superusers alone: what this person may still do with the name. Of no other
 * object, because buttons would tell that it exists. None while the database or Quay does not answer.
 */
export async function offersForUser(all: Bot, user: string, { name, given }: ShownBy): Promise<ButtonText[]> {
  if (name !== kinds.user.card || typeof given.user !== 'string') return []
  const bot = onBehalfOf(all, user)
  try {
    const person = await identify(bot, user)
    const t = translator(person.language)
    const actions = await actionsFor(bot, person, fitting(bot, { kind: 'user', user: given.user }))
    const first = actions.filter((one) => one.how === 'run' && kinds.user.first.includes(one.name)).slice(0, most)
    return first.map((one) => ({ action: 'object:do', label: t.plain(titleOf(one.name)), value: `${one.name} @${nameOf(given.user)}` }))
  } catch (err) {
    bot.log.warn({ err }, 'could not offer what can be done with a user')
    return []
  }
}

function nameOf(user: unknown) {
  return String(user).replace(/^@/, '')
}
