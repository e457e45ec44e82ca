import { z } from 'zod'
import { command } from '../../command/command.ts'
import { slice } from '../../command/slice-pages.ts'
import { listMessages } from '../../quay/messages.ts'
import { lines, message } from '../../slack/blocks.ts'
import { messageLine } from '../../slack/views/global-message.ts'

export default command({
  summary: 'List global messages',
  input: z.strictObject({}),
  examples: ['message list'],
  // Quay shows them even to who has not signed in (test/recorded/quay/rights-matrix.json: messages.list).
  permissions: 'linked',
  calls: ['GET /messages'],
  run: async ({ quay, page }) => slice({ page, size: 20, fetch: async () => ({ entries: await listMessages(quay), next: undefined }) }),
  view: ({ entries }, t) =>
    message(
      t('{count, plural, =0 {No global messages.} one {# global message:} other {# global messages:}}', {
        count: entries.length,
      }),
      ...lines(entries.map((one) => messageLine(one, t))),
    ),
})
