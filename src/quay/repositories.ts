import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { isoOfSeconds } from './dates.ts'
import { call, done, find } from './http.ts'
import { namespaceOf, withoutNamespace } from './names.ts'
import { listAll, type Page } from './pages.ts'
import type { Quay } from './registry.ts'

export type Visibility = 'private' | 'public'

/** `read-only` and `mirror`: nobody pushes, deletes tags or builds; a mirror is filled by Quay. */
export type RepositoryState = SettableState | 'org-mirror' | 'unknown'

export interface Repository {
  /** `acme/web` */
  name: string
  /** Its page in Quay. */
  url: string
  visibility: Visibility
  description: string
  state: RepositoryState
}

/** Those that a person can choose. `org-mirror` comes of mirroring the organization (Quay 3.17), and `unknown` of a newer Quay. */
export type SettableState = 'normal' | 'read-only' | 'mirror'

const states: Record<string, RepositoryState> = { NORMAL: 'normal', READ_ONLY: 'read-only', MIRROR: 'mirror', ORG_MIRROR: 'org-mirror' }
const state = z
  .string()
  .nullish()
  .transform((read): RepositoryState => states[read ?? 'NORMAL'] ?? 'unknown')

const read = z.object({ is_public: z.boolean(), description: z.string().nullish(), state })
const path = '/repository/{repository}'

/** The page of a repository, or of something on it (`?tab=tags`), in Quay. */
export function pageOf(quay: Quay, repository: string) {
  return new URL(`/repository/${repository}`, quay.url).href
}

function repositoryOf(quay: Quay, name: string, found: z.output<typeof read>): Repository {
  return {
    name,
    url: pageOf(quay, name),
    visibility: found.is_public ? 'public' : 'private',
    description: found.description ?? '',
    state: found.state,
  }
}

export interface FoundRepository extends Repository {
  ownedByOrganization: boolean
  /**
   * Tells it from another of its name: Quay says no time of creation, but shows a random word of each private repository
   * (`status_token`), of which this is a hash. Undefined of a public one, where Quay shows none.
   */
  mark: string | undefined
}

/** The repository, without its tags (Quay's default would load them all); undefined when there is none. */
export async function findRepository(quay: Quay, repository: string): Promise<FoundRepository | undefined> {
  const response = read.extend({ is_organization: z.boolean().default(false), status_token: z.string().nullish() })
  const found = await find(quay, { path, params: { repository }, query: { includeTags: false }, response })
  return (
    found && {
      ...repositoryOf(quay, repository, found),
      ownedByOrganization: found.is_organization,
      mark: found.status_token ? createHash('sha256').update(found.status_token).digest('base64url').slice(0, 12) : undefined,
    }
  )
}

/** The repository, which has to be there. Not found: it is not. */
export async function readRepository(quay: Quay, repository: string): Promise<FoundRepository> {
  const found = await findRepository(quay, repository)
  if (!found) throw new Failure('not_found', 'Repository {repository} not found.', { repository })
  return found
}

export interface ListedRepository extends Repository {
  /** ISO; undefined: nothing was ever pushed. */
  lastModified: string | undefined
  /** Bytes, where Quay counts them. */
  size: number | undefined
}

const listed = read.extend({
  namespace: z.string(),
  name: z.string(),
  last_modified: z.number().nullish(),
  quota_report: z.object({ quota_bytes: z.number().nullish() }).nullish(),
})

/** The repositories of a namespace, private ones too, 100 on a page. A namespace that does not exist has none. */
export async function listRepositories(quay: Quay, namespace: string, next?: string): Promise<Page<'repositories', ListedRepository>> {
  // Without full access Quay leaves public repositories out of a list that does not ask for them.
  const query = { namespace, last_modified: true, next_page: next, ...(!quay.capabilities.superusersFullAccess && { public: true }) }
  const response = z.object({ repositories: z.array(listed), next_page: z.string().optional() })
  const answer = await call(quay, { method: 'GET', path: '/repository', query, response })
  return { repositories: answer.repositories.map((one) => listedOf(quay, one)), next: answer.next_page }
}

/** All repositories of a namespace that the bot can see. Unavailable: the list began anew. */
export function listAllRepositories(quay: Quay, namespace: string): Promise<ListedRepository[]> {
  return listAll(async (next) => {
    const page = await listRepositories(quay, namespace, next)
    return { entries: page.repositories, next: page.next }
  })
}

function listedOf(quay: Quay, one: z.output<typeof listed>): ListedRepository {
  return {
    ...repositoryOf(quay, `${one.namespace}/${one.name}`, one),
    lastModified: isoOfSeconds(one.last_modified),
    size: one.quota_report?.quota_bytes ?? undefined,
  }
}

/** Creates an empty repository, whose only admin is then the bot's account. Conflict: the name is taken. */
export async function createRepository(
  quay: Quay,
  { repository, visibility, description }: { repository: string; visibility: Visibility; description: string },
): Promise<Repository> {
  const namespace = namespaceOf(repository)
  const body = { namespace, repository: withoutNamespace(repository), visibility, description }
  await call(quay, { method: 'POST', path: '/repository', body, assume: undefined, response: done })
  return { name: repository, url: pageOf(quay, repository), visibility, description, state: 'normal' }
}

/** Deletes the repository with all its images. Quay says the same of one that does not exist: find it first. */
export async function deleteRepository(quay: Quay, repository: string): Promise<void> {
  await call(quay, { method: 'DELETE', path, params: { repository }, assume: undefined, response: done })
}

/** Needs admin of the repository. */
export async function setVisibility(quay: Quay, repository: string, visibility: Visibility): Promise<void> {
  const template = '/repository/{repository}/changevisibility'
  await call(quay, { method: 'POST', path: template, params: { repository }, body: { visibility }, assume: undefined, response: done })
}

/** `description`: Markdown. */
export async function setDescription(quay: Quay, repository: string, description: string): Promise<void> {
  await call(quay, { method: 'PUT', path, params: { repository }, body: { description }, assume: undefined, response: done })
}

/** Conflict: this registry knows no mirrors. */
export async function setState(quay: Quay, repository: string, wanted: SettableState): Promise<void> {
  const word = { normal: 'NORMAL', 'read-only': 'READ_ONLY', mirror: 'MIRROR' }[wanted]
  const template = '/repository/{repository}/changestate'
  await call(quay, { method: 'PUT', path: template, params: { repository }, body: { state: word }, assume: undefined, response: done })
}
