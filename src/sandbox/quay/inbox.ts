import { bodyOf } from './body.ts'
import { type Call, ok, param, type Route, route } from './call.ts'
import { notFound } from './errors.ts'
import type { User } from './registry.ts'
import { requireUserScope } from './rights.ts'
import { rfc2822 } from './views.ts'

// What Quay's own bell shows to a person.

export const inboxRoutes: Route[] = [
  route('GET /user/notifications', listInbox),
  route('GET /user/notifications/{uuid}', (call) => ok(view(messageOf(call)))),
  route('PUT /user/notifications/{uuid}', dismiss),
]

type Message = User['inbox'][number]

const view = ({ uuid, kind, metadata, created, dismissed }: Message) => ({
  id: uuid,
  organization: null,
  kind,
  created: rfc2822(created),
  metadata,
  dismissed,
})

/** Page 0 and page 1 are the same first page (docs/quay.md, Paging). */
function listInbox(call: Call) {
  const { inbox } = requireUserScope(call, 'user:admin')
  const limit = Number(call.query.get('limit') ?? 5)
  const start = Math.max(0, Number(call.query.get('page') ?? 0) - 1) * limit
  const open = inbox.filter(({ dismissed }) => !dismissed)
  return ok({ notifications: open.slice(start, start + limit).map(view), additional: open.length > start + limit })
}

function messageOf(call: Call) {
  const { inbox } = requireUserScope(call, 'user:admin')
  return inbox.find(({ uuid }) => uuid === param(call, 'uuid')) ?? notFound(call)
}

function dismiss(call: Call) {
  const message = messageOf(call)
  message.dismissed = bodyOf<{ dismissed?: boolean }>(call).dismissed ?? false
  return ok(view(message))
}
