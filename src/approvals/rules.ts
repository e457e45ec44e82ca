import { type Command, type Effect, effectsOf } from '../command/command.ts'
import { namespacesIn } from '../command/namespaces.ts'
import { matchesGlob } from '../core/pattern.ts'
import type { Policy, Rule } from '../core/policy.ts'

/** What somebody wants to run: the operation with its input as parsed. */
export interface Invocation {
  name: string
  command: Command
  input: Record<string, unknown>
}

/** What the engine must know of the person; Slack and Quay know it, or the command line says it. */
export interface Asking {
  /** Whether their own rights in Quay cover the operation. */
  may: boolean
  /** Whether they are one of these Slack people or in one of these user groups. */
  isAmong(ids: string[]): Promise<boolean>
}

export type Ruling =
  | { verdict: 'run'; rule?: Rule | undefined }
  | { verdict: 'ask'; rule: Rule }
  /** `stranger`: the rule would ask, but not for this person. */
  | { verdict: 'refuse'; rule?: Rule | undefined; stranger: boolean }

/** What the policy does with an operation, an input and a person: the one engine of commands, dry runs and the command line. */
export async function rulingFor(policy: Policy, invocation: Invocation, { may, isAmong }: Asking): Promise<Ruling> {
  // What only reads or is the bot's own business can neither be asked for nor switched off.
  if (!invocation.command.changes) return { verdict: may ? 'run' : 'refuse', stranger: false }
  const rule = ruleFor(policy, invocation)
  if (!rule) return { verdict: may && !isSwitchedOff(policy, invocation) ? 'run' : 'refuse', stranger: false }
  if (may && rule.ask === 'without-right') return { verdict: 'run', rule }
  // Under `always` an approval is on top of one's own right, never instead of it.
  if (!may && rule.ask === 'always') return { verdict: 'refuse', rule, stranger: false }
  const { requesters } = rule
  if (requesters.includes('everyone') || (await isAmong(requesters))) return { verdict: 'ask', rule }
  return { verdict: 'refuse', rule, stranger: true }
}

/** The first rule that matches; the fallback where `default: ask`; undefined where the default alone decides. */
export function ruleFor(policy: Policy, invocation: Invocation): Rule | undefined {
  const rule = policy.approvals.find((one) => matches(one, invocation))
  if (rule) return rule
  return policy.default === 'ask' && hasEffects(invocation) ? policy.fallback : undefined
}

function isSwitchedOff(policy: Policy, invocation: Invocation) {
  return policy.default === 'refuse' && hasEffects(invocation)
}

/** Without an effect on Quay there is nothing that anybody would have to decide: taking back one's own request, a subscription. */
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

/** Whether there could be an input with which the policy lets somebody ask for it: before the modal is filled. */
export function couldAsk(policy: Policy, name: string, command: Command): boolean {
  if (!command.changes) return false
  if (policy.default === 'ask') return true
  return rulesAbout(policy, name, command).length > 0
}

/** The rules that some input of the operation comes under. */
export function rulesAbout(policy: Policy, name: string, { changes }: Command): Rule[] {
  const effects = changes?.effects ?? []
  const could = (effect: Effect) => typeof effects === 'function' || (!('ownBusiness' in effects) && effects.some((one) => one === effect))
  return policy.approvals.filter((rule) => rule.operations?.includes(name) ?? (changes !== undefined && rule.effects?.some(could)))
}
