import { createHash, randomInt } from 'node:crypto'
import { and, asc, desc, eq, inArray, like, type SQL, sql } from 'drizzle-orm'
import { firstUndone } from '../command/steps.ts'
import { type Bot, enqueue } from '../context.ts'
import { canonical } from '../core/canonical-json.ts'
import { Failure } from '../core/failure.ts'
import type { Db } from '../db/database.ts'
import { type RequestState, requests, votes } from '../db/schema.ts'
import { audit } from '../security/audit-log.ts'
import { isSame, type Person } from '../security/identity.ts'
import { idForAll } from '../slack/users.ts'

export type Request = typeof requests.$inferSelect
export type Vote = typeof votes.$inferSelect
export type { RequestState }

//  pending ─┬─▶ denied · expired · withdrawn
//     ▲     └─▶ approved ──▶ running ─┬─▶ succeeded (its failed steps: ──▶ running)
//     │            │           │      ├─▶ failed
//     └────────────┴───────────┘      └─▶ unknown ──▶ succeeded · failed · running, by a person
//   the approved facts or approvers have changed, and Quay has not been called yet
const before: Record<RequestState, RequestState[]> = {
  pending: ['approved', 'running'],
  approved: ['pending'],
  denied: ['pending'],
  expired: ['pending'],
  withdrawn: ['pending'],
  running: ['approved', 'running', 'unknown', 'succeeded'],
  succeeded: ['running', 'unknown'],
  failed: ['approved', 'running', 'unknown'],
  unknown: ['running'],
}

/** The states of a request that is not over yet. */
export const openStates: RequestState[] = ['pending', 'approved', 'running', 'unknown']

/** The ends of which the requester and followers are told by a new message, because Slack notifies nobody of an edit. */
const told: RequestState[] = ['denied', 'expired', 'withdrawn', 'succeeded', 'failed', 'unknown']

const final: RequestState[] = ['denied', 'expired', 'withdrawn', 'succeeded', 'failed']

/**
 * Changes the state of a request if its present state allows it and `only` holds, and queues its publication, in one transaction.
 * Returns undefined if the row was changed by somebody else first.
 */
export async function move(
  bot: Pick<Bot, 'boss' | 'clock'>,
  tx: Db,
  { id }: Pick<Request, 'id'>,
  state: RequestState,
  { change = {}, only }: { change?: Partial<Request>; only?: SQL | undefined } = {},
): Promise<Request | undefined> {
  const ended = final.includes(state) ? { endedAt: new Date(bot.clock()) } : {}
  // Credentials are kept until no work is left that needs them.
  const isOver = final.includes(state) && firstUndone(change.steps ?? []) === undefined
  const [row] = await tx
    .update(requests)
    .set({ ...ended, ...(isOver && { sealed: null }), ...change, state, version: sql`${requests.version} + 1` })
    .where(and(eq(requests.id, id), inArray(requests.state, before[state]), only))
    .returning()
  if (!row) return undefined
  await enqueue(bot, tx, 'show-request', { id })
  if (told.includes(state)) await enqueue(bot, tx, 'note-request', { id, note: 'ended' })
  return row
}

/** Queues its drawing although nothing of its row has changed; in a transaction by `redraw`. */
export async function drawAgain(bot: Pick<Bot, 'boss' | 'db'>, id: string) {
  await bot.db.transaction((tx) => redraw(bot, tx, id))
}

/** Has the card and its copies drawn anew, once `tx` is committed. Undefined: there is no such request. */
export async function redraw(bot: Pick<Bot, 'boss'>, tx: Db, id: string): Promise<Request | undefined> {
  await enqueue(bot, tx, 'show-request', { id })
  const [row] = await tx
    .update(requests)
    .set({ version: sql`${requests.version} + 1` })
    .where(eq(requests.id, id))
    .returning()
  return row
}

/** Its messages are about to be edited beside the row: should this process die then, the sweep draws them again after so many milliseconds. */
export async function drawUnless(bot: Pick<Bot, 'db' | 'clock'>, id: string, within: number) {
  await bot.db
    .update(requests)
    .set({ version: sql`${requests.version} + 1`, drawAt: new Date(bot.clock() + within) })
    .where(eq(requests.id, id))
}

/**
 * The request whose id begins so, if only one does: among those of the person, else among all. Throws `not_found`; whether the
 * person may see it is the caller's to check, with the same answer.
 */
export async function findRequestBegun(db: Db, begun: string, { id: requester, team }: Pick<Person, 'id' | 'team'>): Promise<Request> {
  const none = new Failure('not_found', 'Request {id} not found.', { id: begun })
  if (!/^[a-z0-9]{3,20}$/.test(begun)) throw none
  const found = await db
    .select()
    .from(requests)
    .where(and(eq(requests.team, team), like(requests.id, `${begun}%`)))
    .limit(20)
  const own = found.filter((one) => one.requester === requester)
  const [only] = [found.filter(({ id }) => id === begun), own, found].flatMap((some) => (some.length === 1 ? some : []))
  if (!only) throw none
  return only
}

/** Throws `not_found`. */
export async function findRequest(db: Db, id: string): Promise<Request> {
  const [request] = await db.select().from(requests).where(eq(requests.id, id))
  if (!request) throw new Failure('not_found', 'Request {id} not found.', { id })
  return request
}

/** Who approved and denied, in that order. */
export function votesOn(db: Db, id: string): Promise<Vote[]> {
  return db.select().from(votes).where(eq(votes.request, id)).orderBy(asc(votes.at), asc(votes.account))
}

/** The requests of a person, or those that are open, newest first; 20 at a time. */
export async function listRequests(
  { db }: Pick<Bot, 'db'>,
  {
    team,
    requester,
    states,
    page,
    limit = 20,
  }: {
    team: string
    requester?: string | undefined
    states?: RequestState[] | undefined
    page?: string | undefined
    limit?: number | undefined
  },
) {
  const offset = Number(page ?? 0)
  const rows = await db
    .select()
    .from(requests)
    .where(
      and(
        eq(requests.team, team),
        requester ? eq(requests.requester, requester) : undefined,
        states ? inArray(requests.state, states) : undefined,
      ),
    )
    .orderBy(desc(requests.createdAt), desc(requests.id))
    .limit(limit + 1)
    .offset(offset)
  return { entries: rows.slice(0, limit), next: rows.length > limit ? String(offset + limit) : undefined }
}

/** Only the requester can withdraw a request, and only while it is undecided. Throws `denied`, `conflict`. */
export async function withdraw(bot: Bot, id: string, person: Person, reference: string): Promise<Request> {
  const request = await findRequest(bot.db, id)
  if (!(await isRequester(bot, person, request)))
    throw new Failure('denied', 'Only {requester} can withdraw this request.', { requester: request.name })
  const moved = await bot.db.transaction(async (tx) => {
    const row = await move(bot, tx, request, 'withdrawn')
    if (row) await audit(bot, tx, { ...rowOf(request), person, reference, phase: 'withdrawn' })
    return row
  })
  return moved ?? Promise.reject(await tooLate(bot, await findRequest(bot.db, id)))
}

/** Whether the person is the requester, by account or by another id on the Enterprise Grid. */
export async function isRequester({ slack }: Pick<Bot, 'slack'>, person: Person, request: Pick<Request, 'requester' | 'account'>) {
  const { requester: id, account } = request
  const isOfGrid = (person.one ?? person.id) !== person.id || person.id.startsWith('W')
  const one = isOfGrid ? await idForAll(slack, id) : id
  return isSame(person, { id, one, account: account ?? undefined })
}

/** The fields that every audit entry of a request shares. */
export function rowOf({ id, operation, input, rule, reference }: Request) {
  return { operation, input, rule: rule.name, reference, request: id }
}

/** The requester, as audit entries name them. */
export function requesterOf({ requester: id, team, name, account }: Request) {
  return { id, team, name, account: account ?? undefined }
}

const ends: Partial<Record<RequestState, string>> = {
  expired: 'This request has expired: nobody approved or denied it in time.',
  withdrawn: '{requester} has withdrawn this request.',
  denied: '{person} already denied this request.',
}

/** Tells a person who came too late what was decided, and by whom. */
export async function tooLate({ db }: Pick<Bot, 'db'>, request: Request): Promise<Failure> {
  const last = (await votesOn(db, request.id)).findLast(({ decision }) => (decision === 'denied') === (request.state === 'denied'))
  const values = { requester: request.name, person: last?.name ?? request.name }
  return new Failure('conflict', ends[request.state] ?? '{person} already approved this request.', values)
}

/** Identifies what an approver looked at: the command, its input, the rule and the rendered facts (docs/SECURITY.md rule 11). */
export function revisionOf({ operation, input, rule, facts }: Pick<Request, 'operation' | 'input' | 'rule' | 'facts'>) {
  return createHash('sha256').update(canonical({ operation, input, rule, facts })).digest('base64url').slice(0, 16)
}

// Without letters that are easily confused, because people type it.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Nine letters and digits that nobody can guess. */
export function newRequestId() {
  return Array.from({ length: 9 }, () => letters[randomInt(letters.length)]).join('')
}
