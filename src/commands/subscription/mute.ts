import { z } from 'zod'
import { command } from '../../command/command.ts'
import { aDay, anHour } from '../../core/durations.ts'
import { mute } from '../../notifications/mute.ts'
import { readSubscription } from '../../notifications/subscriptions.ts'
import { channelFor, target } from '../../notifications/target.ts'
import { code, message, moment } from '../../slack/blocks.ts'

const lengths = { '1h': anHour, '4h': 4 * anHour, '1d': aDay, '1w': 7 * aDay, off: undefined }

export default command({
  summary: 'Silence a subscription of this channel for a while',
  input: z.strictObject({
    repository: target,
    for: z
      .enum(['1h', '4h', '1d', '1w', 'off'])
      .default('1h')
      .meta({
        time: 'duration',
        labels: { '1h': 'An hour', '4h': 'Four hours', '1d': 'A day', '1w': 'A week', off: 'No more: speak again' },
      })
      .describe('How long'),
  }),
  examples: ['subscription mute acme/web', 'subscription mute acme/web for=1d', 'subscription mute acme/web for=off'],
  aliases: ['snooze', 'silence', 'pause', 'quiet', 'unmute for=off', 'unsnooze for=off', 'resume for=off'],
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
        ? t('This channel hears about {repository} again.', { repository: code(repository) })
        : t('This channel hears nothing about {repository} until {moment}.', { repository: code(repository), moment: moment(until) }),
    ),
})
