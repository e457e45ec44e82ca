import type { Logger } from 'pino'
import type { Effect, Operation } from '../command/command.ts'
import { type Field, fieldsOf } from '../command/fields.ts'
import { operations } from '../command/registry.ts'
import type { Policy, Rule } from '../core/policy.ts'
import type { Slack } from '../slack/clients.ts'

/** What is allowed but probably not meant, a sentence each for an operator. */
export function policyWarnings({ approvals, protected: own }: Policy): string[] {
  return [
    ...(own.length === 0 ? [nothingProtected] : []),
    ...approvals.flatMap((rule) => [...oneDoorOnly(rule, approvals), ...unknownFields(rule)]),
  ]
}

// Quay does not tell whose application a token belongs to (security.md rule 8), so only an operator can name it.
const nothingProtected =
  'protected names no organisation. Name the one that owns the OAuth application of QUAY_TOKEN, such as protected: [platform], or commands may reach it.'

const namedAtMost = 5

/**
 * A rule on `repo delete` alone is walked round by whatever else destroys (security.md rule 9). One that only lets people ask
 * who lack the right bars nobody: those with the right need no other door, and those without it find none.
 */
function oneDoorOnly(rule: Rule, all: Rule[]) {
  if (!rule.operations || rule.ask !== 'always') return []
  const covered = new Set(all.flatMap(({ operations = [] }) => operations))
  const byEffect = new Set(all.flatMap(({ effects = [] }) => effects))
  const mine = new Set(rule.operations.flatMap((name) => possibleEffects(operations.get(name))))
  // Everything creates something else: only what has the same weight is another door.
  mine.delete('creates')
  return [...mine].flatMap((effect) => {
    const doors = byEffect.has(effect)
      ? []
      : [...operations].filter(([name, one]) => !covered.has(name) && possibleEffects(one).includes(effect))
    if (doors.length === 0) return []
    const named = doors.slice(0, namedAtMost).map(([name]) => name)
    const names = [...named, ...(doors.length > namedAtMost ? [`${doors.length - namedAtMost} more`] : [])].join(', ')
    return [`approvals “${rule.name}”: others can do the same (${effect}) by ${names}. Write effects: [${effect}] to cover them all.`]
  })
}

/** Where the effects depend on the input: those of every choice, with and without what is optional. */
function possibleEffects(operation: Operation | undefined): Effect[] {
  const effects = operation?.changes?.effects
  if (!operation || effects === undefined || 'ownBusiness' in effects) return []
  if (typeof effects !== 'function') return effects
  return [...new Set(inputsOf(operation).flatMap((input) => effectsFor(effects, input)))]
}

function inputsOf(operation: Operation): Record<string, unknown>[] {
  const fields = fieldsOf(operation)
  const filled = (full: boolean) => Object.fromEntries(fields.map((field) => [field.name, sample(field, full)]))
  const choices = fields.flatMap(({ name, options, type }) => (type === 'choice' ? options.map((option) => ({ [name]: option })) : []))
  return [
    filled(false),
    filled(true),
    ...choices.flatMap((choice) => [
      { ...filled(false), ...choice },
      { ...filled(true), ...choice },
    ]),
  ]
}

function sample({ type, options, required, default: fallback }: Field, full: boolean) {
  if (type === 'list' || type === 'choices') return full ? [options[0] ?? 'acme/web'] : []
  if (!full && !required) return fallback
  if (type === 'number') return 1
  return type === 'boolean' ? true : (options[0] ?? 'acme/web')
}

function effectsFor(effects: (input: Record<string, unknown>) => Effect[], input: Record<string, unknown>) {
  try {
    return effects(input)
  } catch {
    // It wants more of an input than there is here.
    return []
  }
}

/** A condition on a field that nothing has: the rule would never match. */
function unknownFields({ name, when, operations: named }: Rule) {
  if (!when) return []
  const covered = [...operations].filter(([one]) => !named || named.includes(one))
  const known = new Set(covered.flatMap(([, operation]) => fieldsOf(operation).map((field) => field.name)))
  return Object.keys(when)
    .filter((field) => !known.has(field))
    .map((field) => `approvals “${name}”: no command that it covers has a field ${field}, so it never matches.`)
}

/** Asks Slack for every id of the policy; what it does not know is a warning each. Nothing is refused: Slack may be down. */
export async function warnOfUnknownIds(slack: Slack, policy: Policy, log: Logger) {
  const ids = idsOf(policy)
  const groups = [...ids].some((id) => id.startsWith('S')) ? await knownGroups(slack, log) : undefined
  for (const id of ids) {
    const problem = id.startsWith('S') ? groups && !groups.has(id) && 'no_such_subteam' : await askFor(slack, id)
    if (!problem) continue
    // For `status` and the metrics; a channel is told of on the cards.
    if (!/^[CG]/.test(id) && problem !== 'no answer') slack.unknown.set(id, problem)
    log.warn({ id, problem }, 'the policy names somebody or something that Slack does not know, or that I cannot use')
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
    log.warn({ problem: errorOf(error) }, 'Slack was not asked for the user groups of the policy')
    return undefined
  }
}

function errorOf(error: unknown) {
  return (error as { data?: { error?: string } }).data?.error ?? 'no answer'
}
