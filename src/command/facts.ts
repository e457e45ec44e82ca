import { createHash } from 'node:crypto'
import { canonical, plain } from '../core/canonical-json.ts'
import { findMirror } from '../quay/mirrors.ts'
import { namespaceOf } from '../quay/names.ts'
import { granteeOf } from '../quay/permissions.ts'
import type { Quay } from '../quay/registry.ts'
import { findRepository } from '../quay/repositories.ts'
import { findRobot } from '../quay/robots.ts'
import { findTag } from '../quay/tags.ts'
import { findTeamMembers, readTeam } from '../quay/teams.ts'
import type { Fact, Facts } from './fact-names.ts'

// Facts that reviewers rely on, for most commands. Each takes one to three calls to Quay.

/** The identity, visibility and state of a repository; `mark` is null if there is none. One call. */
export async function repositoryFacts(quay: Quay, repository: string): Promise<Facts> {
  const found = await findRepository(quay, repository)
  return found ? { mark: found.mark ?? 'public', visibility: found.visibility, state: found.state } : { mark: null }
}

/** The same for a target that may be a whole namespace, which has no facts besides its name. */
export async function targetFacts(quay: Quay, target: string): Promise<Facts> {
  return target.includes('/') && !target.endsWith('/*') ? repositoryFacts(quay, target) : {}
}

/** The digest that a tag points to; null if there is no such tag. One call. */
export async function digestBehind(quay: Quay, repository: string, tag: string): Promise<string | null> {
  return (await findTag(quay, repository, tag))?.digest ?? null
}

/** The digest that a tag points to and whether it is immutable; each null if there is no such tag. One call. */
export async function tagFacts(quay: Quay, repository: string, tag: string): Promise<Facts> {
  const found = await findTag(quay, repository, tag)
  return { digest: found?.digest ?? null, immutable: found?.immutable ?? null }
}

/** A team's role in its organization and its members, who get a permission through it. Two calls. */
export async function teamFacts(quay: Quay, organization: string, team: string): Promise<Facts> {
  const { role, members, synced } = await readTeam(quay, { organization, team })
  return { teamRole: role, members: members.map(({ name }) => name).toSorted(), ...(synced && { group: synced.group ?? '' }) }
}

/** The members of a team, or the creation date of a robot account, that a permission on `object` is granted to. At most two calls. */
export async function granteeFacts(quay: Quay, object: string, name: string): Promise<Facts> {
  const { kind, name: grantee } = granteeOf(name)
  if (kind === 'team') return teamFacts(quay, namespaceOf(object), grantee)
  return kind === 'robot' ? robotFacts(quay, name) : {}
}

/** The creation date of a robot account, which tells it from a later one of the same name. One call. */
export async function robotFacts(quay: Quay, robot: string): Promise<Facts> {
  return { robotCreated: (await findRobot(quay, robot))?.created ?? null }
}

/** What a build overwrites, and whose images it may pull. The first tags are enough to detect a change. */
export async function buildFacts(quay: Quay, repository: string, tags: string[], robot: string | undefined): Promise<Facts> {
  const [found, digests, puller] = await Promise.all([
    repositoryFacts(quay, repository),
    Promise.all(tags.slice(0, 2).map((tag) => digestBehind(quay, repository, tag))),
    robot === undefined ? {} : robotFacts(quay, robot),
  ])
  return { ...found, imageNow: digests.filter((digest) => digest !== null), ...puller }
}

/** What a mirror copies at present. One call. */
export async function mirrorFacts(quay: Quay, repository: string): Promise<Facts> {
  const found = await findMirror(quay, repository)
  if (!found) return { upstream: null }
  const { reference, tags, interval, enabled, robot } = found
  return { upstream: reference, tags, interval, enabled, robot: robot || null }
}

/** The teams among these names, each with its members: `developers (alice, ivan)`. Two calls per team, at most three teams. */
export async function teamsAmong(quay: Quay, object: string, names: string[]): Promise<string[]> {
  const teams = names.filter((name) => name.startsWith('team:')).slice(0, 3)
  const all = teams.map(async (name) => {
    const team = granteeOf(name).name
    const found = await findTeamMembers(quay, { organization: namespaceOf(object), team })
    return `${team} (${
      found?.members
        .map((one) => one.name)
        .toSorted()
        .join(', ') ?? ''
    })`
  })
  return Promise.all(all)
}

/** A hash of a value that must stay the same but is not public, such as a signed URL. */
export function fingerprint(value: string) {
  return createHash('sha256').update(value).digest('base64url').slice(0, 16)
}

/** The names of the facts that differ. A value that is not an object counts as one without facts. */
export function differing(before: unknown, now: unknown): string[] {
  const [one, other] = [fieldsIn(before), fieldsIn(now)]
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].filter((name) => canonical(one[name]) !== canonical(other[name]))
}

/** Whether all of `before` is so now, for what a release drew that knew fewer fields. */
export function holdsStill(before: unknown, now: unknown): boolean {
  if (typeof before !== 'object' || before === null) return before === now
  if (Array.isArray(before) && !(Array.isArray(now) && now.length === before.length)) return false
  if (typeof now !== 'object' || now === null) return false
  const found = new Map<string, unknown>(Object.entries(now))
  return Object.entries(before).every(([name, value]) => holdsStill(value, found.get(name)))
}

/** The names of the fields of `before` that are not so now; of the whole, where it is no object, none. */
export function changedFields(before: unknown, now: unknown): string[] {
  const found = fieldsIn(now)
  return Object.entries(fieldsIn(before)).flatMap(([name, value]) => (holdsStill(value, found[name]) ? [] : [name]))
}

function fieldsIn(value: unknown): Record<string, unknown> {
  const read = plain(value)
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : {}
}

/** The facts without undefined values, in the form in which they are stored. */
export function stored(facts: Facts): Record<string, Fact> {
  return JSON.parse(JSON.stringify(facts))
}
