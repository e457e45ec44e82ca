import { z } from 'zod'
import { command } from '../../command/command.ts'
import { exactSize } from '../../core/sizes.ts'
import { listOrganizations } from '../../quay/organizations.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asSize, asText } from '../../slack/lists/values.ts'

export default command({
  summary: 'List organizations of the registry',
  input: z.strictObject({}),
  examples: ['org list'],
  permissions: 'superuser',
  private: true,
  run: async ({ quay, page, rows }) => {
    const { organizations, next } = await listOrganizations(quay, { limit: rows, next: page })
    return { entries: organizations, next }
  },
  view: ({ entries }, t) =>
    listMessage(
      {
        headline: t('{count, plural, =0 {No organizations.} other {Organizations of the registry}}', { count: entries.length }),
        rows: entries,
        columns: [
          { name: 'organization', title: t.plain('Organization'), value: ({ name, url }) => asText(name, url) },
          { name: 'email', title: t.plain('E-mail'), value: ({ email }) => asText(email) },
          { name: 'size', title: t.plain('Size'), none: t.plain('not counted'), value: ({ size }) => asSize(size, t) },
          {
            name: 'quota',
            title: t.plain('Quota'),
            none: t.plain('no quota'),
            // As it was set, and not rounded: `quota show` says the same.
            value: ({ quota }) => (quota === undefined ? undefined : { is: 'number', number: quota, text: exactSize(quota) }),
            said: (quota) => t('quota {quota}', { quota }),
          },
        ],
        opens: ({ name }) => name,
      },
      t,
    ),
})
