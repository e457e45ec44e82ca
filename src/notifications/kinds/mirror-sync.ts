import { and, desc, eq, gt, like } from 'drizzle-orm'
import { z } from 'zod'
import type { Bot } from '../../context.ts'
import { aDay } from '../../core/durations.ts'
import { entryOf } from '../../core/foreign-text.ts'
import { events } from '../../db/schema.ts'
import { pageOf } from '../../quay/repositories.ts'
import { code, link, message, moment, note } from '../../slack/blocks.ts'
import { type Event, kind, short } from '../event-kind.ts'

const body = z.object({ message: short })

/** One sync of a mirror: its start and its end share a card. */
export const mirrorSync = kind({
  group: 'mirrors',
  events: ['repo_mirror_sync_started', 'repo_mirror_sync_success', 'repo_mirror_sync_failed'],
  word: 'mirror',
  schema: body,
  isExample: ({ message }) => message === 'TEST NOTIFICATION',
  subjects: async (bot, event) => [{ subject: await subjectOf(bot, event), at: event.receivedAt.getTime(), tags: [] }],
  render: async (bot, { subject, object }, t) => {
    const all = await bot.db.select().from(events).where(eq(events.subject, subject)).orderBy(events.receivedAt)
    // The end wins, even if the start arrives later.
    const last = all.find(({ kind }) => kind !== 'repo_mirror_sync_started') ?? all[0]
    if (!last) return 'nothing'
    const repository = object ?? ''
    const text = t(entryOf(states, last.kind) ?? '', { repository: link(pageOf(bot.quay, repository), repository) })
    return message(
      text,
      note(t('{moment}: {message}', { moment: moment(last.receivedAt.getTime()), message: code(String(last.body?.message ?? '')) })),
    )
  },
})

const states: Record<string, string> = {
  repo_mirror_sync_started: ':arrows_counterclockwise: {repository}: mirror sync started.',
  repo_mirror_sync_success: ':white_check_mark: {repository}: mirror sync succeeded.',
  repo_mirror_sync_failed: ':x: {repository}: mirror sync failed.',
}

/** The bodies do not identify the sync, so an end belongs to the latest start without one. */
async function subjectOf({ db }: Bot, { id, object, kind, subject, receivedAt }: Event) {
  if (subject) return subject
  const own = `mirror ${object} ${id}`
  if (kind === 'repo_mirror_sync_started') return own
  const recent = and(
    eq(events.object, object),
    like(events.kind, 'repo\\_mirror\\_sync\\_%'),
    gt(events.receivedAt, new Date(receivedAt.getTime() - aDay)),
  )
  const [before] = await db
    .select()
    .from(events)
    .where(recent)
    .orderBy(desc(events.receivedAt), desc(events.id))
    .limit(20)
    .then((all) => all.filter((one) => one.id !== id && one.subject))
  return before?.kind === 'repo_mirror_sync_started' ? (before.subject ?? own) : own
}
