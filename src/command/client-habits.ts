import { clients } from './pasted.ts'
import { isPhrase, phrases, plainWord } from './phrases.ts'
import { commands } from './registry.ts'

/** What a tool calls things that have another name here, and the words that only sort its commands into groups. */
interface Habits {
  words: Record<string, string>
  groups: string[]
}

const kubernetes: Habits = {
  words: {
    is: 'repos',
    imagestream: 'repo',
    imagestreams: 'repos',
    istag: 'tag',
    imagestreamtag: 'tag',
    imagestreamtags: 'tags',
    secret: 'robot',
    secrets: 'robots',
    pod: 'build',
    pods: 'builds',
    job: 'build',
    jobs: 'builds',
    bc: 'builds',
    project: 'org',
    projects: 'orgs',
    rolebinding: 'permission',
    rolebindings: 'permissions',
    clusterrolebinding: 'permission',
    clusterrolebindings: 'permissions',
    clusterrole: 'permission',
    clusterroles: 'permissions',
    resourcequota: 'quota',
    events: 'logs',
    event: 'logs',
    group: 'team',
    groups: 'team',
    node: 'status',
    nodes: 'status',
    clusterversion: 'version',
    'cluster-info': 'status',
    clusteroperators: 'status',
    deployment: 'repo',
    deployments: 'repos',
    cronjob: 'build',
    cronjobs: 'builds',
    all: 'repos',
  },
  groups: ['adm', 'rollout', 'policy', 'auth', 'cluster', 'api', 'generic', 'docker-registry'],
}
const containers: Habits = {
  words: { ps: 'builds', info: 'status', validate: 'show' },
  groups: ['buildx', 'imagetools', 'builder', 'system', 'scout', 'artifact', 'trust'],
}

const habits: Record<string, Habits> = {
  kubectl: kubernetes,
  k: kubernetes,
  oc: kubernetes,
  docker: containers,
  podman: containers,
  nerdctl: containers,
  buildah: containers,
  skopeo: containers,
  crane: containers,
  regctl: containers,
  oras: { words: { discover: 'show', fetch: 'show' }, groups: ['manifest', 'blob'] },
  cosign: { words: { verify: 'show', tree: 'show', triangulate: 'show', download: 'show' }, groups: ['sbom', 'attestation', 'signature'] },
  gh: {
    words: {
      issue: 'request',
      issues: 'requests',
      run: 'build',
      cache: 'proxy-cache',
      browse: 'show',
      secret: 'robot',
      release: 'tag',
      releases: 'tags',
    },
    groups: ['api', 'auth'],
  },
  glab: { words: { ci: 'build', mr: 'request', issue: 'request' }, groups: ['api', 'auth'] },
  helm: { words: { chart: 'repo', charts: 'repos' }, groups: [] },
  tkn: { words: { pipelinerun: 'build', taskrun: 'build', pr: 'build', pipeline: 'trigger' }, groups: [] },
}
const nothing: Habits = { words: {}, groups: [] }

const scanners = new Set(['trivy', 'grype', 'snyk', 'clairctl'])
const methods: Record<string, string> = { get: 'get', post: 'create', put: 'edit', patch: 'edit', delete: 'delete' }

/**
 * What a person typed who has another tool's commands in the fingers, in the words of this one: `docker pull quay.example.com/acme/web:v1`
 * is about the image, `trivy image acme/web:v1` about its scan, `oc get is` about repositories, `GET /api/v1/…` about what it names.
 */
export function inOwnWords(typed: string[]): string[] {
  const words = withoutPrompt(typed)
  const [first = '', second = ''] = words.map(plainWord)
  if (isNamedBy(words)) return words
  const path = words.findIndex((word) => /^(?:https?:\/\/[^/]+)?\/?api\/v1\//.test(word))
  if (path >= 0) return ofApi(words, path)
  if (words.length < 2 || !clients.includes(first) || commands.has(first)) return words
  if (scanners.has(first)) return ['scan', ...words.slice(['image', 'registry', 'container'].includes(second) ? 2 : 1)]
  const { words: other, groups } = habits[first] ?? nothing
  const rest = withoutGroups(words.slice(1), groups)
    .flatMap((word) => slashed(word, other))
    .map((word, index, all) => (isNamedBy(all.slice(index)) ? word : translated(word, other)))
  const isAct = ['pull', 'push', 'run', 'login'].includes(plainWord(rest[0] ?? ''))
  return rest.length > 1 && isAct && !isNamedBy(rest) ? rest.slice(1) : rest
}

/** `$ podman pull …`, as it is copied from documentation. */
function withoutPrompt(words: string[]) {
  return words.length > 1 && /^[$%>❯]$/.test(words[0] ?? '') ? words.slice(1) : words
}

/** `POST /api/v1/repository acme/web` and `curl -X DELETE https://…/api/v1/repository/acme/web/tag/v1`. */
function ofApi(words: string[], path: number): string[] {
  const [, way = ''] = /\/?api\/v1\/([^?]*)/.exec(words[path] ?? '') ?? []
  const [kind = '', ...rest] = way.split('/').filter(Boolean)
  const method =
    words
      .slice(0, path)
      .map((word) => methods[plainWord(word)])
      .find(Boolean) ?? 'get'
  const names = kind === 'repository' && rest.length > 1 ? [rest.slice(0, 2).join('/'), ...rest.slice(2)] : rest
  const below = names.find((name) => phrases().nouns.has(name))
  return [method, below ?? kind, ...names.filter((name) => name !== below), ...words.slice(path + 1)]
}

function withoutGroups(words: string[], groups: string[]): string[] {
  const first = plainWord(words[0] ?? '')
  return words.length > 1 && groups.includes(first) && !isNamedBy(words) ? withoutGroups(words.slice(1), groups) : words
}

/** Whether the first two words name a command as they stand. */
function isNamedBy(words: string[]) {
  return phrases().verbs.has(words.slice(0, 2).map(plainWord).join(' '))
}

/** `build/42` as kubectl and oc write `build 42`, and `repos/acme/web`. */
function slashed(word: string, other: Record<string, string>) {
  const [, kind = '', name = '', below] = /^([a-z]+)\/([^/]+(?:\/[^/]+)?)(?:\/([a-z]+))?$/i.exec(word) ?? []
  const isKind = (text: string) => phrases().nouns.has(text.toLowerCase()) || text in other
  if (name === '' || !isKind(kind)) return [word]
  // `orgs/acme/teams`: an organization has one name, and a repository two.
  const [owner = '', part = ''] = name.split('/')
  if (
    isOrg(kind) &&
    phrases()
      .nouns.get(part)
      ?.some(({ plural }) => plural)
  )
    return [part, owner]
  return below === undefined ? [kind, name] : isKind(below) ? [below, name] : [word]
}

function isOrg(kind: string) {
  return phrases().nouns.get(kind.toLowerCase())?.[0]?.noun === 'org'
}

/** `imagestreams` as `repos`, and `new-project` as `new-org`. */
function translated(word: string, other: Record<string, string>) {
  const plain = plainWord(word)
  if (Object.hasOwn(other, plain)) return other[plain] ?? word
  const parts = plain.split('-')
  return parts.length > 1 && !isPhrase(plain) && parts.some((part) => Object.hasOwn(other, part)) && parts.every((part) => isPhrase(part))
    ? parts.map((part) => other[part] ?? part).join('-')
    : word
}
