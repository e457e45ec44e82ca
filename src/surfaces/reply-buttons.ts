import { z } from 'zod'
import { checkPermissions } from '../command/authorize.ts'
import { drawStored } from '../command/draw-stored.ts'
import { commands } from '../command/registry.ts'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { translator } from '../core/i18n.ts'
import { identify } from '../security/identity.ts'
import { buttons, type Message, message } from '../slack/blocks.ts'
import { teamOf } from '../slack/clients.ts'
import { failureOf } from '../slack/errors.ts'
import { postKeyed } from '../slack/post-key.ts'
import { openCommand } from './modals/open.ts'
import { pageButtons } from './pages/button-view.ts'
import type { Press } from './press.ts'
import { findReply, openingIn, type Reply } from './reply-store.ts'
import { runPressed } from './run-pressed.ts'
import { sayOutcome } from './say-outcome.ts'
import { assertNotShared, sharedBy } from './share.ts'

/** *Run it* under “Did you mean?” runs a read-only command at once. */
export async function runReply(bot: Bot, press: Press) {
  const row = await findReply(bot, await identify(bot, press.user), press.value)
  await runPressed(bot, press, { name: row.operation, given: row.input, key: press.trigger })
}

/** *Retry* under a checklist continues with the failed step, with the present permissions of the person who pressed. */
export async function retrySteps(bot: Bot, press: Press) {
  const row = await findReply(bot, await identify(bot, press.user), press.value)
  const { result, steps, begun = { at: row.createdAt.getTime(), references: [] } } = unfinished.parse(row.result)
  const from = { step: steps, result, begun }
  await runPressed(bot, press, { name: row.operation, given: row.input, key: `retry ${row.id}`, from })
}

/** What *Retry* needs: what the main work had come to, how many steps are done, and when: of release 0.1.0, when it was said. */
const unfinished = z.object({
  result: z.unknown(),
  steps: z.number().int(),
  begun: z.object({ at: z.number(), references: z.array(z.string()) }).optional(),
})

/** *Open it* opens the modal with the given values. */
export async function openReply(bot: Bot, press: Press) {
  // The trigger expires after three seconds, so the modal opens first and openCommand identifies the person.
  const row = await findReply(bot, { id: press.user, team: teamOf(bot.slack) }, press.value)
  await openCommand(
    bot,
    { trigger: press.trigger, operation: row.operation, given: row.input, channel: press.channel, ...openingIn(row) },
    press.to,
    press,
  )
}

/** *Share in channel* posts the reply under the person's name after another permission check. Only they can turn its pages. */
export async function shareReply(bot: Bot, press: Press) {
  const [id = '', list, index = '', last] = press.value.split(' ')
  const person = await identify(bot, press.user)
  const row = await findReply(bot, person, id)
  const command = commandOf(row)
  await checkPermissions(bot, person, command, row.input)
  const { channel } = press
  if (channel === undefined) throw new Failure('invalid', 'This message can’t be shared in a channel from here.')
  await assertNotShared(bot, channel)
  const t = translator(bot.config.LANGUAGE)
  const drawn = drawStored(() => command.view(row.result, t))
  if (!drawn) throw tooOld()
  const { text, blocks } = drawn
  const page = list === undefined ? undefined : { id: list, index: Number(index), newer: index !== '0', older: last === 'older' }
  const turns = page ? pageButtons(page, t) : []
  const shown = [...blocks.filter(({ type }) => type !== 'actions'), ...(turns.length > 0 ? [buttons(...turns)] : [])]
  await shareOnce(bot, `share ${row.id} ${channel}`, channel, sharedBy(person.id, { text, blocks: shown }, t))
  const own = translator(person.language)
  await sayOutcome(bot, press, { ...press.to, replace: press.ephemeral }, message(own('Shared in this channel.')))
}

/** Shares a reply once per channel, however often the button is pressed. Throws a Failure for problems that the person can solve. */
async function shareOnce(bot: Bot, key: string, channel: string, shown: Message) {
  const outcome = await postKeyed(bot, { key, channel, message: shown })
  if (outcome.became === 'posted') return
  if (outcome.became === 'underway') throw new Failure('conflict', 'This is already being shared.')
  if (outcome.became === 'unsure' || outcome.became === 'unknown')
    throw new Failure('conflict', 'Slack did not confirm that this was shared. Check the channel: it may be there.')
  const { error } = outcome.problem
  if (error === 'not_in_channel' || error === 'channel_not_found')
    throw new Failure('invalid', 'Quaymaster is not in this channel. Invite it with {command}, then press again.', {
      command: '/invite @quaymaster',
    })
  throw failureOf(outcome.problem) ?? new Error(`Slack refused a shared reply: ${error}`)
}

function commandOf({ operation }: Reply) {
  const found = commands.get(operation)
  if (!found) throw tooOld()
  return found
}

function tooOld() {
  return new Failure('not_found', 'These buttons have expired. Run the command again.')
}
