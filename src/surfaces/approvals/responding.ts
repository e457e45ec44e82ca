import { noticesOf } from '../../approvals/approver-notices.ts'
import { requestMessage } from '../../approvals/card.ts'
import { delegationsTo } from '../../approvals/delegation/delegations.ts'
import { drawAgain, drawUnless, findRequest, type Request } from '../../approvals/request.ts'
import { storyOf } from '../../approvals/story.ts'
import { type Bot, onBehalfOf } from '../../context.ts'
import { aMinute } from '../../core/durations.ts'
import { translator } from '../../core/i18n.ts'
import { identifyInSlack } from '../../security/identity.ts'
import { translatorFor } from '../../security/language.ts'
import { mention, note } from '../../slack/blocks.ts'
import { editCard } from '../../slack/post-once.ts'
import { isAmong } from '../../slack/users.ts'

/** The message whose button was pressed. */
export interface Pressed {
  user: string
  channel?: string | undefined
  ts?: string | undefined
  ephemeral?: boolean | undefined
}

/**
 * Takes the buttons off the pressed message before the decision is checked, which takes seconds, so that nobody presses again: Quay
 * is not asked for it. Only for people whom the request was given to: anybody else in the channel could hide the buttons from those
 * who decide.
 */
export async function whileResponding(all: Bot, { user, channel, ts, ephemeral }: Pressed, id: string, work: () => Promise<unknown>) {
  const bot = onBehalfOf(all, user, 'decision')
  const request = await findRequest(bot.db, id)
  if (ephemeral || !channel || !ts || request.state !== 'pending' || !(await isGiven(bot, request, user))) return work()
  const isCard = channel === request.rule.channel
  const t = isCard ? translator(bot.config.LANGUAGE) : await translatorFor(bot, user)
  const drawn = requestMessage(request, await storyOf(bot, request), t, isCard ? 'card' : 'approver')
  const blocks = [...drawn.blocks.filter(({ type }) => type !== 'actions'), note(t('{person} is responding…', { person: mention(user) }))]
  await drawUnless(bot, id, aMinute / 3)
  await editCard(bot.slack, { place: channel, ts, message: { text: drawn.text, blocks } })
  try {
    await work()
  } catch (error) {
    // The buttons come back, or what somebody else has decided meanwhile.
    await drawAgain(bot, id)
    throw error
  }
}

/** By rows and by what Slack tells: whom the rule names, in a group or for somebody who is away, or who was told of it. */
async function isGiven(bot: Bot, request: Request, user: string) {
  const named = request.rule.approvers.filter((one) => !one.startsWith('quay:'))
  const told = (await noticesOf(bot, request)).map(({ person }) => person)
  const given = [...named, ...told]
  if (given.includes(user) || (named.length > 0 && (await isAmong(bot.slack, user, named)))) return true
  if (!request.rule.delegation) return false
  const { team, one } = await identifyInSlack(bot, user)
  const away = (await delegationsTo(bot, { id: user, one, team })).map(({ delegator }) => delegator)
  return away.some((id) => given.includes(id))
}
