import { z } from 'zod'
import { command, type Run } from '../command/command.ts'
import { targetFacts } from '../command/facts.ts'
import { Failure } from '../core/failure.ts'
import type { Translate } from '../core/i18n.ts'
import { groups } from '../notifications/event-kind.ts'
import { costOf } from '../notifications/pass-plan.ts'
import { subscribe } from '../notifications/subscriptions.ts'
import { channelFor, isWildcard, target } from '../notifications/target.ts'
import { ceilingOf, countWebhooks } from '../notifications/webhook-needs.ts'
import { ensureWebhooks } from '../notifications/webhook-reconcile.ts'
import { namespaceOf } from '../quay/names.ts'
import { findOrganization } from '../quay/organizations.ts'
import { findRepository } from '../quay/repositories.ts'
import { bold, code, message, note } from '../slack/blocks.ts'

const input = z.strictObject({
  repository: target,
  events: z
    .array(z.enum(groups))
    .min(1)
    .default(['builds'])
    .meta({
      labels: {
        builds: 'Builds',
        pushes: 'Pushes',
        vulnerabilities: 'Vulnerabilities',
        mirrors: 'Mirroring',
        expiry: 'Expiring tags',
        quota: 'Quota of the namespace (with namespace/*)',
      },
      offered: {
        builds: { flag: 'BUILD_SUPPORT' },
        vulnerabilities: { flag: 'SECURITY_SCANNER' },
        mirrors: { flag: 'REPO_MIRROR' },
        expiry: { flag: 'IMAGE_EXPIRY_TRIGGER', since: 13 },
        quota: { flag: 'QUOTA_MANAGEMENT' },
      },
    })
    .describe('What to hear of'),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'unknown']).default('high').describe('Vulnerabilities from this severity on'),
  tags: z.array(z.string().max(128)).max(20).default([]).describe('Only these tags: patterns such as v*'),
  only: z
    .enum(['all', 'changes'])
    .default('all')
    .meta({ labels: { all: 'Every build', changes: 'Broke, still broken, fixed' } })
    .describe('Which builds'),
  digest: z
    .enum(['none', 'daily', 'weekly'])
    .default('none')
    .meta({ labels: { none: 'No digest: each at once', daily: 'Every morning', weekly: 'Every Monday' } })
    .describe('One message instead of many'),
})

type Asked = Run<z.output<typeof input>>

export default command({
  summary: 'Hear about a repository in this channel',
  help: 'Builds are one card each, edited until they end. With namespace/* every repository of the namespace is meant, also those to come.',
  input,
  examples: [
    'subscribe acme/web',
    'subscribe acme/web events=builds,vulnerabilities severity=high',
    'subscribe acme/* only=changes',
    'subscribe acme/* events=quota',
  ],
  aliases: [
    'follow',
    'watch',
    'notify me',
    'listen',
    'sub',
    'track',
    'notify',
    'subscribe to',
    'subscription create',
    'subscription add',
    'add subscription',
    'create subscription',
    '購読',
  ],
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: { effects: ['creates'], facts: ({ quay, input: { repository } }) => targetFacts(quay, repository), retry: 'idempotent' },
  preview: {
    // One repository makes few notifications; a namespace may make hundreds.
    read: async (run) => {
      await check(run)
      const { repository, events } = run.input
      if (!isWildcard(repository)) return undefined
      const counted = await countWebhooks(run.quay, repository, events)
      return { ...counted, ...(await costOf(run.bot, repository, counted.repositories)) }
    },
    view: ({ repositories, notifications, calls, limit }, t) =>
      message(
        t(
          'This makes {notifications, plural, one {# notification} other {# notifications}} in Quay, for {repositories, plural, one {# repository} other {# repositories}}.',
          { notifications, repositories },
        ),
        note(costLine({ calls, limit }, t)),
        note(t('Repositories that appear later are added by themselves.')),
      ),
  },
  run: async (run) => {
    const { bot, input, person, quay } = run
    const channel = await check(run)
    if (!isWildcard(input.repository)) await ensureWebhooks(bot, quay, input.repository, input.events)
    const reachable = bot.config.PUBLIC_URL !== undefined
    const cost = isWildcard(input.repository) ? undefined : await costOf(bot, input.repository, 1)
    if (quay.dryRunCalls) return { ...input, reachable, cost }
    const { repository: target, events, severity, tags, only, digest } = input
    await bot.db.transaction((tx) => subscribe(bot, tx, person, { channel, target, groups: events, severity, tags, only, digest }))
    return { ...input, reachable, cost }
  },
  view: ({ repository, events, reachable, cost }, t) =>
    message(
      t('This channel now hears about {events} of {repository}.', { events: bold(events.join(', ')), repository: code(repository) }),
      note(
        reachable
          ? t('Try it with {command}.', { command: code(`/quay subscription test ${repository}`) })
          : t('Quay cannot reach Quaymaster, so builds and quotas are looked at every few minutes, and nothing else is heard of.'),
      ),
      ...(cost ? [note(costLine(cost, t))] : []),
    ),
})

function costLine(cost: { calls: number; limit: number }, t: Translate) {
  return t(
    'It costs about {calls, plural, one {# call} other {# calls}} to Quay per hour, of {limit, number} that all subscriptions and other background work share.',
    cost,
  )
}

/** Everything that can be wrong with it, before anything is made. Returns the channel. */
async function check({ bot, input, channel: typedIn, quay }: Asked): Promise<string> {
  const { channel, shared } = await channelFor(bot.slack, typedIn)
  if (bot.config.PUBLIC_URL === undefined && !input.events.some((one) => one === 'builds' || one === 'quota'))
    throw new Failure(
      'conflict',
      'Quay cannot reach Quaymaster: PUBLIC_URL is not set, so builds and quotas alone can be followed. An operator has to set it to an address of Quaymaster that Quay can reach.',
    )
  if (input.events.includes('quota')) await checkQuota(quay, input.repository)
  if (isWildcard(input.repository)) await checkNamespace(bot, quay, input, shared)
  else await checkRepository(quay, input.repository, shared)
  return channel
}

async function checkRepository(quay: Asked['quay'], repository: string, shared: boolean) {
  const found = await findRepository(quay, repository)
  if (!found) throw new Failure('not_found', 'Quay has no repository {repository}.', { repository })
  if (shared && found.visibility !== 'public')
    throw new Failure(
      'denied',
      'People of other workspaces read this channel, and {repository} is private. Subscribe in a channel of your own.',
      { repository },
    )
}

async function checkQuota(quay: Asked['quay'], target: string) {
  const namespace = namespaceOf(target)
  if (!isWildcard(target))
    throw new Failure('invalid', 'A quota is the whole namespace’s. Subscribe to {target} for it.', { target: `${namespace}/*` })
  if (!(await findOrganization(quay, namespace)))
    throw new Failure('conflict', 'Quay tells me of the quotas of organisations only, and {namespace} is none.', { namespace })
}

async function checkNamespace(bot: Asked['bot'], quay: Asked['quay'], input: Asked['input'], shared: boolean) {
  const { repository, events, digest } = input
  if (shared && (events.includes('quota') || digest !== 'none'))
    throw new Failure(
      'denied',
      'People of other workspaces read this channel, and a quota or a digest tells of all of {target}. Subscribe in a channel of your own.',
      { target: repository },
    )
  const { notifications } = await countWebhooks(quay, repository, events)
  const ceiling = ceilingOf(bot)
  if (notifications > ceiling)
    throw new Failure(
      'conflict',
      'This would make {notifications, number} notifications in Quay, and the policy allows {ceiling, number}. Name fewer events, or single repositories.',
      { notifications, ceiling },
    )
}
