import { createHash } from 'node:crypto'
import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { aMinute } from '../../core/durations.ts'
import { attemptRow } from '../../core/each-row.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { wakeIn } from '../../core/timers.ts'
import { homes } from '../../db/schema.ts'
import { identifyAlone } from '../../security/identity.ts'
import { translatorFor } from '../../security/language.ts'
import { listSealed } from '../../security/secrets.ts'
import { teamOf } from '../../slack/clients.ts'
import { slackFailure } from '../../slack/errors.ts'
import { publishHome } from '../../slack/publish-home.ts'
import { contentFor } from './content.ts'
import { homeView, refusedHome } from './view.ts'

type Home = typeof homes.$inferSelect

// Several changes within this time are published once.
const pause = 2_000
// Longer than Quay and Slack together may take; after that the holder of the lease is dead.
const lease = 45_000

/**
 * A person opened their App Home: it is published now, and kept up to date from now on. `empty`: it shows nothing yet.
 * Guests and external users see the reason, and nothing about them is stored.
 */
export async function openHome(bot: Bot, user: string, { empty }: { empty: boolean }): Promise<void> {
  const now = new Date(bot.clock())
  const row = { team: teamOf(bot.slack), person: user }
  await bot.db
    .insert(homes)
    .values({ ...row, dueAt: now, openedAt: now })
    .onConflictDoUpdate({
      target: [homes.team, homes.person],
      set: { openedAt: now, dueAt: now, wanted: sql`${homes.wanted} + 1`, ...(empty && { hash: null, drawing: null }) },
    })
  await showHomes(bot)
}

/** It is about to be drawn beside the row: should this process die then, it is published again after that time. */
export async function redrawHomeUnless(bot: Bot, user: string, within: number) {
  const change = { hash: null, drawing: null, wanted: sql`${homes.wanted} + 1`, dueAt: new Date(bot.clock() + within) }
  await bot.db
    .update(homes)
    .set(change)
    .where(is({ team: teamOf(bot.slack), person: user }))
}

/** The `show-homes` job: publishes every App Home that is outdated and due. */
export async function showHomes(bot: Bot): Promise<void> {
  const now = new Date(bot.clock())
  const claimed = await bot.db
    .update(homes)
    .set({ leaseUntil: new Date(bot.clock() + lease) })
    .where(and(behind, lte(homes.dueAt, now), or(isNull(homes.leaseUntil), lte(homes.leaseUntil, now))))
    .returning()
  await Promise.all(claimed.map((home) => attemptRow(bot.log, { user: home.person }, () => show(bot, home))))
  const [next] = await bot.db.select({ at: homes.dueAt }).from(homes).where(behind).orderBy(homes.dueAt).limit(1)
  if (next) wakeIn(bot, 'show-homes', Math.max(next.at.getTime() - bot.clock(), 200), () => showHomes(bot))
}

const behind = gt(homes.wanted, homes.drawn)

async function show(bot: Bot, home: Home) {
  try {
    const { view, waiting, isExternal, unasked } = await render(bot, home)
    const drawing = createHash('sha256').update(JSON.stringify(view)).digest('base64url')
    if (drawing === home.drawing) return unasked ? await later(bot, home, aMinute) : await settle(bot, home, {})
    const published = await publishHome(bot.slack, home, view)
    if ('limited' in published) return await later(bot, home, published.limited * 1_000)
    if ('refused' in published) bot.log.warn({ user: home.person, reason: published.refused }, 'Slack did not accept an App Home')
    if (isExternal) return await forget(bot, home)
    const shown = 'hash' in published ? { drawing, hash: published.hash, waiting } : {}
    // Until Quay says who the person is, the other parts are shown; then the home is published completely.
    if (unasked) return await later(bot, home, aMinute, shown)
    await settle(bot, home, shown)
  } catch (err) {
    bot.log.error({ err, user: home.person }, 'could not render an App Home')
    await later(bot, home, aMinute)
  }
}

/** Identifies the person first: guests, external users and people without an account see nothing from Quay. */
async function render(bot: Bot, { person: user }: Home) {
  try {
    const person = await identifyAlone(bot, user)
    const content = await contentFor(bot, person)
    const waiting = 'requests' in content.waiting ? content.waiting.requests.map(({ id }) => id) : []
    return {
      view: homeView(content, person, bot.slack.url, translator(person.language)),
      waiting,
      isExternal: false,
      unasked: person.unasked ?? false,
    }
  } catch (error) {
    const failure = slackFailure(error) ?? error
    if (!(failure instanceof Failure)) throw error
    const t = await translatorFor(bot, user)
    const isExternal = failure.code === 'denied'
    const credentials = isExternal ? [] : await listSealed(bot, { id: user, team: teamOf(bot.slack) })
    return { view: refusedHome(failure, credentials, t), waiting: [], isExternal, unasked: false }
  }
}

/** Changes that arrived meanwhile are published after a pause. */
async function settle(bot: Bot, home: Home, shown: Partial<Home>) {
  const change = { ...shown, drawn: home.wanted, leaseUntil: null, dueAt: new Date(bot.clock() + pause) }
  await bot.db.update(homes).set(change).where(is(home))
}

async function later(bot: Bot, home: Home, milliseconds: number, shown: Partial<Home> = {}) {
  await bot.db
    .update(homes)
    .set({ ...shown, leaseUntil: null, dueAt: new Date(bot.clock() + milliseconds) })
    .where(is(home))
}

async function forget(bot: Bot, home: Home) {
  await bot.db.delete(homes).where(is(home))
}

function is({ team, person }: Pick<Home, 'team' | 'person'>) {
  return and(eq(homes.team, team), eq(homes.person, person))
}
