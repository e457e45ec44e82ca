import { bodyOf } from './body.ts'
import { type Call, created, noContent, ok, param, type Route, route } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import { newNotification, notificationView, requireAddress } from './notifications.ts'
import { type FindHolder, type Holder, holders } from './policies.ts'
import { sampleData } from './sample-events.ts'
import { log } from './usage-log.ts'
import { sendOnce } from './webhooks.ts'

// Notifications about a namespace's quota (quota-life.ts). No exchange of them was recorded but the empty list: they are as those
// of repositories.

const bases: [string, FindHolder][] = [
  ['/organization/{orgname}/notifications', holders['/organization/{orgname}']],
  ['/user/namespacenotifications', holders['/user']],
]

export const namespaceNotificationRoutes: Route[] = bases.flatMap(([base, find]) => [
  route(`GET ${base}`, (call) => ok({ notifications: find(call).policies.notifications.map(notificationView) }), 'QUOTA_NOTIFICATIONS'),
  route(`POST ${base}`, (call) => create(call, find(call)), 'QUOTA_NOTIFICATIONS'),
  route(`GET ${base}/{uuid}`, (call) => ok(notificationView(one(call, find(call)))), 'QUOTA_NOTIFICATIONS'),
  route(`POST ${base}/{uuid}`, (call) => reset(call, find(call)), 'QUOTA_NOTIFICATIONS'),
  route(`DELETE ${base}/{uuid}`, (call) => remove(call, find(call)), 'QUOTA_NOTIFICATIONS'),
  route(`POST ${base}/{uuid}/test`, (call) => test(call, find(call)), 'QUOTA_NOTIFICATIONS'),
])

function one(call: Call, { policies }: Holder) {
  return policies.notifications.find(({ uuid }) => uuid === param(call, 'uuid')) ?? notFound(call)
}

function create(call: Call, { policies, namespace }: Holder) {
  const body = bodyOf<Parameters<typeof newNotification>[0]>(call)
  if (!['quota_warning', 'quota_error'].includes(body.event)) invalidRequest(call, 'Invalid event for a namespace notification')
  if (body.method === 'webhook' || body.method === 'slack') requireAddress(call, body.method, body.config)
  const notification = newNotification(body)
  policies.notifications.push(notification)
  const details = { namespace, notification_id: notification.uuid, event: notification.event, method: notification.method }
  log(call, 'create_namespace_notification', namespace, details)
  return created(notificationView(notification))
}

function test(call: Call, holder: Holder) {
  const notification = one(call, holder)
  sendOnce(call.world, holder.namespace, notification, sampleData(notification))
  return ok({})
}

function reset(call: Call, holder: Holder) {
  one(call, holder).failures = 0
  return noContent()
}

function remove(call: Call, holder: Holder) {
  const notification = one(call, holder)
  holder.policies.notifications = holder.policies.notifications.filter((other) => other !== notification)
  log(call, 'delete_namespace_notification', holder.namespace, { namespace: holder.namespace, notification_id: notification.uuid })
  return noContent()
}
