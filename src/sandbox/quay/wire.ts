export interface Exchange {
  at: number
  method: string
  path: string
  account: string | undefined
  status: number | 'cut'
  body?: unknown
  answer?: unknown
}

export interface QuayFaults {
  latencyMs?: number
  status?: number
  /** The effect happens, the answer never arrives. */
  cut?: boolean
  /** Only calls whose "METHOD path" contains this. */
  match?: string
  /** How often; for ever when absent. */
  times?: number
}
