import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const slackId = z.string().regex(/^[UWSC][A-Z0-9]{2,}$/, 'must be a Slack id, such as U024BE7LH')

const policy = z.strictObject({
  identity: z
    .strictObject({
      /** Slack person → Quay account. Wins over e-mail, and is the only way to a superuser. */
      map: z.record(slackId, z.string()).default({}),
      email: z.union([z.boolean(), z.literal('unverified')]).default(true),
    })
    .prefault({}),
  /** Slack people and user groups who may run superuser operations, on top of Quay's own flag; absent: the flag decides. */
  superusers: z.array(slackId).optional(),
  /** Namespaces no operation may touch: at least the one that owns the bot's OAuth application (security.md rule 8). */
  protected: z.array(z.string()).default([]),
  archives: z.strictObject({ hosts: z.array(z.string()).default([]) }).prefault({}),
  default: z.enum(['run', 'ask', 'refuse']).default('run'),
  /** How many notifications in Quay one subscription to `acme/*` may make; absent: 500. */
  subscriptions: z.strictObject({ ceiling: z.int().positive() }).optional(),
})

export type Policy = z.output<typeof policy>

/** The policy of a file, or every problem with it at once, a line each. No file: everybody acts by their own rights. */
export function readPolicy(file: string | undefined): { policy: Policy } | { problems: string[] } {
  const { data, error } = policy.safeParse(file === undefined ? {} : (parse(readFileSync(file, 'utf8')) ?? {}))
  if (data) return { policy: data }
  return { problems: error.issues.map(({ path, message }) => `${file}: ${path.join('.') || 'the policy'}: ${message}`) }
}
