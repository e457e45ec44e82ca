import { z } from 'zod'
import { command } from '../../command/command.ts'
import { granteeField, repositoryField, roleField } from '../../command/common-fields.ts'
import { granteeFacts, repositoryFacts } from '../../command/facts.ts'
import { Failure } from '../../core/failure.ts'
import { assertNoForeignRobot, findPermission, granteeOf, setPermission } from '../../quay/permissions.ts'
import { readBack } from '../../quay/read-back.ts'
import { readRepository } from '../../quay/repositories.ts'
import { code, link, message } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Grant or change a repository permission',
  input: z.strictObject({
    repository: repositoryField,
    to: granteeField,
    role: roleField,
  }),
  examples: [
    'permission grant acme/web bea write',
    'permission grant acme/web team:developers read',
    'permission grant acme/web acme+ci write',
  ],
  // Nobody grants more than they hold: Quay lets nobody but admins grant at all.
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: {
    effects: ['grants'],
    facts: async ({ quay, input: { repository, to } }) => {
      const [found, now, grantee] = await Promise.all([
        repositoryFacts(quay, repository),
        findPermission(quay, repository, granteeOf(to)),
        granteeFacts(quay, repository, to),
      ])
      return { ...found, roleNow: now ?? null, ...grantee }
    },
    retry: 'idempotent',
  },
  run: async ({ quay, input: { repository, to, role } }) => {
    const grantee = granteeOf(to)
    assertNoForeignRobot(repository, [to], 'to')
    const [found, before] = await Promise.all([readRepository(quay, repository), findPermission(quay, repository, grantee)])
    if (before !== role) await setPermission(quay, repository, { ...grantee, role })
    const stored = await readBack(quay, role, () => findPermission(quay, repository, grantee))
    if (stored === undefined)
      throw new Failure('conflict', 'Quay reported success, but {name} has no direct permission on {repository}.', {
        ...{ name: to, repository },
      })
    return { repository, url: found.url, ...grantee, role: stored, before, asAsked: stored === role }
  },
  view: ({ repository, url, kind, name, role, before, asAsked }, t) =>
    message(
      t(
        '{before, select, none {Granted *{role}* on {repository} to} same {*{role}* on {repository} was already granted to} other {Changed the permission on {repository} from {before} to *{role}* for}} {kind, select, team {team {name}} robot {robot account {name}} other {{name}}}.',
        {
          kind,
          name: code(name),
          role,
          repository: link(url, repository),
          before: before === undefined ? 'none' : before === role ? 'same' : before,
        },
      ),
      ...storedNote(asAsked, t),
    ),
})
