import { z } from 'zod'
import { command } from '../../command/command.ts'
import { listOrganizations } from '../../quay/organizations.ts'
import { lines, link, message } from '../../slack/blocks.ts'
import { sizeText } from '../../slack/views/size.ts'

export default command({
  summary: 'List organizations of the registry',
  input: z.strictObject({}),
  examples: ['org list'],
  permissions: 'superuser',
  private: true,
  run: async ({ quay, page }) => {
    const { organizations, next } = await listOrganizations(quay, { limit: 20, next: page })
    return { entries: organizations, next }
  },
  view: ({ entries }, t) =>
    message(
      t('{count, plural, =0 {No organizations.} other {Organizations of the registry}}', { count: entries.length }),
      ...lines(
        entries.map(({ name, url, email, size, quota }) =>
          t(
            '• {organization}{mail, select, none {} other { – {email}}}{counted, select, no {} quota {, {size} of {quota}} other {, {size}}}',
            {
              organization: link(url, name),
              mail: email ? 'some' : 'none',
              email: email ?? '',
              counted: size === undefined ? 'no' : quota === undefined ? 'size' : 'quota',
              size: sizeText(size ?? 0, t),
              quota: sizeText(quota ?? 0, t),
            },
          ),
        ),
      ),
    ),
})
