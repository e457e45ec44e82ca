import { and, desc, eq, inArray, ne, notExists } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { approverNotices, requests, votes } from '../db/schema.ts'
import type { Person } from '../security/identity.ts'
import { allowDelegation, eligibilityOf, isApprover, parseStoredCommand, rulesOf } from './approvers.ts'
import { approverBehind } from './delegation/on-behalf.ts'
import { isRequester, type Request } from './request.ts'
import type { Invocation } from './rules.ts'

const lookedAt = 100
const atOnce = 5

/**
 * Requests that wait for a person, newest first: those that they may decide and have not, and those in state `unknown` that they
 * can resolve. Who may decide was found when the card was made, so that a list costs no calls: the decision asks Quay. Throws
 * `unavailable` when Slack does not answer, or Quay, of requests of older releases and unknown ones.
 */
export async function requestsWaitingFor(bot: Bot, person: Person, atMost = 10): Promise<Request[]> {
  if (!person.user?.enabled || person.account === undefined) return []
  const open = await undecidedBy(bot, person)
  const found: Request[] = []
  for (let index = 0; index < open.length && found.length < atMost; index += atOnce) {
    const some = open.slice(index, index + atOnce)
    const waits = await Promise.all(some.map((request) => waitsFor(bot, request, person)))
    found.push(...some.filter((_, one) => waits[one]))
  }
  return found.slice(0, atMost)
}

/** How many pending requests the person was given to decide (by rows alone) and has not. */
export function waitingCount({ db }: Pick<Bot, 'db'>, { id, account = '' }: Person): Promise<number> {
  const mine = db
    .select({ account: votes.account })
    .from(votes)
    .where(and(eq(votes.request, approverNotices.request), eq(votes.account, account)))
  const open = db.select({ id: requests.id }).from(requests).where(eq(requests.state, 'pending'))
  return db.$count(approverNotices, and(eq(approverNotices.person, id), inArray(approverNotices.request, open), notExists(mine)))
}

function undecidedBy({ db }: Pick<Bot, 'db'>, { id, team, account = '' }: Person): Promise<Request[]> {
  const mine = db
    .select({ account: votes.account })
    .from(votes)
    .where(and(eq(votes.request, requests.id), eq(votes.account, account), eq(requests.state, 'pending')))
  return db
    .select()
    .from(requests)
    .where(and(eq(requests.team, team), inArray(requests.state, ['pending', 'unknown']), ne(requests.requester, id), notExists(mine)))
    .orderBy(desc(requests.createdAt), desc(requests.id))
    .limit(lookedAt)
}

async function waitsFor(bot: Bot, request: Request, person: Person) {
  if (await isRequester(bot, person, request)) return false
  try {
    const invocation = parseStoredCommand(bot, request)
    if (!(await isNamed(bot, request, person, invocation))) return false
    // There are few of them, and only who holds the permission can tell what happened.
    return request.state === 'pending' || (await eligibilityOf(bot, request, invocation, person.id)).entitled
  } catch (error) {
    if (error instanceof Failure && error.code !== 'unavailable') return false
    throw error
  }
}

/** Whether the rules of the request name the person, or somebody who handed their approvals to them, as far as rows and Slack tell. */
async function isNamed(bot: Bot, request: Request, person: Person, invocation: Invocation) {
  const rules = rulesOf(bot, request, invocation)
  const areNamed = async (one: Person) => {
    const { admins } = request.about
    const isAdmin = admins && (async () => admins.includes(one.account ?? '') || isFullSuperuser(bot, one))
    for (const { approvers } of rules) if (!(await isApprover(bot, one, approvers, invocation, isAdmin))) return false
    return true
  }
  if (await areNamed(person)) return true
  const mayDecide = async (one: Person) => !(await isRequester(bot, one, request)) && areNamed(one)
  return allowDelegation(rules) && (await approverBehind(bot, person, mayDecide)) !== undefined
}

function isFullSuperuser({ quay }: Bot, { user }: Person) {
  return user?.superuser === true && quay.capabilities.superusersFullAccess
}
