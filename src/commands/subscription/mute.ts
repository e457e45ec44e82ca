import { z } from 'zod'
import { command } from '../../command/command.ts'
import { aDay, anHour } from '../../core/durations.ts'
import { mute } from '../../notifications/mute.ts'
import { readSubscription } from '../../notifications/subscriptions.ts'
import { channelFor, target } from '../../notifications/target.ts'
import { code, message, moment } from '../../slack/blocks.ts'

const lengths = { '1h': anHour, '4h': 4 * anHour, '1d': aDay, '1w': 7 * aDay, off: undefined }

export default command({
  summary: 'Mute a subscription',
  input: z.strictObject({
    repository: target,
    for: z
      .enum(['1h', '4h', '1d', '1w', 'off'])
      .default('1h')
      .meta({
        title: 'Duration',
        time: 'duration',
        labels: { '1h': '1 hour', '4h': '4 hours', '1d': '1 day', '1w': '1 week', off: 'Unmute' },
      })
      .describe('How long to mute it'),
  }),
  examples: ['subscription mute acme/web', 'subscription mute acme/web for=1d', 'subscription mute acme/web for=off'],
  aliases: [
    'too many messages',
    'too many notifications',
    'too noisy',
    'too much noise',
    'spam',
    'snooze',
    'pause notifications',
    'mute notifications',
    'silence notifications',
    'pause messages',
    'silence',
    'pause',
    'quiet',
    'unmute for=off',
    'unsnooze for=off',
    'resume for=off',
  ],
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: {
    effects: ['overwrites'],
    facts: { none: 'It is about messages in this channel, and changes nothing in Quay.' },
    retry: 'idempotent',
  },
  run: async ({ bot, input, channel: typedIn, quay }) => {
    const { channel } = await channelFor(bot.slack, typedIn)
    const found = await readSubscription(bot, channel, input.repository)
    const length = lengths[input.for]
    const until = length === undefined ? undefined : bot.clock() + length
    if (!quay.dryRunCalls) await mute(bot, found, until ?? bot.clock())
    return { repository: input.repository, until }
  },
  view: ({ repository, until }, t) =>
    message(
      until === undefined
        ? t('Unmuted {repository}.', { repository: code(repository) })
        : t('Muted {repository} until {moment}.', { repository: code(repository), moment: moment(until) }),
    ),
})
