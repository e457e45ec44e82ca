import { and, count, inArray, isNull, min, ne, sql } from 'drizzle-orm'
import { Gauge } from 'prom-client'
import { openStates } from '../approvals/request.ts'
import type { Bot } from '../context.ts'
import type { Metrics } from '../core/metrics.ts'
import { audit, cards, directoryLists, events, hooks, requests, subscriptions } from '../db/schema.ts'
import { filled } from './measure.ts'

type Keeper = Pick<Bot, 'db' | 'clock'>

/** Backlogs in the database, counted at each scrape. While the database is down these gauges are empty; the other metrics remain. */
export function measureWaiting(metrics: Metrics, keeper: Keeper) {
  measureRequests(metrics, keeper)
  measureEvents(metrics, keeper)
  measureSubscriptions(metrics, keeper)
  const { db, clock } = keeper
  gauge(metrics, { name: 'quaymaster_audit_unsealed', help: 'Entries of the audit log that are not signed yet.' }, () =>
    db.$count(audit, isNull(audit.position)),
  )
  new Gauge({
    name: 'quaymaster_directory_age_seconds',
    help: 'Age of the list of users and of organizations that newcomers and suggestions are found in, in seconds.',
    labelNames: ['list'] as const,
    registers: [metrics.registry],
    collect() {
      return filled(this, async () => {
        const rows = await db
          .select()
          .from(directoryLists)
          .where(inArray(directoryLists.list, ['users', 'organizations']))
        for (const { list, asOf } of rows) if (asOf) this.set({ list }, age(clock(), asOf))
      })
    },
  })
}

function measureRequests({ registry }: Metrics, { db }: Keeper) {
  new Gauge({
    name: 'quaymaster_requests',
    help: 'Open approval requests, by state. Requests in state unknown must be resolved by a person.',
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      return filled(this, async () => {
        const rows = await db
          .select({ state: requests.state, number: count() })
          .from(requests)
          .where(inArray(requests.state, openStates))
          .groupBy(requests.state)
        for (const state of openStates) this.set({ state }, rows.find((row) => row.state === state)?.number ?? 0)
      })
    },
  })
}

/** From Quay's event to the card in the channel. */
function measureEvents(metrics: Metrics, { db, clock }: Keeper) {
  const toFanOut = isNull(events.fannedAt)
  const toPublish = and(sql`${cards.wanted} > ${cards.drawn}`, ne(cards.state, 'gone'))
  gauge(metrics, { name: 'quaymaster_events_waiting', help: 'Events from Quay that are stored but not yet processed into cards.' }, () =>
    db.$count(events, toFanOut),
  )
  gauge(
    metrics,
    { name: 'quaymaster_events_oldest_seconds', help: 'Age of the oldest event that is not processed yet, in seconds; 0: none.' },
    async () => {
      const [row] = await db
        .select({ at: min(events.receivedAt) })
        .from(events)
        .where(toFanOut)
      return age(clock(), row?.at)
    },
  )
  gauge(metrics, { name: 'quaymaster_cards_waiting', help: 'Messages about events that are not posted or updated in Slack yet.' }, () =>
    db.$count(cards, toPublish),
  )
  gauge(
    metrics,
    { name: 'quaymaster_cards_oldest_seconds', help: 'How long the oldest of these messages has waited, in seconds; 0: none.' },
    async () => {
      // An old card waits only since the event that it is to show.
      const news = sql`(select max(${events.receivedAt}) from ${events} where ${events.subject} = ${cards.subject})`
      const [row] = await db
        .select({ at: min(sql<Date>`greatest(${cards.createdAt}, ${news})`).mapWith(cards.createdAt) })
        .from(cards)
        .where(toPublish)
      return age(clock(), row?.at)
    },
  )
}

function measureSubscriptions({ registry }: Metrics, { db }: Keeper) {
  const registers = [registry]
  new Gauge({
    name: 'quaymaster_subscriptions',
    help: 'Subscriptions of channels, by state: active, or paused because their owner lost the permission.',
    labelNames: ['state'] as const,
    registers,
    collect() {
      return filled(this, async () => {
        const rows = await db
          .select({ state: subscriptions.state, number: count() })
          .from(subscriptions)
          .where(ne(subscriptions.state, 'ended'))
          .groupBy(subscriptions.state)
        for (const state of ['active', 'paused'] as const) this.set({ state }, rows.find((row) => row.state === state)?.number ?? 0)
      })
    },
  })
  const problems = { 'switched off': 'disabled', gone: 'missing' } as const
  new Gauge({
    name: 'quaymaster_webhooks_broken',
    help: 'Notifications in Quay that Quay has disabled or no longer has, and that are not repaired yet.',
    labelNames: ['problem'] as const,
    registers,
    collect() {
      return filled(this, async () => {
        const found = await db
          .select({ problem: hooks.problem, number: count() })
          .from(hooks)
          .where(sql`${hooks.problem} is not null`)
          .groupBy(hooks.problem)
        for (const [problem, label] of Object.entries(problems))
          this.set({ problem: label }, found.find((row) => row.problem === problem)?.number ?? 0)
      })
    },
  })
}

/** A gauge without labels, whose value is read at each scrape. */
function gauge({ registry }: Metrics, about: { name: string; help: string }, read: () => Promise<number>) {
  new Gauge({
    ...about,
    registers: [registry],
    collect() {
      return filled(this, async () => this.set(await read()))
    },
  })
}

function age(now: number, since: Date | null | undefined) {
  return since ? Math.max(0, now - since.getTime()) / 1_000 : 0
}
