import { randomUUID } from 'node:crypto'
import { bodyOf } from './body.ts'
import { type Call, created, noContent, ok, param, type Route, route } from './call.ts'
import { invalidRequest, notFound, serverError } from './errors.ts'
import { findOrganization, findRepository, findTeam, findUser, fullName, splitName } from './lookup.ts'
import { isEmail } from './names.ts'
import type { Notification } from './repository-parts.ts'
import type { Repository } from './repository-state.ts'
import { requireRepository } from './rights.ts'
import { sampleData } from './sample-events.ts'
import { log } from './usage-log.ts'
import { isRefusedAddress, knowsEvent, methods, sendOnce } from './webhooks.ts'

const one = '/repository/{repository}/notification/{uuid}'

export const notificationRoutes: Route[] = [
  route('GET /repository/{repository}/notification/', listNotifications),
  route('POST /repository/{repository}/notification/', createNotification),
  route(`GET ${one}`, getNotification),
  route(`POST ${one}`, resetNotification),
  route(`DELETE ${one}`, deleteNotification),
  route(`POST ${one}/test`, testNotification),
  route('POST /repository/{repository}/authorizedemail/{email}', authorizeEmail, 'MAILING'),
]

/** The body of a request says `eventConfig`, an answer `event_config` (docs/quay.md, Per area). */
export function notificationView({ uuid, title, event, method, config, eventConfig, failures }: Notification) {
  return { uuid, title, event, method, config, event_config: eventConfig, number_of_failures: failures }
}

function listNotifications(call: Call) {
  requireRepository(call, 'admin')
  const repository = findRepository(call.world.registry, call.params.repository ?? '')
  return ok({ notifications: repository?.notifications.map(notificationView) ?? [] })
}

interface NewNotification {
  event: string
  method: string
  config: Record<string, unknown>
  eventConfig: Record<string, unknown>
  title?: string | null
}

function createNotification(call: Call) {
  requireRepository(call, 'admin')
  const body = bodyOf<NewNotification>(call)
  const repository = findRepository(call.world.registry, call.params.repository ?? '')
  // Three cases in which a real Quay breaks (docs/quay.md, Errors).
  if (!repository || !knowsEvent(call.world.registry, body.event) || !methods.includes(body.method)) return serverError()
  requireConfig(call, repository, body)
  const notification = newNotification(body)
  repository.notifications.push(notification)
  log(call, 'add_repo_notification', repository.namespace, metadata(repository, notification), fullName(repository))
  return created(notificationView(notification))
}

export function newNotification({ event, method, config, eventConfig, title = null }: NewNotification): Notification {
  return { uuid: randomUUID(), title, event, method, config, eventConfig, failures: 0 }
}

function requireConfig(call: Call, repository: Repository, { method, config }: NewNotification) {
  if (method === 'email') return requireEmail(call, repository, config.email)
  if (method === 'quay_notification') return requireTarget(call, config.target)
  requireAddress(call, method, config)
}

export function requireAddress(call: Call, method: string, { url, template }: Record<string, unknown>) {
  const isSlack = method === 'slack'
  if (typeof url !== 'string' || url === '') return invalidRequest(call, isSlack ? 'Missing Slack Callback URL' : 'Missing webhook URL')
  if (isRefusedAddress(url, call.world.registry.allowLoopbackWebhooks)) invalidRequest(call, 'Invalid webhook URL')
  if (typeof template !== 'string') return
  try {
    JSON.parse(template)
  } catch {
    invalidRequest(call, 'Could not parse template: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)')
  }
}

function requireEmail(call: Call, repository: Repository, email: unknown) {
  if (typeof email !== 'string' || !isEmail(email)) return invalidRequest(call, 'Missing e-mail address')
  const authorized = repository.authorizedEmails.some((entry) => entry.email === email && entry.confirmed)
  if (!authorized) invalidRequest(call, 'The specified e-mail address is not authorized to receive notifications for this repository')
}

function requireTarget(call: Call, target: unknown) {
  const { kind, name = '' } = (target ?? {}) as { kind?: string; name?: string } // whatever the caller sent
  const { namespace } = splitName(call.params.repository ?? '')
  const organization = findOrganization(call.world.registry, namespace)
  if (kind === 'user' && !findUser(call.world.registry, name)) invalidRequest(call, `Unknown user ${name}`)
  if (kind === 'team' && !(organization && findTeam(organization, name))) invalidRequest(call, `Unknown team ${name}`)
}

function metadata(repository: Repository, { uuid, event, method }: Notification) {
  return { repo: repository.name, namespace: repository.namespace, notification_id: uuid, event, method }
}

/** A missing one is 404 for GET and 400 for everything else (docs/quay.md, Status codes). */
function notificationOf(call: Call) {
  const uuid = param(call, 'uuid')
  const full = call.params.repository ?? ''
  const repository = findRepository(call.world.registry, full)
  const notification = repository?.notifications.find((entry) => entry.uuid === uuid)
  const { namespace, name } = splitName(full)
  if (!repository || !notification) invalidRequest(call, `No repository notification found for: ${namespace}, ${name}, ${uuid}`)
  return { repository, notification }
}

function getNotification(call: Call) {
  requireRepository(call, 'admin')
  const repository = findRepository(call.world.registry, call.params.repository ?? '')
  return ok(notificationView(repository?.notifications.find(({ uuid }) => uuid === param(call, 'uuid')) ?? notFound(call)))
}

/** Switches a notification on again that three failures had switched off. */
function resetNotification(call: Call) {
  requireRepository(call, 'admin')
  const { repository, notification } = notificationOf(call)
  notification.failures = 0
  log(call, 'reset_repo_notification', repository.namespace, metadata(repository, notification), fullName(repository))
  return noContent()
}

function deleteNotification(call: Call) {
  requireRepository(call, 'admin')
  const { repository, notification } = notificationOf(call)
  repository.notifications = repository.notifications.filter((entry) => entry !== notification)
  log(call, 'delete_repo_notification', repository.namespace, metadata(repository, notification), fullName(repository))
  return noContent()
}

/** 200 and `{}` whatever comes of it, even of one that is switched off (recorded/notif-test-disabled). */
function testNotification(call: Call) {
  requireRepository(call, 'admin')
  const { repository, notification } = notificationOf(call)
  sendOnce(call.world, fullName(repository), notification, sampleData(notification))
  return ok({})
}

function authorizeEmail(call: Call) {
  requireRepository(call, 'admin')
  const { namespace, name } = splitName(call.params.repository ?? '')
  const repository = findRepository(call.world.registry, `${namespace}/${name}`) ?? notFound(call)
  const email = param(call, 'email')
  repository.authorizedEmails.push({ email, confirmed: false })
  return ok({ email, repository: name, namespace, confirmed: false })
}
