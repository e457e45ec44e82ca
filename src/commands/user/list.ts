import { z } from 'zod'
import { command } from '../../command/command.ts'
import { listUsers } from '../../quay/users.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asCode, asMark, asText } from '../../slack/lists/values.ts'

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
  aliases: ['list superusers', 'list all superusers', 'superusers', 'super users', 'all users'],
  permissions: 'superuser',
  private: true,
  run: async ({ quay, input: { only }, page, rows }) => {
    const { users, next } = await listUsers(quay, { limit: rows, enabledOnly: only === 'enabled', next: page })
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
    listMessage(
      {
        headline: t('Users of the registry'),
        rows: entries,
        columns: [
          { name: 'user', title: t.plain('User'), value: ({ username }) => asCode(username) },
          {
            name: 'email',
            title: t.plain('E-mail'),
            none: t.plain('no e-mail address'),
            saysNone: true,
            value: ({ email }) => asText(email),
            said: (email, { verified }) =>
              t('{verified, select, yes {{email}} other {{email} (not verified)}}', { email, verified: verified ? 'yes' : 'no' }),
          },
          {
            name: 'kind',
            title: t.plain('Kind'),
            none: t.plain('User'),
            value: ({ superuser, globalReader }) =>
              asMark(superuser || globalReader, superuser ? t.plain('Superuser') : t.plain('Global read-only superuser')),
            said: (_, { superuser }) => (superuser ? t('superuser') : t('global read-only superuser')),
          },
          {
            name: 'disabled',
            title: t.plain('Disabled'),
            value: ({ enabled }) => asMark(!enabled, t.plain('disabled')),
            said: () => t('*disabled*'),
          },
        ],
        opens: ({ username }) => `@${username}`,
      },
      t,
    ),
})
