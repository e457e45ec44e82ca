import { randomUUID } from 'node:crypto'
import { bodyOf } from './body.ts'
import { type Call, ok, type Route, route } from './call.ts'
import { dataModelError, invalidRequest, serverError, unauthorized } from './errors.ts'
import { findNamespace, findUser, fullName, repositoryOf } from './lookup.ts'
import { isEmail } from './names.ts'
import type { UsageLog } from './registry.ts'
import {
  hasFullAccess,
  hasNamespaceRole,
  isGlobalReader,
  requireNamespace,
  requireRepository,
  requireSuperuser,
  requireUserScope,
} from './rights.ts'
import { keptElsewhere, log, logPage, spanOf } from './usage-log.ts'
import { rfc2822 } from './views.ts'

export const logRoutes: Route[] = [
  route('GET /repository/{repository}/logs', (call) => ok(logPage(call, orderedSpan(call), ofRepository(call)))),
  route('GET /repository/{repository}/aggregatelogs', (call) => aggregated(call, ofRepository(call)), 'AGGREGATED_LOG_COUNT_RETRIEVAL'),
  route('POST /repository/{repository}/exportlogs', exportRepository, 'LOG_EXPORT'),
  route('GET /organization/{orgname}/logs', (call) => ok(logPage(call, orderedSpan(call), ofOrganization(call)))),
  route('GET /organization/{orgname}/aggregatelogs', (call) => aggregated(call, ofOrganization(call)), 'AGGREGATED_LOG_COUNT_RETRIEVAL'),
  route('POST /organization/{orgname}/exportlogs', exportOrganization, 'LOG_EXPORT'),
  route('GET /user/logs', (call) => ok(logPage(call, orderedSpan(call), ofSelf(call)))),
  route('GET /user/aggregatelogs', (call) => aggregated(call, ofSelf(call)), 'AGGREGATED_LOG_COUNT_RETRIEVAL'),
  route('POST /user/exportlogs', exportSelf, 'LOG_EXPORT'),
  route('GET /superuser/logs', superuserLogs, 'SUPER_USERS'),
  route('GET /superuser/aggregatelogs', superuserAggregated, 'SUPER_USERS', 'AGGREGATED_LOG_COUNT_RETRIEVAL'),
]

type Wanted = (entry: UsageLog) => boolean

function ofRepository(call: Call): Wanted {
  requireRepository(call, 'admin')
  repositoryOf(call)
  return (entry) => entry.repository === call.params.repository
}

function ofOrganization(call: Call): Wanted {
  requireNamespace(call, 'admin')
  const name = call.params.orgname ?? ''
  if (!findNamespace(call.world.registry, name)) dataModelError(`Invalid namespace requested: ${name}`)
  return inNamespace(call, name)
}

function ofSelf(call: Call): Wanted {
  const mine = inNamespace(call, requireUserScope(call, 'user:admin').name)
  return (entry) => mine(entry) && !entry.kind.startsWith('service_key_')
}

/** An unknown performer breaks a real Quay (docs/quay.md, Errors). */
function inNamespace(call: Call, name: string): Wanted {
  const performer = call.query.get('performer')
  if (performer !== null && !findUser(call.world.registry, performer)) serverError()
  return (entry) => entry.namespace === name && (performer === null || entry.performer === performer)
}

/** A reversed span is refused, except to superusers, who get an empty list (docs/quay.md, Dates). */
function orderedSpan(call: Call) {
  const span = spanOf(call)
  if (span.start > span.end) dataModelError('The browser (or proxy) sent a request that this server could not understand.')
  return span
}

function superuserLogs(call: Call) {
  requireSuperuser(call)
  return ok(logPage(call, spanOf(call), () => true, true))
}

function superuserAggregated(call: Call) {
  requireSuperuser(call)
  return aggregated(call, () => true)
}

const longestSpan = 31 * 24 * 3600 * 1000

/** At most a month at once. Only the route for superusers does not know how to say so (docs/quay.md, Limits; Crashes). */
function requireMonth(call: Call) {
  const { start, end } = spanOf(call)
  if (end - start <= longestSpan) return
  if (call.path.startsWith('/superuser/')) serverError()
  dataModelError('Invalid date range for logs')
}

function aggregated(call: Call, wanted: Wanted) {
  const elsewhere = keptElsewhere(call)
  if (elsewhere) return ok({ aggregated: [], ...elsewhere })
  requireMonth(call)
  const { start, end } = spanOf(call)
  const counts = new Map<string, { kind: string; count: number; datetime: string }>()
  for (const entry of call.world.registry.logs) {
    if (entry.at < start || entry.at >= end || !wanted(entry)) continue
    const day = new Date(entry.at).toISOString().slice(0, 10)
    const key = `${entry.kind} ${day}`
    const before = counts.get(key)
    counts.set(key, { kind: entry.kind, count: (before?.count ?? 0) + 1, datetime: rfc2822(Date.parse(`${day}T00:00:00Z`)) })
  }
  return ok({ aggregated: [...counts.values()] })
}

function exportRepository(call: Call) {
  requireRepository(call, 'admin')
  const repository = repositoryOf(call)
  return queueExport(call, repository.namespace, fullName(repository))
}

/** A global reader may export an organisation's logs, but not a repository's (docs/quay.md, rights matrix 5). */
function exportOrganization(call: Call) {
  const name = call.params.orgname ?? ''
  if (!hasNamespaceRole(call, name, 'admin') && !hasFullAccess(call) && !isGlobalReader(call)) {
    const { callback_url = null, callback_email = null } = bodyOf<{ callback_url?: string; callback_email?: string }>(call)
    log(call, 'export_logs_failure', name, {
      'date/time': Math.floor(call.world.now() / 1000),
      error: 'unauthorized',
      url: callback_url,
      email: callback_email,
    })
    unauthorized(call)
  }
  return queueExport(call, name, null)
}

function exportSelf(call: Call) {
  return queueExport(call, requireUserScope(call, 'user:admin').name, null)
}

function queueExport(call: Call, namespace: string, repository: string | null) {
  const { callback_url: url = null, callback_email: email = null } = bodyOf<{ callback_url?: string; callback_email?: string }>(call)
  const scheme = url?.split(':')[0] ?? 'https'
  if (!/^https?$/.test(scheme)) invalidRequest(call, `Invalid URL scheme '${scheme}': only HTTP and HTTPS are allowed`)
  if (email !== null && !isEmail(email)) invalidRequest(call, 'Invalid callback e-mail')
  const { start, end } = spanOf(call)
  if (start > end) invalidRequest(call, 'Invalid time span selected')
  const id = randomUUID()
  const time = Math.floor(call.world.now() / 1000)
  log(call, 'export_logs_success', namespace, { 'date/time': time, export_id: id, message: 'queued for export', url, email }, repository)
  return ok({ export_id: id })
}
