import { repositoryName, shortName } from './quay/names.ts'
import { granteeName } from './quay/permissions.ts'
import { robotName } from './quay/robots.ts'

// The fields that most inputs are made of: what they name, and their hint, are the same wherever they are asked for.

export const repositoryField = repositoryName.meta({ of: 'repository' }).describe('As namespace/name')

export const organizationField = shortName.meta({ of: 'namespace', title: 'Organisation' }).describe('The organisation')

/** An organisation, or what belongs to one person. */
export const namespaceField = shortName.meta({ of: 'namespace' }).describe('An organisation, or the name of an account')

/** Stands beside an `organization`. */
export const teamField = shortName.meta({ of: 'team', in: 'organization' }).describe('The team')

export const accountField = shortName.meta({ of: 'user', title: 'Account' }).describe('The account, or @somebody')

export const robotField = robotName.meta({ of: 'robot' }).describe('As organisation+name: acme+ci')

export const granteeField = granteeName
  .meta({ of: 'user' })
  .describe('An account (bea or @bea), a team (team:developers) or a robot (acme+ci)')
