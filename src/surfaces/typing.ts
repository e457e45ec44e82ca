import type { Typing } from '../command/tidy.ts'
import type { Bot } from '../context.ts'
import { hostsOf } from '../quay/hosts.ts'
import { findSlackUser } from '../slack/users.ts'

const aMoment = 500

/** By whose clock and whose registry a person's typed values are read. The time zone is usually cached; UTC if Slack is slow. */
export async function typingOf(bot: Pick<Bot, 'slack' | 'quay' | 'clock'>, user: string): Promise<Typing> {
  const timer = Promise.withResolvers<undefined>()
  const timeout = setTimeout(() => timer.resolve(undefined), aMoment)
  const asked = findSlackUser(bot.slack, user).then(
    ({ timeZone }) => timeZone,
    () => undefined,
  )
  const timeZone = await Promise.race([asked, timer.promise]).finally(() => clearTimeout(timeout))
  return { hosts: hostsOf(bot.quay), now: bot.clock(), timeZone }
}
