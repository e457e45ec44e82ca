import type { Group, Kind } from './event-kind.ts'
import { buildKind } from './kinds/build.ts'
import { imageExpiry } from './kinds/image-expiry.ts'
import { mirrorSync } from './kinds/mirror-sync.ts'
import { quota } from './kinds/quota.ts'
import { repoPush } from './kinds/repo-push.ts'
import { vulnerabilityFound } from './kinds/vulnerability-found.ts'

const kinds: Kind[] = [buildKind, repoPush, vulnerabilityFound, mirrorSync, imageExpiry, quota]

const byEvent = new Map(kinds.flatMap((kind) => kind.events.map((event) => [event, kind] as const)))
const byWord = new Map(kinds.map((kind) => [kind.word, kind]))

/** The kind of an event, from Quay or from polling; undefined for an unknown one. */
export function kindOf(event: string): Kind | undefined {
  return byEvent.get(event)
}

/** The kind that renders a subject, by its first word. */
export function kindOfSubject(subject: string): Kind | undefined {
  return byWord.get(subject.split(' ')[0] ?? '')
}

/** Quay's event names for the subscribed groups. */
export function eventsOf(groups: readonly string[]): string[] {
  return kinds
    .filter(({ group }) => groups.includes(group))
    .flatMap(({ events }) => events)
    .filter((event) => event !== 'build_phase')
}

/** The group of events people subscribe to that has it; undefined: Quay’s event is not known. */
export function groupOf(event: string): Group | undefined {
  return byEvent.get(event)?.group
}
