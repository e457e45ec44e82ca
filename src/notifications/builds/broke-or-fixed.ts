import type { Bot } from '../../context.ts'
import { endOf, isFailed } from '../../quay/build-phase.ts'
import { listBuilds } from '../../quay/builds.ts'
import { withPriority } from '../../quay/http.ts'
import { findCard } from '../cards.ts'
import type { Subject } from '../event-kind.ts'

export type Change = 'broke' | 'still broken' | 'fixed'

/** For `only=changes`: whether a build broke or fixed the repository, compared with the one that ended before it in Quay's list. */
export async function changeOf(bot: Bot, repository: string, { subject, ended }: Subject): Promise<Change | undefined> {
  if (ended === undefined) return undefined
  const [before] = await outcomesBefore(bot, repository, subject)
  if (ended === 'badly') return before && isFailed(before.phase) ? 'still broken' : 'broke'
  return before && isFailed(before.phase) ? 'fixed' : undefined
}

/** The card of the nearest earlier build that failed since the last success; undefined if the channel has none. */
export async function brokeCard(bot: Bot, channel: string, repository: string, { subject }: Subject): Promise<string | undefined> {
  for (const build of await outcomesBefore(bot, repository, subject)) {
    if (!isFailed(build.phase)) return undefined
    const card = await findCard(bot, channel, `build ${repository} ${build.id}`)
    if (card && card.state !== 'gone') return card.id
  }
  return undefined
}

/** The builds before this one that succeeded or failed, latest first. Canceled builds do not count. */
async function outcomesBefore(bot: Bot, repository: string, subject: string) {
  const all = await listBuilds(withPriority(bot.quay, { class: 'job', work: 'event' }), repository, { limit: 50 })
  const index = all.findIndex(({ id }) => subject.endsWith(` ${id}`))
  return all.slice(index + 1).filter(({ phase }) => endOf(phase) !== undefined)
}
