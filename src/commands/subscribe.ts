import { z } from 'zod'
import { command, type Run } from '../command/command.ts'
import { targetFacts } from '../command/facts.ts'
import { Failure } from '../core/failure.ts'
import type { Translate } from '../core/i18n.ts'
import { slash } from '../core/slash-command.ts'
import { groups } from '../notifications/event-kind.ts'
import { costOf } from '../notifications/pass-plan.ts'
import { groupsText } from '../notifications/subscription-view.ts'
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
      title: 'Events',
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
    .describe('Events to report'),
  severity: z
    .enum(['critical', 'high', 'medium', 'low', 'unknown'])
    .default('high')
    .meta({ title: 'Minimum severity' })
    .describe('Minimum severity of vulnerabilities'),
  tags: z
    .array(z.string().max(128))
    .max(20)
    .default([])
    .meta({ title: 'Tags' })
    .describe('Only tags that match these patterns, such as v*'),
  only: z
    .enum(['all', 'changes'])
    .default('all')
    .meta({ title: 'Builds to report', labels: { all: 'All builds', changes: 'Status changes only' } })
    .describe('Builds to report'),
  digest: z
    .enum(['none', 'daily', 'weekly'])
    .default('none')
    .meta({ title: 'Digest', labels: { none: 'Individually', daily: 'Daily digest', weekly: 'Weekly digest (Mondays)' } })
    .describe('Collect events in one message'),
})

type Asked = Run<z.output<typeof input>>

export default command({
  summary: 'Subscribe this channel to a repository',
  help: 'Each build has one card, updated until the build ends. namespace/* covers all repositories of the namespace, including new ones.',
  input,
  examples: [
    'subscribe acme/web',
    'subscribe acme/web events=builds,vulnerabilities severity=high',
    'subscribe acme/* only=changes',
    'subscribe acme/* events=quota',
  ],
  aliases: [
    'weekly digest digest=weekly',
    'daily digest digest=daily',
    'inform',
    'inform me',
    'inform us',
    'let us know',
    'message me',
    'send',
    'send here',
    'post here',
    'follow',
    'watch',
    'notify me',
    'listen',
    'sub',
    'track',
    'notify',
    'tell us when',
    'tell me when',
    'alert me',
    'let me know',
    'tell',
    'ping me',
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
          'This creates {notifications, plural, one {# notification} other {# notifications}} in Quay ({repositories, plural, one {# repository} other {# repositories}}).',
          { notifications, repositories },
        ),
        note(costLine({ calls, limit }, t)),
        note(t('New repositories are added automatically.')),
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
      t('Subscribed this channel to {events} of {repository}.', { events: bold(groupsText(events, t)), repository: code(repository) }),
      note(
        reachable
          ? t('Test it with {command}.', { command: code(slash(`subscription test ${repository}`)) })
          : t('Quay can’t send events to Quaymaster, so only builds and quotas are reported. They are checked every few minutes.'),
      ),
      ...(cost ? [note(costLine(cost, t))] : []),
    ),
})

function costLine(cost: { calls: number; limit: number }, t: Translate) {
  return t(
    'It needs about {calls, plural, one {# call} other {# calls}} to Quay per hour, of {limit, number} shared by all subscriptions and background work.',
    cost,
  )
}

/** Everything that can be wrong with it, before anything is made. Returns the channel. */
async function check({ bot, input, channel: typedIn, quay }: Asked): Promise<string> {
  const { channel, shared } = await channelFor(bot.slack, typedIn)
  if (bot.config.PUBLIC_URL === undefined && !input.events.some((one) => one === 'builds' || one === 'quota'))
    throw new Failure(
      'conflict',
      'Quay can’t reach Quaymaster because PUBLIC_URL is not set, so only builds and quotas can be followed. An operator must set it to a URL that Quay can reach.',
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
      'People from other workspaces can read this channel, and {repository} is private. Subscribe in an internal channel.',
      { repository },
    )
}

async function checkQuota(quay: Asked['quay'], target: string) {
  const namespace = namespaceOf(target)
  if (!isWildcard(target))
    throw new Failure('invalid', 'Quotas apply to the whole namespace. Subscribe to {target} instead.', { target: `${namespace}/*` })
  if (!(await findOrganization(quay, namespace)))
    throw new Failure('conflict', 'Quay reports quotas only for organizations, and {namespace} is not an organization.', { namespace })
}

async function checkNamespace(bot: Asked['bot'], quay: Asked['quay'], input: Asked['input'], shared: boolean) {
  const { repository, events, digest } = input
  if (shared && (events.includes('quota') || digest !== 'none'))
    throw new Failure(
      'denied',
      'People from other workspaces can read this channel, and quotas and digests cover all of {target}. Subscribe in an internal channel.',
      { target: repository },
    )
  const { notifications } = await countWebhooks(quay, repository, events)
  const ceiling = ceilingOf(bot)
  if (notifications > ceiling)
    throw new Failure(
      'conflict',
      'This would create {notifications, number} notifications in Quay; the policy allows {ceiling, number}. Choose fewer events or single repositories.',
      { notifications, ceiling },
    )
}
