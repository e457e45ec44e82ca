import { z } from 'zod'
import type { Bot } from '../context.ts'
import type { Translate } from '../core/i18n.ts'
import type { cards, events } from '../db/schema.ts'
import type { Message } from '../slack/blocks.ts'

export type Event = typeof events.$inferSelect
export type Card = typeof cards.$inferSelect

/** The groups of events that people subscribe to. */
export const groups = ['builds', 'pushes', 'vulnerabilities', 'mirrors', 'expiry', 'quota'] as const
export type Group = (typeof groups)[number]

/** The most severe first. */
export const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const
export type Severity = (typeof severities)[number]

/** The subject of a card, which one or more events concern. */
export interface Subject {
  /** `build acme/web 7f3e…`: the first word selects the kind that renders it. */
  subject: string
  /** Milliseconds; events before the subscription are not announced. */
  at: number
  tags: string[]
  severity?: Severity
  /** Data that rendering needs and cannot read again. */
  data?: Record<string, unknown>
  /** For an ended build, how it ended. */
  ended?: 'well' | 'badly'
}

/** Thrown when Slack or Quay does not answer, so that the card is rendered again later. */
export type Rendered = Message | 'nothing'

/** One kind of events: the schema of its bodies, its subjects, and the rendering of its cards. */
export interface Kind {
  group: Group
  /** Quay's names of the events. */
  events: readonly string[]
  /** The parts of the body that are read; everything else is dropped. */
  schema: z.ZodType<Record<string, unknown>>
  /** The idempotency key of an event; absent: the same body within half a minute is the same event. */
  key?(body: Record<string, unknown>): string | undefined
  /** Whether it is the example event that Quay sends for a test. */
  isExample(body: Record<string, unknown>): boolean
  /** The subjects of the event, with present data from Quay. */
  subjects(bot: Bot, event: Event & { body: Record<string, unknown> }): Promise<Subject[]>
  /** The first word of its subjects. */
  word: string
  render(bot: Bot, card: Card, t: Translate): Promise<Rendered>
}

/** This function exists only so that types are inferred from the schema. */
export function kind<Schema extends z.ZodObject>(
  declared: Omit<Kind, 'schema' | 'key' | 'isExample' | 'subjects'> & {
    schema: Schema
    key?(body: z.output<Schema>): string | undefined
    isExample(body: z.output<Schema>): boolean
    subjects(bot: Bot, event: Event & { body: z.output<Schema> }): Promise<Subject[]>
  },
): Kind {
  return declared as unknown as Kind // its bodies are read by its own schema, in event-kinds.ts
}

// Text in payloads is untrusted: it is clipped before it is stored, and escaped when it is rendered (docs/SECURITY.md rule 18).
export const short = z.string().transform((value) => [...value.replaceAll(/\p{Cc}/gu, ' ')].slice(0, 300).join(''))

/** The names in a body; anything that is not a name is dropped. */
export const tagNames = z
  .array(z.unknown())
  .catch([])
  .transform((all) => all.filter((one) => typeof one === 'string' && /^[\w][\w.-]{0,127}$/.test(one)).slice(0, 20) as string[]) // the filter keeps only strings

/** Maps Quay's severity (`High`) to ours. */
export function severityOf(word: string | undefined): Severity {
  return severities.find((one) => one === word?.toLowerCase()) ?? 'unknown'
}

/** Whether a severity is at least as high as `wanted`. */
export function isAtLeast(severity: Severity, wanted: string) {
  return severities.indexOf(severity) <= severities.indexOf(severityOf(wanted))
}
