import { isDeepStrictEqual } from 'node:util'
import type { Policy, Rule } from '../core/policy.ts'

/**
 * What of a new policy may let more through than the one before (docs/SECURITY.md rule 45), as places in the file:
 * `approvals “destructive”`. Whatever is not certainly as strict as before counts, so the list may name too much, never too little.
 */
export function loosened(before: Policy, after: Policy): string[] {
  const checks: [place: string, isLooser: boolean][] = [
    ['default', ranks.indexOf(after.default) > ranks.indexOf(before.default)],
    ['identity.email', emails.indexOf(after.identity.email) > emails.indexOf(before.identity.email)],
    ['identity.map', Object.entries(after.identity.map).some(([id, account]) => before.identity.map[id] !== account)],
    ['identity.domains', hasNew(before.identity.domains ?? [], after.identity.domains ?? [])],
    ['superusers', before.superusers !== undefined && (after.superusers === undefined || hasNew(before.superusers, after.superusers))],
    ['protected', hasNew(after.protected, before.protected)],
    ['archives.hosts', hasNew(before.archives.hosts, after.archives.hosts)],
    [
      'temporary.required',
      !isDeepStrictEqual(after.temporary.required.slice(0, before.temporary.required.length), before.temporary.required),
    ],
    ['temporary.longest', isLonger(before.temporary.longest, after.temporary.longest)],
    ['break-glass', hasNew(before['break-glass'], after['break-glass'])],
    ['fallback', after.default === 'ask' && isLooserAsking(before.fallback, after.fallback)],
  ]
  const rules = looserRules(before, after).map((name) => `approvals “${name}”`)
  return [...checks.flatMap(([place, isLooser]) => (isLooser ? [place] : [])), ...rules]
}

const ranks = ['refuse', 'ask', 'run']
const emails: Policy['identity']['email'][] = [false, true, 'unverified']

/** Whether `after` has something that `before` has not. */
function hasNew(before: unknown[], after: unknown[]) {
  return after.some((one) => !before.some((other) => isDeepStrictEqual(one, other)))
}

function isLonger(before: number | undefined, after: number | undefined) {
  return before !== undefined && (after === undefined || after > before)
}

/** The names of rules that are gone, changed, moved or new, unless that can only refuse or ask more. */
function looserRules({ approvals: before, default: otherwise }: Policy, { approvals: after }: Policy): string[] {
  const known = new Map(before.map((rule) => [rule.name, rule]))
  const gone = before.filter(({ name }) => !after.some((rule) => rule.name === name))
  const stay = (rules: Rule[], others: Rule[]) =>
    rules.filter(({ name }) => others.some((other) => other.name === name)).map(({ name }) => name)
  const isMoved = !isDeepStrictEqual(stay(before, after), stay(after, before))
  const last = after.findLastIndex(({ name }) => known.has(name))
  const others = after.filter((rule, index) => {
    const former = known.get(rule.name)
    if (former !== undefined) return isMoved || !isDeepStrictEqual(conditions(former), conditions(rule)) || isLooserAsking(former, rule)
    // The first rule that matches decides, so only behind all others it takes nothing from them; and it lets people ask.
    return index < last || otherwise !== 'run' || rule.ask !== 'always'
  })
  return [...gone, ...others].map(({ name }) => name)
}

function conditions({ operations, effects, namespaces, when }: Rule) {
  return { operations, effects, namespaces, when }
}

type Asking = Pick<Rule, 'ask' | 'needed' | 'approvers' | 'requesters' | 'reason' | 'expires'>

function isLooserAsking(before: Asking | undefined, after: Asking | undefined) {
  if (before === undefined || after === undefined) return after !== before
  return (
    (before.ask === 'always' && after.ask !== 'always') ||
    after.needed < before.needed ||
    after.expires > before.expires ||
    hasNew(before.approvers, after.approvers) ||
    (!before.requesters.includes('everyone') && hasNew(before.requesters, after.requesters)) ||
    (before.reason.required && !after.reason.required) ||
    (before.reason.pattern !== undefined && after.reason.pattern !== before.reason.pattern)
  )
}
