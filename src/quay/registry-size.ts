import { z } from 'zod'
import { call, done } from './http.ts'
import type { Quay } from './registry.ts'

export interface RegistrySize {
  bytes: number
  /** ISO: when it was counted; undefined: never, and `bytes` says nothing. */
  counted: string | undefined
  state: 'idle' | 'queued' | 'running'
}

const size = z
  .object({
    size_bytes: z.number().nullish(),
    last_ran: z.number().nullish(),
    queued: z.boolean().nullish(),
    running: z.boolean().nullish(),
  })
  .transform(
    (read): RegistrySize => ({
      bytes: read.size_bytes ?? 0,
      // Milliseconds, unlike every other number of Quay's.
      counted: read.last_ran ? new Date(read.last_ran).toISOString() : undefined,
      state: read.running ? 'running' : read.queued ? 'queued' : 'idle',
    }),
  )

const path = '/superuser/registrysize/'

/** The size in bytes and when it was counted. Needs a superuser’s token. */
export function readRegistrySize(quay: Quay): Promise<RegistrySize> {
  return call(quay, { method: 'GET', path, response: size })
}

/** Lets Quay count anew, when it gets round to it; once more is harmless. */
export async function countRegistrySize(quay: Quay): Promise<void> {
  await call(quay, { method: 'POST', path, assume: undefined, response: done })
}
