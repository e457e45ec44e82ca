import type { Bot } from '../bot.ts'
import type { Rule } from '../policy/policy.ts'
import type { Wanted } from '../policy/rules.ts'
import { listMembers } from '../quay/members.ts'
import { findOrganization } from '../quay/organizations.ts'
import { slackPersonOf } from '../rights/who-can-help.ts'
import { findMembers } from '../slack/people.ts'
import { decidedNamespaces, refusal, type Standing, standingOf } from './authority.ts'
import type { Request } from './request.ts'

type About = Pick<Request, 'operation' | 'rule' | 'requester' | 'account' | 'team' | 'name'>

// Of a large group nobody needs to be asked about everybody: some of these will do.
const lookedAt = 60
const atOnce = 5

/** Whether enough people could decide this, one of them with the right in Quay: a request that nobody can decide is not made. */
export async function canBeDecided(bot: Bot, request: About, wanted: Wanted): Promise<boolean> {
  const ids = await candidates(bot, request.rule, wanted)
  const found: Standing[] = []
  for (let index = 0; index < Math.min(ids.length, lookedAt); index += atOnce) {
    const some = await Promise.all(ids.slice(index, index + atOnce).map((id) => standingIfAny(bot, request, wanted, id)))
    found.push(...some.filter((one) => one !== undefined))
    if (isEnough(found, request.rule.needed)) return true
  }
  return ids.length > lookedAt
}

/** Enough different accounts, and one of them entitled. */
export function isEnough(standings: { person: { account: string }; entitled: boolean }[], needed: number) {
  return new Set(standings.map(({ person }) => person.account)).size >= needed && standings.some(({ entitled }) => entitled)
}

async function standingIfAny(bot: Bot, request: About, wanted: Wanted, id: string) {
  let standing: Standing | undefined
  await refusal(async () => {
    standing = await standingOf(bot, request, wanted, id)
  })
  return standing
}

/** The Slack people that a rule leads to: named, in a group, admins of the namespace in Quay, superusers. */
export async function candidates(bot: Bot, { approvers }: Pick<Rule, 'approvers'>, wanted: Wanted): Promise<string[]> {
  const people = await Promise.all(
    approvers.map((one) => {
      if (one === 'quay:namespace-admin') return adminsOf(bot, wanted)
      if (one === 'quay:superuser') return expand(bot, bot.policy.superusers ?? Object.keys(bot.policy.identity.map))
      return expand(bot, [one])
    }),
  )
  return [...new Set(people.flat())]
}

async function expand(bot: Bot, ids: string[]) {
  return (await Promise.all(ids.map((id) => (id.startsWith('S') ? findMembers(bot.slack, id) : [id])))).flat()
}

async function adminsOf(bot: Bot, wanted: Wanted) {
  const accounts = (await Promise.all(decidedNamespaces(wanted).map((namespace) => adminAccounts(bot, namespace)))).flat()
  const people = await Promise.all(accounts.slice(0, lookedAt).map((account) => slackPersonOf(bot, account)))
  return people.filter((id) => id !== undefined)
}

/** Members of teams with the role admin; a user's namespace is its owner's. */
async function adminAccounts({ quay }: Bot, namespace: string) {
  const organization = await findOrganization(quay, namespace)
  if (!organization) return [namespace]
  const admin = new Set(organization.teams.flatMap(({ name, role }) => (role === 'admin' ? [name] : [])))
  const members = await listMembers(quay, namespace)
  return members.flatMap(({ name, kind, teams }) => (kind === 'user' && teams.some((team) => admin.has(team)) ? [name] : []))
}
