import { z } from 'zod'
import { command } from '../../command/command.ts'
import { Failure } from '../../core/failure.ts'
import { shortId } from '../../core/short-id.ts'
import { deleteMessage, listMessages } from '../../quay/messages.ts'
import type { Quay } from '../../quay/registry.ts'
import { code, lines, message } from '../../slack/blocks.ts'
import { messageLine } from '../../slack/views/global-message.ts'

export default command({
  summary: 'Delete a global message',
  input: z.strictObject({
    message: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .meta({ title: 'Message ID', identifies: 'message' })
      .describe('Message ID, as shown by `message list`'),
  }),
  examples: ['message delete 75d92ad3'],
  aliases: ['remove', 'take down', 'clear'],
  permissions: 'superuser',
  calls: ['DELETE /message/{uuid}'],
  changes: {
    effects: ['destroys'],
    facts: 'preview',
    retry: async ({ quay, input }) => ((await findMessage(quay, input.message)) ? undefined : { result: { id: input.message } }),
  },
  preview: {
    read: ({ quay, input }) => present(quay, input.message),
    view: (found, t) => message(t('Delete this global message?'), ...lines([messageLine(found, t)])),
  },
  run: async ({ quay, input }) => {
    // Quay says of one that it does not have that it was deleted.
    const { id } = await present(quay, input.message)
    await deleteMessage(quay, id)
    return { id }
  },
  view: ({ id }, t) => message(t('Deleted global message {id}.', { id: code(shortId(id)) })),
})

async function findMessage(quay: Quay, id: string) {
  return (await listMessages(quay)).find((one) => one.id === id)
}

async function present(quay: Quay, id: string) {
  const found = await findMessage(quay, id)
  if (!found) throw new Failure('not_found', 'Quay has no global message {id}.', { id })
  return found
}
