import type { Bot } from '../context.ts'
import { execute } from './execute.ts'
import { outcomeReply } from './outcome-reply.ts'
import type { Press } from './press.ts'
import { sayOutcome } from './say-outcome.ts'

/** The buttons of a build's card. They run the command, which checks the permissions of the person who pressed. */
export const readBuild = (bot: Bot, press: Press) => run(bot, press, 'build logs')
export const retryBuild = (bot: Bot, press: Press) => run(bot, press, 'build retry')
export const cancelBuild = (bot: Bot, press: Press) => run(bot, press, 'build cancel')

async function run(bot: Bot, { value, user, channel, trigger, reference, log, to }: Press, name: string) {
  const [repository, build] = value.split(' ')
  const outcome = await execute(bot, {
    name,
    given: { repository, build },
    user,
    channel,
    key: `${trigger} ${name}`,
    reference,
    log,
  })
  // The card belongs to the channel; the answer goes to the person who pressed.
  await sayOutcome(bot, { log, reference }, { ...to, replace: false }, await outcomeReply(bot, outcome))
}
