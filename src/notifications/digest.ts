import { and, eq, gte, inArray, lte } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { aDay } from '../core/durations.ts'
import { attemptRow } from '../core/each-row.ts'
import type { Translate } from '../core/i18n.ts'
import { events, subscriptions } from '../db/schema.ts'
import { purposed } from '../quay/http.ts'
import { namespaceOf } from '../quay/names.ts'
import { bold, drawn, lines, message } from '../slack/blocks.ts'
import { wantCard } from './cards.ts'
import { nextDigest } from './digest-schedule.ts'
import type { Card, Drawn } from './event-kind.ts'
import { isMuted } from './mute.ts'
import { openVulnerabilities } from './open-vulnerabilities.ts'
import { stillEntitled } from './owner-check.ts'
import type { Subscription } from './subscriptions.ts'
import { isWildcard } from './target.ts'
import { targetRepositories } from './webhook-reconcile.ts'

interface Facts {
  target: string
  succeeded: number
  failed: number
  pushes: number
  /** Undefined: the subscription has no vulnerabilities in it. */
  vulnerabilities?: { fresh: string[]; fixed: number; open: number }
}

/** The `digest` job: one message for each subscription whose morning has come, in its subscriber's time zone. */
export async function sendDigests(bot: Bot): Promise<void> {
  const isDue = and(eq(subscriptions.state, 'active'), lte(subscriptions.digestDueAt, new Date(bot.clock())))
  for (const one of await bot.db.select().from(subscriptions).where(isDue)) {
    await attemptRow(bot.log, { subscription: one.id }, async () => {
      if (await stillEntitled(bot, one)) await send(bot, one)
    })
  }
}

async function send(bot: Bot, subscription: Subscription) {
  const { id, channel, target, digest, digestDueAt, timeZone } = subscription
  if (digest === 'none' || !digestDueAt) return
  const { facts, known } = await gather(bot, subscription)
  const next = new Date(nextDigest(bot.clock(), digest, timeZone))
  await bot.db.transaction(async (tx) => {
    // The same due time once, whatever the number of replicas.
    const isStillDue = and(eq(subscriptions.id, id), eq(subscriptions.digestDueAt, digestDueAt))
    const muted = isMuted(subscription, bot.clock())
    // What a muted channel did not hear of is new to it in the digest after.
    const change = { digestDueAt: next, ...(!muted && { known }) }
    const moved = await tx.update(subscriptions).set(change).where(isStillDue).returning({ id: subscriptions.id })
    if (moved.length === 0 || muted) return
    // Of a namespace it may tell of private repositories.
    const object = isWildcard(target) ? namespaceOf(target) : target
    await wantCard(bot, tx, { channel, subscription: id, object, subject: `digest ${id} ${digestDueAt.getTime()}`, data: { facts } })
  })
}

/** What happened since the last digest, and which vulnerabilities are new, fixed and still open. */
async function gather(bot: Bot, subscription: Subscription): Promise<{ facts: Facts; known: string[] }> {
  const { target, groups, digest, known } = subscription
  const quay = purposed(bot.quay, { class: 'background' })
  const repositories = await targetRepositories(quay, subscription)
  const since = new Date(bot.clock() - (digest === 'weekly' ? 7 * aDay : aDay))
  const happened = await bot.db
    .select({ kind: events.kind, subject: events.subject, body: events.body })
    .from(events)
    .where(and(inArray(events.object, repositories.length > 0 ? repositories : [target]), gte(events.receivedAt, since)))
  const ended = (phases: string[]) =>
    new Set(
      happened
        .filter(({ kind, body }) => phases.includes(kind) || (kind === 'build_phase' && phases.includes(String(body?.phase))))
        .map(({ subject }) => subject),
    ).size
  const facts: Facts = {
    target,
    succeeded: ended(['build_success', 'complete']),
    failed: ended(['build_failure', 'error', 'internalerror']),
    pushes: happened.filter(({ kind }) => kind === 'repo_push').length,
  }
  if (!groups.includes('vulnerabilities')) return { facts, known }
  const open = await openVulnerabilities(quay, repositories, subscription)
  const [before, now] = [new Set(known), new Set(open)]
  const vulnerabilities = { fresh: [...now.difference(before)], fixed: before.difference(now).size, open: now.intersection(before).size }
  return { facts: { ...facts, vulnerabilities }, known: open }
}

const shown = 10

export async function drawDigest(_: Bot, { data }: Card, t: Translate): Promise<Drawn> {
  const { target, succeeded, failed, pushes, vulnerabilities } = data.facts as Facts // gather() wrote it
  const counts = t(
    '{succeeded, plural, =0 {No build} one {# build} other {# builds}} succeeded, {failed, plural, =0 {none} other {#}} failed; {pushes, plural, =0 {no push} one {# push} other {# pushes}}.',
    { succeeded, failed, pushes },
  )
  return message(
    t(':newspaper: Digest of {target}', { target: bold(target) }),
    ...lines([counts, ...(vulnerabilities ? vulnerable(vulnerabilities, t) : [])]),
  )
}

function vulnerable({ fresh, fixed, open }: NonNullable<Facts['vulnerabilities']>, t: Translate) {
  const first = t('Vulnerabilities: {fresh, number} new, {fixed, number} fixed, {open, number} still open.', {
    fresh: fresh.length,
    fixed,
    open,
  })
  const list = fresh.slice(0, shown).map((one) => t('• {vulnerability}', { vulnerability: drawn(bold(one).markup) }))
  return fresh.length > shown ? [first, ...list, t('… and {count, number} more.', { count: fresh.length - shown })] : [first, ...list]
}
