import { z } from 'zod'
import { policyTarget, repositoryName, shortName, tagName } from '../quay/names.ts'
import { granteeName, repositoryRole } from '../quay/permissions.ts'
import { robotName } from '../quay/robots.ts'

// Fields that many inputs share, so that their kinds and hints are the same everywhere.

export const repositoryField = repositoryName.meta({ title: 'Repository', of: 'repository' }).describe('namespace/name, e.g. acme/web')

export const organizationField = shortName.meta({ of: 'namespace', title: 'Organization' }).describe('Name of the organization, e.g. acme')

/** An organisation, or what belongs to one person. */
export const namespaceField = shortName.meta({ title: 'Namespace', of: 'namespace' }).describe('An organization or a user’s namespace')

/** Used together with `organization`. */
export const teamField = shortName.meta({ title: 'Team', of: 'team', in: 'organization' }).describe('Name of the team, e.g. developers')

/** Used together with `repository`. */
export const tagField = tagName.meta({ title: 'Tag', of: 'tag', in: 'repository' }).describe('Name of the tag, e.g. v1.2')

export const accountField = shortName.meta({ of: 'user', title: 'User' }).describe('Quay user, or @someone')

export const robotField = robotName.meta({ title: 'Robot account', of: 'robot' }).describe('organization+name, e.g. acme+ci')

export const granteeField = granteeName
  .meta({ title: 'User, team or robot account', of: 'user' })
  .describe('User (bea or @bea), team (team:developers) or robot account (acme+ci)')

export const roleField = repositoryRole
  .meta({
    title: 'Permission',
    labels: { read: 'Read: pull', write: 'Write: push, pull and build', admin: 'Admin: full access, including permissions' },
  })
  .describe('Permission to grant')

/** The object that a policy of Quay's applies to. */
export const targetField = policyTarget
  .meta({ title: 'Repository or organization', of: 'repository' })
  .describe('A repository (namespace/name) or a whole organization')

// For objects that Quay identifies by id instead of by name.
const id = z.string().trim().min(1).max(100)

export const buildField = id.meta({ title: 'Build ID', identifies: 'build' }).describe('Build ID, as shown by `build list`')

export const triggerField = id.meta({ title: 'Trigger ID', identifies: 'trigger' }).describe('Trigger ID, as shown by `trigger list`')

export const notificationField = id
  .meta({ title: 'Notification ID', identifies: 'notification' })
  .describe('Notification ID, as shown by `notification list`')

/** The period of the usage logs. Quay's own default is yesterday and today. */
export const dayFields = {
  from: z.iso.date().optional().meta({ title: 'From', time: 'past' }).describe('From this day on (UTC, default: yesterday)'),
  to: z.iso.date().optional().meta({ title: 'Through', time: 'past' }).describe('Through this day (UTC)'),
}

/** Filters of the usage logs. */
export const logFields = {
  actor: z
    .string()
    .max(255)
    .optional()
    .meta({ title: 'User or robot account', of: 'user' })
    .describe('Only actions of this user or robot account'),
  kind: z.string().max(100).optional().meta({ title: 'Event type' }).describe('Only this event type, by Quay’s name, such as push_repo'),
  ...dayFields,
}
