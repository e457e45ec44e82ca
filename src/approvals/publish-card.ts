import { and, eq, sql } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { translator } from '../core/i18n.ts'
import { wakeIn } from '../core/timers.ts'
import { requests } from '../db/schema.ts'
import { enqueueHomeRefresh, othersHaveHomes } from '../notifications/home-refresh.ts'
import { languageFor } from '../security/language.ts'
import { isShared } from '../slack/channels.ts'
import { readSlackError, type SlackError } from '../slack/errors.ts'
import { parseStoredCommand } from './approvers.ts'
import { candidates } from './candidates.ts'
import { requestMessage } from './card.ts'
import { NotPosted, type Posted, putMessage } from './post-card.ts'
import { type Request, votesOn } from './request.ts'
import { notBeingPublished } from './sweep.ts'

const drawing = '30 seconds'
const tenMinutes = 600_000
const drawnAgain = 20

/**
 * The `show-request` job: draws the row as it is now, on its card and in its requester's message. One draws at a time, and looks
 * again when done, so that an older drawing never stays over a newer one. What Slack does not take now the sweep draws later.
 */
export async function publishRequest(bot: Bot, { id }: { id: string }) {
  let row = await beginDrawing(bot, id)
  for (let times = 0; row && times < drawnAgain; times += 1) {
    const drawn = row
    try {
      // A requester whom Slack does not know any more must not keep those who decide from their card.
      const noticed = await drawNotice(bot, drawn).catch((error: unknown) => ({ error }))
      await drawCard(bot, drawn)
      await drawHomes(bot, drawn)
      if (noticed) throw noticed.error
    } catch (error) {
      return later(bot, drawn, error)
    }
    if (await endDrawing(bot, drawn)) return
    ;[row] = await bot.db.select().from(requests).where(eq(requests.id, id))
  }
}

async function beginDrawing(bot: Bot, id: string): Promise<Request | undefined> {
  const until = sql`now() + interval '${sql.raw(drawing)}'`
  const [row] = await bot.db
    .update(requests)
    .set({ drawingUntil: until as unknown as Date })
    .where(and(eq(requests.id, id), notBeingPublished()))
    .returning()
  return row
}

/** False: the row has changed in the meantime. */
async function endDrawing(bot: Bot, { id, version }: Request) {
  const ended = await bot.db
    .update(requests)
    .set({ drawn: version, drawAt: null, drawingUntil: null, posting: false })
    .where(and(eq(requests.id, id), eq(requests.version, version)))
    .returning({ id: requests.id })
  return ended.length > 0
}

async function later(bot: Bot, { id }: Request, error: unknown) {
  const problem = problemOf(error)
  const limited = problem?.kind === 'limited'
  const retryAfter = error instanceof Lasting ? tenMinutes / 1000 : limited ? problem.seconds : 5
  bot.log.warn({ request: id, reason: problem?.error ?? String(error) }, 'could not render an approval request')
  await bot.db
    .update(requests)
    .set({ drawingUntil: null, drawAt: new Date(bot.clock() + retryAfter * 1000) })
    .where(eq(requests.id, id))
  // The sweep looks only now and then, and a limit is over in a second: whoever decides should not wait for it.
  if (limited) wakeIn(bot, `request ${id}`, retryAfter * 1000, () => publishRequest(bot, { id }))
}

/** The card cannot be drawn until somebody mends its channel, the app's scopes or its token; the requester has been told. */
class Lasting extends NotPosted {}

function problemOf(error: unknown): SlackError | undefined {
  return error instanceof NotPosted ? error.problem : readSlackError(error)
}

/** What only people can mend: a channel that is archived, that the bot was thrown out of; a scope; a token. */
const lasting = new Set<SlackError['kind']>(['channel', 'scope', 'token'])
const shared: SlackError = { kind: 'channel', error: 'shared' }

async function drawCard(bot: Bot, row: Request) {
  try {
    // Nothing of a private repository where people of other workspaces read (docs/SECURITY.md rule 22).
    if (await isShared(bot.slack, row.rule.channel)) throw new NotPosted(shared)
    const message = requestMessage(row, await votesOn(bot.db, row.id), translator(bot.config.LANGUAGE), 'card')
    const posted = await put(bot, row, { channel: row.rule.channel, ts: row.cardTs ?? undefined }, message)
    if (posted.ts !== row.cardTs || row.cardProblem) await keep(bot, row, { cardTs: posted.ts, cardProblem: null })
  } catch (error) {
    const problem = problemOf(error)
    if (!problem || !lasting.has(problem.kind)) throw error
    await tellOfProblem(bot, row, problem.error)
    throw new Lasting(problem)
  }
}

/** The requester hears that nobody sees the card; the log has it for an operator. */
async function tellOfProblem(bot: Bot, row: Request, reason: string) {
  if (row.cardProblem === reason) return
  bot.log.error({ request: row.id, channel: row.rule.channel, reason }, 'the approval channel cannot be used')
  await keep(bot, row, { cardProblem: reason })
  await drawNotice(bot, { ...row, cardProblem: reason })
}

/** App Homes follow: its requester's, those that show it, and of those who could decide it when it is new or comes back. */
async function drawHomes(bot: Bot, row: Request) {
  await enqueueHomeRefresh(bot, bot.db, { request: row.id })
  const isNew = row.state === 'pending' && (row.drawn === 0 || row.note !== null)
  const deciders =
    isNew && (await othersHaveHomes(bot, row.requester))
      ? await Array.fromAsync(candidates(bot, row.rule, parseStoredCommand(bot, row))).catch(() => [])
      : []
  await enqueueHomeRefresh(bot, bot.db, { people: [row.requester, ...deciders.flat()] })
}

async function drawNotice(bot: Bot, row: Request) {
  const t = translator(await languageFor(bot, row.requester))
  const message = requestMessage(row, await votesOn(bot.db, row.id), t, 'requester')
  const posted = await put(bot, row, { channel: row.noticeChannel ?? row.requester, ts: row.noticeTs ?? undefined }, message)
  if (posted.ts === row.noticeTs) return
  Object.assign(row, { noticeTs: posted.ts, noticeChannel: posted.channel })
  await keep(bot, row, { noticeTs: posted.ts, noticeChannel: posted.channel })
}

/** Before something is posted for the first time this is written down: who comes after a crash looks for it first. */
async function put(
  bot: Bot,
  row: Request,
  where: { channel: string; ts: string | undefined },
  message: Parameters<typeof putMessage>[2],
): Promise<Posted> {
  const lookFirst = row.posting && where.ts === undefined
  if (where.ts === undefined && !row.posting) await keep(bot, row, { posting: true })
  return putMessage(bot, { ...where, id: row.id, since: row.createdAt.getTime(), lookFirst }, message)
}

async function keep(bot: Bot, { id }: Request, change: Partial<Request>) {
  await bot.db.update(requests).set(change).where(eq(requests.id, id))
}

/** Draws the request over a card that it does not know as its own. */
export async function republishCard(bot: Bot, row: Request, ts: string) {
  const message = requestMessage(row, await votesOn(bot.db, row.id), translator(bot.config.LANGUAGE), 'reader')
  await putMessage(bot, { channel: row.rule.channel, ts, id: row.id, since: 0, lookFirst: false }, message)
}
