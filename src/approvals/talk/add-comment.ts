import { and, eq } from 'drizzle-orm'
import { type Bot, onBehalfOf, withoutCache } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Db } from '../../db/database.ts'
import { comments } from '../../db/schema.ts'
import { enqueueNotice } from '../../notifications/cards.ts'
import { audit } from '../../security/audit-log.ts'
import { identify } from '../../security/identity.ts'
import { eligibilityOf, parseStoredCommand } from '../approvers.ts'
import { recordRefusal } from '../record-refusal.ts'
import { findRequest, isRequester, type Request, redraw, rowOf, tooLate } from '../request.ts'
import { typed } from '../typed.ts'

const atMost = 20

interface Said {
  id: string
  said: string
  /** The Slack user. */
  user: string
  reference: string
}

/**
 * What an approver asks or notes, or the requester answers: it stands on the request and decides nothing. The other side gets a
 * message. Throws `denied` for everybody else, and `conflict` once the request is decided.
 */
export function addComment(all: Bot, comment: Said): Promise<{ by: 'approver' | 'requester' }> {
  const bot = withoutCache(onBehalfOf(all, comment.user, 'decision'))
  return recordRefusal(bot, comment, () => add(bot, comment))
}

async function add(bot: Bot, { id, said, user, reference }: Said) {
  const [request, person] = await Promise.all([findRequest(bot.db, id), identify(bot, user)])
  const by = (await isRequester(bot, person, request)) ? 'requester' : 'approver'
  if (by === 'approver') await eligibilityOf(bot, request, parseStoredCommand(bot, request), user)
  if (request.state !== 'pending') throw await tooLate(bot, request)
  if ((await bot.db.$count(comments, eq(comments.request, id))) >= atMost)
    throw new Failure('conflict', 'A request can have at most {count} comments.', { count: atMost })
  await bot.db.transaction(async (tx) => {
    const [row] = await tx
      .insert(comments)
      .values({ request: id, person: person.one ?? user, name: person.name, by, said, at: new Date(bot.clock()) })
      .returning({ id: comments.id })
    await redraw(bot, tx, id)
    await tell(bot, tx, request, { key: `comment ${row?.id}`, by, name: person.name, said })
    await audit(bot, tx, { ...rowOf(request), person, reference, phase: 'commented' })
  })
  return { by } as const
}

/** The requester, or those approvers who said something before: the card has it for all others. */
async function tell(bot: Bot, tx: Db, request: Request, { key, by, name, said }: { key: string; by: string; name: string; said: string }) {
  const values = { name, command: typed(request) }
  const button = (action: string, message: string) => ({
    action,
    label: { message, values: {} },
    value: `${request.id} ${request.revision}`,
  })
  if (by === 'approver') {
    const sentence = { message: '{name} commented on your request {command}:', values }
    const more = { quote: said, buttons: [button('request:comment', 'Answer')] }
    return enqueueNotice(bot, tx, request.requester, key, sentence, undefined, more)
  }
  const askers = await tx
    .selectDistinct({ person: comments.person })
    .from(comments)
    .where(and(eq(comments.request, request.id), eq(comments.by, 'approver')))
  const sentence = { message: '{name} answered about their request {command}:', values }
  const more = { quote: said, buttons: [button('home:request', 'Show request')] }
  for (const { person } of askers) await enqueueNotice(bot, tx, person, key, sentence, undefined, more)
}
