import { z } from 'zod'
import { command } from '../../../command/command.ts'
import { organizationField } from '../../../command/common-fields.ts'
import { Failure } from '../../../core/failure.ts'
import { deleteDefaultPermission, findDefaultPermission } from '../../../quay/default-permissions.ts'
import { shortName } from '../../../quay/names.ts'
import { granteeName, granteeOf } from '../../../quay/permissions.ts'
import { code, message, note } from '../../../slack/blocks.ts'

export default command({
  summary: 'End a permission on new repositories of an organisation',
  input: z.strictObject({
    organization: organizationField,
    to: granteeName.meta({ of: 'user' }).describe('Who has it: an account (bea or @bea), a team (team:developers) or a robot (acme+ci)'),
    creator: shortName.optional().meta({ of: 'user' }).describe('The one bound to what this account creates'),
  }),
  examples: ['permission default delete acme team:developers', 'permission default delete acme acme+ci creator=alice'],
  aliases: ['remove', 'revoke', 'unset', 'take'],
  permissions: [{ permission: 'admin', on: 'organization' }],
  changes: {
    effects: ['overwrites'],
    facts: async ({ quay, input: { organization, to, creator } }) => {
      const now = await findDefaultPermission(quay, organization, { to: granteeOf(to), createdBy: creator })
      return { roleNow: now?.role ?? null }
    },
    retry: async ({ quay, input: { organization, to, creator } }) => {
      const found = await findDefaultPermission(quay, organization, { to: granteeOf(to), createdBy: creator })
      return found ? undefined : { result: { organization, to: granteeOf(to) } }
    },
  },
  run: async ({ quay, input: { organization, to, creator } }) => {
    const found = await findDefaultPermission(quay, organization, { to: granteeOf(to), createdBy: creator })
    if (!found)
      throw new Failure('not_found', '{name} has no such default permission in {organization}. See {command}.', {
        name: to,
        organization,
        command: `/quay permission default list ${organization}`,
      })
    await deleteDefaultPermission(quay, organization, found.id)
    return { organization, to: found.to }
  },
  view: ({ organization, to }, t) =>
    message(
      t(
        '{kind, select, team {The team {name}} robot {The robot {name}} other {{name}}} gets nothing by default on new repositories of {organization} any more.',
        {
          kind: to.kind,
          name: code(to.name),
          organization: code(organization),
        },
      ),
      note(t('What it was given on existing repositories stays.')),
    ),
})
