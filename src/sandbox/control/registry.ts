import { z } from 'zod'
import type { QuaySettings } from '../quay/settings.ts'

/** POST /_control/quay/registry: `QuaySettings` (sandbox/quay/settings.ts) describes the settings; `clean_up` runs the garbage collector. */
export const registrySettings = z
  .strictObject({
    release: z.string(),
    full_access: z.boolean(),
    scopes: z.array(z.string()),
    admin_of: z.union([z.literal('all'), z.array(z.string())]),
    features: z.record(z.string(), z.boolean()),
    logs_in: z.enum(['database', 'splunk', 'splunk without search']),
    redis_answers: z.boolean(),
    call_limit: z.strictObject({ rate: z.number().positive(), burst: z.number().nonnegative() }).nullable(),
    clean_up: z.boolean(),
  })
  .partial()

export function settingsFrom(given: z.output<typeof registrySettings>): QuaySettings {
  const { release, full_access, scopes, admin_of, features, logs_in, redis_answers, call_limit } = given
  return {
    ...{ release, fullAccess: full_access, scopes, adminOf: admin_of, features, logsIn: logs_in, redisAnswers: redis_answers },
    ...(call_limit !== undefined && { callLimit: call_limit ?? undefined }),
  }
}
