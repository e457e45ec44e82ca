import { z } from 'zod'
import { command } from '../../command/command.ts'
import { notificationField, repositoryField } from '../../command/common-fields.ts'
import { shortId } from '../../core/short-id.ts'
import { deleteNotification, findNotification, readNotification } from '../../quay/notifications.ts'
import { bold, code, lines, message } from '../../slack/blocks.ts'
import { notificationLine } from '../../slack/views/notification.ts'

export default command({
  summary: 'Delete a Quay notification',
  input: z.strictObject({
    repository: repositoryField,
    notification: notificationField,
  }),
  examples: ['notification delete acme/api 722afa63'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: {
    effects: ['destroys'],
    facts: 'preview',
    retry: async ({ quay, input }) =>
      (await findNotification(quay, input.repository, input.notification)) ? undefined : { result: input },
  },
  preview: {
    read: async ({ quay, input: { repository, notification: id } }) => {
      const found = await readNotification(quay, repository, id)
      const { email, event, title, method, failures } = found
      return { found: { id, email, event, title, method, failures }, repository }
    },
    view: ({ repository, found }, t) =>
      message(t('Delete this notification of {repository}?', { repository: bold(repository) }), ...lines([notificationLine(found, t)])),
  },
  run: async ({ quay, input }) => {
    await deleteNotification(quay, input.repository, input.notification)
    return input
  },
  view: ({ repository, notification }, t) =>
    message(
      t('Deleted notification {notification} of {repository}.', {
        notification: code(shortId(notification)),
        repository: bold(repository),
      }),
    ),
})
