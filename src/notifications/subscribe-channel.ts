import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import type { Quay } from '../quay/registry.ts'
import type { Person } from '../security/identity.ts'
import { isMember } from '../slack/channels.ts'
import { subscribe } from './subscriptions.ts'
import { channelFor } from './target.ts'
import { ensureWebhooks } from './webhook-reconcile.ts'

const groups = ['builds' as const]

/** Checks that the bot and the person are members of a channel before it is subscribed to a new repository. Throws `invalid` or `denied`. */
export async function checkChannel(
  { slack }: Pick<Bot, 'slack'>,
  person: Pick<Person, 'id'>,
  { channel, visibility }: { channel: string; visibility: string },
): Promise<void> {
  const { shared } = await channelFor(slack, channel)
  if (!(await isMember(slack, channel, person.id)))
    throw new Failure('denied', 'You are not in <#{channel}>. Choose a channel that you are in.', { channel })
  if (shared && visibility !== 'public')
    throw new Failure(
      'denied',
      'People from other workspaces can read <#{channel}>, and the repository is private. Choose another channel.',
      {
        channel,
      },
    )
}

/** Subscribes a channel to the builds of a repository, as the command `subscribe` does. Idempotent. */
export async function subscribeChannel(bot: Bot, quay: Quay, person: Person, channel: string, repository: string): Promise<void> {
  await ensureWebhooks(bot, quay, repository, groups)
  if (quay.dryRunCalls) return
  const wish = { channel, target: repository, groups, severity: 'high', tags: [], only: 'all' as const, digest: 'none' as const }
  await bot.db.transaction((tx) => subscribe(bot, tx, person, wish))
}
