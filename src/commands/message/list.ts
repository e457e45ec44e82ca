import { z } from 'zod'
import { command } from '../../command/command.ts'
import { slice } from '../../command/slice-pages.ts'
import { entryOf } from '../../core/foreign-text.ts'
import { listMessages } from '../../quay/messages.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asId, asText } from '../../slack/lists/values.ts'
import { severities } from '../../slack/views/global-message.ts'

export default command({
  summary: 'List global messages',
  input: z.strictObject({}),
  examples: ['message list'],
  // Quay shows them even to who has not signed in (test/recorded/quay/rights-matrix.json: messages.list).
  permissions: 'linked',
  calls: ['GET /messages'],
  run: async ({ quay, page, rows }) =>
    slice({ page, size: rows, fetch: async () => ({ entries: await listMessages(quay), next: undefined }) }),
  view: ({ entries }, t) =>
    listMessage(
      {
        headline: t('{count, plural, =0 {No global messages.} one {# global message:} other {# global messages:}}', {
          count: entries.length,
        }),
        rows: entries,
        columns: [
          { name: 'global_message', title: t.plain('Global message'), value: ({ id }) => asId(id) },
          {
            name: 'severity',
            title: t.plain('Severity'),
            value: ({ severity }) => asText(t.plain(entryOf(severities, severity) ?? '{severity}', { severity })),
          },
          { name: 'text', title: t.plain('Text'), value: ({ content }) => asText(content) },
        ],
      },
      t,
    ),
})
