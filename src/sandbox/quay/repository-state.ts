import type { ImmutabilityPolicy, Notification, PrunePolicy, Role } from './repository-parts.ts'

// The part of the state that hangs below one repository.

/** A line of the tag history; the tag is alive while `end` is null or lies ahead. */
export interface Tag {
  name: string
  digest: string
  start: number
  end: number | null
  reversion: boolean
  immutable: boolean
}

export interface Label {
  id: string
  key: string
  value: string
  source: 'api' | 'manifest' | 'internal'
  mediaType: string
}

export interface Vulnerability {
  name: string
  severity: string
  description: string
  link: string
  fixedBy: string
}

export interface Feature {
  name: string
  version: string
  vulnerabilities: Vulnerability[]
}

export interface Manifest {
  digest: string
  size: number
  labels: Label[]
  /** Digests of the children when this is a manifest list. */
  children: string[]
  /** Null for images of the old schema 1. */
  configMediaType: string | null
  layers: { digest: string; size: number; command: string | null; created: number | null }[]
  /** `features` only once `scanned`; `broken`: the scanner itself answers nonsense. */
  scan: { status: 'queued' | 'scanned' | 'failed' | 'unsupported' | 'manifest_layer_too_large' | 'broken'; features?: Feature[] }
  pulls: number
  lastPull: number | null
  /** When the scanner is done with a freshly pushed image. */
  scanDue?: number
}

export type Phase =
  | 'waiting'
  | 'build-scheduled'
  | 'unpacking'
  | 'pulling'
  | 'building'
  | 'pushing'
  | 'complete'
  | 'error'
  | 'internalerror'
  | 'cancelled'
  | 'expired'
  | 'cannot_load'

export interface BuildLog {
  message: string
  type?: 'phase' | 'command' | 'error'
  data?: Record<string, unknown>
}

export interface Build {
  uuid: string
  phase: Phase
  /** When the present phase began; the clock moves the build on from here. */
  phaseSince: number
  started: number
  displayName: string
  tags: string[]
  dockerfilePath: string
  context: string
  manualUser: string | null
  pullRobot: string | null
  trigger: string | null
  triggerMetadata: Record<string, unknown>
  archiveUrl: string | null
  /** An uploaded archive instead of an address. */
  fileId: string | null
  error: { code: string; message: string } | null
  logs: BuildLog[]
  /** How often a builder broke down over it; the queue tries three times. */
  breakdowns?: number
  /** Whether the logs went to the storage: the API then only says where they are (docs/quay.md, Builds). */
  isArchived?: boolean
}

export interface Trigger {
  id: string
  service: string
  enabled: boolean
  /** False until `activate` was called. */
  active: boolean
  config: Record<string, unknown>
  buildSource: string | null
  repositoryUrl: string | null
  pullRobot: string | null
  disabledReason: string | null
}

export interface Mirror {
  enabled: boolean
  externalReference: string
  username: string | null
  password: string | null
  config: { verify_tls?: boolean; unsigned_images?: boolean; proxy?: Record<string, string | null> }
  syncStart: number
  /** Whether the date was set by the server, which then prints microseconds (docs/quay.md, Dates). */
  startWithMicroseconds: boolean
  syncInterval: number
  syncExpiration: number | null
  retriesRemaining: number
  status: 'NEVER_RUN' | 'SUCCESS' | 'FAIL' | 'CANCEL' | 'SYNCING' | 'SYNC_NOW'
  /** When the running sync began. */
  statusSince: number
  rule: string[]
  robot: string
  skopeoTimeout: number
  architectures: string[]
}

export interface Repository {
  id: number
  namespace: string
  name: string
  /** Null in old repositories. */
  description: string | null
  visibility: 'public' | 'private'
  state: 'NORMAL' | 'READ_ONLY' | 'MIRROR' | 'ORG_MIRROR'
  created: number
  statusToken: string
  /** By user or robot name. */
  userPermissions: Record<string, Role>
  teamPermissions: Record<string, Role>
  tags: Tag[]
  manifests: Manifest[]
  builds: Build[]
  triggers: Trigger[]
  notifications: Notification[]
  prunePolicies: PrunePolicy[]
  immutabilityPolicies: ImmutabilityPolicy[]
  authorizedEmails: { email: string; confirmed: boolean }[]
  mirror?: Mirror
  /** Pulls and pushes per day, `2026-11-23` → count: the statistics of GET repository. */
  activity: Record<string, number>
  pulls: number
  lastPull: number | null
}
