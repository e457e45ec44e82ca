import { z } from 'zod'
import { command } from '../../command/command.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import { createMessage, type GlobalMessage, listMessages } from '../../quay/messages.ts'
import type { Quay } from '../../quay/registry.ts'
import { code, message, note, quoted } from '../../slack/blocks.ts'
import { severities } from '../../slack/views/global-message.ts'

export default command({
  summary: 'Create a global message (banner)',
  input: z.strictObject({
    content: z
      .string()
      .trim()
      .min(1)
      .max(1000)
      .meta({ title: 'Text', multiline: true })
      .describe('Message text, shown on every page of the Quay web console'),
    severity: z
      .enum(['info', 'warning', 'error'])
      .default('info')
      .meta({ title: 'Severity', labels: severities })
      .describe('How the message is shown'),
    format: z
      .enum(['text', 'markdown'])
      .default('text')
      .meta({ title: 'Format', advanced: true, labels: { text: 'Plain text', markdown: 'Markdown' } })
      .describe('Format of the text'),
  }),
  examples: ['message create "Maintenance tonight from 22:00 UTC" severity=warning'],
  aliases: ['announce', 'post', 'broadcast', 'tell everybody', 'set', 'publish message', 'say'],
  permissions: 'superuser',
  calls: ['POST /messages'],
  changes: {
    effects: ['creates'],
    // The same words once more would say nothing new.
    facts: { none: 'It is new: what Quay tells everybody already stays.' },
    retry: async ({ quay, input }) => {
      const found = await findMessage(quay, input)
      return found && { result: { ...input, id: found.id as string | undefined } } // as run() returns it
    },
  },
  run: async ({ quay, input }) => {
    await createMessage(quay, input)
    // Quay does not answer which id it has.
    return { ...input, id: (await findMessage(quay, input))?.id }
  },
  view: ({ content, id }, t) =>
    message(
      t('Global message:'),
      quoted(content),
      ...(id === undefined ? [] : [note(t('Delete it with {command}.', { command: code(slash(`message delete ${shortId(id)}`)) }))]),
    ),
})

/** The newest of these words. */
async function findMessage(quay: Quay, { content, severity, format }: Omit<GlobalMessage, 'id'>) {
  const all = await listMessages(quay)
  return all.findLast((one) => one.content === content && one.severity === severity && one.format === format)
}
