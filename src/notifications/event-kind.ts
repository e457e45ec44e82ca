import { z } from 'zod'
import type { Bot } from '../context.ts'
import type { Translate } from '../core/i18n.ts'
import type { cards, events } from '../db/schema.ts'
import type { Message } from '../slack/blocks.ts'

export type Event = typeof events.$inferSelect
export type Card = typeof cards.$inferSelect

/** What people subscribe to. */
export const groups = ['builds', 'pushes', 'vulnerabilities', 'mirrors', 'expiry', 'quota'] as const
export type Group = (typeof groups)[number]

/** The worst first. */
export const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const
export type Severity = (typeof severities)[number]

/** Something in a channel that one or more events are about. */
export interface Subject {
  /** `build acme/web 7f3e…`: its first word says which kind draws it. */
  subject: string
  /** Milliseconds: what happened before somebody subscribed is not told. */
  at: number
  tags: string[]
  severity?: Severity
  /** What the drawing needs and cannot read again. */
  data?: Record<string, unknown>
  /** Of a build that has ended, and how. */
  ended?: 'well' | 'badly'
}

/** Said when Slack or Quay cannot be asked now: the card is drawn again later. */
export type Rendered = Message | 'nothing'

/** One kind of events: what its bodies look like, which cards they belong to, and how such a card looks. */
export interface Kind {
  group: Group
  /** Quay's names of the events. */
  events: readonly string[]
  /** What of the body is read; everything else in it is dropped. */
  schema: z.ZodType<Record<string, unknown>>
  /** What makes an event itself; absent: the same body within half a minute is the same event. */
  key?(body: Record<string, unknown>): string | undefined
  /** Whether it is the example that Quay sends when somebody tests the notification. */
  isExample(body: Record<string, unknown>): boolean
  /** Which cards the event belongs to, as Quay has it now. */
  subjects(bot: Bot, event: Event & { body: Record<string, unknown> }): Promise<Subject[]>
  /** The first word of its subjects. */
  word: string
  render(bot: Bot, card: Card, t: Translate): Promise<Rendered>
}

/** Only here so that the schema is written once. */
export function kind<Schema extends z.ZodObject>(
  declared: Omit<Kind, 'schema' | 'key' | 'isExample' | 'subjects'> & {
    schema: Schema
    key?(body: z.output<Schema>): string | undefined
    isExample(body: z.output<Schema>): boolean
    subjects(bot: Bot, event: Event & { body: z.output<Schema> }): Promise<Subject[]>
  },
): Kind {
  return declared as unknown as Kind // its bodies are read by its own schema, in kinds.ts
}

// Payload text is untrusted: it is cut before it is stored, and escaped where it is drawn (docs/SECURITY.md rule 18).
export const short = z.string().transform((value) => [...value.replaceAll(/\p{Cc}/gu, ' ')].slice(0, 300).join(''))

/** The names in a body; whatever is no name is dropped. */
export const tagNames = z
  .array(z.unknown())
  .catch([])
  .transform((all) => all.filter((one) => typeof one === 'string' && /^[\w][\w.-]{0,127}$/.test(one)).slice(0, 20) as string[])

/** Quay's word for a severity (`High`) as ours. */
export function severityOf(word: string | undefined): Severity {
  return severities.find((one) => one === word?.toLowerCase()) ?? 'unknown'
}

/** Whether it is at least as bad as asked for. */
export function isAtLeast(severity: Severity, wanted: string) {
  return severities.indexOf(severity) <= severities.indexOf(severityOf(wanted))
}
