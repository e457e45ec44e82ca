import { z } from 'zod'
import { command } from '../../command/command.ts'
import { notificationField, repositoryField } from '../../command/common-fields.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import { readNotification, testNotification } from '../../quay/notifications.ts'
import { code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Test a notification',
  input: z.strictObject({
    repository: repositoryField,
    notification: notificationField,
  }),
  examples: ['notification test acme/api 722afa63'],
  aliases: ['try', 'send', 'ping', 'fire'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: {
    effects: ['runs-code'],
    facts: async ({ quay, input: { repository, notification } }) => {
      const { event, method, title } = await readNotification(quay, repository, notification)
      return { event, method, title }
    },
    retry: 'idempotent',
  },
  run: async ({ quay, input }) => {
    await testNotification(quay, input.repository, input.notification)
    return input
  },
  view: ({ repository, notification }, t) =>
    message(
      t('Queued a test of {notification}.', { notification: code(shortId(notification)) }),
      note(
        t('Quay does not report whether it arrives. {list} shows failed and disabled notifications.', {
          list: code(slash(`notification list ${repository}`)),
        }),
      ),
    ),
})
