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
  summary: 'Delete an account with its repositories',
  help: 'Superusers cannot be deleted. To keep the repositories, disable the account instead.',
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
        t('{known, select, yes {Delete {account} ({email}) for good?} other {Delete {account} for good?}}', {
          known: email ? 'yes' : 'no',
          account: code(username),
          email: email ?? '',
        }),
        ...lines([
          t(
            '{more, select, yes {More than {count} repositories go with it:} other {{count, plural, =0 {It has no repositories of its own.} one {# repository goes with it:} other {# repositories go with it:}}}}',
            { count: repositories.length, more: more ? 'yes' : 'no' },
          ),
          ...repositories.slice(0, shown).map((name) => t('• {repository}', { repository: code(name) })),
          ...(repositories.length > shown ? ['…'] : []),
        ]),
        ...onlyAdminLines(only, t),
        note(
          t(
            '{enabled, select, yes {Quay cannot bring it back. To shut it out and keep its images, disable it.} other {Quay cannot bring it back.}}',
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
    message(t('Deleted the account {account}.', { account: code(user) }), note(t('Its name can be used again when Quay has cleaned up.'))),
})

/** Throws `conflict` where an organization would be left without an admin. */
async function spareable(quay: Quay, user: string) {
  const only = await listOnlyAdministered(quay, user)
  if (only.organizations.length > 0)
    throw new Failure('conflict', '{user} is the only admin of {organizations}. Make somebody else an admin there first.', {
      ...{ user, organizations: only.organizations.join(', ') },
    })
  return only
}
