import { z } from 'zod'
import { policyTarget, repositoryName, shortName, tagName } from '../quay/names.ts'
import { granteeName } from '../quay/permissions.ts'
import { robotName } from '../quay/robots.ts'

// The fields that most inputs are made of: what they name, and their hint, are the same wherever they are asked for.

export const repositoryField = repositoryName.meta({ of: 'repository' }).describe('As namespace/name')

export const organizationField = shortName.meta({ of: 'namespace', title: 'Organisation' }).describe('The organisation')

/** An organisation, or what belongs to one person. */
export const namespaceField = shortName.meta({ of: 'namespace' }).describe('An organisation, or the name of an account')

/** Stands beside an `organization`. */
export const teamField = shortName.meta({ of: 'team', in: 'organization' }).describe('The team')

/** Stands beside a `repository`. */
export const tagField = tagName.meta({ of: 'tag', in: 'repository' }).describe('The tag')

export const accountField = shortName.meta({ of: 'user', title: 'Account' }).describe('The account, or @somebody')

export const robotField = robotName.meta({ of: 'robot' }).describe('As organisation+name: acme+ci')

export const granteeField = granteeName
  .meta({ of: 'user' })
  .describe('An account (bea or @bea), a team (team:developers) or a robot (acme+ci)')

/** What a policy of Quay's holds for. */
export const targetField = policyTarget.meta({ of: 'repository' }).describe('A repository, as namespace/name, or a whole organisation')

// What Quay gives an id to, and no name.
const id = z.string().trim().min(1).max(100)

export const buildField = id.describe('The id of the build')

export const triggerField = id.describe('The id of the trigger; `trigger list` shows it')

export const notificationField = id.describe('The id of the notification; `notification list` shows it')

/** A part of the usage logs; Quay's own is yesterday and today. */
export const dayFields = {
  from: z.iso.date().optional().describe('From this day on (UTC); yesterday when left out'),
  to: z.iso.date().optional().describe('Up to and with this day (UTC)'),
}

/** What of the usage logs somebody wants to see. */
export const logFields = {
  actor: z.string().max(255).optional().meta({ of: 'user' }).describe('Only what this account or robot did'),
  kind: z.string().max(100).optional().describe('Only this kind, in Quay’s word, such as push_repo'),
  ...dayFields,
}
