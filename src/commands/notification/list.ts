import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import { ownNotifications } from '../../notifications/own-notifications.ts'
import { listNotifications } from '../../quay/notifications.ts'
import { bold, code, note } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { notificationColumns, shownNotification } from '../../slack/views/notification.ts'

export default command({
  summary: 'List a repository’s Quay notifications',
  help: 'These notifications are sent by Quay itself. For messages in Slack channels use `subscribe`.',
  aliases: ['events and notifications'],
  input: z.strictObject({ repository: repositoryField }),
  examples: ['notification list acme/api'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  run: async ({ bot, quay, input: { repository }, page, rows }) => {
    const ours = await ownNotifications(bot, repository)
    const isOurs = ({ id }: { id: string }) => ours.has(id)
    let own = 0
    const fetch = async () => {
      const all = (await listNotifications(quay, repository)).map(shownNotification)
      own = all.filter(isOurs).length
      return { entries: all.filter((one) => !isOurs(one)), next: undefined }
    }
    const shown = await slice({ page, size: rows, fetch })
    return { repository, ...shown, own }
  },
  view: ({ repository, entries, own = 0 }, t) =>
    listMessage(
      {
        headline: t(
          '{count, plural, =0 {{repository} has no notifications.} one {# notification of {repository}} other {# notifications of {repository}}}',
          {
            count: entries.length,
            repository: bold(repository),
          },
        ),
        rows: entries,
        columns: notificationColumns(t),
        after: [
          // Whoever subscribed knows them as a subscription; they are many, and nobody is to change them here.
          ...(own > 0
            ? [
                note(
                  t('Quaymaster also has {own, plural, one {# of its own} other {# of its own}} here, for subscribed channels.', {
                    own,
                  }),
                ),
              ]
            : []),
          ...(entries[0]
            ? [
                note(
                  t('Test a notification with {test}.', { test: code(slash(`notification test ${repository} ${shortId(entries[0].id)}`)) }),
                ),
              ]
            : []),
        ],
      },
      t,
    ),
})
