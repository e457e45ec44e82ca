import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { isoOf, type Window, windowQuery } from './dates.ts'
import { call } from './http.ts'
import { type Details, detailsOf } from './log-details.ts'
import { readable, unreadable } from './log-store.ts'
import type { Page } from './pages.ts'
import type { Quay } from './registry.ts'
import { findUser } from './users.ts'

interface Performer {
  name: string
  kind: 'user' | 'robot'
  /** The account of the person for whom the bot did it (security/done-for.ts). */
  behalf?: string
}

/** One line of a usage log. */
export interface LogEntry {
  /** Quay's word for what was done: `create_repo`, `push_repo`. */
  kind: string
  /** ISO. */
  at: string | undefined
  ip: string | undefined
  /** Who did it; undefined for what nobody did, and for the anonymous. What the bot did has the bot's account here. */
  performer: Performer | undefined
  namespace: string | undefined
  /** `acme/web` */
  repository: string | undefined
  /** What else Quay wrote down, by its names, as far as it can hold no credential. */
  details: Details
}

/**
 * A page of 20, newest first, with the window that Quay took (ISO, `to` not included). `peek`: the last page, too, has a `next`, which
 * leads to an empty one.
 */
export type LogPage = Page<'entries', LogEntry> & { from: string | undefined; to: string | undefined; peek: true }

const performer = z.object({ name: z.string(), is_robot: z.boolean().default(false) })

const entry = z.object({
  kind: z.string(),
  datetime: z.string().nullish(),
  ip: z.string().nullish(),
  performer: performer.nullish(),
  namespace: z.object({ name: z.string() }).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
})

const page = z.object({
  start_time: z.string(),
  end_time: z.string(),
  logs: z.array(entry),
  next_page: z.string().optional(),
  ...unreadable,
})

type Asked = Window & { next?: string | undefined }

/** The whole registry's log. The last page is an empty one: go by `next`, and a token that Quay does not know (any more) is page 1. */
export async function listRegistryLogs(quay: Quay, { next, ...window }: Asked = {}): Promise<LogPage> {
  return pageFrom(next, (next_page) =>
    call(quay, { method: 'GET', path: '/superuser/logs', query: { ...windowQuery(window), next_page }, response: page }),
  )
}

/** An organisation's. `performer`: only what that account or robot did. Not found: no such organisation, or account. */
export async function listNamespaceLogs(
  quay: Quay,
  namespace: string,
  { next, performer, ...window }: Asked & { performer?: string | undefined } = {},
): Promise<LogPage> {
  // Quay fails on a name that it does not know (recorded: org-logs-performer-missing).
  if (performer !== undefined && !performer.includes('+') && !(await findUser(quay, performer))) {
    throw new Failure('not_found', 'Quay has no user {account}.', { account: performer })
  }
  const [path, params] = ['/organization/{orgname}/logs', { orgname: namespace }] as const
  const ask = (next_page: string | undefined) =>
    call(quay, { method: 'GET', path, params, query: { ...windowQuery(window), performer, next_page }, response: page })
  return pageFrom(next, ask, namespace)
}

/** A page of a repository’s usage logs, newest first. Needs admin. Not found: no such repository. */
export async function listRepositoryLogs(quay: Quay, repository: string, { next, ...window }: Asked = {}): Promise<LogPage> {
  const path = '/repository/{repository}/logs'
  const ask = (next_page: string | undefined) =>
    call(quay, { method: 'GET', path, params: { repository }, query: { ...windowQuery(window), next_page }, response: page })
  return pageFrom(next, ask, undefined, repository)
}

type Read = z.output<typeof page>

// Quay keeps its logs in up to three tables, and begins a page for each.
const emptyAtMost = 3

/** The page, or the next one that holds anything: Quay's own may be empty in the middle. */
async function pageFrom(
  next: string | undefined,
  ask: (next: string | undefined) => Promise<Read>,
  namespace?: string,
  repository?: string,
): Promise<LogPage> {
  let read = await readable(() => ask(next))
  for (let empty = 1; read.logs.length === 0 && read.next_page !== undefined && empty < emptyAtMost; empty += 1) {
    const following = read.next_page
    read = await readable(() => ask(following))
  }
  return {
    entries: read.logs.map((one) => entryOf(one, namespace, repository)),
    next: read.next_page,
    from: isoOf(read.start_time),
    to: isoOf(read.end_time),
    peek: true,
  }
}

function entryOf(read: z.output<typeof entry>, ofNamespace: string | undefined, ofRepository: string | undefined): LogEntry {
  const { namespace: written, repo } = read.metadata ?? {}
  const namespace = read.namespace?.name ?? (typeof written === 'string' ? written : (ofNamespace ?? ofRepository?.split('/')[0]))
  return {
    kind: read.kind,
    at: isoOf(read.datetime),
    ip: read.ip ?? undefined,
    performer: read.performer ? { name: read.performer.name, kind: read.performer.is_robot ? 'robot' : 'user' } : undefined,
    namespace,
    repository: ofRepository ?? (typeof repo === 'string' && namespace !== undefined ? `${namespace}/${repo}` : undefined),
    details: detailsOf(read.metadata ?? {}),
  }
}
