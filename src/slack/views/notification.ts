import type { Translate } from '../../core/i18n.ts'
import { shortId } from '../../core/short-id.ts'
import type { Notification } from '../../quay/notifications.ts'
import { code } from '../blocks.ts'
import type { Column } from '../lists/list.ts'
import { asId, asNumber, asText } from '../lists/values.ts'

/** Quay's events in words. */
export const events = {
  repo_push: 'Push',
  build_queued: 'Build queued',
  build_start: 'Build started',
  build_success: 'Build succeeded',
  build_failure: 'Build failed',
  build_cancelled: 'Build cancelled',
  vulnerability_found: 'Vulnerability found',
  repo_mirror_sync_started: 'Mirror sync started',
  repo_mirror_sync_success: 'Mirror sync succeeded',
  repo_mirror_sync_failed: 'Mirror sync failed',
  repo_image_expiry: 'Image about to expire',
} as const

const [builds, mirrors] = [{ flag: 'BUILD_SUPPORT' }, { flag: 'REPO_MIRROR' }]

/** What a registry needs for its events. Quay takes others that it knows and never sends them; on one that it does not know it fails. */
export const offeredEvents = {
  build_queued: builds,
  build_start: builds,
  build_success: builds,
  build_failure: builds,
  build_cancelled: builds,
  vulnerability_found: { flag: 'SECURITY_SCANNER' },
  repo_mirror_sync_started: mirrors,
  repo_mirror_sync_success: mirrors,
  repo_mirror_sync_failed: mirrors,
  repo_image_expiry: { flag: 'IMAGE_EXPIRY_TRIGGER', since: 13 },
}

export type EventName = keyof typeof events

/** In Quay's order, which starts at 0. */
export const levels = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const

/** A notification as it may be stored and rendered: without the URL, which lets anybody post there. */
export type ShownNotification = Omit<Notification, 'url'>

/** Without the address that it posts to, which holds a token. */
export function shownNotification({ url: _, ...notification }: Notification): ShownNotification {
  return notification
}

/** One line: the short id, the event, the method, the title, and how often it failed. */
export function notificationLine({ id, title, event, method, email, failures }: Omit<ShownNotification, 'options'>, t: Translate) {
  return t(
    '• {id} – {event} by {method, select, webhook {webhook} slack {Slack message} email {e-mail to {email}} quay_notification {notice in Quay} other {{method}}}{titled, select, true {, “{title}”} other {}}{failures, plural, =0 {} =1 { – failed once} =2 { – failed twice} other { – *disabled after three failures*}}',
    {
      id: code(shortId(id)),
      event: t.plain(events[event as EventName] ?? '{event}', { event }), // an unknown name gives undefined
      method,
      email: email ?? '',
      titled: String(title !== ''),
      title,
      failures,
    },
  )
}

/** The columns of a list of notifications. */
export function notificationColumns(t: Translate): Column<ShownNotification>[] {
  return [
    { name: 'notification', title: t.plain('Notification'), value: ({ id }) => asId(id) },
    {
      name: 'event',
      title: t.plain('Event'),
      value: ({ event }) => asText(t.plain(events[event as EventName] ?? '{event}', { event })), // an unknown name gives undefined
    },
    {
      name: 'method',
      title: t.plain('Method'),
      value: ({ method, email }) =>
        asText(
          t.plain(
            '{method, select, webhook {webhook} slack {Slack message} email {e-mail to {email}} quay_notification {notice in Quay} other {{method}}}',
            {
              method,
              email: email ?? '',
            },
          ),
        ),
      said: (method) => t('by {method}', { method }),
    },
    { name: 'title', title: t.plain('Title'), value: ({ title }) => asText(title), said: (title) => t('“{title}”', { title }) },
    {
      name: 'failures',
      title: t.plain('Failures'),
      value: ({ failures }) => asNumber(failures, t),
      said: (_, { failures }) =>
        t('{failures, plural, =0 {} =1 {failed once} =2 {failed twice} other {*disabled after three failures*}}', { failures }),
    },
  ]
}
