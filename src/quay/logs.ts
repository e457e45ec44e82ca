import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { isoOf, type Window, windowQuery } from './dates.ts'
import { call, type Quay } from './http.ts'
import { type Details, detailsOf } from './log-details.ts'
import type { Page } from './pages.ts'
import { findUser } from './users.ts'

/** One line of a usage log. */
export interface LogEntry {
  /** Quay's word for what was done: `create_repo`, `push_repo`. */
  kind: string
  /** ISO. */
  at: string | undefined
  ip: string | undefined
  /** Who did it; undefined for what nobody did, and for the anonymous. What the bot did has the bot's account here. */
  performer: { name: string; kind: 'user' | 'robot' } | undefined
  namespace: string | undefined
  /** `acme/web` */
  repository: string | undefined
  /** What else Quay wrote down, by its names, as far as it can hold no credential. */
  details: Details
}

/** A page of 20, newest first, with the window that Quay took (ISO, `to` not included). */
export type LogPage = Page<'entries', LogEntry> & { from: string | undefined; to: string | undefined }

const performer = z.object({ name: z.string(), is_robot: z.boolean().default(false) })

const entry = z.object({
  kind: z.string(),
  datetime: z.string().nullish(),
  ip: z.string().nullish(),
  performer: performer.nullish(),
  namespace: z.object({ name: z.string() }).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
})

const page = z.object({ start_time: z.string(), end_time: z.string(), logs: z.array(entry), next_page: z.string().optional() })

type Asked = Window & { next?: string | undefined }

/** The whole registry's log. The last page is an empty one: go by `next`, and a token that Quay does not know (any more) is page 1. */
export async function listRegistryLogs(quay: Quay, { next, ...window }: Asked = {}): Promise<LogPage> {
  const query = { ...windowQuery(window), next_page: next }
  return pageOf(await call(quay, { method: 'GET', path: '/superuser/logs', query, response: page }))
}

/** An organisation's. `performer`: only what that account or robot did. Not found: no such organisation, or account. */
export async function listNamespaceLogs(
  quay: Quay,
  namespace: string,
  { next, performer, ...window }: Asked & { performer?: string | undefined } = {},
): Promise<LogPage> {
  // Quay fails on a name that it does not know (recorded: org-logs-performer-missing).
  if (performer !== undefined && !performer.includes('+') && !(await findUser(quay, performer))) {
    throw new Failure('not_found', 'Quay has no account {account}.', { account: performer })
  }
  const query = { ...windowQuery(window), performer, next_page: next }
  return pageOf(
    await call(quay, { method: 'GET', path: '/organization/{orgname}/logs', params: { orgname: namespace }, query, response: page }),
    namespace,
  )
}

export async function listRepositoryLogs(quay: Quay, repository: string, { next, ...window }: Asked = {}): Promise<LogPage> {
  const query = { ...windowQuery(window), next_page: next }
  const read = await call(quay, { method: 'GET', path: '/repository/{repository}/logs', params: { repository }, query, response: page })
  return pageOf(read, undefined, repository)
}

function pageOf({ logs, next_page, start_time, end_time }: z.output<typeof page>, namespace?: string, repository?: string): LogPage {
  return {
    entries: logs.map((read) => entryOf(read, namespace, repository)),
    next: next_page,
    from: isoOf(start_time),
    to: isoOf(end_time),
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

/** How often something was done on a day (`2026-11-23`). */
export interface LogTotal {
  kind: string
  day: string
  count: number
}

const totals = z.object({ aggregated: z.array(z.object({ kind: z.string(), count: z.number(), datetime: z.string() })) })

export async function totalRegistryLogs(quay: Quay, window: Window = {}): Promise<LogTotal[]> {
  return totalsOf(await call(quay, { method: 'GET', path: '/superuser/aggregatelogs', query: windowQuery(window), response: totals }))
}

export async function totalNamespaceLogs(quay: Quay, namespace: string, window: Window = {}): Promise<LogTotal[]> {
  const path = '/organization/{orgname}/aggregatelogs'
  return totalsOf(await call(quay, { method: 'GET', path, params: { orgname: namespace }, query: windowQuery(window), response: totals }))
}

export async function totalRepositoryLogs(quay: Quay, repository: string, window: Window = {}): Promise<LogTotal[]> {
  const path = '/repository/{repository}/aggregatelogs'
  return totalsOf(await call(quay, { method: 'GET', path, params: { repository }, query: windowQuery(window), response: totals }))
}

function totalsOf({ aggregated }: z.output<typeof totals>): LogTotal[] {
  return aggregated.map(({ kind, count, datetime }) => ({ kind, day: isoOf(datetime)?.slice(0, 10) ?? datetime, count }))
}
