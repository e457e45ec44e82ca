import { and, eq } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import type { Translate } from '../core/i18n.ts'
import { approverNotices } from '../db/schema.ts'
import { translatorFor } from '../security/language.ts'
import { type Message, note } from '../slack/blocks.ts'
import { readSlackError } from '../slack/errors.ts'
import { parseStoredCommand } from './approvers.ts'
import { decidersNow } from './candidates.ts'
import { requestMessage } from './card.ts'
import { NotPosted, putMessage } from './post-card.ts'
import { drawAgain, type Request } from './request.ts'
import { storyOf } from './story.ts'
import { whyTold } from './why-told.ts'

type Notice = typeof approverNotices.$inferSelect

// More people than this are a crowd in which everybody waits for the others.
const toldAtMost = 5

/** Sends the card to those who can decide by direct message, whatever the rule says: its channel cannot be written. */
export async function tellApprovers(bot: Bot, request: Request) {
  if (request.state !== 'pending') return
  const found = await resolve(bot, request, 'direct')
  if (found.length === 0) return
  await drawAgain(bot, request.id)
}

/** The people that the card mentions, under `notify: mention`; they are found before it is posted, because an edit notifies nobody. */
export async function mentionedOn(bot: Bot, request: Request): Promise<string[]> {
  if (request.rule.notify !== 'mention') return []
  const there = await noticesOf(bot, request)
  if (there.length > 0 || request.cardTs || request.state !== 'pending') return there.map(({ person }) => person)
  return resolve(bot, request, 'mention')
}

async function resolve(bot: Bot, request: Request, how: Notice['how']): Promise<string[]> {
  const able = await decidersNow(bot, request, parseStoredCommand(bot, request), toldAtMost)
  const rows = await Promise.all(
    able.map(async (one) => ({ request: request.id, person: one.person.id, how, why: await whyTold(bot, request, one) })),
  )
  if (rows.length > 0)
    await bot.db
      .insert(approverNotices)
      .values(rows)
      .onConflictDoUpdate({ target: [approverNotices.request, approverNotices.person], set: { how } })
  return rows.map(({ person }) => person)
}

/** Who got a copy of the request by direct message, and where it stands. */
export function noticesOf(bot: Bot, { id }: Pick<Request, 'id'>): Promise<Notice[]> {
  return bot.db.select().from(approverNotices).where(eq(approverNotices.request, id)).orderBy(approverNotices.person)
}

/**
 * Posts or edits the approvers' own copies of the card. Somebody whom Slack does not reach is left out; what may work later is thrown
 * once the others have theirs.
 */
export async function drawNotices(bot: Bot, request: Request) {
  let failure: { error: unknown } | undefined
  const story = await storyOf(bot, request)
  for (const notice of await toldOf(bot, request)) {
    if (notice.how !== 'direct' || notice.closed || (!notice.ts && request.state !== 'pending')) continue
    try {
      await draw(bot, request, notice, (t) => withReason(requestMessage(request, story, t, 'approver'), notice, t))
    } catch (error) {
      const problem = error instanceof NotPosted ? error.problem : readSlackError(error)
      if (problem?.kind === 'person' || problem?.kind === 'channel') await keep(bot, notice, { closed: true })
      else failure = { error }
    }
  }
  if (failure) throw failure.error
}

/** Above the buttons of a request that still waits: why it came to this person. */
function withReason({ text, blocks }: Message, { why }: Notice, t: Translate): Message {
  const at = blocks.findLastIndex(({ type }) => type === 'actions')
  return why && at >= 0 ? { text, blocks: blocks.toSpliced(at, 0, note(t(why.message, why.values))) } : { text, blocks }
}

/** Those who can decide a new request are found with its first drawing. Their permissions are asked again when they press. */
async function toldOf(bot: Bot, request: Request): Promise<Notice[]> {
  const there = await noticesOf(bot, request)
  if (there.length > 0 || request.drawn > 0 || request.rule.notify !== 'direct' || request.state !== 'pending') return there
  await resolve(bot, request, 'direct')
  return noticesOf(bot, request)
}

async function draw(bot: Bot, request: Request, notice: Notice, message: (t: Translate) => ReturnType<typeof requestMessage>) {
  const drawn = message(await translatorFor(bot, notice.person))
  const lookFirst = notice.posting && !notice.ts
  if (!notice.ts && !notice.posting) await keep(bot, notice, { posting: true })
  const since = request.createdAt.getTime()
  const where = { channel: notice.channel ?? notice.person, ts: notice.ts ?? undefined, id: request.id, since, lookFirst }
  const { channel, ts } = await putMessage(bot, where, drawn)
  if (ts !== notice.ts) await keep(bot, notice, { channel, ts, posting: false })
}

async function keep(bot: Bot, { request, person }: Notice, change: Partial<Notice>) {
  await bot.db
    .update(approverNotices)
    .set(change)
    .where(and(eq(approverNotices.request, request), eq(approverNotices.person, person)))
}
