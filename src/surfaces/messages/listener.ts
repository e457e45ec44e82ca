import type { App } from '@slack/bolt'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { type ReplyTo, reply } from '../../slack/reply.ts'
import { findSlackUser } from '../../slack/users.ts'
import { type Request, work } from '../handle.ts'
import { nameOf, runCommand } from '../slash-command.ts'
import { claim } from './claim.ts'
import { holdsCredential } from './credential.ts'
import { commandIn, type Heard, heardIn, isLate } from './heard.ts'

/**
 * Answers direct messages to the bot and messages that begin with its mention with the same commands as `/quay`, privately to the
 * person (docs/SECURITY.md rule 43).
 */
export function listenToMessages(app: App, bot: Bot) {
  app.event('message', async ({ event, body }) => answer(bot, heardIn(bot.slack, event, body)))
  app.event('app_mention', async ({ event, body }) => answer(bot, heardIn(bot.slack, event, body)))
}

async function answer(bot: Bot, heard: Heard | undefined) {
  if (!heard) return
  const { command, aside } = commandIn(heard, bot.slack.user)
  // A sentence about the bot is meant for somebody else.
  if (aside) return
  const to = placeOf(heard)
  await work(
    bot,
    heard.user,
    nameOf(command),
    (request) => obey(bot, heard, command, to, request),
    (message) => reply(bot.slack, bot.log, to, message),
  )
}

function placeOf({ user, channel, thread, isDirect }: Heard): ReplyTo {
  return { user, channel, thread, isDirect }
}

// A guest is told that they are one, as everywhere; all others get no answer, because they did not come with this workspace.
const ignored = new Set(['outside', 'bot', 'gone', 'deactivated'])

async function obey(bot: Bot, heard: Heard, command: string, to: ReplyTo, request: Request): Promise<unknown> {
  const { external } = await findSlackUser(bot.slack, heard.user)
  if (external !== undefined && ignored.has(external)) return request.log.info({ external }, 'ignored a message')
  if (!(await claim(bot, heard, request))) return request.log.info('ignored a message that was answered already')
  if (holdsCredential(command))
    throw new Failure(
      'invalid',
      'Delete your message: it contains a credential, and Slack keeps it readable. Nothing was done. Send the command without the credential.',
    )
  const { user, channel, ts } = heard
  const late = isLate(heard, bot.clock())
  // A message brings no trigger, so a modal opens only by a press.
  return runCommand(bot, { text: command, user, channel, trigger: undefined, key: `said ${channel} ${ts}`, late }, to, request)
}
