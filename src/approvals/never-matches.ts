import { type Command, type Effect, effectsOf } from '../command/command.ts'
import { type Field, fieldsOf } from '../command/fields.ts'
import { namespaceFields } from '../command/namespaces.ts'
import { commands } from '../command/registry.ts'
import type { Rule } from '../core/policy.ts'
import { possibleEffects } from './possible-effects.ts'

/** A warning for an operator, with its position in the rule. */
export interface Doubt {
  path: PropertyKey[]
  said: string
}

type Covered = [name: string, command: Command][]

/** The commands that a rule covers. */
function coveredBy({ operations: named, effects = [] }: Rule): Covered {
  return [...commands].filter(([name, command]) =>
    named ? named.includes(name) : possibleEffects(command).some((effect) => effects.includes(effect)),
  )
}

/** Warns of conditions that no input meets, of approvals that nobody can give, and of times that never come. */
export function neverMatches(rule: Rule, earlier: Rule[]): Doubt[] {
  const covered = coveredBy(rule)
  return [
    ...Object.entries(rule.when ?? {}).flatMap(([field, wanted]) => impossible(field, [wanted].flat(), covered)),
    ...withoutNamespace(rule, covered),
    ...(covered.length > 0 ? shadowed(rule, covered, earlier) : []),
    ...undecidable(rule),
    ...late(rule),
  ]
}

function impossible(name: string, wanted: (string | number | boolean)[], covered: Covered): Doubt[] {
  const fields = covered.flatMap(([, command]) => fieldsOf(command).filter((field) => field.name === name))
  const path = ['when', name]
  if (fields.length === 0) return [{ path, said: `none of its commands has a field ${name}, so it never matches` }]
  const useless = wanted.filter((value) => !fields.some((field) => canBe(field, value)))
  if (useless.length === 0) return []
  const values = useless.map((value) => JSON.stringify(value)).join(', ')
  return [{ path, said: `${name} is never ${values}${useless.length === wanted.length ? ', so it never matches' : ''}` }]
}

function canBe({ type, options }: Field, value: string | number | boolean) {
  if (type === 'number') return typeof value === 'number'
  if (type === 'boolean') return typeof value === 'boolean'
  return typeof value === 'string' && (options.length === 0 || options.includes(value))
}

function withoutNamespace({ namespaces }: Rule, covered: Covered): Doubt[] {
  if (!namespaces || covered.some(([, command]) => namespaceFields(command).length > 0)) return []
  return [{ path: ['namespaces'], said: 'none of its commands has a namespace, so it never matches' }]
}

/** Warns of an earlier rule without further conditions that covers everything that this rule covers. */
function shadowed(rule: Rule, covered: Covered, earlier: Rule[]): Doubt[] {
  const before = earlier.find(
    (one) => one.when === undefined && takesNamespaces(one, rule) && covered.every(([name, command]) => takes(one, name, command, rule)),
  )
  return before ? [{ path: ['name'], said: `“${before.name}” comes first and covers the same commands, so this one never matches` }] : []
}

function takesNamespaces({ namespaces }: Rule, later: Rule) {
  return namespaces === undefined || (later.namespaces?.every((glob) => namespaces.includes(glob)) ?? false)
}

function takes(one: Rule, name: string, command: Command, later: Rule) {
  if (one.operations) return one.operations.includes(name)
  const effects: Effect[] = one.effects ?? []
  if (later.effects?.every((effect) => effects.includes(effect))) return true
  const { changes } = command
  // Effects that depend on the input may be absent.
  return changes !== undefined && typeof changes.effects !== 'function' && effectsOf(command, {}).some((effect) => effects.includes(effect))
}

function undecidable({ approvers, needed }: Rule): Doubt[] {
  const isOpen = approvers.some((one) => one.startsWith('quay:') || one.startsWith('S'))
  if (isOpen || new Set(approvers).size >= needed) return []
  return [
    {
      path: ['needed'],
      said: `${needed} approvals are needed, but it names only ${new Set(approvers).size} approvers, so nothing can be approved`,
    },
  ]
}

function late({ remind, escalate, expires }: Rule): Doubt[] {
  return [
    ...(remind.some((after) => after >= expires) ? [{ path: ['remind'], said: 'a reminder after the expiration is never sent' }] : []),
    ...(escalate && escalate.after >= expires
      ? [{ path: ['escalate', 'after'], said: 'the request has expired by then, so it never escalates' }]
      : []),
  ]
}
