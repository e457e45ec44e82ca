import type { App } from '@slack/bolt'
import type { Bot } from '../context.ts'
import { moveChannel } from './channel-moved.ts'

/** Slack's own events. A change of people or groups clears the cache, and a channel that gets another id takes its rows along. */
export function listenToEvents(app: App, bot: Bot) {
  const { slack, log } = bot
  app.event('user_change', async ({ event }) => void slack.people.delete(event.user.id))
  app.event('subteam_members_changed', async ({ event }) => void slack.people.delete(event.subteam_id))
  app.event('channel_id_changed', async ({ event }) => moveChannel(bot, event.old_channel_id, event.new_channel_id))
  const gone = async ({ event: { type } }: { event: { type: string } }) => log.error({ event: type }, 'Slack revoked the app’s access')
  app.event('tokens_revoked', gone)
  app.event('app_uninstalled', gone)
}
