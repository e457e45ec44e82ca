import { and, asc, eq, isNull } from 'drizzle-orm'
import { type Bot, enqueue } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { eventsLive } from '../../db/event-tables.ts'
import { builds, events } from '../../db/schema.ts'
import { readBuildLog } from '../../quay/build-log.ts'
import { isFinal } from '../../quay/build-phase.ts'
import { type Build, findBuild, listBuilds } from '../../quay/builds.ts'
import type { Quay } from '../../quay/registry.ts'
import type { Seen } from './state.ts'

const listed = 50

/**
 * Polls the builds of a repository once and stores every new phase as an event, as if a webhook had sent it. It covers builds
 * with a card and, with `since`, all that began after it. Returns the number of builds that still run.
 */
export async function readBuilds(bot: Bot, quay: Quay, repository: string, since?: number): Promise<number> {
  const running = await runningBuilds(bot, repository)
  const found = (await listBuilds(quay, repository, { limit: listed }).catch(missing)) ?? []
  const byId = new Map(found.map((build) => [build.id, build]))
  // Quay's list is limited, so an older build is read by its id.
  for (const id of running) if (!byId.has(id)) byId.set(id, (await findBuild(quay, repository, id)) ?? gone(repository, id))
  // The events of an older build have expired, so it would be announced again.
  const from = since === undefined ? Number.POSITIVE_INFINITY : Math.max(Math.floor(since / 1000) * 1000, bot.clock() - eventsLive)
  const isNew = ({ id, started }: Build) => !running.includes(id) && Date.parse(started ?? '') >= from
  const wanted = [...byId.values()].filter((build) => running.includes(build.id) || isNew(build))
  for (const build of wanted.toReversed()) await record(bot, quay, build)
  return wanted.filter(({ phase }) => !isFinal(phase)).length
}

/** A repository that was deleted has no builds; those that were followed end. */
function missing(error: unknown): undefined {
  if (!(error instanceof Failure) || error.code !== 'not_found') throw error
}

async function runningBuilds({ db }: Bot, repository: string) {
  const rows = await db
    .select({ build: builds.build })
    .from(builds)
    .where(and(eq(builds.repository, repository), isNull(builds.endedAt)))
  return rows.map(({ build }) => build)
}

/** Ends a build that no longer exists in Quay, so that it is not polled forever. */
function gone(repository: string, id: string): Build {
  return { id, repository, phase: 'gone', tags: [], progress: {}, dockerfile: '', context: '', url: '' } as unknown as Build // `record` reads nothing else
}

/** Stores the phase of a build once per try, and whether the build has ended. */
async function record(bot: Bot, quay: Quay, build: Build) {
  const { id, repository, phase } = build
  const key = await keyOf(bot, build)
  const [known] = await bot.db.select({ id: events.id }).from(events).where(eq(events.key, key))
  const now = new Date(bot.clock())
  if (!known) {
    const seen: Seen = { ...seenOf(build), ...(isFinal(phase) && { began: await beganOf(quay, build) }) }
    const body = { build_id: id, phase, docker_tags: build.tags, seen: { ...seen } }
    await bot.db.transaction(async (tx) => {
      const row = {
        object: repository,
        kind: 'build_phase',
        source: 'poll' as const,
        key,
        body,
        subject: `build ${repository} ${id}`,
        receivedAt: now,
      }
      const [stored] = await tx.insert(events).values(row).onConflictDoNothing().returning({ id: events.id })
      if (stored) await enqueue(bot, tx, 'fan-out', {})
    })
  }
  if (isFinal(phase)) {
    const row = { repository, build: id, endedAt: now }
    await bot.db
      .insert(builds)
      .values({ ...row, createdAt: now })
      .onConflictDoUpdate({ target: [builds.repository, builds.build], set: { endedAt: now } })
  }
}

/** Quay restarts a build whose builder broke down; its phases then begin again. */
async function keyOf({ db }: Bot, { repository, id, phase }: Build) {
  const key = `phase ${repository} ${id} ${phase}`
  // “Quay does not know” is not a phase of the build.
  if (phase === 'cannot_load') return key
  const rows = await db
    .select({ body: events.body })
    .from(events)
    .where(and(eq(events.subject, `build ${repository} ${id}`), eq(events.kind, 'build_phase')))
    .orderBy(asc(events.id))
  const lived = rows.map(({ body }) => body?.phase).filter((one) => one !== 'cannot_load')
  const breakdowns = lived.filter((one) => one === 'internalerror').length
  const tries = phase === 'internalerror' && lived.at(-1) === phase ? breakdowns - 1 : breakdowns
  return tries > 0 ? `${key} ${tries}` : key
}

function seenOf({ tags, started, startedBy, trigger, commit, error }: Build): Seen {
  const seen = {
    tags,
    started,
    startedBy,
    trigger: trigger?.service,
    commit: commit?.id,
    ref: commit?.ref,
    message: commit?.message,
    error,
  }
  return Object.fromEntries(Object.entries(seen).filter(([, value]) => value !== undefined))
}

/** When each phase began, from the log of the build: webhooks and polls come late. Empty if the log cannot be read. */
async function beganOf(quay: Quay, { repository, id }: Build): Promise<Record<string, number>> {
  try {
    const { entries } = await readBuildLog(quay, repository, id)
    return Object.fromEntries(
      entries.flatMap(({ kind, message, at }) => (kind === 'phase' && at !== undefined ? [[message, Date.parse(at)]] : [])),
    )
  } catch (error) {
    if (error instanceof Failure) return {}
    throw error
  }
}
