import { z } from 'zod'
import { command } from '../../command/command.ts'
import { notificationField, repositoryField } from '../../command/common-fields.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import { readNotification, resetNotification } from '../../quay/notifications.ts'
import { code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Re-enable a failed notification',
  help: 'After three consecutive failures Quay stops sending a notification without telling anyone.',
  input: z.strictObject({
    repository: repositoryField,
    notification: notificationField,
  }),
  examples: ['notification reset acme/api 722afa63'],
  aliases: ['enable', 're-enable', 'reenable', 'reactivate', 'retry'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: {
    effects: ['overwrites'],
    facts: async ({ quay, input: { repository, notification } }) => {
      const { event, method, title, failures } = await readNotification(quay, repository, notification)
      return { event, method, title, failures }
    },
    retry: 'idempotent',
  },
  run: async ({ quay, input: { repository, notification: id } }) => {
    const found = await readNotification(quay, repository, id)
    if (found.failures > 0) await resetNotification(quay, repository, id)
    return { repository, id, failures: found.failures }
  },
  view: ({ repository, id, failures }, t) =>
    message(
      t(
        '{failures, plural, =0 {{id} has not failed. Quay sends it as before.} other {Re-enabled {id}. It had failed {failures, plural, one {once} other {# times}}.}}',
        { failures, id: code(shortId(id)) },
      ),
      note(t('Test it with {test}.', { test: code(slash(`notification test ${repository} ${shortId(id)}`)) })),
    ),
})
