import { setTimeout as wait } from 'node:timers/promises'
import { findRequest, type Request } from '../../approvals/request.ts'
import { typed } from '../../approvals/typed.ts'
import type { Bot } from '../../context.ts'
import type { Translate } from '../../core/i18n.ts'
import { code, link, type Message, message } from '../../slack/blocks.ts'

const tries = 30
const between = 100

/**
 * What stands in place of a refusal once approval is requested, with a link to the card. A job posts the card, usually within a
 * second; undefined where it is not there by then.
 */
export async function requestedMessage(bot: Bot, { id }: Pick<Request, 'id'>, t: Translate): Promise<Message | undefined> {
  for (let left = tries; left > 0; left -= 1) {
    const request = await findRequest(bot.db, id)
    if (request.cardTs) {
      const { cardTs, rule } = request
      const card = link(`${bot.slack.url}archives/${rule.channel}/p${cardTs.replace('.', '')}`, t.plain('Open the card'))
      return message(
        t('Requested: {command}. {card} You’ll get a direct message when it is approved or denied.', {
          command: code(typed(request)),
          card,
        }),
      )
    }
    await wait(between)
  }
  return undefined
}
