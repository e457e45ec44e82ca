import type { Call, World } from './call.ts'
import { message, serverError } from './errors.ts'
import { findOrganization } from './lookup.ts'
import { pageToken, positionOf } from './paging.ts'
import type { UsageLog } from './registry.ts'
import { has, writesKind } from './release.ts'
import { avatar, entity, rfc2822 } from './views.ts'

const pageSize = 20

/** Writes a usage-log entry as Quay does after a change; a call by OAuth names its application in the metadata. */
export function log(
  call: Call,
  kind: string,
  namespace: string | null,
  metadata: Record<string, unknown>,
  repository: string | null = null,
) {
  const { token, account, ip, world } = call
  if (!writesKind(world.registry, kind)) return
  const oauth = token && {
    oauth_token_id: token.id,
    oauth_token_application_id: token.application.clientId,
    oauth_token_application: token.application.name,
  }
  const at = world.now()
  world.registry.logs.push({ kind, metadata: { ...metadata, ...oauth }, ip, at, performer: account?.name ?? null, namespace, repository })
}

function logView(world: World, entry: UsageLog, withNamespace = false) {
  const { kind, metadata, ip, at, performer, namespace } = entry
  return {
    kind,
    metadata,
    ip,
    datetime: rfc2822(at),
    ...(performer !== null && { performer: entity(performer) }),
    // Who started a build stands in its metadata (docs/quay.md, Other).
    ...(kind === 'build_dockerfile' && { performer: null }),
    ...(withNamespace && namespace !== null && { namespace: namespaceView(world, namespace) }),
  }
}

function namespaceView({ registry }: World, name: string) {
  const kind = findOrganization(registry, name) ? 'org' : 'user'
  return { kind, name, avatar: avatar(name, kind) }
}

export interface Span {
  start: number
  end: number
}

/** Newest first. The list ends with an EMPTY page of its own: stop on a missing `next_page`, not on a short page (docs/quay.md, Paging). */
export function logPage(call: Call, span: Span, wanted: (entry: UsageLog) => boolean, withNamespace = false) {
  const { world } = call
  const elsewhere = keptElsewhere(call)
  if (elsewhere) return { start_time: rfc2822(span.start), end_time: rfc2822(span.end), logs: [], ...elsewhere }
  const found = world.registry.logs
    .map((entry, index) => ({ entry, index }))
    .filter(({ entry }) => entry.at >= span.start && entry.at < span.end && wanted(entry))
    .sort((a, b) => b.entry.at - a.entry.at || b.index - a.index)
  const start = startOf(call, found)
  const shown = found.slice(start, start + pageSize)
  const last = shown.at(-1)
  return {
    start_time: rfc2822(span.start),
    end_time: rfc2822(span.end),
    logs: shown.map(({ entry }) => logView(world, entry, withNamespace)),
    ...(last && { next_page: pageToken(call, last.index + 1) }),
  }
}

/** Logs that Quay sends to Splunk it cannot read: 501, and where only the search is away 200 with nothing in it (docs/quay.md, Releases §1b). */
export function keptElsewhere({ world }: Call) {
  const { logsIn } = world.registry
  if (logsIn === 'splunk') message(501, 'Method not implemented, Splunk does not support log lookups')
  if (logsIn === 'database') return undefined
  if (!has(world.registry, 'searchUnavailable')) serverError()
  return { search_unavailable: true, message: 'Log search is unavailable: the search of Splunk is not configured.' }
}

/** A token names the last entry shown (its place + 1), so that entries written meanwhile neither repeat nor lose one. */
function startOf(call: Call, found: { entry: UsageLog; index: number }[]) {
  const shownLast = positionOf(call) - 1
  const entry = call.world.registry.logs[shownLast]
  if (!entry) return 0
  const next = found.findIndex((one) => one.entry.at < entry.at || (one.entry.at === entry.at && one.index < shownLast))
  return next === -1 ? found.length : next
}

const day = 24 * 3600 * 1000

/** `MM/DD/YYYY`, the end inclusive; anything else is silently ignored: since 24 hours ago until tomorrow (docs/quay.md, Dates). */
export function spanOf(call: Call): Span {
  const now = call.world.now()
  const end = dateOf(call.query.get('endtime'))
  return { start: dateOf(call.query.get('starttime')) ?? now - day, end: (end ?? now) + day }
}

function dateOf(text: string | null) {
  const [, month, date, year] = text?.match(/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/) ?? []
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(date))
}
