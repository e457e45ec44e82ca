import { z } from 'zod'
import { policyTarget, repositoryName, shortName, tagName } from '../quay/names.ts'
import { granteeName, repositoryRole } from '../quay/permissions.ts'
import { robotName } from '../quay/robots.ts'

// Fields that many inputs share, so that their kinds and hints are the same everywhere.

export const repositoryField = repositoryName.meta({ of: 'repository' }).describe('As namespace/name')

export const organizationField = shortName.meta({ of: 'namespace', title: 'Organisation' }).describe('The organisation')

/** An organisation, or what belongs to one person. */
export const namespaceField = shortName.meta({ of: 'namespace' }).describe('An organisation, or the name of an account')

/** Used together with `organization`. */
export const teamField = shortName.meta({ of: 'team', in: 'organization' }).describe('The team')

/** Used together with `repository`. */
export const tagField = tagName.meta({ of: 'tag', in: 'repository' }).describe('The tag')

export const accountField = shortName.meta({ of: 'user', title: 'Account' }).describe('The account, or @somebody')

export const robotField = robotName.meta({ of: 'robot' }).describe('As organisation+name: acme+ci')

export const granteeField = granteeName
  .meta({ of: 'user' })
  .describe('An account (bea or @bea), a team (team:developers) or a robot (acme+ci)')

export const roleField = repositoryRole
  .meta({ labels: { read: 'Read: pull', write: 'Write: push, pull and build', admin: 'Admin: everything, permissions too' } })
  .describe('What they may do')

/** The object that a policy of Quay's applies to. */
export const targetField = policyTarget.meta({ of: 'repository' }).describe('A repository, as namespace/name, or a whole organisation')

// For objects that Quay identifies by id instead of by name.
const id = z.string().trim().min(1).max(100)

export const buildField = id.meta({ identifies: 'build' }).describe('The id of the build')

export const triggerField = id.meta({ identifies: 'trigger' }).describe('The id of the trigger; `trigger list` shows it')

export const notificationField = id
  .meta({ identifies: 'notification' })
  .describe('The id of the notification; `notification list` shows it')

/** The period of the usage logs. Quay's own default is yesterday and today. */
export const dayFields = {
  from: z.iso.date().optional().meta({ time: 'past' }).describe('From this day on (UTC); yesterday when left out'),
  to: z.iso.date().optional().meta({ time: 'past' }).describe('Up to and with this day (UTC)'),
}

/** Filters of the usage logs. */
export const logFields = {
  actor: z.string().max(255).optional().meta({ of: 'user' }).describe('Only what this account or robot did'),
  kind: z.string().max(100).optional().describe('Only this kind, in Quay’s word, such as push_repo'),
  ...dayFields,
}
