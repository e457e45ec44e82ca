import { Failure } from '../core/failure.ts'
import { narrow, withoutInvisibleEnds } from '../core/typed-characters.ts'

/** What a pasted text names: parts of Quay's objects, each as its field takes it. */
export interface Pasted {
  namespace?: string
  /** `acme/web` */
  repository?: string
  tag?: string
  digest?: string
  team?: string
  robot?: string
  user?: string
  build?: string
  /** The tab of the Quay web console. */
  tab?: string
  /** The registry that the text names, when it is not ours. */
  foreign?: string
}

const schemes = /^(?:docker|docker-daemon|docker-archive|oci|containers-storage|registry|image):(?:\/\/)?/i

/** Clients whose commands people paste with the image in it. */
export const clients: string[] = [
  'docker',
  'podman',
  'skopeo',
  'buildah',
  'nerdctl',
  'crane',
  'oras',
  'cosign',
  'crictl',
  'ctr',
  'oc',
  'gh',
  'glab',
  'kubectl',
  'k',
  'helm',
  'trivy',
  'grype',
  'syft',
  'snyk',
  'clairctl',
  'regctl',
  'kaniko',
  'tkn',
  'quay',
]

/** The text without what people paste around a name: marks, brackets, a client's command before it, the scheme of an image. */
export function bare(text: string): string {
  const narrowed = withoutInvisibleEnds(narrow(text).trim()).replace(/^[`"'“”‘’<([]{1,4}/, '')
  const words = withoutTail(narrowed).split(/\s+/)
  const last = words.length > 1 && clients.includes((words[0] ?? '').toLowerCase()) ? words.at(-1) : words.join(' ')
  return withoutInvisibleEnds(last ?? '').replace(schemes, '')
}

/** Without a sentence's punctuation, closing brackets and slashes at the end, none of which a name has. */
function withoutTail(text: string) {
  let end = text.length
  while (end > 0 && '`"\'“”‘’>)],;!?。、/'.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/**
 * What a person means by an address of the registry's console, an image reference or a name: `https://quay.example.com/repository/acme/web`,
 * `quay.example.com/acme/web:v1`, `acme/web@sha256:…`. `hosts` are those of the registry. Undefined: nothing of the kind.
 */
export function pastedIn(text: string, hosts: string[]): Pasted | undefined {
  const name = bare(text)
  if (name === '' || name.length > 2000 || /\s/.test(name)) return undefined
  if (/^https?:\/\//i.test(name)) return inConsole(name, hosts)
  if (someDigest.test(name)) return { digest: name.toLowerCase() }
  return inReference(name, hosts)
}

// A digest or the beginning of one: Quay’s web console shows twelve characters.
const someDigest = /^sha256:[0-9a-f]{4,64}$/i
const beginning = /^[0-9a-f]{4,64}$/i

function inConsole(address: string, hosts: string[]): Pasted | undefined {
  const url = URL.parse(address)
  if (!url) return undefined
  if (!isOurs(url.host, hosts)) return { foreign: url.host }
  const tab = url.searchParams.get('tab')
  const segments = url.pathname.split('/').filter(Boolean).map(decoded)
  return { ...ofPage(segments, hosts), ...(tab && { tab }) }
}

function ofPage([page = '', ...rest]: string[], hosts: string[]): Pasted {
  const [first = '', second, third] = rest
  if (page === 'organization') return { namespace: first, ...(second === 'teams' && third && { team: third }) }
  if (page === 'user') return { namespace: first, user: first }
  if (page !== 'repository') return inReference([page, ...rest].join('/'), hosts) ?? {}
  const end = rest.findIndex((word, index) => index > 1 && ['tag', 'manifest', 'build', 'trigger', 'status', 'logs'].includes(word))
  const repository = (end < 0 ? rest : rest.slice(0, end)).join('/')
  const value = end < 0 ? undefined : rest[end + 1]
  const named = { tag: 'tag', manifest: 'digest', build: 'build' }[rest[end] ?? '']
  return { namespace: first, ...(repository.includes('/') && { repository }), ...(named && value && { [named]: value }) }
}

function decoded(segment: string) {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function inReference(name: string, hosts: string[]): Pasted | undefined {
  const [path = '', named] = name.split('@', 2)
  const digest = named && beginning.test(named) ? `sha256:${named.toLowerCase()}` : named
  if (path === '') return undefined
  const [place = '', build] = path.split('#', 2)
  if (build) return buildIn(place, build, hosts)
  const segments = path.split('/')
  const [host = ''] = segments
  if (segments.length > 2 && isOurs(host, hosts) && ['repository', 'organization', 'user'].includes(segments[1] ?? ''))
    return ofPage(segments.slice(1), hosts)
  if (segments.length > 1 && isOurs(host, hosts)) return { ...ofPath(segments.slice(1)), ...(digest && { digest }) }
  if (isForeign(segments)) return { foreign: host }
  if (segments.length < 2 && !/[:+]/.test(path)) return undefined
  return { ...ofPath(segments), ...(digest && { digest }) }
}

/** `acme/web#3592c8dd`: a build, by the beginning of its id. */
function buildIn(place: string, build: string, hosts: string[]): Pasted | undefined {
  const about = inReference(place, hosts)
  return about?.repository && !about.tag ? { ...about, build } : about
}

function ofPath(segments: string[]): Pasted {
  const [last = '', tag] = (segments.at(-1) ?? '').split(':', 2)
  const path = [...segments.slice(0, -1), last]
  const [namespace = ''] = path
  if (namespace.includes('+') && path.length === 1 && tag === undefined) return { robot: namespace }
  return { namespace, ...(path.length > 1 && { repository: path.join('/') }), ...(tag && { tag }) }
}

function isOurs(host: string, hosts: string[]) {
  return hosts.includes(host.toLowerCase())
}

/** A namespace may have dots too, so a host is what has a port or two dots, or begins as registries do, with two names behind it. */
function isForeign([host = '', ...path]: string[]) {
  if (path.length === 0) return false
  if (/^[a-z0-9.-]{1,253}:\d{1,5}$/i.test(host) || host === 'localhost') return true
  if (path.length < 2) return /^(?:docker\.io|quay\.io|ghcr\.io|gcr\.io|registry\.k8s\.io|mcr\.microsoft\.com)$/i.test(host)
  return /^(?:(?:registry|quay|docker|harbor|ghcr|gcr|hub|cr)\.|[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}\.[a-z0-9.-]{2,200}$)/i.test(host)
}

/** Invalid: the pasted text is of another registry than ours. */
export function otherRegistry(text: string, foreign: string, [own = '']: string[]) {
  return new Failure('invalid', '{address} is in another registry, {foreign}. Quaymaster works with {own}.', {
    address: bare(text),
    foreign,
    own,
  })
}
