import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { listNotifications } from '../../quay/notifications.ts'
import { bold, code, lines, message, note } from '../../slack/blocks.ts'
import { notificationLine, shownNotification } from '../../slack/views/notification.ts'

export default command({
  summary: 'List a repository’s Quay notifications',
  help: 'These notifications are sent by Quay itself. For messages in Slack channels use _subscribe_.',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['notification list acme/api'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  run: async ({ quay, input: { repository }, page }) => {
    const fetch = async () => ({ entries: (await listNotifications(quay, repository)).map(shownNotification), next: undefined })
    return { repository, ...(await slice({ page, size: 20, fetch })) }
  },
  view: ({ repository, entries }, t) =>
    message(
      t(
        '{count, plural, =0 {{repository} has no notifications.} one {# notification of {repository}} other {# notifications of {repository}}}',
        {
          count: entries.length,
          repository: bold(repository),
        },
      ),
      ...lines(entries.map((one) => notificationLine(one, t))),
      ...(entries[0]
        ? [note(t('Test a notification with {test}.', { test: code(`/quay notification test ${repository} ${entries[0].id}`) }))]
        : []),
    ),
})
