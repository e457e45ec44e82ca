import type { App } from '@slack/bolt'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { findSlackUser } from '../../slack/users.ts'
import type { Request } from '../handle.ts'
import { runTyped } from '../slash-command.ts'
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
  const { command: text, aside } = commandIn(heard, bot.slack.user)
  // A sentence about the bot is meant for somebody else.
  if (aside) return
  const { user, channel, ts, thread, isDirect } = heard
  // A message brings no trigger, so a modal opens only by a press.
  const typed = { text, user, channel, trigger: undefined, key: `said ${channel} ${ts}`, late: isLate(heard, bot.clock()) }
  await runTyped(bot, typed, { user, channel, thread, isDirect }, (request) => isMeant(bot, heard, text, request))
}

// A guest is told that they are one, as everywhere; all others get no answer, because they did not come with this workspace.
const ignored = new Set(['outside', 'bot', 'gone', 'deactivated'])

/** Throws `invalid` for a message with a credential, before anything else reads it. */
async function isMeant(bot: Bot, heard: Heard, text: string, request: Request): Promise<boolean> {
  const { external } = await findSlackUser(bot.slack, heard.user)
  const isIgnored = external !== undefined && ignored.has(external)
  if (isIgnored || !(await claim(bot, heard, request))) {
    request.log.info({ external }, isIgnored ? 'ignored a message of an external user' : 'ignored a message that was answered already')
    return false
  }
  if (holdsCredential(text))
    throw new Failure(
      'invalid',
      'Delete your message: it contains a credential, and Slack keeps it readable. Nothing was done. Send the command without the credential.',
    )
  return true
}
