import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { postSigned } from './http-delivery.ts'
import { type Fields, fieldsOf, textOf } from './json.ts'
import type { Slack } from './simulation.ts'
import { isConnected, sendEnvelope } from './socket.ts'
import { record } from './traffic.ts'

export type Kind = 'slash_commands' | 'interactive' | 'events_api'

/** The result of a delivery to the bot. */
export interface Delivery {
  ok: boolean
  ack_ms: number
  /** The payload of the acknowledgement; undefined if it has none. */
  ack: unknown
  error?: string
  /** Why the event will be sent again. */
  reason?: string
  final?: boolean
}

export interface Retry {
  attempt: number
  reason: string
}

/** Delivers a payload to the bot and waits for its acknowledgement, at most three seconds. */
export async function deliver(slack: Slack, kind: Kind, payload: Fields, retry?: Retry): Promise<Delivery> {
  if (slack.faults.latencyMs) await wait(slack.faults.latencyMs)
  if (slack.faults.duplicate) void attempt(slack, kind, payload, retry)
  return attempt(slack, kind, payload, retry)
}

async function attempt(slack: Slack, kind: Kind, payload: Fields, retry?: Retry): Promise<Delivery> {
  const started = performance.now()
  const { transport } = slack
  const outcome = await (transport.mode === 'http'
    ? byHttp(slack, transport.url, kind, payload, retry)
    : bySocket(slack, kind, payload, retry))
  const delivery = { ...outcome, ack_ms: Math.round(performance.now() - started) }
  record(slack, {
    direction: 'to bot',
    kind,
    name: nameOf(payload),
    transport: transport.mode,
    request: payload,
    answer: delivery.ack ?? null,
    ms: delivery.ack_ms,
    ...(delivery.error && { error: delivery.error }),
  })
  return delivery
}

function nameOf(payload: Fields) {
  return textOf(fieldsOf(payload.event).type) || textOf(payload.type) || textOf(payload.command)
}

type Outcome = Omit<Delivery, 'ack_ms'>

async function bySocket(slack: Slack, kind: Kind, payload: Fields, retry?: Retry): Promise<Outcome> {
  if (!isConnected(slack)) return { ok: false, ack: undefined, error: 'dispatch_failed', reason: 'connection_failed' }
  const frame = {
    envelope_id: randomUUID(),
    payload,
    type: kind,
    // The payload of a shortcut's acknowledgement is ignored (docs/slack.md §5).
    accepts_response_payload: kind !== 'events_api' && payload.type !== 'shortcut',
    ...(kind === 'events_api' && { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' }),
  }
  const heard = await sendEnvelope(slack, frame, slack.workspace.ackDeadline)
  if (!heard) return { ok: false, ack: undefined, error: 'operation_timeout', reason: 'timeout' }
  return { ok: true, ack: meant(heard.ack) }
}

// The SDK always sends a payload; an empty one means none (docs/slack.md §5).
function meant(ack: unknown) {
  return Object.keys(fieldsOf(ack)).length === 0 ? undefined : ack
}

async function byHttp(slack: Slack, url: string, kind: Kind, payload: Fields, retry?: Retry): Promise<Outcome> {
  const headers = retry && { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason }
  const heard = await postSigned(slack, url, kind, payload, headers)
  if (heard.reason === undefined && !slack.faults.dropAck) return { ok: true, ack: heard.body }
  const { reason = 'http_timeout', final } = heard
  return { ok: false, ack: undefined, error: errors[reason], reason, final }
}

// The text after `/quay failed with the error` (docs/slack.md §2).
const errors = { http_timeout: 'operation_timeout', connection_failed: 'dispatch_failed', http_error: 'http_service_error' }
