import { withoutSecrets } from '../../command/audit-row.ts'
import { requiredPermissions } from '../../command/authorize.ts'
import type { Bot } from '../../context.ts'
import type { Person } from '../../security/identity.ts'
import { effectivePermission } from '../../security/permissions.ts'
import type { Request } from '../request.ts'
import type { Invocation } from '../rules.ts'
import { sameRequests } from '../story.ts'

/**
 * The open request of somebody else for the same, as far as the person may know of it: a request tells that its object exists, so
 * they need some permission on every object; what is to be created does not exist yet (docs/SECURITY.md rule 22).
 */
export async function sameOfOthers(bot: Bot, person: Person, invocation: Invocation): Promise<Request | undefined> {
  const { name, command, input } = invocation
  const wanted = { id: '', team: person.team, operation: name, input: withoutSecrets(command, input), requester: person.id }
  const [same] = await sameRequests(bot, wanted)
  if (!same || same.sealed) return undefined
  const needed = requiredPermissions(command, input)
  if (needed.length === 0) return undefined
  const known = await Promise.all(
    needed.map(
      async ({ permission, object }) => permission === 'create' || (await effectivePermission(bot, person, object)).permission !== 'none',
    ),
  )
  return known.every(Boolean) ? same : undefined
}
