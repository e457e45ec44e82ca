export interface ImmutabilityPolicy {
  uuid: string
  tagPattern: string
  tagPatternMatches: boolean
}

export interface Notification {
  uuid: string
  title: string | null
  event: string
  method: string
  config: Record<string, unknown>
  eventConfig: Record<string, unknown>
  /** Three make Quay switch it off silently. */
  failures: number
  /** Tags whose expiry was told already. */
  told?: string[]
}

export interface PrunePolicy {
  uuid: string
  method: string
  value: number | string
  tagPattern?: string | null
  tagPatternMatches?: boolean
}

export type Role = 'read' | 'write' | 'admin'
