import { z } from 'zod'
import { Failure } from '../core/failure.ts'
import { isUnaddressable } from '../quay/names.ts'
import { findChannel } from '../slack/channels.ts'
import type { Slack } from '../slack/clients.ts'
import { slackFailure } from '../slack/errors.ts'

// Quay's grammar of names (quay/names.ts), or all repositories of a namespace.
const grammar = /^[a-z0-9]+(?:[._-][a-z0-9]+)*\/(?:\*|[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*)$/

/** The target of a subscription: `acme/web`, or `acme/*` for every repository of a namespace. */
export const target = z
  .string()
  .trim()
  .max(255)
  .regex(grammar, 'Use the form namespace/name, or namespace/* for every repository, in lower case')
  .refine((name) => !isUnaddressable(name), 'Quay can’t address this repository safely. Rename it in the Quay web console.')
  .meta({ title: 'Repository', of: 'repository' })
  .describe('Repository (namespace/name) or namespace/*')

/** Whether it means all repositories of an organization. */
export function isWildcard(name: string) {
  return name.endsWith('/*')
}

/** The channel of a subscription: the one in which it is typed, if the bot is a member. Throws `invalid`. */
export async function channelFor(slack: Slack, channel: string | undefined) {
  if (channel === undefined) throw new Failure('invalid', 'Type this in the channel to subscribe.')
  const facts = await findChannel(slack, channel).catch((cause) => {
    throw slackFailure(cause) ?? cause
  })
  if (!facts?.member)
    throw new Failure('invalid', 'Quaymaster is not in this channel. Invite it with {command}, then try again.', {
      command: '/invite @quaymaster',
    })
  return { channel, shared: facts.shared }
}
