import type { Logger } from 'pino'
import { commands } from '../command/registry.ts'
import { Failure, logged } from '../core/failure.ts'
import type { Policy, Rule, Where } from '../core/policy.ts'
import { isLiteral } from '../core/policy-names.ts'
import { slash } from '../core/slash-command.ts'
import { withPriority } from '../quay/http.ts'
import { findOrganization } from '../quay/organizations.ts'
import type { Quay } from '../quay/registry.ts'
import { findUser } from '../quay/users.ts'
import type { Slack } from '../slack/clients.ts'
import { neverMatches } from './never-matches.ts'
import { possibleEffects } from './possible-effects.ts'

/** What is wrong with a command named by the policy: it does not exist, or a rule for approvals names it and it never needs one. */
export function commandProblem(name: string, use: 'approval' | 'any'): string | undefined {
  const found = commands.get(name)
  if (!found) return `unknown command ${slash(name)}`
  return use === 'any' || found.changes ? undefined : slash(`${name} is read-only: there is nothing to approve`)
}

/** Warnings about rules that are valid but probably not intended: a sentence each, with its line if the policy is a file. */
export function policyWarnings({ approvals, protected: own }: Policy, where?: Where): string[] {
  const at = (path: PropertyKey[]) => (where ? `${where(path)}: ` : '')
  return [
    ...(own.length === 0 ? [`${at(['protected'])}${nothingProtected}`] : []),
    ...approvals.flatMap((rule, index) => [
      ...oneDoorOnly(rule, approvals).map((said) => `${at(['approvals', index])}${said}`),
      ...neverMatches(rule, approvals.slice(0, index)).map(
        ({ path, said }) => `${at(['approvals', index, ...path])}approvals “${rule.name}”: ${said}.`,
      ),
    ]),
  ]
}

// Quay does not say who owns the application of a token (docs/SECURITY.md rule 8), so an operator must name it.
const nothingProtected =
  'protected names no organization. Add the one that owns the OAuth application of QUAY_TOKEN, such as protected: [platform]; otherwise commands can change it.'

const namedAtMost = 5

/**
 * A rule on `repo delete` alone can be bypassed by other destructive commands (docs/SECURITY.md rule 9). That matters only for
 * `ask: always`: a rule that lets people without the permission ask restricts nobody.
 */
function oneDoorOnly(rule: Rule, all: Rule[]) {
  if (!rule.operations || rule.ask !== 'always') return []
  const covered = new Set(all.flatMap(({ operations = [] }) => operations))
  const byEffect = new Set(all.flatMap(({ effects = [] }) => effects))
  const mine = new Set(rule.operations.flatMap((name) => possibleEffects(commands.get(name))))
  // Every command creates something, so only effects of the same weight count as a bypass.
  mine.delete('creates')
  return [...mine].flatMap((effect) => {
    const doors = byEffect.has(effect)
      ? []
      : [...commands].filter(([name, one]) => !covered.has(name) && possibleEffects(one).includes(effect))
    if (doors.length === 0) return []
    const named = doors.slice(0, namedAtMost).map(([name]) => name)
    const names = [...named, ...(doors.length > namedAtMost ? [`${doors.length - namedAtMost} more`] : [])].join(', ')
    return [
      `approvals “${rule.name}”: other commands have the same effect (${effect}): ${names}. Use effects: [${effect}] to cover all of them.`,
    ]
  })
}

const lookedUpAtMost = 100

/** Checks every namespace and account of the policy against Quay: a warning for each that does not exist. */
export async function warnOfUnknownNames(quay: Quay, { protected: own, approvals, identity }: Policy, log: Logger, where?: Where) {
  const background = withPriority(quay, { class: 'background' })
  const named = [
    ...own.map((name, index) => ({ name, path: ['protected', index] as PropertyKey[] })), // otherwise inferred as a list of unions
    ...approvals.flatMap(({ namespaces = [] }, rule) =>
      namespaces.flatMap(
        (glob, index) =>
          isLiteral(glob) ? [{ name: glob.toLowerCase(), path: ['approvals', rule, 'namespaces', index] as PropertyKey[] }] : [], // otherwise inferred as a list of unions
      ),
    ),
    ...Object.entries(identity.map).map(([id, name]) => ({ name, path: ['identity', 'map', id] as PropertyKey[] })), // otherwise inferred as a list of unions
  ]
  const isThere = new Map<string, boolean>()
  try {
    for (const { name, path } of named.slice(0, lookedUpAtMost)) {
      const organization = path[0] === 'identity' ? undefined : await findOrganization(background, name)
      if (path[0] === 'protected') isThere.set(name, organization !== undefined)
      if (!organization && !(await findUser(background, name)))
        log.warn({ name, at: where?.(path) ?? path.join('.') }, 'the policy names objects that do not exist in Quay; they have no effect')
    }
    // The bot's account, say, which is often called like the organization in an example.
    if (own.length > 0 && own.every((name) => isThere.get(name) === false))
      log.warn({ names: own, at: where?.(['protected']) ?? 'protected' }, nothingProtected)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    log.warn(logged(error), 'could not check the names of the policy against Quay')
  }
}

/** Checks every id of the policy against Slack: a warning for each that is unknown. Nothing is refused, because Slack may be down. */
export async function warnOfUnknownIds(slack: Slack, policy: Policy, log: Logger) {
  const ids = idsOf(policy)
  const groups = [...ids].some((id) => id.startsWith('S')) ? await knownGroups(slack, log) : undefined
  for (const id of ids) {
    const problem = id.startsWith('S') ? groups && !groups.has(id) && 'no_such_subteam' : await askFor(slack, id)
    if (!problem) continue
    // For `status` and the metrics; problems with a channel are shown on the cards.
    if (!/^[CG]/.test(id) && problem !== 'no answer') slack.unknown.set(id, problem)
    log.warn({ id, problem }, 'the policy names an id that Slack does not know, or that Quaymaster cannot use')
  }
}

/** Every person, user group and channel that the policy names. */
export function idsOf({ identity, superusers = [], approvals, fallback }: Policy) {
  const rules = [...approvals, ...(fallback ? [fallback] : [])]
  const named = rules.flatMap(({ requesters, approvers, channel, escalate }) => [
    ...requesters,
    ...approvers,
    channel,
    ...(escalate?.to ?? []),
  ])
  return new Set([...Object.keys(identity.map), ...superusers, ...named].filter((id) => id !== 'everyone' && !id.startsWith('quay:')))
}

async function askFor({ directory }: Slack, id: string): Promise<string | undefined> {
  try {
    if (!/^[CG]/.test(id)) {
      const { user } = await directory.users.info({ user: id })
      return user?.deleted ? 'deactivated' : undefined
    }
    const { channel } = await directory.conversations.info({ channel: id })
    if (channel?.is_archived) return 'is_archived'
    return channel?.is_member ? undefined : 'not_in_channel'
  } catch (error) {
    return errorOf(error)
  }
}

async function knownGroups({ directory }: Slack, log: Logger) {
  try {
    const { usergroups = [] } = await directory.usergroups.list({ include_disabled: false })
    return new Set(usergroups.map(({ id }) => id))
  } catch (error) {
    log.warn({ problem: errorOf(error) }, 'could not check the user groups of the policy with Slack')
    return undefined
  }
}

function errorOf(error: unknown) {
  return (error as { data?: { error?: string } }).data?.error ?? 'no answer' // the errors of @slack/web-api have this shape
}
