import { z } from 'zod'
import { isoOf } from './dates.ts'
import { call } from './http.ts'
import type { Quay } from './registry.ts'

/** A key by which a part of Quay, or a service beside it, proves itself. */
export interface ServiceKey {
  id: string
  name: string
  service: string
  /** ISO. */
  created: string | undefined
  /** Undefined: never. */
  expires: string | undefined
  /** When a superuser, or Quay itself, said yes to it; undefined: it is not in use yet. */
  approved: string | undefined
}

const key = z
  .object({
    kid: z.string(),
    name: z.string().nullish(),
    service: z.string(),
    created_date: z.string().nullish(),
    expiration_date: z.string().nullish(),
    approval: z.object({ approved_date: z.string().nullish() }).nullish(),
  })
  .transform(
    (read): ServiceKey => ({
      id: read.kid,
      name: read.name ?? '',
      service: read.service,
      created: isoOf(read.created_date),
      expires: isoOf(read.expiration_date),
      approved: isoOf(read.approval?.approved_date),
    }),
  )

/** All service keys, approved or not. Needs a superuser’s token. */
export async function listServiceKeys(quay: Quay): Promise<ServiceKey[]> {
  return (await call(quay, { method: 'GET', path: '/superuser/keys', response: z.object({ keys: z.array(key) }) })).keys
}
