import { and, eq, isNull, lt } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { anHour } from '../../core/durations.ts'
import type { Sentence } from '../../core/i18n.ts'
import { builds, cards } from '../../db/schema.ts'
import { enqueueCardUpdate, findCard } from '../cards.ts'
import { stateOf } from './state.ts'

// Quay starts a build within seconds of a free builder. After this time nobody expects it to begin by itself.
const tooLong = 2 * anHour

/** Says once, in the thread of its card, that a build has been waiting for hours, and mentions who started it. */
export async function tellWaiting(bot: Bot, repository: string): Promise<void> {
  const isOld = lt(builds.createdAt, new Date(bot.clock() - tooLong))
  const running = await bot.db
    .select()
    .from(builds)
    .where(and(eq(builds.repository, repository), isNull(builds.endedAt), isOld))
  for (const { build, starter } of running) {
    const subject = `build ${repository} ${build}`
    if ((await stateOf(bot, subject)).phase !== 'waiting') continue
    for (const { id, channel } of await bot.db.select().from(cards).where(eq(cards.subject, subject))) {
      const notice = `notice waits ${repository} ${build}`
      if (await findCard(bot, channel, notice)) continue
      const data = { sentence: sentenceFor(starter) }
      await bot.db.transaction((tx) => enqueueCardUpdate(bot, tx, { channel, object: repository, subject: notice, parent: id, data }))
    }
  }
}

function sentenceFor(starter: string | null): Sentence {
  if (starter === null)
    return {
      message: 'This build has been waiting for more than two hours. An operator can check whether Quay’s builders are running.',
      values: {},
    }
  return {
    message: '<@{starter}> This build has been waiting for more than two hours. An operator can check whether Quay’s builders are running.',
    values: { starter },
  }
}
