import type { Sentence } from '../core/i18n.ts'
import type { Capabilities } from './registry.ts'

// Since 3.16 Quay says its release. Before, its API document shows between which ones it is (docs/quay.md, Releases §3).

type Asked = Pick<Capabilities, 'offers' | 'accepts' | 'version' | 'unread'>

const prune = { organization: '/organization/{orgname}/autoprunepolicy/', repository: '/repository/{repository}/autoprunepolicy/' }

/** The minor release that brought it, and whether this registry has it; undefined: a flag is off, which hides all of its family. */
const marks: readonly (readonly [since: number, has: (asked: Asked) => boolean | undefined])[] = [
  [18, ({ accepts }) => accepts('/organization/', 'POST', 'contact_email')],
  [17, ({ accepts }) => accepts('/repository/{repository}/tag/{tag}', 'PUT', 'immutable')],
  [16, ({ offers }) => offers('/superuser/apptokens', 'GET') || (offers('/user/apptoken', 'GET') ? false : undefined)],
  [15, ({ accepts }) => accepts('/repository/{repository}/mirror', 'POST', 'skopeo_timeout_interval')],
  [13, ({ accepts }) => accepts(prune.organization, 'POST', 'tagPattern')],
  [11, ({ offers }) => (offers(prune.organization, 'POST') ? offers(prune.repository, 'POST') : undefined)],
  [10, ({ offers }) => offers(prune.organization, 'POST') || undefined],
]

/** The minor releases between which the registry is, both included; infinite where nothing tells. */
export interface Bounds {
  first: number
  last: number
}

/** The first and the last minor release of Quay 3 that it can be, by its version or by what its API document has. */
export function boundsOf(asked: Asked): Bounds {
  const [, said] = /\bv?3\.(\d+)/.exec(asked.version ?? '') ?? []
  if (said !== undefined) return { first: Number(said), last: Number(said) }
  const told = asked.unread.includes('document') ? [] : marks.map(([since, has]) => ({ since, has: has(asked) }))
  const first = Math.max(...told.filter(({ has }) => has === true).map(({ since }) => since))
  const last = Math.min(...told.filter(({ has }) => has === false).map(({ since }) => since - 1))
  // One that contradicts itself tells nothing.
  return first > last ? { first: Number.NEGATIVE_INFINITY, last: Number.POSITIVE_INFINITY } : { first, last }
}

/** `Quay v3.16.5`, or what the registry shows of its release: `Quay 3.13 to 3.15`. */
export function releaseSentence(asked: Asked): Sentence {
  if (asked.version !== undefined) return { message: '{release}', values: { release: asked.version } }
  const { first, last } = boundsOf(asked)
  return {
    message:
      '{span, select, one {Quay 3.{first}} both {Quay 3.{first} to 3.{last}} older {Quay 3.{last} or older} newer {Quay 3.{first} or newer} other {Unknown}}',
    values: { span: spanOf(first, last), first: String(first), last: String(last) },
  }
}

function spanOf(first: number, last: number) {
  if (first === last) return 'one'
  if (Number.isFinite(last)) return Number.isFinite(first) ? 'both' : 'older'
  return Number.isFinite(first) ? 'newer' : 'unknown'
}
