import { randomBytes } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { aDay } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { delegations } from '../../db/schema.ts'
import { slackPersonOf } from '../../security/contacts.ts'
import { identify, isSame, type Person } from '../../security/identity.ts'
import { isAmong } from '../../slack/users.ts'
import type { Delegation } from './delegations.ts'
import { tellGiven } from './tell.ts'

const longest = 14 * aDay

/**
 * Hands the approvals of a person to the Slack person of another Quay user, and tells that person. It replaces an earlier one.
 * What it allows is asked at each decision. Throws `invalid`, and `denied` where the policy allows no delegation.
 */
export async function giveDelegation(
  bot: Bot,
  person: Person,
  { to, endsAt, dry }: { to: string; endsAt: number | undefined; dry: boolean },
): Promise<Delegation> {
  const now = bot.clock()
  if (endsAt === undefined) throw fieldProblem('until', 'Enter when it ends, such as {example}.', { example: 'until=friday' })
  if (endsAt - now > longest) throw fieldProblem('until', 'A delegation can last 14 days at most.')
  if (!(await couldDelegate(bot, person))) throw new Failure('denied', 'No policy that names you as an approver allows delegation.')
  const delegate = await memberOf(bot, to)
  if (!delegate || delegate.account !== to || !delegate.user?.enabled)
    throw fieldProblem('to', 'The Quay user {account} is not linked to anyone in Slack.', { account: to })
  if (isSame(delegate, person)) throw fieldProblem('to', 'You can’t delegate your approvals to yourself.')
  const row: Delegation = {
    id: randomBytes(8).toString('hex'),
    team: person.team,
    delegator: person.one ?? person.id,
    delegatorName: person.name,
    delegatorAccount: person.account ?? '',
    delegate: delegate.one ?? delegate.id,
    delegateName: delegate.name,
    delegateAccount: to,
    endsAt: new Date(endsAt),
    createdAt: new Date(now),
    endedAt: null,
  }
  if (dry) return row
  await bot.db.transaction(async (tx) => {
    const mine = and(eq(delegations.team, row.team), eq(delegations.delegator, row.delegator), isNull(delegations.endedAt))
    await tx.update(delegations).set({ endedAt: row.createdAt }).where(mine)
    await tx.insert(delegations).values(row)
    await tellGiven(bot, tx, row)
  })
  return row
}

/** The Slack person of an account; undefined for guests, people of other workspaces and whoever left. */
async function memberOf(bot: Bot, account: string): Promise<Person | undefined> {
  const found = await slackPersonOf(bot, account)
  return found === undefined ? undefined : identify(bot, found).catch(ignoringDenied)
}

function ignoringDenied(error: unknown) {
  if (error instanceof Failure && error.code === 'denied') return undefined
  throw error
}

/** Whether a rule that allows delegation may name the person. Admins of a namespace are found at each decision. */
async function couldDelegate({ policy, slack }: Bot, { id, user }: Person) {
  for (const { delegation, approvers } of [...policy.approvals, ...(policy.fallback ? [policy.fallback] : [])]) {
    if (!delegation) continue
    if (approvers.includes('quay:namespace-admin') || (approvers.includes('quay:superuser') && user?.superuser)) return true
    const named = approvers.filter((one) => !one.startsWith('quay:'))
    if (named.length > 0 && (await isAmong(slack, id, named))) return true
  }
  return false
}
