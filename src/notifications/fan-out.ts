import { and, asc, eq, getTableColumns, gt, isNull } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { aDay } from '../core/durations.ts'
import { attemptRow } from '../core/each-row.ts'
import { Failure } from '../core/failure.ts'
import type { Db } from '../db/database.ts'
import type { Subscription } from '../db/event-tables.ts'
import { builds, cards, events, subscriptions } from '../db/schema.ts'
import { brokeCard, changeOf } from './builds/broke-or-fixed.ts'
import { keepFollowing } from './builds/poll.ts'
import { enqueueCardUpdate, enqueueSubjectUpdate } from './cards.ts'
import type { Event, Kind, Subject } from './event-kind.ts'
import { kindOf } from './event-kinds.ts'
import { enqueueHomeRefresh } from './home-refresh.ts'
import { isMuted } from './mute.ts'
import { checkOwners } from './owner-check.ts'
import { subscriptionsOf, wants } from './subscriptions.ts'

const atOnce = 50

/** The `fan-out` job: turns every unprocessed event into cards in the subscribed channels. Rows decide, not jobs. */
export async function fanOut(bot: Bot): Promise<void> {
  let failed: Failure | undefined
  for (let after = 0; ; ) {
    const waiting = await nextEvents(bot, after)
    if (waiting.length === 0) break
    for (const one of waiting) failed = (await passOn(bot, one)) ?? failed
    after = waiting.at(-1)?.id ?? after
  }
  // The other events are processed; the queue retries these.
  if (failed) throw failed
}

function nextEvents({ db }: Bot, after: number) {
  return db
    .select()
    .from(events)
    .where(and(isNull(events.fannedAt), gt(events.id, after)))
    .orderBy(asc(events.id))
    .limit(atOnce)
}

/** An event stays unprocessed while Quay does not answer. A bug loses one event, but not those behind it. */
async function passOn(bot: Bot, event: Event): Promise<Failure | undefined> {
  try {
    await passOnTo(bot, event)
  } catch (error) {
    if (error instanceof Failure && error.code === 'unavailable' && bot.clock() - event.receivedAt.getTime() < aDay) return error
    bot.log.error({ err: error, event: event.id }, 'could not process an event')
    await attemptRow(bot.log, { event: event.id }, () => settled(bot, bot.db, event, undefined))
  }
  return undefined
}

async function passOnTo(bot: Bot, event: Event) {
  const kind = kindOf(event.kind)
  const { body } = event
  const subjects = kind && body ? await kind.subjects(bot, { ...event, body }) : []
  const planned = kind ? await plan(bot, kind, event, subjects) : []
  await bot.db.transaction(async (tx) => {
    for (const one of planned) await enqueueCardUpdate(bot, tx, one)
    for (const subject of subjects) {
      await enqueueSubjectUpdate(bot, tx, subject.subject)
      if (kind?.group === 'builds') await afterBuild(bot, tx, event.object, subject)
    }
    await settled(bot, tx, event, subjects[0]?.subject)
  })
}

/** An event that arrived again during processing is processed once more. */
async function settled({ clock }: Bot, tx: Db, { id, repeats, subject }: Event, found: string | undefined) {
  await tx
    .update(events)
    .set({ fannedAt: new Date(clock()), subject: found ?? subject })
    .where(and(eq(events.id, id), eq(events.repeats, repeats)))
}

type Planned = Parameters<typeof enqueueCardUpdate>[2]

/** The cards that subscriptions need. All calls to Quay and Slack happen here, before the transaction. */
async function plan(bot: Bot, kind: Kind, { object }: Event, subjects: Subject[]): Promise<Planned[]> {
  if (subjects.length === 0) return []
  const planned: Planned[] = []
  for (const subscription of await subscriptionsOf(bot, object, kind.group)) {
    const own: Planned[] = []
    // An error with one subscription affects no other. If Quay does not answer, the whole event is retried.
    const done = await attemptRow(
      bot.log,
      { subscription: subscription.id },
      async () => {
        const wanted = subjects.filter((subject) => wants(bot, subscription, subject))
        if (wanted.length === 0 || !(await checkOwners(bot, subscription))) return
        for (const subject of wanted) own.push(...(await cardFor(bot, kind, object, subscription, subject)))
      },
      isUnavailable,
    )
    if (done) planned.push(...own)
  }
  return planned
}

function isUnavailable(error: unknown) {
  return error instanceof Failure && error.code === 'unavailable'
}

async function cardFor(bot: Bot, kind: Kind, object: string, subscription: Subscription, subject: Subject): Promise<Planned[]> {
  const { channel, id, severity } = subscription
  const card = { channel, object, subscription: id, subject: subject.subject, data: { ...subject.data, severity } }
  if (kind.group !== 'builds' || subscription.only === 'all') return [card]
  const change = await changeOf(bot, object, subject)
  if (change === undefined) return []
  if (change !== 'still broken') return [{ ...card, data: { ...card.data, change } }]
  const broke = await brokeCard(bot, channel, object, subject)
  // In the thread of the build that broke it; if that has no card, it gets its own.
  return [broke ? { ...card, subject: failureOf(subject.subject), parent: broke, data: { change } } : { ...card, data: { change } }]
}

function failureOf(build: string) {
  return build.replace(/^build /, 'failure ')
}

/** Follows a build with a card to its end. A failed one gets the lines of the failed step, once per thread. */
async function afterBuild(bot: Bot, tx: Db, repository: string, { subject, ended }: Subject) {
  const [row] = await tx
    .select({ starter: builds.starter })
    .from(builds)
    .where(and(eq(builds.repository, repository), eq(builds.build, subject.split(' ')[2] ?? '')))
  if (row?.starter) await enqueueHomeRefresh(bot, tx, { people: [row.starter] })
  const there = await tx
    .select({ ...getTableColumns(cards), state: subscriptions.state, mutedUntil: subscriptions.mutedUntil })
    .from(cards)
    .leftJoin(subscriptions, eq(subscriptions.id, cards.subscription))
    .where(eq(cards.subject, subject))
  if (there.length > 0) await keepFollowing(bot, tx, repository, subject.split(' ')[2] ?? '')
  if (ended !== 'badly') return
  for (const { id, channel, object, subscription, data, state, mutedUntil } of there) {
    // An existing card is always edited; a new one is posted only for an active subscription or the person who started the build.
    if (!data.started && (state !== 'active' || isMuted({ mutedUntil }, bot.clock()))) continue
    const failure = { channel, object: object ?? undefined, subscription: subscription ?? undefined, subject: failureOf(subject) }
    await enqueueCardUpdate(bot, tx, { ...failure, parent: id, data: { started: data.started ?? false } })
  }
}
