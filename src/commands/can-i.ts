import { z } from 'zod'
import { command } from '../command/command.ts'
import { Failure } from '../core/failure.ts'
import { isUnaddressable, namespaceOf } from '../quay/names.ts'
import { findOrganization } from '../quay/organizations.ts'
import type { Quay } from '../quay/registry.ts'
import { readRepository } from '../quay/repositories.ts'
import { findUser } from '../quay/users.ts'
import { effectivePermission, hasPermission } from '../security/permissions.ts'
import { bold, code, message, note, rawMarkup } from '../slack/blocks.ts'

const names = /^[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9][a-z0-9._-]*)*$/

export default command({
  summary: 'Check your permissions on a repository or organization',
  input: z.strictObject({
    right: z
      .enum(['read', 'write', 'admin', 'member', 'create'])
      .meta({ title: 'Permission' })
      .describe('Of a repository: read, write or admin; of an organization: member, create or admin'),
    object: z
      .string()
      .max(255)
      .regex(names, 'Enter a namespace or a repository (namespace/name)')
      .meta({ title: 'Repository or organization', of: 'repository' })
      .describe('A repository (namespace/name) or an organization'),
  }),
  examples: ['can-i write acme/api', 'can-i create acme'],
  aliases: [
    'name unknown',
    'repository not found',
    'repository does not exist',
    'unauthorized',
    'not authorized',
    'requested access to the resource is denied',
    'access to the requested resource is not authorized',
    '403 forbidden',
    '401 unauthorized',
    'insufficient scope',
    'can not',
    'cannot',
    'can not see',
    'cannot see',
    'can not pull',
    'cannot pull',
    'can not push',
    'cannot push',
    'access denied',
    'not allowed',
    'forbidden',
    'denied',
    "why can't i see",
    'can i',
    'may i',
    'am i allowed',
    'auth can-i',
    'auth can i',
    'check permission',
    'check access',
    'check my permission',
    'allowed',
    'do i have',
    'could i',
    "why can't i",
    'why can’t i',
    'why cant i',
    'why cannot i',
    'why am i not allowed',
    'why may i not',
    'cant i',
    "can't i",
    'can’t i',
    'permission denied',
    'why can i not',
    'can i not',
  ],
  // The answer is about the asker alone, and is "no" in the same words whether the object is missing or forbidden.
  permissions: 'linked',
  private: true,
  run: async ({ bot, person, input: { right, object } }) => {
    if (isUnaddressable(object))
      throw new Failure('invalid', 'Quay can’t address this repository safely. Rename it in the Quay web console.')
    const asked = right === 'create' || right === 'member' ? namespaceOf(object) : object
    const found = await effectivePermission(bot, person, asked)
    // Who administers a namespace has every right on what is not there, too, and may know that it is not.
    if (hasPermission(found, right)) await readObject(bot.quay, asked)
    return {
      right,
      object: asked,
      may: hasPermission(found, right),
      reason: (!hasPermission(found, right) && found.hidden?.sentence) || found.reason,
      known: hasPermission(found, right) || !found.hidden,
      superuser: person.user?.superuser === true,
      fullAccess: bot.quay.capabilities.superusersFullAccess,
    }
  },
  view: ({ right, object, may, known, reason, superuser, fullAccess }, t) =>
    message(
      t(
        '{may, select, yes {Yes, you have {right} permission on {object}.} unknown {Quaymaster can’t tell whether you have {right} permission on {object}.} other {No, you don’t have {right} permission on {object}.}}',
        {
          may: may ? 'yes' : known ? 'no' : 'unknown',
          right: bold(right),
          object: code(object),
        },
      ),
      note(t('{reason}', { reason: rawMarkup(t(reason.message, reason.values)) })),
      ...(superuser && !fullAccess
        ? [note(t('You are a superuser, but in this registry superusers have no access to other users’ namespaces.'))]
        : []),
    ),
})

/** Not found: there is no such repository, organization or account. */
async function readObject(quay: Quay, object: string) {
  if (object.includes('/')) return void (await readRepository(quay, object))
  if ((await findOrganization(quay, object)) ?? (await findUser(quay, object))) return
  throw new Failure('not_found', 'Organization {organization} not found.', { organization: object })
}
