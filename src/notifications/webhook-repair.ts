import { eq, inArray } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { attemptRow } from '../core/each-row.ts'
import { hooks } from '../db/schema.ts'
import { listNotifications, type Notification, resetNotification } from '../quay/notifications.ts'
import type { Quay } from '../quay/registry.ts'
import { backFill } from './backfill.ts'
import { enqueueNotice } from './cards.ts'
import { groupOf } from './event-kinds.ts'
import { isMuted } from './mute.ts'
import { subscriptionsOf } from './subscriptions.ts'
import { confirm, makeNotification, titleOf, type Webhook } from './webhook-registration.ts'

// Quay disables a notification silently after the third failure in a row (docs/quay.md, Notifications).
const failuresUntilOff = 3

type Problem = NonNullable<Webhook['problem']>

interface Broken {
  webhook: Webhook
  problem: Problem
}

/**
 * Finds our notifications for an object that Quay has disabled or lost, repairs them, fetches missed events, and tells the
 * channels about the gap. One call if nothing is wrong. Throws what Quay's client throws.
 */
export async function repairObject(bot: Bot, object: string, own: Webhook[]): Promise<void> {
  const { quay } = bot
  const started = new Date(bot.clock())
  const there = await listNotifications(quay, object)
  const broken: Broken[] = []
  const looked: Webhook['id'][] = []
  for (const webhook of own) {
    const done = await attemptRow(bot.log, { object, event: webhook.event }, async () => {
      const problem = await mend(bot, quay, webhook, there)
      if (problem) broken.push({ webhook, problem })
    })
    if (done) looked.push(webhook.id)
  }
  if (broken.length > 0) await tell(bot, quay, object, broken)
  // Last step: after a crash the repair reruns, and cards are idempotent.
  await bot.db.update(hooks).set({ checkedAt: started, problem: null }).where(inArray(hooks.id, looked))
}

/** Creates or re-enables a notification. Returns the problem; undefined if there was none. */
async function mend(bot: Bot, quay: Quay, webhook: Webhook, there: Notification[]): Promise<Problem | undefined> {
  const found = there.find(({ id }) => id === webhook.notification) ?? there.find(({ title }) => title === titleOf(webhook))
  // The bot crashed before it stored the id that Quay returned.
  if (found && found.id !== webhook.notification) await confirm(bot, webhook, found)
  const problem = !found ? 'gone' : found.failures >= failuresUntilOff ? 'switched off' : webhook.problem
  if (!problem) return undefined
  // Stored before the repair, because Quay shows nothing of the problem afterwards, and the channels must be told.
  await bot.db.update(hooks).set({ problem }).where(eq(hooks.id, webhook.id))
  if (!found) await makeNotification(bot, quay, webhook.object, webhook.event)
  else if (found.failures > 0) await resetNotification(quay, webhook.object, found.id)
  return problem
}

const lines: Record<Problem, string> = {
  'switched off':
    'Quay had disabled the notifications of {repository}, because it could not reach Quaymaster three times. They are enabled again, and events since {since} were added.',
  gone: 'Someone deleted Quaymaster’s notifications of {repository} in Quay. They are created again, and events since {since} were added.',
}

/** Posts one line per channel about the gap, whatever the number of notifications. */
async function tell(bot: Bot, quay: Quay, repository: string, broken: Broken[]) {
  const since = Math.min(...broken.map(({ webhook }) => webhook.checkedAt.getTime()))
  const groups = new Set(broken.flatMap(({ webhook }) => groupOf(webhook.event) ?? []))
  await backFill(bot, quay, repository, since, groups)
  const problem = broken.some((one) => one.problem === 'gone') ? 'gone' : 'switched off'
  const sentence = {
    message: lines[problem],
    values: { repository, since: new Date(since).toISOString().slice(0, 16).replace('T', ' ').concat(' UTC') },
  }
  const concerned = (await Promise.all([...groups].map((group) => subscriptionsOf(bot, repository, group)))).flat()
  const channels = new Set(concerned.filter((one) => !isMuted(one, bot.clock())).map(({ channel }) => channel))
  await bot.db.transaction(async (tx) => {
    for (const channel of channels) await enqueueNotice(bot, tx, channel, `gap ${repository} ${since}`, sentence, repository)
  })
}
