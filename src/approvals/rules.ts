import { type Command, type Effect, effectsOf } from '../command/command.ts'
import { namespacesIn } from '../command/namespaces.ts'
import { matchesGlob } from '../core/pattern.ts'
import type { Policy, Rule } from '../core/policy.ts'

/** What somebody wants to run: a command with its parsed input. */
export interface Invocation {
  name: string
  command: Command
  input: Record<string, unknown>
}

/** What the engine must know about the person; Slack and Quay answer it, or the options of the policy command line. */
export interface Asking {
  /** Whether their own permissions in Quay cover the command. */
  may: boolean
  /** Whether they are one of these Slack people, or a member of one of these user groups. */
  isAmong(ids: string[]): Promise<boolean>
}

export type Ruling =
  | { verdict: 'run'; rule?: Rule | undefined }
  | { verdict: 'ask'; rule: Rule }
  /** `stranger`: the rule takes requests, but not from this person. */
  | { verdict: 'refuse'; rule?: Rule | undefined; stranger: boolean }

/** Applies the policy to a command, its input and a person. The same engine serves commands, dry runs and the policy command line. */
export async function rulingFor(policy: Policy, invocation: Invocation, { may, isAmong }: Asking): Promise<Ruling> {
  // Read-only commands and the bot's own business can neither need approval nor be disabled.
  if (!invocation.command.changes) return { verdict: may ? 'run' : 'refuse', stranger: false }
  const rule = ruleFor(policy, invocation)
  if (!rule) return { verdict: may && !isSwitchedOff(policy, invocation) ? 'run' : 'refuse', stranger: false }
  if (may && rule.ask === 'without-right') return { verdict: 'run', rule }
  // Under `always` an approval is required in addition to the permission, never instead of it.
  if (!may && rule.ask === 'always') return { verdict: 'refuse', rule, stranger: false }
  const { requesters } = rule
  if (requesters.includes('everyone') || (await isAmong(requesters))) return { verdict: 'ask', rule }
  return { verdict: 'refuse', rule, stranger: true }
}

/** The first rule that matches; the fallback under `default: ask`; undefined where only the default applies. */
export function ruleFor(policy: Policy, invocation: Invocation): Rule | undefined {
  const rule = policy.approvals.find((one) => matches(one, invocation))
  if (rule) return rule
  return policy.default === 'ask' && hasEffects(invocation) ? policy.fallback : undefined
}

function isSwitchedOff(policy: Policy, invocation: Invocation) {
  return policy.default === 'refuse' && hasEffects(invocation)
}

/** Commands without an effect on Quay need no approval, such as withdrawing one's own request or subscribing. */
function hasEffects({ command, input }: Invocation) {
  return effectsOf(command, input).length > 0
}

function matches(rule: Rule, { name, command, input }: Invocation) {
  const covered = rule.operations?.includes(name) ?? effectsOf(command, input).some((effect) => rule.effects?.includes(effect))
  return covered && matchesNamespace(rule, command, input) && matchesInput(rule, input)
}

function matchesNamespace({ namespaces }: Rule, command: Command, input: Record<string, unknown>) {
  if (!namespaces) return true
  const globs = namespaces.map((glob) => glob.toLowerCase())
  return namespacesIn(command, input).some((namespace) => matchesGlob(globs, namespace))
}

function matchesInput({ when = {} }: Rule, input: Record<string, unknown>) {
  return Object.entries(when).every(([field, wanted]) => {
    const given = [input[field] ?? []].flat()
    return [wanted].flat().some((value) => given.includes(value))
  })
}

/** Whether the policy lets somebody request the command for some input. Used before the modal is filled in. */
export function couldAsk(policy: Policy, name: string, command: Command): boolean {
  if (!command.changes) return false
  if (policy.default === 'ask') return true
  return rulesAbout(policy, name, command).length > 0
}

/** The rules that apply to the command for some input. */
export function rulesAbout(policy: Policy, name: string, { changes }: Command): Rule[] {
  const effects = changes?.effects ?? []
  const could = (effect: Effect) => typeof effects === 'function' || (!('ownBusiness' in effects) && effects.some((one) => one === effect))
  return policy.approvals.filter((rule) => rule.operations?.includes(name) ?? (changes !== undefined && rule.effects?.some(could)))
}
