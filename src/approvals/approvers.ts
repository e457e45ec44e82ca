import { isDeepStrictEqual } from 'node:util'
import { checkPermissions, requiredPermissions } from '../command/authorize.ts'
import type { Command } from '../command/command.ts'
import { namespacesIn } from '../command/namespaces.ts'
import { commands } from '../command/registry.ts'
import { withCredentials } from '../command/sealed-input.ts'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import type { Approver, Rule } from '../core/policy.ts'
import { slash } from '../core/slash-command.ts'
import type { Behalf } from '../db/schema.ts'
import { namespaceOf } from '../quay/names.ts'
import { identify, type Person } from '../security/identity.ts'
import { checkAccount, checkSuperuser, effectivePermission, hasPermission } from '../security/permissions.ts'
import { isAmong } from '../slack/users.ts'
import { approverBehind } from './delegation/on-behalf.ts'
import { isRequester, type Request, requesterOf, type Vote } from './request.ts'
import { type Invocation, ruleFor } from './rules.ts'

/** A person whose vote counts. */
export interface Eligibility {
  person: Person & { account: string }
  /** Whether their own permissions in Quay cover the command; otherwise `lacks` says what is missing. */
  entitled: boolean
  lacks?: Sentence
  /** The approver who handed their approvals to the person, who may not decide otherwise. */
  behalf?: Behalf
}

type About = Pick<Request, 'operation' | 'rule' | 'requester' | 'account' | 'team' | 'name'>

/** The command and input of a request, parsed by today's code. Throws `invalid` if that code no longer accepts them. */
export function parseStoredCommand(bot: Pick<Bot, 'keys'>, request: Request): Invocation {
  const { operation: name, input: stored, sealed } = request
  const command = commands.get(name)
  if (!command) throw new Failure('invalid', 'The command {command} no longer exists.', { command: slash(name) })
  const given = withCredentials(bot, { id: request.id, person: requesterOf(request) }, stored, sealed)
  const { data } = command.input.safeParse(given)
  if (!data) throw new Failure('invalid', '{command} no longer accepts the requested input. Request it again.', { command: slash(name) })
  return { name, command, input: data }
}

/** The refusal of somebody whose own permissions do not cover what they decide: membership of a group grants none. */
export function lacksRight({ lacks }: { lacks?: Sentence | undefined }) {
  return new Failure('denied', lacks?.message ?? 'You don’t have the permission in Quay that this needs.', lacks?.values)
}

/**
 * Whether a person may decide a request: by the request's snapshot of the rule, by today's policy, and by their own permissions in
 * Quay (docs/SECURITY.md rule 10), or for an approver who is away and handed their approvals to them (rule 42; `behalf`: for that
 * one only). For a decision and a run, `bot` comes from `withoutCache`. Throws `denied`; `unavailable` when that cannot be determined.
 */
export async function eligibilityOf(bot: Bot, request: About, invocation: Invocation, id: string, behalf?: string): Promise<Eligibility> {
  const person = await identify(bot, id)
  checkAccount(bot, person)
  const { account } = person
  if (account === undefined) throw new TypeError('checkAccount let somebody without an account pass')
  if (await isRequester(bot, person, request)) throw new Failure('denied', 'Someone else must approve or deny your request.')
  // Both read the same from Quay, which is read once, so running them together takes no longer than one.
  const lacking = lackOf(bot, person, invocation)
  lacking.catch(() => undefined)
  const rules = rulesOf(bot, request, invocation)
  const against = await ruleAgainst(bot, person, rules, invocation)
  const mayDecide = async (one: Person) => !(await isRequester(bot, one, request)) && !(await ruleAgainst(bot, one, rules, invocation))
  const away = against && allowDelegation(rules) ? await approverBehind(bot, person, mayDecide, behalf) : undefined
  if (against && !away)
    throw new Failure('denied', 'The policy “{rule}” does not allow you to approve or deny this.', { rule: against.name })
  const lacks = await lacking
  // A group or a delegation alone never gives a permission.
  if (away && lacks) throw lacksRight({ lacks })
  return { person: { ...person, account }, entitled: !lacks, ...(lacks && { lacks }), ...(away && { behalf: away }) }
}

/** The first rule that does not name the person as an approver. */
async function ruleAgainst(bot: Bot, person: Person, rules: Rule[], invocation: Invocation): Promise<Rule | undefined> {
  for (const rule of rules) if (!(await isApprover(bot, person, rule.approvers, invocation))) return rule
  return undefined
}

/** Both the rule of the request and that of the moment must allow it. */
export function allowDelegation(rules: Rule[]) {
  return rules.every(({ delegation }) => delegation === true)
}

/** The request's snapshot of the rule, and today's rule if it differs; both must be met. Throws `denied` if the rule was removed. */
export function rulesOf({ policy }: Pick<Bot, 'policy'>, { rule }: About, invocation: Invocation): Rule[] {
  const now = ruleFor(policy, invocation)
  if (!now) throw new Failure('denied', 'The policy no longer allows requests for this.')
  return isDeepStrictEqual(JSON.parse(JSON.stringify(now)), JSON.parse(JSON.stringify(rule))) ? [now] : [rule, now]
}

/** How many approvals satisfy all these rules at once. */
export function neededBy(rules: Rule[]) {
  return Math.max(...rules.map(({ needed }) => needed))
}

/** `isAdmin`: whether they are an admin of the namespaces that the command needs a permission in; asked of Quay unless said. */
export async function isApprover(
  bot: Bot,
  person: Person,
  approvers: Approver[],
  invocation: Invocation,
  isAdmin = () => isNamespaceAdmin(bot, person, invocation),
) {
  const ids = approvers.filter((one) => !one.startsWith('quay:'))
  if (ids.length > 0 && (await isAmong(bot.slack, person.id, ids))) return true
  if (approvers.includes('quay:superuser') && (await isSuperuser(bot, person, invocation.command))) return true
  return approvers.includes('quay:namespace-admin') && isAdmin()
}

async function isSuperuser(bot: Bot, person: Person, command: Command) {
  return (await refusal(() => checkSuperuser(bot, person, command))) === undefined
}

/** Requires admin on every namespace that the command needs a permission in, so that nobody decides for another namespace. */
async function isNamespaceAdmin(bot: Bot, person: Person, invocation: Invocation) {
  const all = decidedNamespaces(invocation)
  const held = await Promise.all(all.map((namespace) => effectivePermission(bot, person, namespace)))
  return held.length > 0 && held.every((permission) => hasPermission(permission, 'admin'))
}

/** The namespaces whose admins may decide: of each object that the command needs a permission on, or else that it names. */
export function decidedNamespaces({ command, input }: Invocation): string[] {
  const needed = new Set(requiredPermissions(command, input).map(({ object }) => namespaceOf(object)))
  return needed.size > 0 ? [...needed] : namespacesIn(command, input)
}

function lackOf(bot: Bot, person: Person, { command, input }: Invocation) {
  return refusal(() => checkPermissions(bot, person, command, input))
}

/** The sentence of a refusal. Other errors propagate. */
export async function refusal(check: () => Promise<unknown>): Promise<Sentence | undefined> {
  try {
    await check()
    return undefined
  } catch (error) {
    if (error instanceof Failure && (error.code === 'denied' || error.code === 'not_found')) return error.sentence
    throw error
  }
}

/** The requester as they are now: still in Slack, with the same account, and still allowed to request. Throws `denied`. */
export async function requesterNow(bot: Bot, request: Request, invocation: Invocation): Promise<Person> {
  const person = await identify(bot, request.requester)
  if (person.account !== (request.account ?? undefined))
    throw new Failure('denied', '{requester} is now linked to a different Quay user than at the time of the request.', {
      requester: request.name,
    })
  for (const { requesters, ask } of rulesOf(bot, request, invocation)) {
    const named = requesters.filter((one) => one !== 'everyone')
    if (named.length === requesters.length && !(await isAmong(bot.slack, person.id, named)))
      throw new Failure('denied', '{requester} is no longer allowed to request this.', { requester: request.name })
    if (ask === 'always') await checkPermissions(bot, person, invocation.command, invocation.input)
  }
  return person
}

/** Revalidates the approvals: those that still count, and the names behind those that do not (docs/SECURITY.md rule 10). */
export async function revalidateVotes(bot: Bot, request: Request, invocation: Invocation, given: Vote[]) {
  const looked = await Promise.all(
    given.map(async (vote) => {
      let eligibility: Eligibility | undefined
      const why = await refusal(async () => {
        eligibility = await eligibilityOf(bot, request, invocation, vote.person, vote.behalf?.id)
      })
      return { vote, eligibility: why || eligibility?.person.account !== vote.account ? undefined : eligibility }
    }),
  )
  const counted = looked.flatMap(({ eligibility }) => (eligibility ? [eligibility] : []))
  return { counted, gone: looked.flatMap(({ vote, eligibility }) => (eligibility ? [] : [vote])) }
}
