import { z } from 'zod'
import { command } from '../../command/command.ts'
import { shownSubscription, subscriptionColumns } from '../../notifications/subscription-view.ts'
import { listSubscriptions } from '../../notifications/subscriptions.ts'
import { checkAccount } from '../../security/permissions.ts'
import { listMessage } from '../../slack/lists/list.ts'

export default command({
  summary: 'List subscriptions of this channel, or yours',
  input: z.strictObject({ mine: z.boolean().default(false).meta({ title: 'Only yours' }).describe('Your subscriptions in all channels') }),
  examples: ['subscription list', 'subscription list mine=yes'],
  aliases: ['subscribed', 'mine mine=yes', 'my subscriptions mine=yes'],
  // An account, as `linked` would want it, while Quay tells; what is listed is our own, so it is there while Quay is away too.
  permissions: 'anyone',
  private: true,
  run: async ({ bot, input, person, channel }) => {
    if (!person.unasked) checkAccount(bot, person)
    const found =
      input.mine || channel === undefined ? await listSubscriptions(bot, { owner: person.id }) : await listSubscriptions(bot, { channel })
    return { mine: input.mine, subscriptions: found.map((one) => shownSubscription(one, bot.clock())) }
  },
  view: ({ mine, subscriptions }, t) =>
    listMessage(
      {
        headline: mine
          ? t('{count, plural, =0 {You have no subscriptions.} one {You have # subscription:} other {You have # subscriptions:}}', {
              count: subscriptions.length,
            })
          : t(
              '{count, plural, =0 {This channel has no subscriptions.} one {This channel has # subscription:} other {This channel has # subscriptions:}}',
              { count: subscriptions.length },
            ),
        rows: subscriptions,
        columns: subscriptionColumns(t),
        opens: ({ target }) => (target.endsWith('/*') ? target.slice(0, -2) : target),
      },
      t,
    ),
})
