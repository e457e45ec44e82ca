import { z } from 'zod'
import { command } from '../../../command/command.ts'
import { granteeField, organizationField, roleField } from '../../../command/common-fields.ts'
import { granteeFacts } from '../../../command/facts.ts'
import { Failure } from '../../../core/failure.ts'
import { createDefaultPermission, findDefaultPermission } from '../../../quay/default-permissions.ts'
import { shortName } from '../../../quay/names.ts'
import { assertNoForeignRobot, granteeOf } from '../../../quay/permissions.ts'
import { code, message, note } from '../../../slack/blocks.ts'

export default command({
  summary: 'Create a default permission',
  input: z.strictObject({
    organization: organizationField,
    to: granteeField,
    role: roleField,
    creator: shortName
      .optional()
      .meta({ title: 'Repository creator', of: 'user' })
      .describe('Only for repositories that this user creates (default: for all)'),
  }),
  examples: ['permission default create acme team:developers read', 'permission default create acme acme+ci write creator=alice'],
  aliases: ['add', 'set', 'grant', 'give', 'new'],
  permissions: [{ permission: 'admin', on: 'organization' }],
  changes: {
    effects: ['grants'],
    facts: async ({ quay, input: { organization, to, creator } }) => {
      const [now, grantee] = await Promise.all([
        findDefaultPermission(quay, organization, { to: granteeOf(to), createdBy: creator }),
        granteeFacts(quay, organization, to),
      ])
      return { roleNow: now?.role ?? null, ...grantee }
    },
    retry: async ({ quay, input: { organization, to, role, creator } }) => {
      const found = await findDefaultPermission(quay, organization, { to: granteeOf(to), createdBy: creator })
      return found?.role === role ? { result: { organization, ...found } } : undefined
    },
  },
  run: async ({ quay, input: { organization, to, role, creator } }) => {
    const grantee = granteeOf(to)
    assertNoForeignRobot(organization, [to], 'to')
    // Quay would keep both, and which of them counts is anybody's guess.
    const found = await findDefaultPermission(quay, organization, { to: grantee, createdBy: creator })
    if (found)
      throw new Failure('conflict', '{name} already has the default permission {role} in {organization}. Delete that first.', {
        name: to,
        role: found.role,
        organization,
      })
    return { organization, ...(await createDefaultPermission(quay, organization, { to: grantee, role, createdBy: creator })) }
  },
  view: ({ organization, to, role, createdBy }, t) =>
    message(
      t(
        '{kind, select, team {Team {name}} robot {Robot account {name}} other {{name}}} now gets *{role}* on every new repository of {organization}{by, select, all {} other { created by {creator}}}.',
        {
          kind: to.kind,
          name: code(to.name),
          role,
          organization: code(organization),
          by: createdBy === undefined ? 'all' : 'one',
          creator: code(createdBy ?? ''),
        },
      ),
      note(t('Existing repositories are not changed.')),
    ),
})
