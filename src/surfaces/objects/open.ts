import { shownByWord } from '../../command/object-words.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Press } from '../press.ts'
import { runPressed } from '../run-pressed.ts'
import { typingOf } from '../typing.ts'

/**
 * A button or a select's choice whose value is an object's word, such as `acme/web:v1`: what typing the word would show, with the
 * permissions of whoever pressed, and for them alone. The message of the button stays. Not found: the word names no object.
 */
export async function openObject(bot: Bot, press: Press) {
  const shown = shownByWord(press.value, await typingOf(bot, press.user))
  if (!shown) throw new Failure('not_found', 'These buttons have expired. Run the command again.')
  await runPressed(bot, press, { ...shown, key: press.trigger }, { ...press.to, replace: false })
}
