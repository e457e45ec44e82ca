import { z } from 'zod'
import { command } from '../../command/command.ts'
import { Failure } from '../../core/failure.ts'
import { readSubscription } from '../../notifications/subscriptions.ts'
import { channelFor, isWildcard, target } from '../../notifications/target.ts'
import { testWebhook } from '../../notifications/webhook-test.ts'
import { namespaceOf } from '../../quay/names.ts'
import { code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Test that Quay’s events reach Slack',
  input: z.strictObject({ repository: target }),
  examples: ['subscription test acme/web'],
  aliases: ['try', 'ping', 'check'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: {
    effects: ['runs-code'],
    facts: { none: 'It is about messages in this channel, and changes nothing in Quay.' },
    retry: 'idempotent',
  },
  run: async ({ bot, input, channel: typedIn, quay }) => {
    const { repository } = input
    const { channel } = await channelFor(bot.slack, typedIn)
    const found = await readSubscription(bot, channel, repository)
    // The namespace itself has notifications of its quota only.
    const ofNamespace = isWildcard(repository) && found.groups.includes('quota')
    if (isWildcard(repository) && !ofNamespace)
      throw new Failure('invalid', 'Choose one repository of {target}: each has its own notifications.', { target: repository })
    const object = ofNamespace ? namespaceOf(repository) : repository
    return { repository, milliseconds: quay.dryRunCalls ? 0 : await testWebhook(bot, quay, object) }
  },
  view: ({ repository, milliseconds }, t) =>
    message(
      t(':white_check_mark: Test event of {repository} received after {milliseconds, number} ms.', {
        repository: code(repository),
        milliseconds,
      }),
      note(t('The connection from Quay to Quaymaster works. Test events are not posted.')),
    ),
})
