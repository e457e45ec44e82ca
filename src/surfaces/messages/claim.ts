import type { Bot } from '../../context.ts'
import { troubleOf } from '../../db/errors.ts'
import { entries } from '../../db/schema.ts'
import { teamOf } from '../../slack/clients.ts'
import type { Request } from '../handle.ts'
import type { Heard } from './heard.ts'

/**
 * Claims a message for this process. Returns false if it was claimed before, on any replica: as the same event, or as another
 * event about the same message (docs/SECURITY.md rule 43). While the database does not answer, only reading commands work, and
 * those may be answered twice.
 */
export async function claim(bot: Bot, { event, channel, ts, user }: Heard, { reference }: Pick<Request, 'reference'>): Promise<boolean> {
  const about = { team: teamOf(bot.slack), person: user, operation: 'message', reference, createdAt: new Date(bot.clock()) }
  const rows = [`event ${event}`, `message ${channel} ${ts}`].map((key) => ({ ...about, key, state: 'done' as const }))
  try {
    const made = await bot.db.insert(entries).values(rows).onConflictDoNothing().returning({ key: entries.key })
    return made.length === rows.length
  } catch (error) {
    if (troubleOf(error)) return true
    throw error
  }
}
