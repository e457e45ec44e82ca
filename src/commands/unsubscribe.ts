import { z } from 'zod'
import { command } from '../command/command.ts'
import { unsubscribe } from '../notifications/subscriptions.ts'
import { channelFor, target } from '../notifications/target.ts'
import { code, message } from '../slack/blocks.ts'

export default command({
  summary: 'Unsubscribe this channel from a repository',
  input: z.strictObject({ repository: target }),
  examples: ['unsubscribe acme/web', 'unsubscribe acme/*'],
  aliases: [
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
  // It takes nothing away that cannot be had again by one command.
  changes: {
    effects: ['overwrites'],
    facts: { none: 'It is about messages in this channel, and changes nothing in Quay.' },
    retry: 'idempotent',
  },
  run: async ({ bot, input, channel: typedIn, quay }) => {
    const { channel } = await channelFor(bot.slack, typedIn)
    if (quay.dryRunCalls) return input
    await bot.db.transaction((tx) => unsubscribe(bot, tx, channel, input.repository))
    return input
  },
  view: ({ repository }, t) => message(t('Unsubscribed this channel from {repository}.', { repository: code(repository) })),
})
