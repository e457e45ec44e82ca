import { z } from 'zod'
import { command } from '../command/command.ts'
import { Failure } from '../core/failure.ts'
import { findSubscription, unsubscribe } from '../notifications/subscriptions.ts'
import { target } from '../notifications/target.ts'
import { code, message } from '../slack/blocks.ts'

export default command({
  summary: 'Unsubscribe this channel from a repository',
  input: z.strictObject({ repository: target }),
  examples: ['unsubscribe acme/web', 'unsubscribe acme/*'],
  aliases: [
    'dont send',
    'do not send',
    'dont notify',
    'do not notify',
    "don't send",
    "don't notify",
    'no messages',
    'no notifications',
    'no more messages',
    'no more notifications',
    'stop messages',
    'stop telling',
    'stop posting',
    'unfollow',
    'unwatch',
    'unsub',
    'stop notifications',
    'stop following',
    'unsubscribe from',
    'subscription delete',
    'subscription remove',
    'delete subscription',
    'remove subscription',
  ],
  permissions: [{ permission: 'admin', on: 'repository' }],
  // Their own, and what has ended because Quay or Slack no longer has it: nobody may hold a permission on that any more.
  mayAlways: async ({ bot, input, person, channel }) => {
    const found = channel === undefined ? undefined : await findSubscription(bot, channel, input.repository)
    return found !== undefined && (found.owner === person.id || found.state === 'ended')
  },
  // It takes nothing away that cannot be had again by one command.
  changes: {
    effects: ['overwrites'],
    facts: { none: 'It is about messages in this channel, and changes nothing in Quay.' },
    retry: 'idempotent',
  },
  run: async ({ bot, input, channel, quay }) => {
    // The bot may have been taken out of the channel.
    if (channel === undefined) throw new Failure('invalid', 'Type this in the channel of the subscription.')
    if (quay.dryRunCalls) return input
    await bot.db.transaction((tx) => unsubscribe(bot, tx, channel, input.repository))
    return input
  },
  view: ({ repository }, t) => message(t('Unsubscribed this channel from {repository}.', { repository: code(repository) })),
})
