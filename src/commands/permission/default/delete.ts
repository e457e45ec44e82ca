import { z } from 'zod'
import { command } from '../../../command/command.ts'
import { organizationField } from '../../../command/common-fields.ts'
import { Failure } from '../../../core/failure.ts'
import { slash } from '../../../core/slash-command.ts'
import { deleteDefaultPermission, findDefaultPermission } from '../../../quay/default-permissions.ts'
import { shortName } from '../../../quay/names.ts'
import { granteeName, granteeOf } from '../../../quay/permissions.ts'
import { code, message, note } from '../../../slack/blocks.ts'

export default command({
  summary: 'Delete a default permission',
  input: z.strictObject({
    organization: organizationField,
    to: granteeName
      .meta({ title: 'User, team or robot account', of: 'user' })
      .describe('Who has it: a user (bea or @bea), team (team:developers) or robot account (acme+ci)'),
    creator: shortName
      .optional()
      .meta({ title: 'Repository creator', of: 'user' })
      .describe('The permission that applies only to repositories created by this user'),
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
      throw new Failure(
        'not_found',
        creator === undefined
          ? '{name} has no default permission in {organization}. See {command}.'
          : '{name} has no default permission in {organization} on repositories created by {creator}. See {command}.',
        { name: to, organization, creator: creator ?? '', command: slash(`permission default list ${organization}`) },
      )
    await deleteDefaultPermission(quay, organization, found.id)
    return { organization, to: found.to }
  },
  view: ({ organization, to }, t) =>
    message(
      t(
        '{kind, select, team {Team {name}} robot {Robot account {name}} other {{name}}} no longer gets a default permission on new repositories of {organization}.',
        {
          kind: to.kind,
          name: code(to.name),
          organization: code(organization),
        },
      ),
      note(t('Permissions on existing repositories remain.')),
    ),
})
