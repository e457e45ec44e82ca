import type { App } from '@slack/bolt'
import type { Bot } from '../context.ts'

/** Slack's own events. A change of people or groups clears the cache. */
export function listenToEvents(app: App, { slack, log }: Bot) {
  app.event('user_change', async ({ event }) => void slack.people.delete(event.user.id))
  app.event('subteam_members_changed', async ({ event }) => void slack.people.delete(event.subteam_id))
  const gone = async ({ event: { type } }: { event: { type: string } }) => log.error({ event: type }, 'Slack revoked the app’s access')
  app.event('tokens_revoked', gone)
  app.event('app_uninstalled', gone)
}
