import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { call, done } from './http.ts'
import { unavailable } from './refusal.ts'
import type { Quay } from './registry.ts'
import { isLike, type Tag } from './tags.ts'
import { isOneOf, type Word, word } from './word.ts'

const methods = ['number_of_tags', 'creation_date'] as const
type PruneMethod = (typeof methods)[number]

/** Which tags Quay deletes by itself. */
export interface PruneRule {
  /** Keep so many of the newest tags, or those younger than so long. */
  method: Word<PruneMethod>
  /** A number, or a time like `7d` (s, m, h, d, w). */
  value: number | string
  /** Only tags that match, or only those that do not. */
  pattern: string | undefined
  matching: boolean
}

export interface PrunePolicy extends PruneRule {
  id: string
}

const policy = z
  .object({
    uuid: z.string(),
    method: word<PruneMethod>(),
    value: z.number().or(z.string()),
    tagPattern: z.string().nullish(),
    tagPatternMatches: z.boolean().nullish(),
  })
  .transform(
    (read): PrunePolicy => ({
      id: read.uuid,
      method: read.method,
      value: read.value,
      pattern: read.tagPattern ?? undefined,
      matching: read.tagPatternMatches ?? true,
    }),
  )

const ofOrganization = '/organization/{orgname}/autoprunepolicy/'
const ofRepository = '/repository/{repository}/autoprunepolicy/'
const oneOfOrganization = '/organization/{orgname}/autoprunepolicy/{policy_uuid}'
const oneOfRepository = '/repository/{repository}/autoprunepolicy/{policy_uuid}'

/** Whether a repository can have policies of its own: since 3.11, a release after organizations (docs/quay.md, Releases §1b). */
export function prunesRepositories({ capabilities }: Quay): boolean {
  return capabilities.offers(ofRepository, 'GET')
}

/** The policies of an organisation (`acme`) or of one repository (`acme/web`). Conflict: the registry has none of repositories. */
export async function listPrunePolicies(quay: Quay, target: string): Promise<PrunePolicy[]> {
  if (target.includes('/') && !prunesRepositories(quay))
    throw new Failure('conflict', 'This registry does not offer auto-prune for a single repository: it needs Quay 3.11 or newer.')
  const rest = { method: 'GET', response: z.object({ policies: z.array(policy) }) } as const
  if (target.includes('/')) return (await call(quay, { path: ofRepository, params: { repository: target }, ...rest })).policies
  return (await call(quay, { path: ofOrganization, params: { orgname: target }, ...rest })).policies
}

/**
 * Sets a policy, in the place of `replaced` where there is one, and reads it back: releases before 3.13 ignore the pattern and would
 * delete every tag by it. Conflict: the registry takes no patterns, or stored another policy, which was taken away again; or there
 * is such a one. Invalid: the value.
 */
export async function storePrunePolicy(quay: Quay, target: string, rule: PruneRule, replaced?: PrunePolicy): Promise<void> {
  checkPatterns(quay, target, rule)
  const id = replaced ? replaced.id : await createPrunePolicy(quay, target, rule)
  if (replaced) await updatePrunePolicy(quay, target, id, rule)
  if (quay.dryRunCalls) return
  const stored = (await listPrunePolicies(quay, target)).find((one) => one.id === id)
  if (stored && isSameRule(stored, rule)) return
  // Whatever it is, it may delete what nobody asked for; a Quay that cannot store the new one cannot store the old one again.
  if (stored) await deletePrunePolicy(quay, target, id)
  throw new Failure(
    'conflict',
    'Quay stored a different policy than requested, so it was deleted again{replaced, select, yes {, with the one that it replaced} other {}}.',
    { replaced: replaced ? 'yes' : 'no' },
  )
}

/** Conflict: a pattern, where this registry takes none. Unavailable: the registry has not told yet whether it does. */
export function checkPatterns({ capabilities: facts }: Quay, target: string, { pattern }: PruneRule) {
  if (pattern === undefined) return
  const accepted = facts.accepts(target.includes('/') ? ofRepository : ofOrganization, 'POST', 'tagPattern')
  if (accepted === undefined && facts.unread.includes('document')) throw unavailable({ failed: 'the API document is unread' })
  if (!accepted) throw new Failure('conflict', 'This registry can only prune all tags; it does not support patterns.')
}

/** Without a pattern it matters to nobody which tags match. */
export function isSameRule(one: PruneRule, other: PruneRule) {
  const parts = ({ method, value, pattern, matching }: PruneRule) => [method, value, pattern, pattern === undefined || matching]
  return JSON.stringify(parts(one)) === JSON.stringify(parts(other))
}

/** Answers the policy's id. Conflict: there is such a one. Invalid: the value. */
export async function createPrunePolicy(quay: Quay, target: string, rule: PruneRule): Promise<string> {
  const rest = { method: 'POST', body: bodyOf(rule), assume: { uuid: 'dry-run' }, response: z.object({ uuid: z.string() }) } as const
  if (target.includes('/')) return (await call(quay, { path: ofRepository, params: { repository: target }, ...rest })).uuid
  return (await call(quay, { path: ofOrganization, params: { orgname: target }, ...rest })).uuid
}

/** Not found: there is none. */
export async function updatePrunePolicy(quay: Quay, target: string, id: string, rule: PruneRule): Promise<void> {
  const rest = { method: 'PUT', body: bodyOf(rule), assume: undefined, response: done } as const
  if (target.includes('/')) await call(quay, { path: oneOfRepository, params: { repository: target, policy_uuid: id }, ...rest })
  else await call(quay, { path: oneOfOrganization, params: { orgname: target, policy_uuid: id }, ...rest })
}

/** Not found: there is none. */
export async function deletePrunePolicy(quay: Quay, target: string, id: string): Promise<void> {
  const rest = { method: 'DELETE', assume: undefined, response: done } as const
  if (target.includes('/')) await call(quay, { path: oneOfRepository, params: { repository: target, policy_uuid: id }, ...rest })
  else await call(quay, { path: oneOfOrganization, params: { orgname: target, policy_uuid: id }, ...rest })
}

function bodyOf({ method, value, pattern, matching }: PruneRule) {
  return { method, value, ...(pattern !== undefined && { tagPattern: pattern, tagPatternMatches: matching }) }
}

const seconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, M: 2_592_000, y: 31_536_000 }

/** Whether it can be told here which tags the rule deletes: of a method, or by a pattern, that only Quay can read, it cannot. */
export function foretells({ method, pattern }: PruneRule): boolean {
  return isOneOf(methods, method) && (pattern === undefined || isLike(pattern, '') !== undefined)
}

/** Which of these tags the rule deletes now, where it `foretells`: all but the newest, or those that are too old (its autoprune worker; as near as the API tells). */
export function prunedBy({ method, value, pattern, matching }: PruneRule, tags: Tag[], now: number): Tag[] {
  const wanted = tags.filter(({ name, immutable }) => !immutable && (pattern === undefined || isLike(pattern, name) === matching))
  const newest = wanted.toSorted((one, other) => Date.parse(other.since ?? '') - Date.parse(one.since ?? ''))
  if (method === 'number_of_tags') return newest.slice(Number(value))
  const age = Number.parseInt(String(value), 10) * (seconds[String(value).at(-1) ?? ''] ?? 1)
  return newest.filter(({ since }) => since !== undefined && Date.parse(since) < now - age * 1000)
}
