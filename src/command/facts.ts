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

// What reviewers rely on, as most commands need it. Each is one to three calls.

/** Which repository it is, who may pull it, and whether it takes pushes. One call. */
export async function repositoryFacts(quay: Quay, repository: string): Promise<Facts> {
  const found = await findRepository(quay, repository)
  return found ? { mark: found.mark ?? 'public', visibility: found.visibility, state: found.state } : { mark: null }
}

/** The same of a target that may be a whole namespace, of which nothing but its name counts. */
export async function targetFacts(quay: Quay, target: string): Promise<Facts> {
  return target.includes('/') && !target.endsWith('/*') ? repositoryFacts(quay, target) : {}
}

/** The digest behind a tag; null: there is no such tag. One call. */
export async function digestBehind(quay: Quay, repository: string, tag: string): Promise<string | null> {
  return (await findTag(quay, repository, tag))?.digest ?? null
}

/** A team's role in its organization, and who is in it: whoever gets a permission through it. Two calls. */
export async function teamFacts(quay: Quay, organization: string, team: string): Promise<Facts> {
  const { role, members, synced } = await readTeam(quay, { organization, team })
  return { teamRole: role, members: members.map(({ name }) => name).toSorted(), ...(synced && { group: synced.group ?? '' }) }
}

/** Who stands behind a name that is given something on `object`: a team's members, a robot account's creation. Two calls at most. */
export async function granteeFacts(quay: Quay, object: string, name: string): Promise<Facts> {
  const { kind, name: grantee } = granteeOf(name)
  if (kind === 'team') return teamFacts(quay, namespaceOf(object), grantee)
  return kind === 'robot' ? robotFacts(quay, name) : {}
}

/** When a robot account was created: another of its name is another. One call. */
export async function robotFacts(quay: Quay, robot: string): Promise<Facts> {
  return { robotCreated: (await findRobot(quay, robot))?.created ?? null }
}

/** What a build overwrites, and whose images it may pull. The first tags are enough to tell that something moved. */
export async function buildFacts(quay: Quay, repository: string, tags: string[], robot: string | undefined): Promise<Facts> {
  const [found, digests, puller] = await Promise.all([
    repositoryFacts(quay, repository),
    Promise.all(tags.slice(0, 2).map((tag) => digestBehind(quay, repository, tag))),
    robot === undefined ? {} : robotFacts(quay, robot),
  ])
  return { ...found, imageNow: digests.filter((digest) => digest !== null), ...puller }
}

/** What a mirror copies now. One call. */
export async function mirrorFacts(quay: Quay, repository: string): Promise<Facts> {
  const found = await findMirror(quay, repository)
  if (!found) return { upstream: null }
  const { reference, tags, interval, enabled, robot } = found
  return { upstream: reference, tags, interval, enabled, robot: robot || null }
}

/** The teams among these names, each with its members: `developers (alice, ivan)`. Two calls a team, three teams at most. */
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

/** What must be the same and is not for everybody's eyes, such as a signed address. */
export function fingerprint(value: string) {
  return createHash('sha256').update(value).digest('base64url').slice(0, 16)
}

/** The names of what differs: of the whole, where one of them is no object. */
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

/** Facts without what is undefined, as they are stored. */
export function stored(facts: Facts): Record<string, Fact> {
  return JSON.parse(JSON.stringify(facts))
}
