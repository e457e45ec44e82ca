import { and, asc, eq, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import type { Run } from '../../command/command.ts'
import { type Bot, enqueue, inBackground } from '../../context.ts'
import { attemptRow } from '../../core/each-row.ts'
import { Failure } from '../../core/failure.ts'
import { keeps } from '../../core/kept.ts'
import { wakeIn } from '../../core/timers.ts'
import type { Db } from '../../db/database.ts'
import { builds, follows } from '../../db/schema.ts'
import { withPriority } from '../../quay/http.ts'
import { findRepository } from '../../quay/repositories.ts'
import type { Person } from '../../security/identity.ts'
import { findChannel } from '../../slack/channels.ts'
import { enqueueCardUpdate } from '../cards.ts'
import { enqueueHomeRefresh } from '../home-refresh.ts'
import { readBuilds } from './record.ts'
import { heardAt } from './state.ts'
import { tellWaiting } from './waits.ts'

const second = 1_000
const minute = 60 * second

/** Milliseconds until a repository is polled again: short at first, then longer. */
function intervalOf(watched: number) {
  if (watched < minute) return 3 * second
  if (watched < 10 * minute) return 10 * second
  return watched < 60 * minute ? 30 * second : minute
}

interface Started {
  repository: string
  build: string
  /** The channel where it was started; undefined: by direct message, for example from App Home. */
  channel: string | undefined
  starter: Pick<Person, 'id' | 'name'>
}

/**
 * Creates the card of a build that was started from Slack, in the channel where that was if the bot is a member, otherwise by
 * direct message, and follows the build to its end, with or without a webhook.
 */
export async function followBuild(bot: Bot, { repository, build, channel, starter }: Started): Promise<void> {
  const { place, invite } = await placeFor(bot, repository, channel)
  await bot.db.transaction(async (tx) => {
    const row = { repository, build, starter: starter.id, starterName: starter.name, createdAt: new Date(bot.clock()) }
    const known = { starter: starter.id, starterName: starter.name }
    await tx
      .insert(builds)
      .values(row)
      .onConflictDoUpdate({ target: [builds.repository, builds.build], set: known })
    const card = { channel: place ?? starter.id, object: repository, subject: `build ${repository} ${build}` }
    await enqueueCardUpdate(bot, tx, { ...card, data: { started: true, ...(invite && { invite }) } })
    await keepFollowing(bot, tx, repository, build)
    await enqueueHomeRefresh(bot, tx, { people: [starter.id] })
  })
}

/** The same for a command that has started a build. A failure of the card must not be reported as a failure of the build. */
export async function followStarted(
  { bot, quay, person, channel, log }: Omit<Run<unknown>, 'input'>,
  { repository, id }: { repository: string; id: string },
) {
  if (quay.dryRunCalls) return
  await followBuild(bot, { repository, build: id, channel, starter: person }).catch((err: unknown) =>
    log.error({ err }, 'could not create the card of a build'),
  )
}

/** The channel, if the bot may show the build there; `invite`: it could if it were a member. */
async function placeFor(bot: Bot, repository: string, channel: string | undefined): Promise<{ place?: string; invite?: true }> {
  if (channel === undefined) return {}
  const facts = await findChannel(bot.slack, channel)
  if (facts?.shared && (await findRepository(bot.quay, repository))?.visibility !== 'public') return {}
  return facts?.member ? { place: channel } : { invite: true }
}

/** Polls a build with a card until Quay says that it has ended. */
export async function keepFollowing(bot: Bot, tx: Db, repository: string, build: string): Promise<void> {
  const now = new Date(bot.clock())
  await tx.insert(builds).values({ repository, build, createdAt: now }).onConflictDoNothing()
  const [running] = await tx
    .select({ build: builds.build })
    .from(builds)
    .where(and(eq(builds.repository, repository), eq(builds.build, build), isNull(builds.endedAt)))
  if (!running) return
  const added = await tx.insert(follows).values({ repository, dueAt: now, since: now }).onConflictDoNothing().returning()
  if (added.length > 0) await enqueue(bot, tx, 'follow-builds', {})
}

/** Polls repositories for new builds, for registries whose webhooks cannot reach the bot. */
export async function watchRepositories(bot: Bot, tx: Db, repositories: string[]): Promise<void> {
  if (repositories.length === 0) return
  const now = new Date(bot.clock())
  const added = await tx
    .insert(follows)
    .values(repositories.map((repository) => ({ repository, dueAt: now, since: now, watchedSince: now })))
    .onConflictDoUpdate({ target: follows.repository, set: { watchedSince: now }, setWhere: isNull(follows.watchedSince) })
    .returning({ repository: follows.repository })
  if (added.length > 0) await enqueue(bot, tx, 'follow-builds', {})
}

const atOnce = 50

/** The `follow-builds` job: polls the repositories that are due, with one call each, and sets its next time. */
export async function followBuilds(bot: Bot): Promise<void> {
  const now = bot.clock()
  // The replica that advances `dueAt` polls, so that two replicas do not poll the same repository.
  const next = bot.db
    .select({ repository: follows.repository })
    .from(follows)
    .where(lte(follows.dueAt, new Date(now)))
    .orderBy(asc(follows.dueAt))
    .limit(atOnce)
    .for('update', { skipLocked: true })
  const due = await bot.db
    .update(follows)
    .set({ dueAt: new Date(now + minute) })
    .where(inArray(follows.repository, next))
    .returning()
  await Promise.all(due.map((one) => attemptRow(bot.log, { repository: one.repository }, () => pollRepository(bot, one.repository))))
  await wakeForNext(bot)
}

async function wakeForNext(bot: Bot) {
  const [next] = await bot.db.select({ at: follows.dueAt }).from(follows).orderBy(asc(follows.dueAt)).limit(1)
  if (next) wakeIn(bot, 'follow-builds', Math.min(next.at.getTime() - bot.clock(), minute), () => followBuilds(bot))
}

const looking = keeps(() => new Map<string, Promise<void>>())

/** Polls a repository, at most once at a time. An answer missing from Quay is not an error: it is polled again. */
function pollRepository(bot: Bot, repository: string): Promise<void> {
  const all = looking(bot)
  const known = all.get(repository)
  if (known) return known
  const asked = lookNow(bot, repository).finally(() => all.delete(repository))
  all.set(repository, asked)
  return asked
}

async function lookNow(bot: Bot, repository: string) {
  const [row] = await bot.db.select().from(follows).where(eq(follows.repository, repository))
  const now = bot.clock()
  try {
    // Somebody follows a build that runs. Where none does, a poll belongs to the work that nobody waits for.
    const { quay } = (await isRunning(bot, repository))
      ? { quay: withPriority(bot.quay, { class: 'follow', work: 'builds' }) }
      : inBackground(bot, 'builds')
    const running = await readBuilds(bot, quay, repository, row?.watchedSince?.getTime())
    if (!row) return
    if (running > 0) await tellWaiting(bot, repository)
    if (running === 0 && !row.watchedSince)
      return void (await bot.db.delete(follows).where(and(eq(follows.repository, repository), nothingRuns)))
    const wait = running > 0 ? intervalOf(now - row.since.getTime()) : await quietInterval(bot)
    await bot.db
      .update(follows)
      .set({ readAt: new Date(now), dueAt: new Date(now + wait), ...(running === 0 && { since: new Date(now + wait) }) })
      .where(eq(follows.repository, repository))
  } catch (error) {
    // An error with one repository must not stop the others, nor its own next poll.
    if (error instanceof Failure) bot.log.info({ repository, code: error.code }, 'could not poll builds; retrying')
    else bot.log.error({ err: error, repository }, 'could not poll builds; retrying')
    if (row)
      await bot.db
        .update(follows)
        .set({ dueAt: new Date(now + 10 * second) })
        .where(eq(follows.repository, repository))
  }
}

// Of QUAY_RATE.
const quietShare = 0.1

/** Repositories without a running build are polled every minute, and less often where they are so many. */
async function quietInterval({ db, config }: Bot) {
  const watched = await db.$count(follows, isNotNull(follows.watchedSince))
  return Math.max(minute, (watched / (config.QUAY_RATE * quietShare)) * second)
}

async function isRunning({ db }: Bot, repository: string) {
  return (await db.$count(builds, and(eq(builds.repository, repository), isNull(builds.endedAt)))) > 0
}

// A build that was added during the poll keeps the repository in the list.
const nothingRuns = sql`not exists (select 1 from ${builds} where ${builds.repository} = ${follows.repository} and ${builds.endedAt} is null)`

/** Polls Quay before a card shows a webhook's claim, unless that was done since. */
export async function readIfStale(bot: Bot, subject: string): Promise<void> {
  const [, repository = '', build = ''] = subject.split(' ')
  const [row] = await bot.db
    .select()
    .from(builds)
    .where(and(eq(builds.repository, repository), eq(builds.build, build)))
  if (!row || row.endedAt) return
  const [follow] = await bot.db.select().from(follows).where(eq(follows.repository, repository))
  if (follow?.readAt && follow.readAt.getTime() > (await heardAt(bot, subject))) return
  await pollRepository(bot, repository)
}
