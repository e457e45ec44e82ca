import { z } from 'zod'
import { setWithoutEnd } from '../../approvals/access/without-end.ts'
import { command } from '../../command/command.ts'
import { granteeField, repositoryField } from '../../command/common-fields.ts'
import { repositoryFacts } from '../../command/facts.ts'
import { Failure } from '../../core/failure.ts'
import { findPermission, granteeOf, removePermission } from '../../quay/permissions.ts'
import { readBack } from '../../quay/read-back.ts'
import { pageOf } from '../../quay/repositories.ts'
import { code, link, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Revoke a repository permission',
  help: 'Permissions from teams, the organization or public visibility remain.',
  input: z.strictObject({
    repository: repositoryField,
    from: granteeField,
  }),
  examples: ['permission revoke acme/web bea', 'permission revoke acme/web team:developers'],
  aliases: [
    'strip',
    'remove all rights',
    'lock out of',
    'remove',
    'take',
    'take away',
    'revoke access',
    'remove access',
    'no longer needs',
    'should not have',
    'deny',
    'unset',
    'delete',
    'withdraw',
    'disallow',
    'unshare',
    'remove-role-from-user',
    'policy remove-role-from-user',
    'remove role',
  ],
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: {
    effects: ['overwrites'],
    facts: async ({ quay, input: { repository, from } }) => {
      const [found, now] = await Promise.all([repositoryFacts(quay, repository), findPermission(quay, repository, granteeOf(from))])
      return { ...found, roleNow: now ?? null }
    },
    retry: async ({ quay, input: { repository, from } }) => {
      const grantee = granteeOf(from)
      const role = await findPermission(quay, repository, grantee)
      return role === undefined ? { result: { repository, url: pageOf(quay, repository), ...grantee, role } } : undefined
    },
  },
  run: async (run) => {
    const { repository, from } = run.input
    const { quay } = run
    const grantee = granteeOf(from)
    const role = await findPermission(quay, repository, grantee)
    if (role === undefined) throw new Failure('not_found', '{name} has no direct permission on {repository}.', { name: from, repository })
    const target = { kind: 'repository' as const, object: repository, grantee: from }
    // What was given for a while ends with it.
    if (!(await setWithoutEnd(run, target, null))) await removePermission(quay, repository, grantee)
    const stored = await readBack(quay, undefined, () => findPermission(quay, repository, grantee))
    if (stored !== undefined)
      throw new Failure('conflict', 'Quay reported success, but {name} still has *{role}* on {repository}.', {
        ...{ name: from, role: stored, repository },
      })
    return { repository, url: pageOf(quay, repository), ...grantee, role: role as typeof role | undefined } // the probe after a lost answer cannot know it
  },
  view: ({ repository, url, kind, name }, t) =>
    message(
      t('Revoked the permission on {repository} from {kind, select, team {team {name}} robot {robot account {name}} other {{name}}}.', {
        kind,
        name: code(name),
        repository: link(url, repository),
      }),
      note(t('Permissions from teams or the organization remain.')),
    ),
})
