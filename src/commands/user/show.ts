import { z } from 'zod'
import { command } from '../../command/command.ts'
import { accountField } from '../../command/common-fields.ts'
import { escaped } from '../../core/markup.ts'
import { listRepositories } from '../../quay/repositories.ts'
import { readUser } from '../../quay/users.ts'
import { code, fields, message } from '../../slack/blocks.ts'
import { sizeText } from '../../slack/views/size.ts'

export default command({
  summary: 'Show a user',
  input: z.strictObject({ user: accountField }),
  examples: ['user show bea'],
  aliases: [
    'last login',
    'last log in',
    'last logged in',
    'last seen',
    'last active',
    'cannot login',
    'cannot log in',
    'can not login',
    'can not log in',
    'login problem',
    'a superuser',
    'superuser',
    'whois',
    'who is',
    'profile',
  ],
  permissions: 'superuser',
  private: true,
  run: async ({ quay, input: { user } }) => {
    const [found, { repositories, next }] = await Promise.all([readUser(quay, user), listRepositories(quay, user)])
    return { ...found, repositories: repositories.length, more: next !== undefined }
  },
  view: ({ username, email, verified, enabled, superuser, globalReader, size, repositories, more }, t) =>
    message(
      t('User {account}', { account: code(username) }),
      fields(
        [t.plain('E-mail'), email === undefined ? t('None') : escaped(email)],
        [t.plain('E-mail verified'), t('{verified, select, yes {Yes} other {No}}', { verified: verified ? 'yes' : 'no' })],
        [
          t.plain('Superuser'),
          t('{kind, select, superuser {Yes} reader {Read-only} other {No}}', {
            kind: superuser ? 'superuser' : globalReader ? 'reader' : 'user',
          }),
        ],
        [t.plain('Enabled'), t('{enabled, select, yes {Yes} other {No: login is blocked}}', { enabled: enabled ? 'yes' : 'no' })],
        [
          t.plain('Own repositories'),
          t('{more, select, yes {More than {count}} other {{count}}}', { count: repositories, more: more ? 'yes' : 'no' }),
        ],
        ...(size === undefined ? [] : [[t.plain('Size'), sizeText(size, t)] as const]),
      ),
    ),
})
