import { z } from 'zod'
import { command } from '../../command/command.ts'
import { accountField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { readBack } from '../../quay/read-back.ts'
import { readUser, updateUser } from '../../quay/users.ts'
import { code, message } from '../../slack/blocks.ts'

export default command({
  summary: 'Enable a user',
  input: z.strictObject({ user: accountField }),
  examples: ['user enable ivan'],
  aliases: ['unblock', 'unlock', 'activate', 'reactivate', 'unban', 'unsuspend'],
  permissions: 'superuser',
  // The account gets back every right that it had.
  changes: {
    effects: ['grants'],
    facts: async ({ quay, input: { user } }) => {
      const { enabled, superuser, email } = await readUser(quay, user)
      return { enabled, superuser, email: email ?? null }
    },
    retry: 'idempotent',
  },
  private: true,
  run: async ({ quay, input: { user } }) => {
    const found = await readUser(quay, user)
    if (!found.enabled) await updateUser(quay, user, { enabled: true })
    if (!(await readBack(quay, true, async () => (await readUser(quay, user)).enabled)))
      throw new Failure('conflict', 'Quay reported success, but {user} is still disabled.', { user })
    return { user, changed: !found.enabled }
  },
  view: ({ user, changed }, t) =>
    message(
      t('{changed, select, yes {Enabled {account}, with the same permissions as before.} other {{account} is already enabled.}}', {
        account: code(user),
        changed: changed ? 'yes' : 'no',
      }),
    ),
})
