import { and, asc, eq, max } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { entryOf } from '../../core/foreign-text.ts'
import { builds, events } from '../../db/schema.ts'
import { isFinal, isTransient, type KnownPhase, knownPhase, phases } from '../../quay/build-phase.ts'
import type { Event } from '../event-kind.ts'

/** The phase that an event of Quay's stands for. */
export const phaseOf: Record<string, KnownPhase> = {
  build_queued: 'waiting',
  build_start: 'build-scheduled',
  build_success: 'complete',
  build_failure: 'error',
  build_cancelled: 'cancelled',
}

/** What Quay's list said of the build when polling saw it. Written by notifications/builds/record.ts. */
export interface Seen {
  tags?: string[]
  started?: string | undefined
  startedBy?: string | undefined
  trigger?: string | undefined
  commit?: string | undefined
  ref?: string | undefined
  message?: string | undefined
  error?: string | undefined
  /** When each phase began, in milliseconds, from the log of the build. */
  began?: Record<string, number>
}

export interface BuildState {
  repository: string
  build: string
  phase: KnownPhase
  seen: Seen
  /** When each phase began, in order, as far as known. */
  began: [phase: KnownPhase, at: number][]
  starter: string | undefined
  starterName: string | undefined
}

/** Everything known about a build, from all its events, in any order and with repetitions. */
export async function stateOf(bot: Pick<Bot, 'db'>, subject: string): Promise<BuildState> {
  const [, repository = '', build = ''] = subject.split(' ')
  const all = await bot.db.select().from(events).where(eq(events.subject, subject)).orderBy(asc(events.id))
  const [row] = await bot.db.select().from(builds).where(isBuild(repository, build))
  return { repository, build, ...reduced(all), starter: row?.starter ?? undefined, starterName: row?.starterName ?? undefined }
}

function isBuild(repository: string, build: string) {
  return and(eq(builds.repository, repository), eq(builds.build, build))
}

/**
 * The furthest phase of the latest try wins, so that a late event never turns a card back. A broken builder ends the try, not
 * the build, whatever a webhook said before. “Quay does not know” counts only if nothing else is known.
 */
function reduced(all: Event[]): Pick<BuildState, 'phase' | 'seen' | 'began'> {
  let phase: KnownPhase | undefined
  let settled = false
  const seen: Seen = {}
  const first = new Map<KnownPhase, number>()
  for (const { kind, body, receivedAt } of all) {
    const reached = entryOf(phaseOf, kind) ?? knownPhase(body?.phase)
    if (!reached) continue
    Object.assign(seen, body?.seen ?? fromWebhook(body ?? {}, seen))
    if (reached === 'internalerror' && !settled) {
      phase = reached
      first.clear()
    } else if (phase === undefined || rank(reached) > rank(phase)) phase = reached
    settled ||= kind === 'build_phase' && isFinal(reached)
    if (!isTransient(reached)) first.set(reached, Math.min(first.get(reached) ?? Number.POSITIVE_INFINITY, receivedAt.getTime()))
  }
  return { phase: phase ?? 'waiting', seen, began: beganOf(seen, first) }
}

/** A transient state ranks behind all others: the next event replaces it. */
function rank(phase: KnownPhase) {
  return (phases as readonly string[]).indexOf(phase) // the state may be transient
}

/** Data from polling takes precedence over data from webhooks, which only fills gaps. */
function fromWebhook(body: Record<string, unknown>, known: Seen): Seen {
  const metadata = body.trigger_metadata as { commit?: string; ref?: string; commit_info?: { message?: string } } | null | undefined // kinds/build.ts parsed it
  const said = {
    tags: body.docker_tags as string[] | undefined, // kinds/build.ts parsed it
    trigger: body.trigger_kind as string | undefined, // kinds/build.ts parsed it
    commit: metadata?.commit,
    ref: metadata?.ref,
    message: metadata?.commit_info?.message,
    error: body.error_message as string | undefined, // kinds/build.ts parsed it
  }
  return Object.fromEntries(Object.entries(said).filter(([name, value]) => value != null && known[name as keyof Seen] === undefined)) // the keys of `said` are those of Seen
}

/** From the log of the build if it was read, otherwise from the first event of each phase. Times that contradict the order are left out. */
function beganOf({ began, started }: Seen, first: Map<KnownPhase, number>): [KnownPhase, number][] {
  const logged = began && Object.keys(began).length > 0
  const waiting = started === undefined ? first.get('waiting') : Date.parse(started)
  const known = new Map<string, number>(logged ? Object.entries(began) : first)
  if (waiting !== undefined) known.set('waiting', waiting)
  let last = 0
  return phases.flatMap((phase): [KnownPhase, number][] => {
    const at = known.get(phase)
    if (at === undefined || at < last) return []
    last = at
    return [[phase, at]]
  })
}

/** When the latest webhook arrived, to decide whether Quay must be polled again. */
export async function heardAt({ db }: Pick<Bot, 'db'>, subject: string): Promise<number> {
  const [row] = await db
    .select({ at: max(events.receivedAt) })
    .from(events)
    .where(and(eq(events.subject, subject), eq(events.source, 'webhook')))
  return row?.at?.getTime() ?? 0
}
