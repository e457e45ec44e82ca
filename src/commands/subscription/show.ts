import { z } from 'zod'
import { command } from '../../command/command.ts'
import { durationText } from '../../core/duration-text.ts'
import { Failure } from '../../core/failure.ts'
import { entryOf } from '../../core/foreign-text.ts'
import type { Translate } from '../../core/i18n.ts'
import { type LedgerLine, type LeftOut, ledgerOf } from '../../notifications/ledger.ts'
import { shownSubscription, subscriptionNote } from '../../notifications/subscription-view.ts'
import { readSubscription } from '../../notifications/subscriptions.ts'
import { target } from '../../notifications/target.ts'
import { code, link, note } from '../../slack/blocks.ts'
import { type Column, listMessage, withoutMarkup } from '../../slack/lists/list.ts'
import { asCode, asMoment, asText } from '../../slack/lists/values.ts'
import { events } from '../../slack/views/notification.ts'

const shown = 10

const eventWords: Record<string, string> = {
  ...events,
  build_phase: 'Build phase changed',
  quota_warning: 'Quota warning',
  quota_error: 'Quota exceeded',
}

export default command({
  summary: 'Show the last events of a subscription of this channel',
  input: z.strictObject({ repository: target }),
  examples: ['subscription show acme/web', 'subscription show acme/*'],
  aliases: ['why no message', 'why did i not get', 'missing message', 'why no notification', 'ledger', 'events'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  private: true,
  run: async ({ bot, input: { repository }, channel }) => {
    if (channel === undefined) throw new Failure('invalid', 'Type this in the channel of the subscription.')
    const found = await readSubscription(bot, channel, repository)
    return {
      subscription: shownSubscription(found, bot.clock()),
      events: await ledgerOf(bot, found, shown),
      slack: bot.slack.url,
      reachable: bot.config.PUBLIC_URL !== undefined,
    }
  },
  view: ({ subscription, events: latest, slack, reachable }, t) =>
    listMessage(
      {
        headline: t('Latest events of {target} for this channel', { target: code(subscription.target) }),
        before: [note(subscriptionNote(subscription, t))],
        rows: latest,
        columns: eventColumns(slack, t),
        after: [
          note(
            latest.length === 0
              ? t('This subscription has no events yet.')
              : t('The latest {count, plural, one {event} other {# events}}, kept for 90 days.', { count: latest.length }),
          ),
          ...(reachable ? [] : [note(t('Quay can’t reach Quaymaster, so only builds and quotas are tracked.'))]),
        ],
      },
      t,
    ),
})

function eventColumns(slack: string, t: Translate): Column<LedgerLine>[] {
  return [
    { name: 'received', title: t.plain('When (UTC)'), value: ({ receivedAt }) => asMoment(receivedAt) },
    {
      name: 'event',
      title: t.plain('Event'),
      value: ({ event }) => asText(t.plain(entryOf(eventWords, event) ?? event)),
      said: (event, { object, byWebhook }) =>
        t('{event} of {object}{byWebhook, select, false { (polled)} other {}}', {
          event,
          object: code(object),
          byWebhook: String(byWebhook),
        }),
    },
    { name: 'object', title: t.plain('On'), value: ({ object }) => asCode(object), said: () => '' },
    {
      name: 'outcome',
      title: t.plain('Outcome'),
      value: (line) => asText(withoutMarkup(outcomeOf(line, slack, t))),
      said: (_, line) => outcomeOf(line, slack, t),
    },
  ]
}

function outcomeOf({ posted, leftOut }: LedgerLine, slack: string, t: Translate) {
  if (!posted) return t(reasons[leftOut ?? 'nothing'])
  const where = link(`${slack}archives/${posted.channel}/p${posted.ts.replace('.', '')}`, t.plain('message'))
  return posted.lag === undefined
    ? t('updated its {message}', { message: where })
    : t('{message} after {lag}', { message: where, lag: durationText(Math.max(1, Math.round(posted.lag / 1000)), t) })
}

const reasons: Record<LeftOut, string> = {
  before: 'left out: it came before the subscription',
  ended: 'left out: the subscription has ended',
  paused: 'left out: the subscription was paused',
  muted: 'left out: the subscription was muted',
  digest: 'kept for the digest',
  waiting: 'not handled yet',
  unreadable: 'left out: what Quay sent can’t be read',
  closed: 'left out: Slack takes no messages here',
  sending: 'sending',
  filtered: 'left out by the filters of the subscription',
  nothing: 'left out: nothing was left to show',
}
