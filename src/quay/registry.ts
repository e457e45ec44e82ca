import type { Dispatcher } from 'undici'
import type { Credential } from '../core/credential.ts'
import type { Network } from '../core/network.ts'
import type { Purpose, RateLimiter } from './budget.ts'
import type { Memo } from './memo.ts'
import type { Limits } from './retry.ts'

/** A registry, and on whose behalf it is asked. Copies made by `purposed` and `dryRun` share all but their own field. */
export interface Quay {
  /** Its origin: nothing else is ever given the token. */
  url: string
  token: Credential
  network: Network
  dispatcher: Dispatcher
  rateLimiter: RateLimiter
  purpose: Purpose
  /** Present: a dry run. GETs are sent; every other call is written down here, and answers what it assumes. */
  dryRunCalls?: DryRunCall[]
  /** What this execution has read; absent where every read is sent. */
  memo?: Memo
  /** Whole lists that the other pages of a list were made of. */
  lists?: Memo
  /** Found out at start (facts.ts), and again from time to time. */
  capabilities: Capabilities
  /** False after Quay refused QUAY_TOKEN, until it takes it again: readiness reads this. */
  tokenAccepted: { value: boolean }
  /** Where Quay redirected a call to, which is another origin: then QUAY_URL is wrong. */
  redirected: { to: string | undefined }
  /** When a call was last answered by anything but an outage, by `performance.now()`. */
  answered: { at: number }
  limits: Limits
  /** Told of every attempt, for metrics. */
  observe?: (call: { method: string; template: string; status: number | 'failed'; seconds: number }) => void
  /** Told of every call that changed something in Quay, or may have. */
  changed?: (change: Change) => void
}

/** A changing call. Its body may hold credentials. */
export interface Change {
  method: string
  template: string
  params: Partial<Record<string, string>>
  body: object | undefined
  /** False: its answer was lost. */
  sure: boolean
}

/** A call that a dry run did not make; credentials are cut from its body. */
export interface DryRunCall {
  method: string
  path: string
  body?: object
}

/** What the bot found out about the registry. Whatever could not be read has the value that allows less. */
export interface Capabilities {
  /** The token's own account; undefined when the token may not say (it lacks user:read). */
  account?: string
  /** Whether the token has the scope user:admin, without which it creates no organization; undefined where it may not say. */
  userAdmin?: boolean
  /** `Quay v3.16.5`, as Quay has it since 3.16; undefined before, and where it is not said. */
  version?: string | undefined
  /** The organizations that the bot's account is in, those that Quay takes it for an admin of, and how many there are in all. */
  organizations?: {
    joined: string[]
    administered: string[]
    total: number | undefined
    /** Whether the token has the scopes with which being in them counts; undefined where it is in none. */
    scoped: boolean | undefined
    /** Whether the token may act in the repositories of those that it administers (repo:admin); undefined where there is none. */
    repositories: boolean | undefined
  }
  /** Whether Quay shows the bot the roles of teams where it is in none; undefined while nothing tells. */
  showsRoles?: boolean
  /** Whether a superuser may act in everybody's namespace (Quay's SUPERUSERS_FULL_ACCESS). */
  superusersFullAccess: boolean
  /** Whether the registry as a whole takes no changes (REGISTRY_STATE). */
  readOnly?: boolean
  /** Quay's flags without FEATURE_: MAILING, RESTRICTED_USERS and so on. */
  features: Record<string, boolean>
  /** Where accounts come from: Database, LDAP, OIDC, Keystone, JWT, AppToken; `unknown` when unread. */
  authentication: string
  /** Seconds that deleted tags can be kept for, as Quay words them: `2w`. */
  tagExpirations: string[]
  /** Whether the registry has this call. Says yes while its API document is unread: then Quay itself refuses. */
  offers(template: string, method: string): boolean
  /**
   * Whether the call takes this field in its body. Old releases ignore what they do not know and answer 201, so a field is sent
   * only where the API document has it. Undefined: the document is unread, or does not say.
   */
  accepts(template: string, method: string, field: string): boolean | undefined
  /** What is still to be asked: `relearn` asks for it. */
  unread: string[]
}

// Flags that decide what somebody may do (docs/SECURITY.md rule 3), as they would be in the registry that allows least.
export const strictest: Record<string, boolean> = {
  MAILING: false,
  NONSUPERUSER_TEAM_SYNCING_SETUP: false,
  READER_BUILD_LOGS: false,
  RESTRICTED_USERS: true,
  SUPERUSERS_ORG_CREATION_ONLY: true,
  USER_LOG_ACCESS: false,
}

/** What the registry is asked about itself; facts.ts knows how. */
export const questionNames = ['account', 'fullAccess', 'configuration', 'document', 'sight'] as const

/** Before anything was asked. */
export function nothingKnown(): Capabilities {
  return {
    superusersFullAccess: false,
    features: strictest,
    authentication: 'unknown',
    tagExpirations: [],
    offers: () => true,
    accepts: () => undefined,
    unread: [...questionNames],
  }
}
