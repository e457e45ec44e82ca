import type { Sentence } from '../core/i18n.ts'
import { discover } from './facts.ts'
import { listOrganizations } from './organizations.ts'
import type { Capabilities, Quay } from './registry.ts'
import { boundsOf, releaseSentence } from './release.ts'
import { type View, viewOf } from './sight.ts'

/** What this registry gives the bot, for who sets it up: plain values, which slack/views/set-up.ts words. */
export interface SetUp {
  registry: string
  release: Sentence
  /** Undefined: the token does not say whose it is. */
  account: string | undefined
  /** FEATURE_SUPERUSERS_FULL_ACCESS. */
  fullAccess: boolean
  /** Whether full access would show everything: since 3.16. Undefined: the release does not show. */
  fullAccessSuffices: boolean | undefined
  view: View
  readOnly: boolean
  userAdmin: boolean | undefined
  /** Whether org:admin and the like count; undefined where the account is in no organization. */
  scoped: boolean | undefined
  /** Whether repo:admin counts in those that it is an admin of; undefined where it is not one of any. */
  repositories: boolean | undefined
  administered: number
  total: number | undefined
  /** Organizations that the bot is not an admin of, without those that it keeps its hands off: the first ones. `more`: there are others. */
  others: string[]
  more: boolean
  /** Whether teams are synchronized only where the bot is an admin: before 3.17.4. */
  syncForAdmins: boolean
  lacking: Lack[]
  /** What Quay did not answer just now. */
  unread: boolean
}

/** What this registry does not have: flags are off (none: Quay does not say which), or it came with a later release, `3.since`. */
export type Lack = { part: Part } & ({ flags: string[] } | { since: number })

export type Part =
  | 'builds'
  | 'mirrors'
  | 'prune'
  | 'prune-repository'
  | 'prune-pattern'
  | 'immutability'
  | 'quotas'
  | 'quota-events'
  | 'proxy-caches'
  | 'scans'
  | 'team-sync'
  | 'expiry-events'

interface Family {
  part: Part
  has: (facts: Capabilities) => boolean
  flags: string[]
  /** The first minor release, if not all that are supported have it. */
  since?: number
  /** What is said of the whole is not said again of its part. */
  within?: (facts: Capabilities) => boolean
}

const offers =
  (method: string, path: string) =>
  ({ offers }: Capabilities) =>
    offers(path, method)
const prunes = offers('POST', '/organization/{orgname}/autoprunepolicy/')
const prunesRepositories = offers('POST', '/repository/{repository}/autoprunepolicy/')
const counts = offers('GET', '/organization/{orgname}/quota')

// Since when there are they: docs/quay.md, Releases §1b.
const families: readonly Family[] = [
  { part: 'builds', has: offers('POST', '/repository/{repository}/build/'), flags: ['BUILD_SUPPORT'] },
  { part: 'mirrors', has: offers('POST', '/repository/{repository}/mirror'), flags: ['REPO_MIRROR'] },
  { part: 'prune', has: prunes, flags: ['AUTO_PRUNE'], since: 10 },
  { part: 'prune-repository', has: prunesRepositories, flags: [], since: 11, within: prunes },
  {
    part: 'prune-pattern',
    has: ({ accepts }) => accepts('/organization/{orgname}/autoprunepolicy/', 'POST', 'tagPattern') !== false,
    ...{ flags: [], since: 13, within: prunes },
  },
  {
    part: 'immutability',
    has: offers('POST', '/repository/{repository}/immutabilitypolicy/'),
    ...{ flags: ['IMMUTABLE_TAGS'], since: 17 },
  },
  { part: 'quotas', has: counts, flags: ['QUOTA_MANAGEMENT', 'EDIT_QUOTA'] },
  {
    part: 'quota-events',
    has: (facts) => offers('POST', '/organization/{orgname}/notifications')(facts) && facts.features.QUOTA_NOTIFICATIONS === true,
    ...{ flags: ['QUOTA_NOTIFICATIONS'], since: 18, within: counts },
  },
  { part: 'proxy-caches', has: offers('POST', '/organization/{orgname}/proxycache'), flags: ['PROXY_CACHE'] },
  { part: 'scans', has: offers('GET', '/repository/{repository}/manifest/{manifestref}/security'), flags: ['SECURITY_SCANNER'] },
  { part: 'team-sync', has: offers('POST', '/organization/{orgname}/team/{teamname}/syncing'), flags: ['TEAM_SYNCING'] },
  { part: 'expiry-events', has: ({ features }) => features.IMAGE_EXPIRY_TRIGGER === true, flags: ['IMAGE_EXPIRY_TRIGGER'], since: 13 },
]

const othersNamed = 10
const listed = 100

/**
 * Asks the registry about itself again. `kept`: organizations that the bot leaves alone. Throws `unavailable` or `denied` where Quay
 * does not list organizations; for other questions see `unread`.
 */
export async function readSetUp(quay: Quay, kept: string[]): Promise<SetUp> {
  const { capabilities: facts } = await discover(quay)
  const { account, organizations, version, superusersFullAccess } = facts
  const { view } = viewOf(quay)
  const { administered = [], total, scoped, repositories } = organizations ?? {}
  const { first, last } = boundsOf(facts)
  const isPartial = view === 'administered' || view === 'no-repositories' || view === 'no-roles' || view === 'superuser-commands'
  const others = isPartial ? await listOthers(quay, [...administered, ...kept]) : []
  return {
    registry: quay.url,
    release: releaseSentence(facts),
    account,
    fullAccess: superusersFullAccess,
    fullAccessSuffices: first >= 16 ? true : last < 16 ? false : undefined,
    view,
    readOnly: facts.readOnly ?? false,
    userAdmin: facts.userAdmin,
    scoped,
    repositories,
    administered: administered.length,
    total,
    others: others.slice(0, othersNamed),
    more: others.length > othersNamed || (others.length > 0 && (total ?? 0) > listed),
    syncForAdmins: facts.features.TEAM_SYNCING === true && view === 'all' && isBeforeShortCut(version) && administered.length !== total,
    lacking: facts.unread.includes('configuration') || facts.unread.includes('document') ? [] : lackingIn(facts, last),
    unread: facts.unread.length > 0,
  }
}

async function listOthers(quay: Quay, left: string[]) {
  const { organizations } = await listOrganizations(quay, { limit: listed })
  return organizations.map(({ name }) => name).filter((name) => !left.includes(name))
}

/** Superusers synchronize teams of others since 3.17.4. */
function isBeforeShortCut(version = '') {
  const [, minor, patch] = /\bv?3\.(\d+)\.(\d+)/.exec(version) ?? []
  return minor !== undefined && (Number(minor) < 17 || (Number(minor) === 17 && Number(patch) < 4))
}

/** An old release may repeat flags that it does not know, so that its release comes first (docs/quay.md, Releases §3). */
function lackingIn(facts: Capabilities, last: number): Lack[] {
  return families
    .filter(({ has, within }) => !has(facts) && (within?.(facts) ?? true))
    .map(({ part, flags, since = 0 }) =>
      since > last ? { part, since } : { part, flags: flags.filter((flag) => facts.features[flag] !== true) },
    )
}
