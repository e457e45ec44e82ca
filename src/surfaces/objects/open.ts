import { isBareEdit, missingFields } from '../../command/arguments.ts'
import { shownByWord } from '../../command/object-words.ts'
import { inputFor } from '../../command/objects.ts'
import { commands } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { buttons } from '../../slack/blocks.ts'
import { teamOf } from '../../slack/clients.ts'
import { reply } from '../../slack/reply.ts'
import { failureMessage } from '../handle.ts'
import { openCommand } from '../modals/open.ts'
import type { Press } from '../press.ts'
import { runPressed } from '../run-pressed.ts'
import { typingOf } from '../typing.ts'
import { objectIn } from './carried-word.ts'
import { offersForUser } from './unseen-user.ts'

/**
 * A button or a select's choice whose value is an object's word, such as `acme/web:v1`: what typing the word would show, with the
 * permissions of whoever pressed, and for them alone. The message of the button stays. Not found: the word names no object.
 */
export async function openObject(bot: Bot, press: Press) {
  const shown = shownByWord(press.value, await typingOf(bot, press.user))
  if (!shown) throw expired()
  const to = { ...press.to, replace: false }
  try {
    await runPressed(bot, press, { ...shown, key: press.trigger }, to)
  } catch (error) {
    const offers = error instanceof Failure && error.code === 'denied' ? await offersForUser(bot, press.user, shown) : []
    if (offers.length === 0) throw error
    const { text, blocks } = await failureMessage(bot, press.user, press.log, press.reference, error)
    await reply(bot.slack, press.log, to, { text, blocks: [...blocks, buttons(...offers)] })
  }
}

/**
 * A command for an object, `tag list acme/web`: a read that needs nothing else runs, anything else opens its modal, filled. Whoever
 * presses needs the permission then. Not found: the command does not fit the object.
 */
export async function actOnObject(bot: Bot, press: Press) {
  const { user, value, trigger, channel, to } = press
  const [name, word] = [value.slice(0, value.lastIndexOf(' ')), value.slice(value.lastIndexOf(' ') + 1)]
  const command = commands.get(name)
  const object = await objectIn(bot, { id: user, team: teamOf(bot.slack) }, word)
  const given = command && inputFor(name, command, object)
  if (!given) throw expired()
  const isWhole = missingFields(command, given).length === 0 && !isBareEdit(command, given)
  if (!command.changes && isWhole) return runPressed(bot, press, { name, given, key: `${trigger} ${name}` }, { ...to, replace: false })
  await openCommand(bot, { trigger, operation: name, given, channel, dryRun: false }, to, press)
}

function expired() {
  return new Failure('not_found', 'These buttons have expired. Run the command again.')
}
