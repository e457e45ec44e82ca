import { randomUUID } from 'node:crypto'
import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { readPattern } from '../../core/pattern.ts'
import type { World } from './call.ts'
import { findNamespace, findOrganization, findRepository, splitName } from './lookup.ts'
import type { Delivery, Registry } from './registry.ts'
import { isSince } from './release.ts'
import { eventsSince } from './releases.ts'
import type { Notification } from './repository-parts.ts'
import { slackBody } from './slack-bodies.ts'

export const events =
  `repo_push build_queued build_start build_success build_failure build_cancelled vulnerability_found repo_mirror_sync_started
  repo_mirror_sync_success repo_mirror_sync_failed repo_image_expiry quota_warning quota_error`.split(/\s+/)
export const methods = ['webhook', 'slack', 'email', 'quay_notification', 'flowdock', 'hipchat']

export const knowsEvent = (registry: Registry, event: string) =>
  events.includes(event) && isSince(registry, eventsSince[event] ?? ['3.9.0'])

const failuresBeforeOff = 3
const patience = 10_000
const retryAfter = 5 * 60_000
const tries = 5

/** `localhost` and its like, or no http address at all (docs/quay.md, Notifications). */
export function isRefusedAddress(address: string, allowLoopback: boolean) {
  const [, host] = address.match(/^https?:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]+)/) ?? []
  if (host === undefined) return true
  return !allowLoopback && /^(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])$/i.test(host)
}

/** Queues an event for every notification of the repository, or namespace, that wants it and is still switched on. */
export function deliver(world: World, object: string, event: string, data: Record<string, unknown>) {
  for (const notification of notificationsOf(world, object)) {
    if (notification.event === event && wants(notification, data)) enqueue(world, object, notification, data)
  }
  sendDue(world)
}

function notificationsOf({ registry }: World, object: string): Notification[] {
  return (object.includes('/') ? findRepository(registry, object) : findNamespace(registry, object))?.notifications ?? []
}

/** Queues it for one notification, unless that is switched off. */
export function enqueue(world: World, object: string, { uuid, event, failures }: Notification, data: Record<string, unknown>) {
  if (failures >= failuresBeforeOff) return
  const body = bodyFor(world, object, data)
  world.registry.deliveries.push({ notification: uuid, object, event, body, due: world.now(), triesLeft: tries })
}

/** The keys that every body begins with; of a build the page is the build's. */
export function bodyFor(world: World, full: string, data: Record<string, unknown>) {
  const origin = world.origin()
  const { namespace, name } = splitName(full)
  if (namespace === '') return { namespace: full, homepage: `${origin}/organization/${full}`, ...data }
  const build = typeof data.build_id === 'string' ? `/build/${data.build_id}` : ''
  return {
    repository: full,
    namespace,
    name,
    docker_url: `${new URL(origin).host}/${full}`,
    homepage: `${origin}/repository/${full}${build}`,
    ...data,
  }
}

/** Filters: a branch of builds, a severity of vulnerabilities. */
function wants({ eventConfig }: Notification, data: Record<string, unknown>) {
  const pattern = eventConfig['ref-regex']
  if (typeof pattern === 'string') {
    const { ref } = (data.trigger_metadata ?? {}) as { ref?: string } // our own build's, see triggers.ts
    const read = readPattern(pattern)
    return ref !== undefined && 'test' in read && read.test(ref)
  }
  const { level } = eventConfig
  const { priority } = (data.vulnerability ?? {}) as { priority?: string } // our own, see scans.ts
  return level === undefined || priority === undefined || severities.indexOf(priority) <= Number(level)
}

const severities = ['Critical', 'High', 'Medium', 'Low', 'Negligible', 'Unknown']

/** Sends what is due. Called when something is queued and whenever time has passed. */
export function sendDue(world: World) {
  const { registry } = world
  const due = registry.deliveries.filter((one) => one.due <= world.now())
  if (due.length === 0) return
  registry.deliveries = registry.deliveries.filter((one) => !due.includes(one))
  for (const one of due) void attempt(world, one)
}

/** Success clears the counter; a failure counts, and the body comes again five minutes later until three have failed. */
async function attempt(world: World, delivery: Delivery) {
  const notification = notificationsOf(world, delivery.object).find(({ uuid }) => uuid === delivery.notification)
  if (!notification || notification.failures >= failuresBeforeOff) return
  if (notification.method === 'quay_notification') putIntoInboxes(world, notification, delivery)
  if (await send(notification, delivery.event, delivery.body)) {
    notification.failures = 0
    return
  }
  notification.failures++
  const triesLeft = delivery.triesLeft - 1
  if (triesLeft > 0) world.registry.deliveries.push({ ...delivery, due: world.now() + retryAfter, triesLeft })
}

/** Into Quay's own bell: of a person, or of everybody in a team (docs/quay.md, Other). */
function putIntoInboxes({ registry, now }: World, { config }: Notification, { object, event, body }: Delivery) {
  const { kind, name = '' } = (config.target ?? {}) as { kind?: string; name?: string } // checked when it was made
  const [namespace = ''] = object.split('/')
  const team = findOrganization(registry, namespace)?.teams.find((one) => one.name === name)
  const wanted = kind === 'team' ? (team?.members ?? []) : [name]
  for (const user of registry.users.filter((one) => wanted.includes(one.name)))
    user.inbox.unshift({ uuid: randomUUID(), kind: event, metadata: body, created: now(), dismissed: false })
}

/** A test delivery: once, and a failure counts like any other. */
export function sendOnce(world: World, object: string, notification: Notification, data: Record<string, unknown>) {
  const body = bodyFor(world, object, data)
  const delivery = { notification: notification.uuid, object, event: notification.event, body }
  void attempt(world, { ...delivery, due: world.now(), triesLeft: 1 })
}

function send({ method, config }: Notification, event: string, body: Record<string, unknown>): Promise<boolean> {
  const { url, template } = config
  if ((method !== 'webhook' && method !== 'slack') || typeof url !== 'string') return Promise.resolve(true)
  if (method === 'slack') return post(url, JSON.stringify(slackBody(event, body)))
  return post(url, typeof template === 'string' ? filled(template, body) : JSON.stringify(body))
}

/** `"pushed ${repository}"`; the values stand inside JSON text, so they are escaped as such. */
function filled(template: string, body: Record<string, unknown>) {
  const replaced = template.replace(/\$\{([\w.]+)\}/g, (_, name: string) => JSON.stringify(String(body[name] ?? '')).slice(1, -1))
  return JSON.stringify(JSON.parse(replaced))
}

/** No signature, no event name; anything but 2xx within ten seconds is a failure (docs/quay.md, Webhook delivery). */
function post(address: string, body: string): Promise<boolean> {
  const headers = {
    'user-agent': 'python-requests/2.28.1',
    accept: '*/*',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  }
  return new Promise((resolve) => {
    const outgoing = (address.startsWith('https:') ? secure : plain)(address, { method: 'POST', headers, timeout: patience }, (answer) => {
      answer.resume()
      resolve((answer.statusCode ?? 500) >= 200 && (answer.statusCode ?? 500) < 300)
    })
    outgoing.on('timeout', () => outgoing.destroy())
    outgoing.on('error', () => resolve(false))
    outgoing.end(body)
  })
}
