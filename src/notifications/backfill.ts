import type { Bot } from '../context.ts'
import { enqueue } from '../context.ts'
import { events } from '../db/schema.ts'
import type { Quay } from '../quay/registry.ts'
import { listTagHistory } from '../quay/tags.ts'
import { readBuilds } from './builds/record.ts'
import { lookAtQuota } from './quota.ts'

/**
 * Fetches events that webhooks missed since a moment: builds by their list, pushes by the history of tags. Scans are read again
 * for the pushed tags, and a quota has only a present value. Quay keeps no past syncs or expiry warnings.
 */
export async function backFill(bot: Bot, quay: Quay, repository: string, since: number, groups: Set<string | undefined>): Promise<void> {
  if (groups.has('quota')) await lookAtQuota(bot, quay, repository)
  if (groups.has('builds')) await readBuilds(bot, quay, repository, since)
  if (groups.has('pushes')) await missedPushes(bot, quay, repository, since)
}

/** Stores the event as if Quay had sent it; processing reads the push itself from the history. */
async function missedPushes(bot: Bot, quay: Quay, repository: string, since: number) {
  const { tags } = await listTagHistory(quay, repository, { limit: 100 })
  const names = [...new Set(tags.filter((tag) => Date.parse(tag.since ?? '') >= Math.floor(since / 1000) * 1000).map(({ name }) => name))]
  if (names.length === 0) return
  await bot.db.transaction(async (tx) => {
    for (const name of names) {
      const row = {
        object: repository,
        kind: 'repo_push',
        source: 'poll' as const,
        body: { updated_tags: [name] },
        receivedAt: new Date(bot.clock()),
      }
      const key = `back-fill ${repository} ${name} ${since}`
      const [stored] = await tx
        .insert(events)
        .values({ ...row, key })
        .onConflictDoNothing()
        .returning({ id: events.id })
      if (stored) await enqueue(bot, tx, 'fan-out', {})
    }
  })
}
