import type { Typing } from '../command/tidy.ts'
import type { Bot } from '../context.ts'
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
  return { hosts: hostsOf(bot), now: bot.clock(), timeZone }
}

/** The registry's host as images and links name it: with its port, and without one that the scheme implies. */
function hostsOf({ quay }: Pick<Bot, 'quay'>) {
  const { host, hostname, port } = new URL(quay.url)
  return port === '' ? [host, `${host}:443`, `${host}:80`] : [host, ...(hostname.includes('.') ? [] : [hostname])]
}
