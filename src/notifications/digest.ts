import { and, eq, gte, inArray, lt, lte } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { aDay } from '../core/durations.ts'
import { attemptRow } from '../core/each-row.ts'
import type { Translate } from '../core/i18n.ts'
import type { Subscription } from '../db/event-tables.ts'
import { events, subscriptions } from '../db/schema.ts'
import { endOf } from '../quay/build-phase.ts'
import { withPriority } from '../quay/http.ts'
import { namespaceOf } from '../quay/names.ts'
import { bold, lines, message, rawMarkup } from '../slack/blocks.ts'
import { phaseOf } from './builds/state.ts'
import { enqueueCardUpdate } from './cards.ts'
import { nextDigest } from './digest-schedule.ts'
import type { Card, Rendered } from './event-kind.ts'
import { isMuted, wasMutedAt } from './mute.ts'
import { openVulnerabilities } from './open-vulnerabilities.ts'
import { checkOwners } from './owner-check.ts'
import { isWildcard } from './target.ts'
import { targetRepositories } from './webhook-reconcile.ts'

// Longer than storing an event takes: what is stored meanwhile belongs to the next digest, and to no other.
const settling = 15_000

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
      if (await checkOwners(bot, one)) await send(bot, one)
    })
  }
}

async function send(bot: Bot, subscription: Subscription) {
  const { id, channel, target, digest, digestDueAt, timeZone } = subscription
  if (digest === 'none' || !digestDueAt) return
  const digestedAt = new Date(bot.clock() - settling)
  const { facts, known } = await gather(bot, subscription, digestedAt)
  const next = new Date(nextDigest(bot.clock(), digest, timeZone))
  await bot.db.transaction(async (tx) => {
    // The same due time once, whatever the number of replicas.
    const isStillDue = and(eq(subscriptions.id, id), eq(subscriptions.digestDueAt, digestDueAt))
    const muted = isMuted(subscription, bot.clock())
    // What a muted channel did not hear of is new to it in the digest after.
    const change = { digestDueAt: next, ...(!muted && { known, digestedAt }) }
    const moved = await tx.update(subscriptions).set(change).where(isStillDue).returning({ id: subscriptions.id })
    if (moved.length === 0 || muted) return
    // Of a namespace it may tell of private repositories.
    const object = isWildcard(target) ? namespaceOf(target) : target
    await enqueueCardUpdate(bot, tx, {
      channel,
      subscription: id,
      object,
      subject: `digest ${id} ${digestDueAt.getTime()}`,
      data: { facts },
    })
  })
}

/** What happened since the last digest, however long ago that was, and which vulnerabilities are new, fixed and still open. */
async function gather(bot: Bot, subscription: Subscription, until: Date): Promise<{ facts: Facts; known: string[] }> {
  const { target, groups, known } = subscription
  const quay = withPriority(bot.quay, { class: 'background' })
  const repositories = await targetRepositories(quay, subscription)
  const since = countedUntil(subscription)
  const received = and(gte(events.receivedAt, new Date(since.getTime() - aDay)), lt(events.receivedAt, until))
  const found = await bot.db
    .select({ object: events.object, kind: events.kind, body: events.body, receivedAt: events.receivedAt })
    .from(events)
    .where(and(inArray(events.object, repositories.length > 0 ? repositories : [target]), received))
  const happened = found.filter(({ receivedAt }) => receivedAt >= since && !wasMutedAt(subscription, receivedAt.getTime()))
  // That a build has ended is told by a webhook and by polling, maybe on both sides of the last digest.
  const told = endsOf(found.filter(({ receivedAt }) => receivedAt < since))
  const ends = [...endsOf(happened)].flatMap(([build, end]) => (told.get(build) === end ? [] : [end]))
  const facts: Facts = {
    target,
    succeeded: ends.filter((end) => end === 'well').length,
    failed: ends.filter((end) => end === 'badly').length,
    pushes: happened.filter(({ kind }) => kind === 'repo_push').length,
  }
  if (!groups.includes('vulnerabilities')) return { facts, known }
  const open = await openVulnerabilities(quay, repositories, subscription)
  const [before, now] = [new Set(known), new Set(open)]
  const vulnerabilities = { fresh: [...now.difference(before)], fixed: before.difference(now).size, open: now.intersection(before).size }
  return { facts: { ...facts, vulnerabilities }, known: open }
}

/** Where the last digest ended; one from before this was written down ended a day, or a week, before the next is due. */
function countedUntil({ digestedAt, digestDueAt, digest, createdAt }: Subscription) {
  if (digestedAt) return digestedAt
  const due = digestDueAt ?? createdAt
  return new Date(Math.max(due.getTime() - (digest === 'weekly' ? 7 * aDay : aDay), createdAt.getTime()))
}

/** How each build has ended, which several events may tell: a later try counts more than an earlier one. */
function endsOf(happened: Pick<typeof events.$inferSelect, 'object' | 'kind' | 'body'>[]) {
  const ends = new Map<string, 'well' | 'badly'>()
  for (const { object, kind, body } of happened) {
    const end = endOf(phaseOf[kind] ?? String(kind === 'build_phase' ? body?.phase : ''))
    const build = `${object} ${body?.build_id}`
    if (end && ends.get(build) !== 'well') ends.set(build, end)
  }
  return ends
}

const shown = 10

export async function renderDigest(_: Bot, { data }: Card, t: Translate): Promise<Rendered> {
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
  const list = fresh.slice(0, shown).map((one) => t('• {vulnerability}', { vulnerability: rawMarkup(bold(one).markup) }))
  return fresh.length > shown ? [first, ...list, t('… and {count, number} more.', { count: fresh.length - shown })] : [first, ...list]
}
