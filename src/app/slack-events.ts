import type { App } from '@slack/bolt'
import type { Bot } from '../context.ts'

/** What Slack reports by itself: whatever it says of people and groups is forgotten, so that it is asked anew. */
export function listenToEvents(app: App, { slack, log }: Bot) {
  app.event('user_change', async ({ event }) => void slack.people.delete(event.user.id))
  app.event('subteam_members_changed', async ({ event }) => void slack.people.delete(event.subteam_id))
  const gone = async ({ event: { type } }: { event: { type: string } }) => log.error({ event: type }, 'Slack revoked the app’s access')
  app.event('tokens_revoked', gone)
  app.event('app_uninstalled', gone)
}
