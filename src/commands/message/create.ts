import { z } from 'zod'
import { command } from '../../command/command.ts'
import { createMessage, type GlobalMessage, listMessages } from '../../quay/messages.ts'
import type { Quay } from '../../quay/registry.ts'
import { code, message, note, quoted } from '../../slack/blocks.ts'
import { severities } from '../../slack/views/global-message.ts'

export default command({
  summary: 'Tell everybody something on every page of Quay',
  input: z.strictObject({
    content: z.string().trim().min(1).max(1000).meta({ title: 'Text', multiline: true }).describe('What everybody reads'),
    severity: z.enum(['info', 'warning', 'error']).default('info').meta({ labels: severities }).describe('How it looks'),
    format: z
      .enum(['text', 'markdown'])
      .default('text')
      .meta({ advanced: true, labels: { text: 'Plain text', markdown: 'Markdown' } })
      .describe('How Quay reads it'),
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
      t('Quay tells everybody:'),
      quoted(content),
      ...(id === undefined ? [] : [note(t('Take it back with {command}.', { command: code(`/quay message delete ${id}`) }))]),
    ),
})

/** The newest of these words. */
async function findMessage(quay: Quay, { content, severity, format }: Omit<GlobalMessage, 'id'>) {
  const all = await listMessages(quay)
  return all.findLast((one) => one.content === content && one.severity === severity && one.format === format)
}
