import { z } from 'zod'
import { type Credential, credential } from '../core/credential.ts'
import { Failure } from '../core/failure.ts'
import { call, done, find } from './http.ts'
import type { Quay } from './registry.ts'

/** What Quay itself sends out of a repository when something happens there, or out of an organisation about its quota. */
export interface Notification {
  id: string
  title: string
  event: NotificationEvent
  /** webhook, slack, email, quay_notification and others. */
  method: string
  /** Who has it may post there: shown to nobody. */
  url: Credential | undefined
  email: string | undefined
  /** In a row; after the third Quay sends nothing any more, until it is reset. */
  failures: number
  options: NotificationOptions
}

export type NotificationEvent =
  | 'repo_push'
  | 'build_queued'
  | 'build_start'
  | 'build_success'
  | 'build_failure'
  | 'build_cancelled'
  | 'vulnerability_found'
  | 'repo_mirror_sync_started'
  | 'repo_mirror_sync_success'
  | 'repo_mirror_sync_failed'
  | 'repo_image_expiry'
  | 'quota_warning'
  | 'quota_error'
  | (string & {})

export interface NotificationOptions {
  /** vulnerability_found: from this severity on; 0 is Critical, 5 Unknown. */
  level?: string | undefined
  /** repo_image_expiry: so many days before. Without it nothing is ever sent. */
  days?: number | undefined
  /** Builds: a regular expression for the Git reference. */
  refRegex?: string | undefined
}

const options = z
  .object({ level: z.string().or(z.number()), days: z.number(), 'ref-regex': z.string() })
  .partial()
  .transform((read): NotificationOptions => ({ level: read.level?.toString(), days: read.days, refRegex: read['ref-regex'] }))

const notification = z
  .object({
    uuid: z.string(),
    title: z.string().nullish(),
    event: z.string(),
    method: z.string(),
    config: z.object({ url: credential(), email: z.string() }).partial().nullish(),
    event_config: options.nullish(),
    number_of_failures: z.number().default(0),
  })
  .transform(
    (read): Notification => ({
      id: read.uuid,
      title: read.title ?? '',
      event: read.event,
      method: read.method,
      url: read.config?.url,
      email: read.config?.email,
      failures: read.number_of_failures,
      options: read.event_config ?? {},
    }),
  )

const ofRepository = '/repository/{repository}/notification/'
const oneOfRepository = '/repository/{repository}/notification/{uuid}'
// Newer releases tell of an organisation's quota (swagger: namespacenotification). Those of a person's namespace are offered
// to that person alone.
const ofOrganization = '/organization/{orgname}/notifications'
const oneOfOrganization = '/organization/{orgname}/notifications/{uuid}'

const isRepository = (object: string) => object.includes('/')

/** Whether the registry tells of quotas by notifications: it has to have them, and to have them switched on. */
export function tellsOfQuotas({ capabilities: facts }: Quay): boolean {
  return facts.offers(ofOrganization, 'POST') && facts.features.QUOTA_NOTIFICATIONS === true
}

/** Where to: `webhook` and `slack` take an address that is not the registry's own machine. */
export type NotificationTarget =
  | { method: 'webhook' | 'slack'; url: Credential }
  | { method: 'email'; email: string }
  | { method: 'quay_notification'; account: { kind: 'user' | 'team'; name: string } }

export type NewNotification = NotificationTarget & { event: NotificationEvent; title?: string | undefined; options?: NotificationOptions }

/**
 * Creates a notification of a repository (`acme/web`) or an organisation (`acme`). Invalid: the address. Not found: no such
 * account. Find the repository first: Quay fails on one that does not exist, and on an event or method that it does not know.
 */
export function createNotification(quay: Quay, object: string, wanted: NewNotification): Promise<Notification> {
  const { event, method, title, options = {} } = wanted
  // Quay takes `eventConfig` and answers `event_config`.
  const eventConfig = { level: options.level, days: options.days, 'ref-regex': options.refRegex }
  const body = { event, method, title, config: configOf(wanted), eventConfig }
  const rest = { method: 'POST', body, assume: { uuid: 'dry-run', event, method }, response: notification } as const
  if (isRepository(object)) return call(quay, { path: ofRepository, params: { repository: object }, ...rest })
  return call(quay, { path: ofOrganization, params: { orgname: object }, ...rest })
}

function configOf(target: NotificationTarget) {
  if (target.method === 'email') return { email: target.email }
  return target.method === 'quay_notification' ? { target: target.account } : { url: target.url }
}

/** A repository that does not exist has none. */
export async function listNotifications(quay: Quay, object: string): Promise<Notification[]> {
  const rest = { method: 'GET', response: z.object({ notifications: z.array(notification) }) } as const
  const answer = isRepository(object)
    ? await call(quay, { path: ofRepository, params: { repository: object }, ...rest })
    : await call(quay, { path: ofOrganization, params: { orgname: object }, ...rest })
  return answer.notifications
}

/** Undefined when the repository has none of that id. */
export function findNotification(quay: Quay, repository: string, id: string): Promise<Notification | undefined> {
  return find(quay, { path: oneOfRepository, params: { repository, uuid: id }, response: notification })
}

/** The notification, which has to be there. Not found: it is not. */
export async function readNotification(quay: Quay, repository: string, id: string): Promise<Notification> {
  const found = await findNotification(quay, repository, id)
  if (!found) throw new Failure('not_found', '{repository} has no notification {id}.', { repository, id })
  return found
}

/** Lets Quay send an example. It says nothing of whether that arrived, nor that the notification is switched off. Not found: none. */
export async function testNotification(quay: Quay, object: string, id: string): Promise<void> {
  const rest = { method: 'POST', assume: undefined, response: done } as const
  if (isRepository(object))
    await call(quay, { path: '/repository/{repository}/notification/{uuid}/test', params: { repository: object, uuid: id }, ...rest })
  else await call(quay, { path: '/organization/{orgname}/notifications/{uuid}/test', params: { orgname: object, uuid: id }, ...rest })
}

/** Lets Quay send again after three failures. Not found: there is none. */
export async function resetNotification(quay: Quay, object: string, id: string): Promise<void> {
  const rest = { method: 'POST', assume: undefined, response: done } as const
  if (isRepository(object)) await call(quay, { path: oneOfRepository, params: { repository: object, uuid: id }, ...rest })
  else await call(quay, { path: oneOfOrganization, params: { orgname: object, uuid: id }, ...rest })
}

/** Not found: there is none. */
export async function deleteNotification(quay: Quay, object: string, id: string): Promise<void> {
  const rest = { method: 'DELETE', assume: undefined, response: done } as const
  if (isRepository(object)) await call(quay, { path: oneOfRepository, params: { repository: object, uuid: id }, ...rest })
  else await call(quay, { path: oneOfOrganization, params: { orgname: object, uuid: id }, ...rest })
}
