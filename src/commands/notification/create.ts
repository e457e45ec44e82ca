import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { repositoryFacts } from '../../command/facts.ts'
import { credential } from '../../core/credential.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import { createNotification, type NotificationTarget } from '../../quay/notifications.ts'
import { readRepository } from '../../quay/repositories.ts'
import { bold, code, lines, message, note } from '../../slack/blocks.ts'
import { type EventName, events, levels, notificationLine, offeredEvents, shownNotification } from '../../slack/views/notification.ts'

const input = z.strictObject({
  repository: repositoryField,
  event: z
    // Object.keys loses the type of the keys.
    .enum(Object.keys(events) as [EventName, ...EventName[]])
    .meta({ title: 'Event', labels: events, offered: offeredEvents })
    .describe('Event to notify about'),
  method: z
    .enum(['webhook', 'slack', 'email'])
    .meta({
      title: 'Method',
      labels: { webhook: 'Webhook', slack: 'Slack incoming webhook', email: 'E-mail' },
      offered: { email: { flag: 'MAILING' } },
    })
    .describe('How to send it'),
  url: z
    .string()
    .trim()
    .max(1000)
    .optional()
    .meta({ title: 'Webhook URL', secret: true })
    .describe('Webhook URL; anyone who has it can post there'),
  email: z.email().optional().meta({ title: 'E-mail' }).describe('Recipient; the address must be confirmed in Quay'),
  title: z.string().trim().max(200).optional().meta({ title: 'Title' }).describe('Title of the notification'),
  level: z.enum(levels).default('high').meta({ title: 'Minimum severity', advanced: true }).describe('Vulnerabilities: minimum severity'),
  days: z
    .number()
    .int()
    .min(1)
    .max(365)
    .optional()
    .meta({ title: 'Days before expiration', advanced: true })
    .describe('Expiring images: days before expiration'),
})

type Input = z.output<typeof input>

export default command({
  summary: 'Create a Quay repository notification',
  help: 'For messages in a Slack channel use `subscribe`: it needs no URL and keeps each build on one card. The URL of a webhook is a credential: type the command without the method and enter it in the dialog.',
  input,
  examples: [
    'notification create acme/api repo_push email email=ops@example.com',
    'notification create acme/api repo_image_expiry email email=ops@example.com days=7',
  ],
  aliases: ['add', 'new', 'register', 'setup'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  check: (given) => {
    targetOf(given)
    if (given.event === 'repo_image_expiry' && given.days === undefined)
      throw fieldProblem('days', 'Enter the number of days: without it Quay never sends this notification.')
  },
  // Quay has nothing to tell two of the same apart by: its address is hidden.
  changes: {
    effects: ['creates'],
    facts: ({ quay, input: { repository } }) => repositoryFacts(quay, repository),
    retry: 'never',
    manualCheck: ({ repository }) => `notification list ${repository}`,
  },
  run: async ({ quay, input }) => {
    const { repository, event, title, level, days } = input
    const target = targetOf(input)
    // Quay breaks on a repository that does not exist (docs/quay.md, Errors).
    await readRepository(quay, repository)
    const options = {
      ...(event === 'vulnerability_found' && { level: String(levels.indexOf(level)) }),
      ...(event === 'repo_image_expiry' && { days }),
    }
    return { repository, created: shownNotification(await createNotification(quay, repository, { ...target, event, title, options })) }
  },
  view: ({ repository, created }, t) =>
    message(
      t('Created a Quay notification for {repository}.', { repository: bold(repository) }),
      ...lines([notificationLine(created, t)]),
      note(t('Test it with {test}.', { test: code(slash(`notification test ${repository} ${shortId(created.id)}`)) })),
    ),
})

function targetOf({ method, url, email }: Input): NotificationTarget {
  if (method === 'email') {
    if (email === undefined) throw fieldProblem('email', 'Add the e-mail address of the recipient.')
    return { method, email }
  }
  if (url === undefined) throw fieldProblem('url', 'A webhook needs a URL. Run the command without method and enter the URL in the dialog.')
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw fieldProblem('url', 'The URL must begin with http or https.')
  return { method, url: credential().parse(url) }
}
