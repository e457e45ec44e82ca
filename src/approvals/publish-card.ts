import { and, eq, sql } from 'drizzle-orm'
import { type Bot, enqueue } from '../context.ts'
import { translator } from '../core/i18n.ts'
import { wakeIn } from '../core/timers.ts'
import { requests } from '../db/schema.ts'
import { enqueueHomeRefresh, othersHaveHomes } from '../notifications/home-refresh.ts'
import { remembering } from '../quay/http.ts'
import { personOf } from '../security/identity.ts'
import { translatorFor } from '../security/language.ts'
import { isShared } from '../slack/channels.ts'
import { readSlackError, type SlackError } from '../slack/errors.ts'
import { drawNotices, mentionedOn } from './approver-notices.ts'
import { parseStoredCommand } from './approvers.ts'
import { candidates } from './candidates.ts'
import { requestMessage } from './card.ts'
import { NotPosted, type Posted, putMessage } from './post-card.ts'
import type { Request } from './request.ts'
import { storyOf } from './story.ts'
import { notBeingPublished } from './sweep.ts'

const drawing = '30 seconds'
const tenMinutes = 600_000
const drawnAgain = 20

/**
 * The `show-request` job: renders the row on its card and in its requester's message. One publisher at a time checks for changes
 * when it is done, so that an older version never overwrites a newer one. The sweep retries what Slack did not accept.
 */
export async function publishRequest(all: Bot, { id }: { id: string }) {
  const bot = { ...all, quay: remembering(all.quay) }
  let row = await beginDrawing(bot, id)
  for (let times = 0; row && times < drawnAgain; times += 1) {
    const drawn = row
    try {
      // A requester whom Slack no longer knows must not keep the approvers from their card.
      const noticed = await drawNotice(bot, drawn).catch((error: unknown) => ({ error }))
      // Without a card the approvers still have theirs by direct message.
      const carded = await drawCard(bot, drawn).catch((error: unknown) => ({ error }))
      await drawNotices(bot, drawn)
      await drawHomes(bot, drawn)
      const failed = carded ?? noticed
      if (failed) throw failed.error
      if (await endDrawing(bot, drawn)) return
    } catch (error) {
      if (await later(bot, drawn, error)) return
    }
    ;[row] = await bot.db.select().from(requests).where(eq(requests.id, id))
  }
}

async function beginDrawing(bot: Bot, id: string): Promise<Request | undefined> {
  const until = sql`now() + interval '${sql.raw(drawing)}'`
  const [row] = await bot.db
    .update(requests)
    .set({ drawingUntil: until as unknown as Date }) // an SQL expression for the column
    .where(and(eq(requests.id, id), notBeingPublished()))
    .returning()
  return row
}

/** Returns false if the row has changed in the meantime. */
async function endDrawing(bot: Bot, { id, version }: Request) {
  const ended = await bot.db
    .update(requests)
    .set({ drawn: version, drawAt: null, drawingUntil: null, posting: false })
    .where(and(eq(requests.id, id), eq(requests.version, version)))
    .returning({ id: requests.id })
  return ended.length > 0
}

/** Returns false if the row has changed in the meantime: what it asks for now does not wait for what failed. */
async function later(bot: Bot, { id, version }: Request, error: unknown): Promise<boolean> {
  const problem = problemOf(error)
  const limited = problem?.kind === 'limited'
  const retryAfter = error instanceof Lasting ? tenMinutes / 1000 : limited ? problem.seconds : 5
  bot.log.warn({ request: id, reason: problem?.error ?? String(error) }, 'could not render an approval request')
  const ended = await bot.db
    .update(requests)
    .set({ drawingUntil: null, drawAt: new Date(bot.clock() + retryAfter * 1000) })
    // Slack wants to be left alone for that long, whatever has changed.
    .where(limited ? eq(requests.id, id) : and(eq(requests.id, id), eq(requests.version, version)))
    .returning({ id: requests.id })
  // A rate limit often lasts a second, and approvers should not have to wait for the next sweep.
  if (limited) wakeIn(bot, `request ${id}`, retryAfter * 1000, () => publishRequest(bot, { id }))
  return ended.length > 0
}

/** The card cannot be published until somebody repairs its channel, the app's scopes or its token. The requester has been told. */
class Lasting extends NotPosted {}

function problemOf(error: unknown): SlackError | undefined {
  return error instanceof NotPosted ? error.problem : readSlackError(error)
}

/** Problems that only a person can solve: an archived channel, a channel that the bot was removed from, a scope, a token. */
const lasting = new Set<SlackError['kind']>(['channel', 'scope', 'token'])
const shared: SlackError = { kind: 'channel', error: 'shared' }

async function drawCard(bot: Bot, row: Request) {
  try {
    // People of other workspaces must not see anything of a private repository (docs/SECURITY.md rule 22).
    if (await isShared(bot.slack, row.rule.channel)) throw new NotPosted(shared)
    const mentioned = await mentionedOn(bot, row)
    const message = requestMessage(row, await storyOf(bot, row), translator(bot.config.LANGUAGE), 'card', mentioned)
    const posted = await put(bot, row, { channel: row.rule.channel, ts: row.cardTs ?? undefined }, message)
    if (posted.ts !== row.cardTs || row.cardProblem) await keep(bot, row, { cardTs: posted.ts, cardProblem: null })
  } catch (error) {
    const problem = problemOf(error)
    if (!problem || !lasting.has(problem.kind)) throw error
    await tellOfProblem(bot, row, problem.error)
    throw new Lasting(problem)
  }
}

/** Tells the requester that nobody sees the card, and logs it for an operator. */
async function tellOfProblem(bot: Bot, row: Request, reason: string) {
  if (row.cardProblem === reason) return
  bot.log.error({ request: row.id, channel: row.rule.channel, reason }, 'the approval channel cannot be used')
  await keep(bot, row, { cardProblem: reason })
  await drawNotice(bot, { ...row, cardProblem: reason })
  // Whatever `notify` says, a request that no channel shows goes to those who can decide it.
  if (row.rule.notify !== 'direct') await bot.db.transaction((tx) => enqueue(bot, tx, 'note-request', { id: row.id, note: 'tell' }))
}

/** Updates the App Homes of the requester, of people that show the request, and of possible approvers if it is pending. */
async function drawHomes(bot: Bot, row: Request) {
  await enqueueHomeRefresh(bot, bot.db, { request: row.id })
  const isNew = row.state === 'pending' && (row.drawn === 0 || row.note !== null)
  const deciders = isNew && (await othersHaveHomes(bot, row.requester)) ? await decidersOf(bot, row).catch(() => []) : []
  await enqueueHomeRefresh(bot, bot.db, { people: [row.requester, ...deciders] })
}

/** Whose homes may show it: all of them are linked, so that the row is enough. */
async function decidersOf(bot: Bot, row: Request): Promise<string[]> {
  const { admins } = row.about
  if (!admins) return (await Array.fromAsync(candidates(bot, row.rule, parseStoredCommand(bot, row)))).flat()
  const approvers = row.rule.approvers.filter((one) => one !== 'quay:namespace-admin')
  const named = await Array.fromAsync(candidates(bot, { approvers }, parseStoredCommand(bot, row)))
  const linked = await Promise.all(admins.map((account) => personOf(bot, account)))
  return [...named.flat(), ...linked.filter((id) => id !== undefined)]
}

async function drawNotice(bot: Bot, row: Request) {
  const t = await translatorFor(bot, row.requester)
  const message = requestMessage(row, await storyOf(bot, row), t, 'requester')
  const posted = await put(bot, row, { channel: row.noticeChannel ?? row.requester, ts: row.noticeTs ?? undefined }, message)
  if (posted.ts === row.noticeTs) return
  Object.assign(row, { noticeTs: posted.ts, noticeChannel: posted.channel })
  await keep(bot, row, { noticeTs: posted.ts, noticeChannel: posted.channel })
}

/** Written before the first post, so that after a crash the message is looked for first. */
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

/** Renders the request on a card that its row does not know. */
export async function republishCard(bot: Bot, row: Request, ts: string) {
  const message = requestMessage(row, await storyOf(bot, row), translator(bot.config.LANGUAGE), 'reader')
  await putMessage(bot, { channel: row.rule.channel, ts, id: row.id, since: 0, lookFirst: false }, message)
}
