import type { CallLimit } from './nginx.ts'
import type { ImmutabilityPolicy, Notification, PrunePolicy, Role } from './repository-parts.ts'
import type { Repository } from './repository-state.ts'

// The whole state of the simulated Quay: plain data that tests and the control API may read and change directly.
// Times are milliseconds since the epoch, on the simulator's clock.

export type TeamRole = 'member' | 'creator' | 'admin'

export interface Quota {
  id: number
  limitBytes: number
  limits: { id: number; type: 'Warning' | 'Reject'; percent: number }[]
}

export interface Delivery {
  notification: string
  /** `acme/api`, or `acme` for its quota. */
  object: string
  /** `build_start`; a body names no event (docs/quay.md, Webhook delivery). */
  event: string
  body: Record<string, unknown>
  due: number
  triesLeft: number
}

/** What users and organisations share; in Quay they are rows of one table. */
export interface Namespace {
  id: number
  name: string
  email: string | null
  enabled: boolean
  created: number
  /** In seconds. */
  tagExpiration: number
  invoiceEmail: boolean
  invoiceEmailAddress: string | null
  quotas: Quota[]
  prunePolicies: PrunePolicy[]
  immutabilityPolicies: ImmutabilityPolicy[]
  notifications: Notification[]
  /** The percentages of the quota's limits that were told of. */
  quotaTold?: number[]
}

export interface User extends Namespace {
  verified: boolean
  superuser: boolean
  globalReader: boolean
  password: string | null
  givenName: string | null
  familyName: string | null
  company: string | null
  location: string | null
  starred: string[]
  inbox: { uuid: string; kind: string; metadata: Record<string, unknown>; created: number; dismissed: boolean }[]
  appTokens: AppToken[]
}

export interface AppToken {
  uuid: string
  title: string
  token: string
  created: number
  lastAccessed: number | null
  expiration: number | null
}

export interface Team {
  id: number
  name: string
  role: TeamRole
  description: string
  /** User names and robot names; a robot may be of another organisation (docs/quay.md, Per area). */
  members: string[]
  /** Addresses, and names of accounts, that were invited and did not answer yet. */
  invited?: string[]
  sync?: { service: string; config: Record<string, unknown>; lastUpdated: number | null }
}

export interface Prototype {
  id: string
  role: Role
  activatingUser: string | null
  delegate: { kind: 'user' | 'team'; name: string }
}

export interface Application {
  clientId: string
  clientSecret: string
  name: string
  description: string
  applicationUri: string
  redirectUri: string
  avatarEmail: string | null
}

export interface ProxyCache {
  upstreamRegistry: string
  username: string | null
  password: string | null
  expiration: number
  insecure: boolean
}

export interface Organization extends Namespace {
  teams: Team[]
  prototypes: Prototype[]
  applications: Application[]
  proxyCache?: ProxyCache
  mirror?: Record<string, unknown>
}

export interface Robot {
  id: number
  /** `acme+ci` */
  name: string
  namespace: string
  token: string
  description: string
  metadata: Record<string, unknown>
  created: number
  lastAccessed: number | null
  federation: { issuer: string; subject: string }[]
}

export interface Token {
  id: number
  uuid: string
  token: string
  account: string
  scopes: string[]
  application: { clientId: string; name: string }
  /** Only of tokens that the API made. */
  title?: string
  created: number
  expires: number
  revoked: boolean
}

export interface UsageLog {
  kind: string
  metadata: Record<string, unknown>
  ip: string | null
  at: number
  performer: string | null
  /** Null only for what belongs to no namespace, such as a global message. */
  namespace: string | null
  /** `acme/api` */
  repository: string | null
}

export interface Message {
  uuid: string
  content: string
  severity: string
  mediaType: string
}

export interface ServiceKey {
  kid: string
  service: string
  name: string | null
  metadata: Record<string, unknown>
  jwk: Record<string, unknown>
  created: number
  expires: number | null
  rotation: number | null
  approval: { at: number; approver: string; notes: string } | null
}

export interface Registry {
  /** `3.12`, `3.12.4` or `newest`: releases.ts says what differs. */
  release: string
  /** Names without FEATURE_. Switching one off takes its routes away: GET 404, other methods 405, both HTML. */
  features: Record<string, boolean>
  superusersFullAccess: boolean
  authenticationType: 'Database' | 'LDAP'
  state: 'normal' | 'readonly'
  /** A real Quay refuses notification addresses on its own host; the sandbox and tests live on one. */
  allowLoopbackWebhooks: boolean
  /** Groups of the directory behind 'LDAP', by their name relative to the base. */
  ldapGroups: string[]
  /** People of that directory who have no account yet. */
  ldapPeople: { username: string; email: string }[]
  users: User[]
  organizations: Organization[]
  robots: Robot[]
  repositories: Repository[]
  tokens: Token[]
  logs: UsageLog[]
  messages: Message[]
  serviceKeys: ServiceKey[]
  registrySize: { bytes: number; lastRan: number | null; queuedAt: number | null }
  /** Names that Quay's garbage collector has not freed yet: a deleted user's or organisation's is taken for a while. */
  deletedNames: string[]
  /** Rows of deleted repositories, each under a uuid: robots and permissions go on listing them until the clean-up (docs/quay.md, Answers that mislead). */
  deletedRepositories: Repository[]
  /** How often the garbage collector comes, in milliseconds, and when it came last; null: only when `cleanUp` is called. */
  cleanUp: { every: number | null; last: number }
  /** Where usage logs are kept. Splunk has none to show; with its search away Quay answers with an empty page that says so. */
  logsIn: 'database' | 'splunk' | 'splunk without search'
  /** Whether Redis answers, where the state of running builds is. */
  redisAnswers: boolean
  /** What nginx in front of it lets through; undefined: everything, as with FEATURE_RATE_LIMITS off. */
  callLimit?: CallLimit | undefined
  /** What the registries outside hold, by reference; `latest` alone where nothing is said. Mirrors bring what their rule asks of it. */
  upstreams: Record<string, string[]>
  /** Upper bound of builds waiting at once; beyond it Quay answers 429 without Retry-After. */
  buildQueueLimit: number
  /** Ids that `POST /filedrop/` gave out. */
  uploads: string[]
  nextId: number
  /** Notifications on their way; a failed one is tried again later. */
  deliveries: Delivery[]
  /** Tells the notifications of a repository about an event, with the part of the body that belongs to the event. */
  announce: (repository: string, event: string, data: Record<string, unknown>) => void
  /** As `podman push` does: makes or moves the tag, writes the log and tells the repository's notifications. */
  pushTag: (repository: string, tag: string, performer?: string) => void
}
