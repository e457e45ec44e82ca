import type { Bot } from '../context.ts'
import type { Rule } from '../core/policy.ts'
import { adminsAmong } from '../quay/admins.ts'
import { listMembers } from '../quay/members.ts'
import { findOrganization } from '../quay/organizations.ts'
import { teamsOf } from '../quay/sight.ts'
import { slackPersonOf } from '../security/contacts.ts'
import { peopleIn } from '../slack/users.ts'
import { decidedNamespaces, type Eligibility, eligibilityOf, refusal } from './approvers.ts'
import { delegatesOf } from './delegation/delegations.ts'
import { isEnough } from './enough.ts'
import type { Request } from './request.ts'
import type { Invocation } from './rules.ts'

type About = Pick<Request, 'operation' | 'rule' | 'requester' | 'account' | 'team' | 'name'> & { about?: Request['about'] }

// Of a large group a sample is enough.
const lookedAt = 60
const atOnce = 5

/** Whether enough people could approve this, one of them with the permission in Quay. A request that nobody can approve is not created. */
export async function canBeDecided(bot: Bot, request: About, invocation: Invocation): Promise<boolean> {
  const found: Eligibility[] = []
  let looked = 0
  for await (const { asked, able } of standings(bot, request, invocation)) {
    found.push(...able)
    looked += asked
    if (looked >= lookedAt || isEnough(found, request.rule.needed)) return true
  }
  return false
}

/** At most so many people who can decide the request now, those with the permission in Quay first. */
export async function decidersNow(bot: Bot, request: About, invocation: Invocation, most: number): Promise<Eligibility[]> {
  const found: Eligibility[] = []
  let looked = 0
  for await (const { asked, able } of standings(bot, request, invocation)) {
    found.push(...able)
    looked += asked
    if (found.length >= most || looked >= lookedAt) break
  }
  // Who handed their approvals over is away.
  const away = new Set(found.flatMap(({ behalf }) => behalf?.one ?? []))
  const people = new Map(found.map((one) => [one.person.one ?? one.person.id, one]))
  for (const one of away) people.delete(one)
  return [...people.values()].toSorted((one, other) => Number(other.entitled) - Number(one.entitled)).slice(0, most)
}

/** In batches: how many were looked at, and who of them can decide. */
async function* standings(bot: Bot, request: About, invocation: Invocation): AsyncGenerator<{ asked: number; able: Eligibility[] }> {
  for await (const ids of candidates(bot, request.rule, invocation, request.about?.admins)) {
    const all = request.rule.delegation ? [...new Set([...ids, ...(await delegatesOf(bot, ids))])] : ids
    const some = await Promise.all(all.map((id) => standingIfAny(bot, request, invocation, id)))
    yield { asked: all.length, able: some.filter((one) => one !== undefined) }
  }
}

async function standingIfAny(bot: Bot, request: About, invocation: Invocation, id: string) {
  let eligibility: Eligibility | undefined
  await refusal(async () => {
    eligibility = await eligibilityOf(bot, request, invocation, id)
  })
  return eligibility
}

/**
 * The Slack people that a rule names, in batches. People named directly and superusers come first, because finding the people
 * behind the accounts of a namespace's admins takes longest. `admins`: their accounts, where they were found before.
 */
export async function* candidates(
  bot: Bot,
  { approvers }: Pick<Rule, 'approvers'>,
  invocation: Invocation,
  admins?: string[],
): AsyncGenerator<string[]> {
  const superusers = approvers.includes('quay:superuser') ? (bot.policy.superusers ?? Object.keys(bot.policy.identity.map)) : []
  yield* slices(await peopleIn(bot.slack, [...approvers.filter((one) => !one.startsWith('quay:')), ...superusers]))
  if (!approvers.includes('quay:namespace-admin')) return
  const accounts = admins ?? (await Promise.all(decidedNamespaces(invocation).map((namespace) => adminAccounts(bot, namespace)))).flat()
  for (const some of slices(accounts)) {
    const people = await Promise.all(some.map((account) => slackPersonOf(bot, account)))
    yield people.filter((id) => id !== undefined)
  }
}

function slices(all: string[]): string[][] {
  const different = [...new Set(all)]
  return different.flatMap((_, index) => (index % atOnce === 0 ? [different.slice(index, index + atOnce)] : []))
}

/** Members of the teams with the role admin; for a user's namespace, that user. */
export async function adminAccounts({ quay }: Pick<Bot, 'quay'>, namespace: string) {
  const organization = await findOrganization(quay, namespace)
  if (!organization) return [namespace]
  return adminsAmong(teamsOf(quay, organization), await listMembers(quay, namespace)).map(({ account }) => account)
}
