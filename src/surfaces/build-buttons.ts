import type { Bot } from '../context.ts'
import type { Press } from './press.ts'
import { runPressed } from './run-pressed.ts'

/** The buttons of a build's card. They run the command, which checks the permissions of the person who pressed. */
export const readBuild = (bot: Bot, press: Press) => run(bot, press, 'build logs')
export const retryBuild = (bot: Bot, press: Press) => run(bot, press, 'build retry')
export const cancelBuild = (bot: Bot, press: Press) => run(bot, press, 'build cancel')

function run(bot: Bot, press: Press, name: string) {
  const [repository, build] = press.value.split(' ')
  // The card belongs to the channel; the answer goes to the person who pressed.
  const to = { ...press.to, replace: false }
  return runPressed(bot, press, { name, given: { repository, build }, key: `${press.trigger} ${name}` }, to)
}
