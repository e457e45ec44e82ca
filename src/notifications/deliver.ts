import { and, asc, eq, gt, lte, min, ne, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { attemptRow } from '../core/each-row.ts'
import { keeps } from '../core/kept.ts'
import { isStopped, wakeIn } from '../core/timers.ts'
import { cards, channelTurns } from '../db/schema.ts'
import { postpone, publishCard } from './publish-card.ts'

// Slack accepts one message per second and channel (docs/slack.md §6).
const aSecond = 1_000
// Longer than a call to Slack may take; after that the holder of the turn is dead.
const lease = 15_000

const pending = and(gt(cards.wanted, cards.drawn), ne(cards.state, 'gone'))

/**
 * The `deliver` job: posts pending cards, one message per second and channel. Channels do not wait for one another. Rows decide
 * which card is due, so any process can continue after a crash.
 */
export async function deliver(bot: Bot): Promise<void> {
  for (const { channel, dueAt } of await waitingChannels(bot)) serveIn(bot, channel, dueAt.getTime() - bot.clock())
}

async function waitingChannels({ db }: Bot) {
  const due = sql<Date>`greatest(${channelTurns.dueAt}, min(${cards.dueAt}))`.mapWith(channelTurns.dueAt)
  return db
    .select({ channel: channelTurns.channel, dueAt: due })
    .from(cards)
    .innerJoin(channelTurns, eq(channelTurns.channel, cards.channel))
    .where(pending)
    .groupBy(channelTurns.channel)
}

/** The channels that this process posts to now, at most once at a time each. */
const busy = keeps(() => new Set<string>())

async function serve(bot: Bot, channel: string): Promise<void> {
  const own = busy(bot)
  if (own.has(channel) || isStopped(bot)) return
  own.add(channel)
  const wait = await takeTurn(bot, channel)
    .catch((err: unknown) => {
      bot.log.error({ err, channel }, 'posting to a channel failed')
      return aSecond
    })
    .finally(() => own.delete(channel))
  if (wait !== undefined) serveIn(bot, channel, wait)
}

function serveIn(bot: Bot, channel: string, milliseconds: number) {
  wakeIn(bot, `channel ${channel}`, Math.min(milliseconds, lease), () => serve(bot, channel))
}

/** Posts one message to a channel if it is due. Returns when to continue; undefined: nothing is left. */
async function takeTurn(bot: Bot, channel: string): Promise<number | undefined> {
  if (!(await claim(bot, channel))) return aSecond
  let pause = 0
  try {
    // A card whose rendering is unchanged sends no message, so it uses no second.
    for (;;) {
      const card = await nextCard(bot, channel)
      if (!card) break
      const shown = await attemptRow(bot.log, { card: card.id, subject: card.subject }, async () => {
        pause = await publishCard(bot, card)
      })
      // Otherwise it would be first again; the other cards of the channel go before it.
      if (!shown) await postpone(bot, card)
      if (pause > 0) break
    }
  } finally {
    await release(bot, channel, pause)
  }
  const next = await nextDue(bot, channel)
  return next === undefined ? undefined : Math.max(pause, next - bot.clock(), 0)
}

async function claim({ db, clock }: Bot, channel: string) {
  const now = clock()
  const claimed = await db
    .update(channelTurns)
    .set({ dueAt: new Date(now + lease) })
    .where(and(eq(channelTurns.channel, channel), lte(channelTurns.dueAt, new Date(now))))
    .returning({ channel: channelTurns.channel })
  return claimed.length > 0
}

async function release({ db, clock }: Bot, channel: string, pause: number) {
  await db
    .update(channelTurns)
    .set({ dueAt: new Date(clock() + pause) })
    .where(eq(channelTurns.channel, channel))
}

/** Cards before the threads below them, oldest first. */
async function nextCard({ db, clock }: Bot, channel: string) {
  const due = and(eq(cards.channel, channel), pending, lte(cards.dueAt, new Date(clock())))
  const [card] = await db.select().from(cards).where(due).orderBy(asc(cards.dueAt), asc(cards.createdAt)).limit(1)
  return card
}

async function nextDue({ db }: Bot, channel: string) {
  const [row] = await db
    .select({ at: min(cards.dueAt) })
    .from(cards)
    .where(and(eq(cards.channel, channel), pending))
  return row?.at?.getTime()
}
