import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { repositoryFacts } from '../../command/facts.ts'
import { credential } from '../../core/credential.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { createNotification, type NotificationTarget } from '../../quay/notifications.ts'
import { readRepository } from '../../quay/repositories.ts'
import { bold, code, lines, message, note } from '../../slack/blocks.ts'
import { type EventName, events, levels, notificationLine, offeredEvents, shownNotification } from '../../slack/views/notification.ts'

const input = z.strictObject({
  repository: repositoryField,
  event: z
    .enum(Object.keys(events) as [EventName, ...EventName[]])
    .meta({ labels: events, offered: offeredEvents })
    .describe('What it is about'), // the keys of events
  method: z
    .enum(['webhook', 'slack', 'email'])
    .meta({ labels: { webhook: 'Webhook', slack: 'Incoming webhook of Slack', email: 'E-mail' }, offered: { email: { flag: 'MAILING' } } })
    .describe('How it is sent; with a webhook leave it out here, the modal takes the address'),
  url: z
    .string()
    .trim()
    .max(1000)
    .optional()
    .meta({ secret: true })
    .describe('Where a webhook is sent to: who has the address may post there'),
  email: z.email().optional().describe('Who gets the e-mail; Quay has to know the address'),
  title: z.string().trim().max(200).optional().describe('What to call it'),
  level: z.enum(levels).default('high').meta({ advanced: true }).describe('Vulnerabilities: from which severity on'),
  days: z.number().int().min(1).max(365).optional().meta({ advanced: true }).describe('Images about to expire: so many days before'),
})

type Input = z.output<typeof input>

export default command({
  summary: 'Let Quay itself send a notification when something happens in a repository',
  help: 'For messages in a Slack channel use _subscribe_: it needs no address, and draws builds as one card. The address of a webhook is a credential: type the command without the method, and the modal takes it.',
  input,
  examples: [
    'notification create acme/api repo_push email email=ops@example.com',
    'notification create acme/api repo_image_expiry email email=ops@example.com days=7',
  ],
  aliases: ['add', 'new', 'register', 'setup'],
  permissions: [{ permission: 'admin', on: 'repository' }],
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
    if (event === 'repo_image_expiry' && days === undefined)
      throw fieldProblem('days', 'Say how many days before: without them Quay never sends it.')
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
      t('Quay sends a notification out of {repository} now.', { repository: bold(repository) }),
      ...lines([notificationLine(created, t)]),
      note(t('Let it send an example with {test}.', { test: code(`/quay notification test ${repository} ${created.id}`) })),
    ),
})

function targetOf({ method, url, email }: Input): NotificationTarget {
  if (method === 'email') {
    if (email === undefined) throw fieldProblem('email', 'Say who gets the e-mail.')
    return { method, email }
  }
  if (url === undefined)
    throw fieldProblem('url', 'A webhook needs an address, which only the modal takes: leave the method out, and it opens.')
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw fieldProblem('url', 'The address has to begin with http or https.')
  return { method, url: credential().parse(url) }
}
