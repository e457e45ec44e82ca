import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import type { Quay } from './registry.ts'
import { boundsOf } from './release.ts'

// What Quay keeps from the bot is not nothing (docs/quay.md, Releases §2): whoever depends on it fails closed, with one of these
// sentences. Each names what is the cause, and who can end it.

/** What an organization’s own answer says of how much of it the bot sees. */
type Seen<Team = unknown> = { isAdmin: boolean; teams: Team[] | undefined }

/** By cause: the flag of the registry, its release, or the token's scopes. */
const sentences = {
  token:
    'Quaymaster can’t see who has which role in {namespace}: QUAY_TOKEN is not a superuser’s token. An operator must renew it with the scope super:user, as a superuser.',
  scopes:
    'Quaymaster can’t see who has which role in {namespace}: its user {account} is in a team there, but QUAY_TOKEN lacks the scopes org:admin, repo:admin and repo:create. An operator must renew it with these scopes.',
  flag: 'Quaymaster can’t see who has which role in {namespace}: FEATURE_SUPERUSERS_FULL_ACCESS is off in this registry. If QUAY_TOKEN has the scopes org:admin, repo:admin and repo:create, an admin of {namespace} can add {account} to a team with the role admin.',
  person:
    'Quaymaster can’t see what is in {namespace}: FEATURE_SUPERUSERS_FULL_ACCESS is off in this registry, so Quay shows a user’s namespace only to that user. An operator of Quay can turn it on.',
  release:
    'Quay before 3.16 does not show Quaymaster who has which role in {namespace}. If QUAY_TOKEN has the scopes org:admin, repo:admin and repo:create, an admin of {namespace} can add {account} to a team with the role admin.',
}
type Cause = keyof typeof sentences

/** Denied: Quay does not show the bot what decides about the namespace. `organization`: as it was read; undefined, a user's namespace. */
export function hidden(quay: Quay, namespace: string, organization: Seen | undefined, cause?: unknown): Failure {
  return new Failure('denied', sentences[causeOf(quay, namespace, organization)], { namespace, account: accountOf(quay) }, { cause })
}

/** The teams of the organization. Denied: Quay keeps them from the bot, so that nothing can be said of any. */
export function teamsOf<Team>(quay: Quay, organization: Seen<Team> & { name: string }): Team[] {
  if (!organization.teams) throw hidden(quay, organization.name, organization)
  return organization.teams
}

function causeOf({ capabilities }: Quay, namespace: string, organization: Seen | undefined): Cause {
  const { superusersFullAccess, features, organizations } = capabilities
  if (superusersFullAccess) return 'release'
  if (features.SUPERUSERS_FULL_ACCESS) return 'token'
  if (!organization) return 'person'
  return organizations?.joined.includes(namespace) && !organization.teams ? 'scopes' : 'flag'
}

/** How a sentence names the bot's own user. */
export function accountOf({ capabilities }: Quay) {
  return capabilities.account ?? 'QUAY_TOKEN’s user'
}

/** Why the bot does not see everything in a namespace; undefined: it does. `organization` as it was read. */
export function blindSpot(quay: Quay, namespace: string, organization: Seen | undefined): Failure | undefined {
  const sees = quay.capabilities.superusersFullAccess ? !organization || organization.teams !== undefined : organization?.isAdmin
  return sees ? undefined : hidden(quay, namespace, organization)
}

/**
 * Refuses where the token cannot act for the account in an organization that it is an admin of: what is created there could not be
 * handed over to anybody. Throws `conflict`.
 */
export function checkMayHandOver({ capabilities }: Quay, organization: string) {
  if (capabilities.superusersFullAccess || capabilities.organizations?.scoped !== false) return
  throw new Failure(
    'conflict',
    'Quaymaster could not make you an owner of {organization}: FEATURE_SUPERUSERS_FULL_ACCESS is off in this registry, and QUAY_TOKEN lacks the scope org:admin. An operator must renew it with the scopes org:admin, repo:admin and repo:create.',
    { organization },
  )
}

/** Throws `denied` where FEATURE_NONSUPERUSER_TEAM_SYNCING_SETUP is off and the account is no superuser's. */
export function checkMaySync({ capabilities }: Quay, account: { superuser: boolean } | undefined) {
  if (!capabilities.features.NONSUPERUSER_TEAM_SYNCING_SETUP && !account?.superuser)
    throw new Failure('denied', 'In this registry only *superusers* can sync teams.')
}

/** Denied: superusers synchronize teams only since 3.17.4; before, and where the token is no superuser's, admins of the organization do. */
export function syncForAdmins(quay: Quay, cause?: unknown) {
  return new Failure(
    'denied',
    'Quay before 3.17.4 syncs a team only for admins of its organization. If QUAY_TOKEN has the scope org:admin, an admin can add {account} to a team with the role admin.',
    { account: accountOf(quay) },
    { cause },
  )
}

const refusals = {
  release:
    'Quay before 3.12 can refuse this to a superuser who is not an admin here. In an organization, an admin can add {account} to a team with the role admin, if QUAY_TOKEN has the scopes org:admin, repo:admin and repo:create. In a user’s own namespace only a newer Quay helps.',
  repositories:
    'Quay refuses this to Quaymaster: {account} is an admin of {namespace}, but QUAY_TOKEN lacks the scope repo:admin. An operator must renew it with the scopes org:admin, repo:admin and repo:create.',
  scopes:
    'Quay refuses this to Quaymaster: {account} is in a team of {namespace}, but QUAY_TOKEN lacks the scopes org:admin, repo:admin and repo:create. An operator must renew it with these scopes.',
  flag: 'Quay refuses this to Quaymaster: FEATURE_SUPERUSERS_FULL_ACCESS is off in this registry, and {account} is not an admin here. In an organization, an admin can add {account} to a team with the role admin, if QUAY_TOKEN has the scopes org:admin, repo:admin and repo:create. In a user’s own namespace only that flag helps.',
}

/** A call as its template has it, with what fills it in. */
type Asked = { path: string; params?: Record<string, string> | undefined }

/** What a refusal of a superuser's token means on this call; undefined: it is about the token's scopes. */
export function refusalHere(quay: Quay, asked: Asked, cause: unknown): Failure | undefined {
  const { superusersFullAccess } = quay.capabilities
  if (superusersFullAccess && asked.path.endsWith('/syncing')) return syncForAdmins(quay, cause)
  const why = refusalCause(quay, asked)
  if (why === undefined) return undefined
  const values: Record<string, string> = { account: accountOf(quay) }
  if (why === 'repositories' || why === 'scopes') values.namespace = namespaceIn(asked) ?? ''
  return new Failure('denied', refusals[why], values, { cause })
}

function refusalCause({ capabilities }: Quay, asked: Asked): keyof typeof refusals | undefined {
  if (asked.path.startsWith('/superuser/') || capabilities.unread.includes('fullAccess')) return undefined
  if (capabilities.superusersFullAccess) return boundsOf(capabilities).first < 12 ? 'release' : undefined
  if (capabilities.features.SUPERUSERS_FULL_ACCESS) return undefined
  const namespace = namespaceIn(asked)
  const { joined = [], administered = [], scoped } = capabilities.organizations ?? {}
  if (namespace === undefined || !joined.includes(namespace)) return 'flag'
  if (administered.includes(namespace)) return asked.path.startsWith('/repository/') ? 'repositories' : 'flag'
  return scoped === false ? 'scopes' : 'flag'
}

function namespaceIn({ params = {} }: Asked) {
  return params.orgname ?? params.repository?.split('/')[0]
}

/** How much of the registry the bot sees. */
export type View = 'all' | 'administered' | 'no-repositories' | 'no-roles' | 'superuser-commands' | 'no-superuser' | 'unknown'

const views: Record<View, string> = {
  all: 'Quaymaster sees all organizations.',
  administered:
    'Quaymaster can see only the organizations that {account} is an admin of: {count}{known, select, yes { of {total}} other {}}. FEATURE_SUPERUSERS_FULL_ACCESS is off, so commands for other namespaces are refused. An admin of another organization can add {account} to a team with the role admin.',
  'no-repositories':
    'Quaymaster can’t see the permissions in repositories: QUAY_TOKEN lacks the scope repo:admin. An operator must renew it with the scopes org:admin, repo:admin and repo:create.',
  'no-roles':
    'Quaymaster can’t see who has which role in a team: Quay before 3.16 shows it only to admins. {account} is an admin of {count}{known, select, yes { of {total}} other {}} organizations. If QUAY_TOKEN has the scopes org:admin, repo:admin and repo:create, an admin of another organization can add {account} to a team with the role admin.',
  'superuser-commands':
    'Only superuser commands work: FEATURE_SUPERUSERS_FULL_ACCESS is off, and {account} is not an admin of any organization with the scopes of QUAY_TOKEN. Give QUAY_TOKEN the scopes org:admin, repo:admin and repo:create, and add {account} to a team with the role admin in each organization that Quaymaster serves.',
  'no-superuser':
    'QUAY_TOKEN is not a superuser’s token, so Quaymaster can’t see permissions. An operator must renew it with the scope super:user, as a superuser.',
  unknown: 'Quaymaster has not yet determined what it can see in Quay.',
}

/** For `status`, the log and readiness: how much the bot sees, in words that an operator can act on. */
export function viewOf(quay: Quay): { view: View; sentence: Sentence } {
  const { organizations } = quay.capabilities
  const view = stateOf(quay)
  const { administered = [], total } = organizations ?? {}
  const values = { account: accountOf(quay), count: administered.length, known: total === undefined ? 'no' : 'yes', total: total ?? 0 }
  return {
    view,
    sentence: { message: views[view], values: ['all', 'unknown', 'no-superuser', 'no-repositories'].includes(view) ? {} : values },
  }
}

function stateOf({ capabilities }: Quay): View {
  const { superusersFullAccess, showsRoles, features, organizations, unread } = capabilities
  if (unread.includes('fullAccess')) return 'unknown'
  const { administered = [], total } = organizations ?? {}
  if (superusersFullAccess) return showsRoles === false && administered.length !== total ? 'no-roles' : 'all'
  if (features.SUPERUSERS_FULL_ACCESS) return 'no-superuser'
  if (administered.length === 0) return 'superuser-commands'
  return organizations?.repositories === false ? 'no-repositories' : 'administered'
}
