import { z } from 'zod'
import { command } from '../../command/command.ts'
import { listUsers } from '../../quay/users.ts'
import { code, lines, message } from '../../slack/blocks.ts'

export default command({
  summary: 'List users',
  input: z.strictObject({
    only: z
      .enum(['all', 'enabled'])
      .default('all')
      .meta({ title: 'Show', labels: { all: 'All', enabled: 'Enabled users' } })
      .describe('Users to show'),
  }),
  examples: ['user list', 'user list only=enabled'],
  permissions: 'superuser',
  private: true,
  run: async ({ quay, input: { only }, page }) => {
    const { users, next } = await listUsers(quay, { limit: 20, enabledOnly: only === 'enabled', next: page })
    return {
      entries: users.map(({ username, email, verified, enabled, superuser, globalReader }) => ({
        username,
        email,
        verified,
        enabled,
        superuser,
        globalReader,
      })),
      next,
    }
  },
  view: ({ entries }, t) =>
    message(
      t('Users of the registry'),
      ...lines(
        entries.map(({ username, email, verified, enabled, superuser, globalReader }) =>
          t(
            '• {account} – {mail, select, none {no e-mail address} verified {{email}} other {{email} (not verified)}}{kind, select, superuser {, *superuser*} reader {, global read-only superuser} other {}}{enabled, select, no {, *disabled*} other {}}',
            {
              account: code(username),
              mail: email === undefined ? 'none' : verified ? 'verified' : 'unverified',
              email: email ?? '',
              kind: superuser ? 'superuser' : globalReader ? 'reader' : 'user',
              enabled: enabled ? 'yes' : 'no',
            },
          ),
        ),
      ),
    ),
})
