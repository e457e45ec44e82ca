import type { Registry } from './registry.ts'
import {
  answersSince,
  differences,
  fieldsSince,
  internalUntil,
  kindsSince,
  newestName,
  patches,
  routesSince,
  type Since,
} from './releases.ts'

type Dated = Pick<Registry, 'release'>

/** `3.12` (its newest patch), `3.12.4`, or `newest`; undefined for all else. */
export function isRelease(text: string) {
  return text === 'newest' || versionOf(text) !== undefined
}

export const knownReleases = [...Object.keys(patches), 'newest']

interface Version {
  minor: number
  patch: number
}

function versionOf(release: string): Version | undefined {
  if (release === 'newest') return { minor: 19, patch: 0 }
  const [, short = '', minor, patch] = release.match(/^(3\.(\d+))(?:\.(\d+))?$/) ?? []
  const newestPatch = Object.entries(patches).find(([name]) => name === short)?.[1]
  if (newestPatch === undefined) return undefined
  return { minor: Number(minor), patch: patch === undefined ? newestPatch : Number(patch) }
}

const cache = new Map<string, boolean>()

/** Whether the release has what is there since then; `releases.ts` says how `since` is read. */
export function isSince({ release }: Dated, since: Since): boolean {
  const key = `${release} ${since}`
  const known = cache.get(key)
  if (known !== undefined) return known
  const version = versionOf(release)
  if (!version) throw new Error(`There is no release ${release} of Quay here; there are ${knownReleases.join(', ')}.`)
  const firsts = since.map((text) => text.split('.').map(Number)).map(([, minor = 0, patch = 0]) => ({ minor, patch }))
  const last = firsts.at(-1)
  const isLater = ({ minor, patch }: Version) => version.minor > minor || (version.minor === minor && version.patch >= patch)
  const found = firsts.some((first) => first.minor === version.minor && isLater(first)) || (last !== undefined && isLater(last))
  cache.set(key, found)
  return found
}

/** Whether the release does it the later way. */
export const has = (registry: Dated, difference: keyof typeof differences) => isSince(registry, differences[difference])

export const hasRoute = (registry: Dated, path: string) =>
  routesSince.every(([paths, since]) => !paths.test(path) || isSince(registry, since))

export const isInternal = (registry: Dated, path: string) => internalUntil.some(([one, until]) => one === path && !isSince(registry, until))

export const writesKind = (registry: Dated, kind: string) =>
  kindsSince.every(([kinds, since]) => !kinds.test(kind) || isSince(registry, since))

/** The fields that the release's body of this name lacks. */
export const missingFields = (registry: Dated, definition: string) =>
  fieldsSince.flatMap(([name, fields, since]) => (name === definition && !isSince(registry, since) ? fields : []))

/** An answer without the fields that came later. */
export function answerOf(registry: Dated, address: string, body: unknown): unknown {
  const later = answersSince.flatMap(([route, fields, since]) => (route.test(address) && !isSince(registry, since) ? fields : []))
  return later.length === 0 ? body : without(body, new Set(later))
}

function without(value: unknown, fields: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => without(one, fields))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !fields.has(name))
  return Object.fromEntries(kept.map(([name, one]) => [name, without(one, fields)]))
}

/** `Quay v3.12.21` */
export function nameOf({ release }: Dated) {
  const version = versionOf(release)
  return release === 'newest' || !version ? newestName : `Quay v3.${version.minor}.${version.patch}`
}
