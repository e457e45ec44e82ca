import { z } from 'zod'
import { storableValue } from '../../core/foreign-text.ts'
import type { Slack } from '../../slack/clients.ts'

/** The person for whom Slackbot calls, as Slack names them inside the signed body (docs/slack.md §23). */
export interface Caller {
  user: string
}

/** A message of the protocol that may be answered. Only a call of a tool has a caller. */
export interface Asked {
  message: object
  caller: Caller | undefined
}

/** A message for which there is nothing here. Without an `id` it is a notification, which nobody answers. */
export interface NotOffered {
  id: string | number | undefined
  /** Of the protocol since 2026-07-28, in which each message names its version. */
  isModern: boolean
}

// Whatever else the protocol has is not offered. In the first era a client begins with `initialize`, later with `server/discover`.
const methods = new Set([
  'initialize',
  'notifications/initialized',
  'notifications/cancelled',
  'ping',
  'server/discover',
  'tools/list',
  'tools/call',
])

const version = 'io.modelcontextprotocol/protocolVersion'

const rpc = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string().max(200), z.number()]).optional(),
  method: z.string().max(200),
  params: z.looseObject({ _meta: z.looseObject({ slack: z.unknown().optional() }).optional() }).optional(),
})

const identity = z.object({
  user_id: z.string().regex(/^[UW][A-Z0-9]{2,30}$/),
  // On an Enterprise Grid it may be null, and then nothing says whose workspace it is.
  team_id: z.string().regex(/^T[A-Z0-9]{2,30}$/),
  enterprise_id: z
    .string()
    .regex(/^E[A-Z0-9]{2,30}$/)
    .nullish(),
})

/**
 * Reads a verified body: one message of the protocol, never a batch, for a person of this workspace. Returns the status to refuse
 * it with: 400 for what is no such message, 403 for a call without a person, and for another workspace or none.
 */
export function readAsked(body: string, slack: Pick<Slack, 'team' | 'enterprise'>): Asked | NotOffered | 400 | 403 {
  const message = parsed(body)
  const { data } = rpc.safeParse(message)
  if (!data || Array.isArray(message)) return 400
  const claimed = data.params?._meta?.slack
  const isCall = data.method === 'tools/call'
  if (isCall && data.id === undefined) return 400
  const { data: who } = identity.safeParse(claimed)
  // Discovery names nobody.
  if (claimed === undefined ? isCall : !who || !isOurs(who, slack)) return 403
  if (!methods.has(data.method)) return { id: data.id, isModern: data.params?._meta?.[version] !== undefined }
  return { message: data, caller: isCall && who ? { user: who.user_id } : undefined }
}

function isOurs({ team_id: team, enterprise_id: enterprise }: z.output<typeof identity>, slack: Pick<Slack, 'team' | 'enterprise'>) {
  return slack.enterprise === undefined ? team === slack.team : enterprise === slack.enterprise
}

/** Without what PostgreSQL does not store, and without keys that reach a prototype. */
function parsed(body: string): unknown {
  try {
    return storableValue(JSON.parse(body))
  } catch {
    return undefined
  }
}
