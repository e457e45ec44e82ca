import { z } from 'zod'
import type { QuayFaults } from '../quay/wire.ts'
import type { SlackFaults } from '../slack/simulation.ts'

const status = z.int().min(200).max(599)
const latencyMs = z.number().min(0).max(60_000)
const times = z.int().min(0)
const method = z.string()

/** Faults of the simulated Slack; `SlackFaults` (sandbox/slack/simulation.ts) describes each. */
export const slackFaults: z.ZodType<SlackFaults> = z
  .strictObject({
    rateLimit: z
      .strictObject({ method, channel: z.string(), retryAfter: z.number().min(0).max(3_600), times })
      .partial({ method: true, channel: true, times: true }),
    status,
    cutAnswer: z.strictObject({ method, times }).partial(),
    failing: z.array(
      z
        .strictObject({
          method,
          channel: z.string(),
          error: z.string(),
          retryAfter: z.number().min(0).max(3_600),
          skip: times,
          after: method,
          times,
        })
        .partial()
        .required({ error: true }),
    ),
    dropAck: z.boolean(),
    duplicate: z.boolean(),
    hold: z.boolean(),
    disconnect: z.union([z.boolean(), z.enum(['warning', 'refresh_requested', 'link_disabled'])]),
    archived: z.array(z.string()),
    latencyMs,
    blocks: z.enum(['today', 'older', 'refusing', 'refusing-without-reason']),
  })
  .partial()

/** Faults of the simulated Quay: `QuayFaults` (sandbox/quay/api.ts). */
export const quayFaults: z.ZodType<QuayFaults> = z.strictObject({ latencyMs, status, cut: z.boolean(), match: z.string(), times }).partial()
