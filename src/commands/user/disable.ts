import { z } from 'zod'
import { command } from '../../command/command.ts'
import { accountField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { slash } from '../../core/slash-command.ts'
import { listOnlyAdministered } from '../../quay/admins.ts'
import { readBack } from '../../quay/read-back.ts'
import { readChangeable, readUser, updateUser } from '../../quay/users.ts'
import { code, message, note } from '../../slack/blocks.ts'
import { onlyAdminLines } from '../../slack/views/only-admin.ts'

export default command({
  summary: 'Disable a user',
  help: 'Their password and tokens stop working immediately. Nothing is deleted; enable the user again with `user enable`. Superusers can’t be disabled.',
  input: z.strictObject({ user: accountField }),
  examples: ['user disable ivan'],
  aliases: [
    'left the company',
    'has left',
    'quit',
    'no longer works here',
    'offboard',
    'block',
    'suspend',
    'deactivate',
    'ban',
    'lock',
    'shut out',
    'lock out',
  ],
  permissions: 'superuser',
  changes: { effects: ['overwrites'], facts: 'preview', retry: 'idempotent' },
  private: true,
  preview: {
    read: async ({ quay, input: { user } }) => {
      const { username, email, enabled } = await readChangeable(quay, user)
      if (!enabled) throw new Failure('conflict', '{user} is already disabled.', { user })
      return { username, email, only: await listOnlyAdministered(quay, user) }
    },
    view: ({ username, email, only }, t) =>
      message(
        t('{known, select, yes {Disable {account} ({email})?} other {Disable {account}?}}', {
          known: email ? 'yes' : 'no',
          account: code(username),
          email: email ?? '',
        }),
        ...onlyAdminLines(only, t),
        note(t('Their password and tokens stop working immediately, including for automation. Their repositories stay.')),
      ),
  },
  run: async ({ quay, input: { user } }) => {
    await updateUser(quay, user, { enabled: false })
    // Its answer tells what was before (recorded: su-user-put-disable).
    if (await readBack(quay, false, async () => (await readUser(quay, user)).enabled))
      throw new Failure('conflict', 'Quay reported success, but {user} is still enabled.', { user })
    return { user }
  },
  view: ({ user }, t) =>
    message(
      t('Disabled {account}.', { account: code(user) }),
      note(t('Enable the user again with {command}.', { command: code(slash(`user enable ${user}`)) })),
    ),
})
