import { z } from 'zod'
import { command } from '../../command/command.ts'
import { accountField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { listOnlyAdministered } from '../../quay/admins.ts'
import type { Quay } from '../../quay/registry.ts'
import { listRepositories } from '../../quay/repositories.ts'
import { deleteUser, findUser, readChangeable } from '../../quay/users.ts'
import { code, lines, message, note } from '../../slack/blocks.ts'
import { onlyAdminLines } from '../../slack/views/only-admin.ts'

const shown = 10

export default command({
  summary: 'Delete a user and their repositories',
  help: 'Superusers can’t be deleted. To keep the repositories, disable the user instead.',
  input: z.strictObject({ user: accountField }),
  examples: ['user delete ivan'],
  permissions: 'superuser',
  changes: {
    effects: ['destroys'],
    facts: 'preview',
    retry: async ({ quay, input: { user } }) => ((await findUser(quay, user)) ? undefined : { result: { user } }),
  },
  private: true,
  preview: {
    read: async ({ quay, input: { user } }) => {
      const { username, email, enabled } = await readChangeable(quay, user)
      const only = await spareable(quay, user)
      const { repositories, next } = await listRepositories(quay, user)
      return { username, email, enabled, repositories: repositories.map(({ name }) => name), more: next !== undefined, only }
    },
    view: ({ username, email, enabled, repositories, more, only }, t) =>
      message(
        t('{known, select, yes {Permanently delete {account} ({email})?} other {Permanently delete {account}?}}', {
          known: email ? 'yes' : 'no',
          account: code(username),
          email: email ?? '',
        }),
        ...lines([
          t(
            '{more, select, yes {More than {count} repositories will be deleted too:} other {{count, plural, =0 {The user owns no repositories.} one {# repository will be deleted too:} other {# repositories will be deleted too:}}}}',
            { count: repositories.length, more: more ? 'yes' : 'no' },
          ),
          ...repositories.slice(0, shown).map((name) => t('• {repository}', { repository: code(name) })),
          ...(repositories.length > shown ? ['…'] : []),
        ]),
        ...onlyAdminLines(only, t),
        note(
          t(
            '{enabled, select, yes {Quay can’t restore it. To remove access but keep the images, disable the user.} other {Quay can’t restore it.}}',
            {
              enabled: enabled ? 'yes' : 'no',
            },
          ),
        ),
      ),
  },
  run: async ({ quay, input: { user } }) => {
    await spareable(quay, user)
    await deleteUser(quay, user)
    return { user }
  },
  view: ({ user }, t) =>
    message(t('Deleted user {account}.', { account: code(user) }), note(t('The name becomes available again after Quay’s cleanup.'))),
})

/** Throws `conflict` where an organization would be left without an admin. */
async function spareable(quay: Quay, user: string) {
  const only = await listOnlyAdministered(quay, user)
  if (only.organizations.length > 0)
    throw new Failure('conflict', '{user} is the only admin of {organizations}. Make someone else an admin there first.', {
      ...{ user, organizations: only.organizations },
    })
  return only
}
