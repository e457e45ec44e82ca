import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Behalf } from '../../db/schema.ts'
import { identify, isSame, type Person } from '../../security/identity.ts'
import { checkAccount } from '../../security/permissions.ts'
import { delegationsTo } from './delegations.ts'

/**
 * The approver for whom a person may decide, because that approver handed their approvals over: still in Slack, with the same
 * account, and named by the rules themself (`mayDecide`), so that a delegation can't be delegated. `only`: for this approver and
 * nobody else. Undefined: for nobody (docs/SECURITY.md rule 42).
 */
export async function approverBehind(
  bot: Bot,
  person: Person,
  mayDecide: (approver: Person) => Promise<boolean>,
  only?: string,
): Promise<Behalf | undefined> {
  for (const { delegator, delegatorAccount, delegateAccount } of await delegationsTo(bot, person)) {
    if (only !== undefined && delegator !== only) continue
    // The account that the delegation was made for: whoever is linked to another one since decides nothing by it.
    if (delegateAccount !== person.account) continue
    const approver = await presentApprover(bot, delegator)
    if (!approver || approver.account !== delegatorAccount || isSame(approver, person)) continue
    if (await mayDecide(approver)) return { id: delegator, one: approver.one ?? delegator, account: delegatorAccount, name: approver.name }
  }
  return undefined
}

async function presentApprover(bot: Bot, id: string): Promise<Person | undefined> {
  try {
    const approver = await identify(bot, id)
    checkAccount(bot, approver)
    return approver
  } catch (error) {
    if (error instanceof Failure && error.code === 'denied') return undefined
    throw error
  }
}
