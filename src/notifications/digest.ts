import { and, eq, gte, inArray, lt, lte, sql } from 'drizzle-orm'
import { type Bot, inBackground } from '../context.ts'
import { aDay } from '../core/durations.ts'
import { attemptRow } from '../core/each-row.ts'
import type { Translate } from '../core/i18n.ts'
import { isStopped } from '../core/timers.ts'
import type { Subscription } from '../db/event-tables.ts'
import { alone } from '../db/lease.ts'
import { events, subscriptions } from '../db/schema.ts'
import { endOf } from '../quay/build-phase.ts'
import { namespaceOf } from '../quay/names.ts'
import { bold, code, lines, message } from '../slack/blocks.ts'
import { phaseOf } from './builds/state.ts'
import { enqueueCardUpdate } from './cards.ts'
import { nextDigest } from './digest-schedule.ts'
import type { Card, Rendered } from './event-kind.ts'
import { isMuted, wasMutedAt } from './mute.ts'
import { type NamespaceLists, openLists, openVulnerabilities } from './open-vulnerabilities.ts'
import { checkOwners } from './owner-check.ts'
import { isWildcard } from './target.ts'

// Longer than storing an event takes. Events stored in the meantime belong to the next digest only.
const settling = 15_000

interface Facts {
  target: string
  succeeded: number
  failed: number
  pushes: number
  /** Undefined: the subscription does not include vulnerabilities. */
  vulnerabilities?: { fresh: string[]; fixed: number; open: number }
}

/**
 * The `digest` job: one message per due subscription, in the time zone of its subscriber, on one replica at a time. The digests
 * of a namespace share its lists and scans.
 */
export async function sendDigests(all: Bot): Promise<void> {
  const bot = inBackground(all, 'digest')
  await alone(bot, 'digests', async (signal) => {
    const isDue = and(eq(subscriptions.state, 'active'), lte(subscriptions.digestDueAt, new Date(bot.clock())))
    const due = await bot.db.select().from(subscriptions).where(isDue)
    for (const [namespace, own] of Map.groupBy(due, ({ target }) => namespaceOf(target))) {
      const lists = openLists(bot.quay, namespace)
      for (const one of own) {
        if (signal.aborted || isStopped(bot)) return
        await attemptRow(bot.log, { subscription: one.id }, async () => {
          if (await checkOwners(bot, one)) await send(bot, one, lists)
        })
      }
    }
  })
}

async function send(bot: Bot, subscription: Subscription, lists: NamespaceLists) {
  const { id, channel, target, digest, digestDueAt, timeZone } = subscription
  if (digest === 'none' || !digestDueAt) return
  const digestedAt = new Date(bot.clock() - settling)
  const { facts, known } = await gather(bot, subscription, digestedAt, lists)
  const next = new Date(nextDigest(bot.clock(), digest, timeZone))
  await bot.db.transaction(async (tx) => {
    // Once per due time, whatever the number of replicas.
    const isStillDue = and(eq(subscriptions.id, id), eq(subscriptions.digestDueAt, digestDueAt))
    const muted = isMuted(subscription, bot.clock())
    // A muted channel gets no digest; what it missed counts as new in the next one.
    const change = { digestDueAt: next, ...(!muted && { known, digestedAt }) }
    const moved = await tx.update(subscriptions).set(change).where(isStillDue).returning({ id: subscriptions.id })
    if (moved.length === 0 || muted) return
    // The digest of a namespace may name private repositories.
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

/** The events since the last digest, however old it is, and the new, fixed and open vulnerabilities. */
async function gather(
  bot: Bot,
  subscription: Subscription,
  until: Date,
  lists: NamespaceLists,
): Promise<{ facts: Facts; known: string[] }> {
  const { target, groups, known } = subscription
  const repositories = isWildcard(target) ? await lists.repositories() : [target]
  const since = countedUntil(subscription)
  const received = and(gte(events.receivedAt, new Date(since.getTime() - aDay)), lt(events.receivedAt, until))
  const found = await bot.db
    .select(happening)
    .from(events)
    .where(and(inArray(events.object, repositories.length > 0 ? repositories : [target]), received))
  const happened = found.filter(({ receivedAt }) => receivedAt >= since && !wasMutedAt(subscription, receivedAt.getTime()))
  // The end of a build arrives by webhook and by polling, possibly on both sides of the last digest.
  const told = endsOf(found.filter(({ receivedAt }) => receivedAt < since))
  const ends = [...endsOf(happened)].flatMap(([build, end]) => (told.get(build) === end ? [] : [end]))
  const facts: Facts = {
    target,
    succeeded: ends.filter((end) => end === 'well').length,
    failed: ends.filter((end) => end === 'badly').length,
    pushes: happened.filter(({ kind }) => kind === 'repo_push').length,
  }
  if (!groups.includes('vulnerabilities')) return { facts, known }
  const open = await openVulnerabilities(lists, repositories, subscription)
  const [before, now] = [new Set(known), new Set(open)]
  const vulnerabilities = { fresh: [...now.difference(before)], fixed: before.difference(now).size, open: now.intersection(before).size }
  return { facts: { ...facts, vulnerabilities }, known: open }
}

// Not whole bodies: a namespace may have many events in a week.
const happening = {
  object: events.object,
  kind: events.kind,
  build: sql<string | null>`${events.body} ->> 'build_id'`,
  phase: sql<string | null>`${events.body} ->> 'phase'`,
  receivedAt: events.receivedAt,
}

interface Happened {
  object: string
  kind: string
  build: string | null
  phase: string | null
}

/** The end of the last digest. If it was not stored, a day or a week before the next one. */
function countedUntil({ digestedAt, digestDueAt, digest, createdAt }: Subscription) {
  if (digestedAt) return digestedAt
  const due = digestDueAt ?? createdAt
  return new Date(Math.max(due.getTime() - (digest === 'weekly' ? 7 * aDay : aDay), createdAt.getTime()))
}

/** How each build ended, from possibly several events; a later try takes precedence. */
function endsOf(happened: Happened[]) {
  const ends = new Map<string, 'well' | 'badly'>()
  for (const { object, kind, build: id, phase } of happened) {
    const end = endOf(phaseOf[kind] ?? (kind === 'build_phase' ? (phase ?? '') : ''))
    const build = `${object} ${id}`
    if (end && ends.get(build) !== 'well') ends.set(build, end)
  }
  return ends
}

const shown = 10

/** The digest of a day or a week as it is posted. */
export async function renderDigest(_: Bot, { data }: Card, t: Translate): Promise<Rendered> {
  const { target, succeeded, failed, pushes, vulnerabilities } = data.facts as Facts // gather() wrote it
  const counts = t(
    '{succeeded, plural, =0 {No builds} one {# build} other {# builds}} succeeded, {failed, plural, =0 {none} other {#}} failed; {pushes, plural, =0 {no pushes} one {# push} other {# pushes}}.',
    { succeeded, failed, pushes },
  )
  return message(
    t(':newspaper: Digest of {target}', { target: bold(target) }),
    ...lines([counts, ...(vulnerabilities ? vulnerable(vulnerabilities, t) : [])]),
  )
}

/** One of open-vulnerabilities.ts: its name, the repository and the package. */
function vulnerabilityLine(known: string, t: Translate) {
  const [vulnerability = '', repository = '', ...rest] = known.split(' ')
  return t('• {vulnerability} in {repository}: {package}', {
    vulnerability: bold(vulnerability),
    repository: code(repository),
    package: code(rest.join(' ')),
  })
}

function vulnerable({ fresh, fixed, open }: NonNullable<Facts['vulnerabilities']>, t: Translate) {
  const first = t('Vulnerabilities: {fresh, number} new, {fixed, number} fixed, {open, number} still open.', {
    fresh: fresh.length,
    fixed,
    open,
  })
  const list = fresh.slice(0, shown).map((one) => vulnerabilityLine(one, t))
  return fresh.length > shown ? [first, ...list, t('… and {count, number} more.', { count: fresh.length - shown })] : [first, ...list]
}
