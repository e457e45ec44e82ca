import { z } from 'zod'
import { command } from '../../command/command.ts'
import { accountField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import type { Quay } from '../../quay/registry.ts'
import { readChangeable, resetPassword } from '../../quay/users.ts'
import { code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Reset a user’s password',
  help: 'The old password stops working immediately. The new one comes by direct message to the user, if linked in Slack; otherwise to you. Superusers change their own in the Quay web console.',
  input: z.strictObject({ user: accountField }),
  examples: ['user reset-password ivan'],
  aliases: [
    'reset pw',
    'pw',
    'pw reset',
    'reset pass',
    'lost password',
    'reset password',
    'password',
    'passwd',
    'change password',
    'set password',
    'new password',
    'password reset',
    'forgot password',
  ],
  permissions: 'superuser',
  // A later attempt could replace a password that somebody has set in the meantime.
  changes: { effects: ['overwrites', 'reveals'], facts: 'preview', retry: 'never', manualCheck: ({ user }) => `user show ${user}` },
  private: true,
  preview: {
    read: async ({ quay, input: { user } }) => {
      checkDatabase(quay)
      const { username, email } = await readChangeable(quay, user)
      return { username, email }
    },
    view: ({ username, email }, t) =>
      message(
        t('{known, select, yes {Reset the password of {account} ({email})?} other {Reset the password of {account}?}}', {
          known: email ? 'yes' : 'no',
          account: code(username),
          email: email ?? '',
        }),
        note(t('The old password stops working immediately.')),
      ),
  },
  run: async ({ quay, input: { user } }) => {
    checkDatabase(quay)
    return { user, ...(await resetPassword(quay, user)) }
  },
  reveals: ({ user, password, encryptedPassword }, { quay }) => ({
    what: { message: 'New password of user {account}', values: { account: user } },
    credentials: { password, ...(encryptedPassword && { encryptedPassword }) },
    context: { kind: 'user', username: user, registry: new URL(quay.url).host },
    account: user,
  }),
  view: ({ user }, t) =>
    message(
      t('Password of {account} reset.', { account: code(user) }),
      note(t('It was sent by direct message to the user, if linked in Slack; otherwise to you.')),
    ),
})

/** Quay itself would say "Cannot change password in non-database auth". */
function checkDatabase({ capabilities: { authentication } }: Quay) {
  if (authentication === 'Database' || authentication === 'unknown') return
  throw new Failure('conflict', 'Passwords of this registry are managed by {authentication}. Reset it there.', { authentication })
}
