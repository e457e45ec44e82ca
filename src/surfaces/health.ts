import { idsOf } from '../approvals/policy-checks.ts'
import { policyStateOf } from '../approvals/policy-state.ts'
import type { Bot } from '../context.ts'
import type { Sentence, Translate } from '../core/i18n.ts'
import { sentences } from '../core/lists.ts'
import { slash } from '../core/slash-command.ts'
import { version } from '../core/version.ts'
import { type Trouble, troubleSentence } from '../db/errors.ts'
import { type QuayHealth, quayHealth } from '../quay/health.ts'
import type { Quay } from '../quay/registry.ts'
import { releaseSentence } from '../quay/release.ts'
import { viewOf } from '../quay/sight.ts'
import { code, fields, type Message, message, note } from '../slack/blocks.ts'
import { drawingOf } from '../slack/drawing.ts'
import { checkSlackToken } from '../slack/token-check.ts'
import { type Background, backgroundFields, backgroundOf } from './background-status.ts'
import { doorProblem } from './slackbot/door.ts'

/** Parts that work only partially, in the words of /readyz. */
type Degraded = 'quay-away' | 'partial-sight' | 'superuser-commands-only' | 'slack-scopes-missing'

export interface Health {
  quay: QuayHealth
  slack: 'well' | 'refused' | 'unknown'
  /** Manifest scopes that the Slack app was installed without. */
  missing: string[]
  /** The optional scopes without which direct messages or mentions are not answered. */
  unheard: string[]
  database: Trouble | undefined
  degraded: Degraded[]
}

/** The health of everything that the bot depends on, within a second. For /readyz and `/quay status`. */
export async function healthOf(bot: Pick<Bot, 'quay' | 'slack' | 'trouble' | 'clock'>): Promise<Health> {
  const [quay, slack, database] = await Promise.all([quayHealth(bot.quay, bot.clock), checkSlackToken(bot.slack), bot.trouble()])
  const { view } = viewOf(bot.quay)
  const degraded: [Degraded, boolean][] = [
    ['quay-away', quay.state === 'unreachable'],
    ['partial-sight', ['administered', 'no-repositories', 'no-roles', 'no-superuser'].includes(view)],
    ['superuser-commands-only', view === 'superuser-commands'],
    ['slack-scopes-missing', slack.missing.length > 0],
  ]
  return {
    quay,
    slack: slack.state,
    missing: slack.missing,
    unheard: slack.unheard,
    database,
    degraded: degraded.flatMap(([name, is]) => (is ? [name] : [])),
  }
}

export interface Status extends Health {
  registry: string
  /** Undefined until it was read. */
  account: string | undefined
  fullAccess: boolean
  /** How much of the registry the bot sees, in words. */
  sight: Sentence
  /** `Quay v3.16.5`, or between which ones it is. */
  release: Sentence
  readOnly: boolean
  authentication: string
  /** People and user groups of the policy that Slack does not know. */
  unknown: string[]
  /** Calls to Quay: of the last hour and waiting, for people and for the rest, and how many there can be in an hour. */
  calls?: { people: number; rest: number; most: number; waiting: number }
  /** The address of Quay's webhooks; undefined if there is none, so that only builds are followed. */
  publicUrl: string | undefined
  /** The policy file has errors, so the policy before it is in force. */
  policyRefused: boolean
  /** Why Slackbot is not answered though the policy allows it. Absent in what an earlier release stored. */
  door?: Sentence | undefined
  /** Undefined if the database cannot tell. */
  background: Background | undefined
  /** How lists, charts and steps are drawn in this workspace. Absent in what an earlier release stored. */
  drawing?: ReturnType<typeof drawingOf>
}

/** Everything that `/quay status` shows, each part read for itself: what fails is said, and hides nothing else. */
export async function statusOf(bot: Bot): Promise<Status> {
  const { account, superusersFullAccess: fullAccess, authentication, readOnly = false } = bot.quay.capabilities
  const about = {
    account,
    fullAccess,
    authentication,
    release: releaseSentence(bot.quay.capabilities),
    readOnly,
    sight: viewOf(bot.quay).sentence,
  }
  const known = { registry: bot.quay.url, ...about, publicUrl: bot.config.PUBLIC_URL }
  const health = await healthOf(bot)
  // A database in trouble would keep the answer waiting.
  const background = health.database ? undefined : await backgroundOf(bot)
  return {
    ...health,
    ...known,
    calls: callsOf(bot.quay),
    background,
    unknown: unknownIds(bot),
    drawing: drawingOf(bot.slack.drawing),
    policyRefused: policyStateOf(bot).refused !== undefined,
    door: doorProblem(bot),
  }
}

/** Of this replica. */
function callsOf({ rateLimiter }: Quay): Status['calls'] {
  const { rate, waiting, spent } = rateLimiter.standing()
  const sum = (counts: object) => Object.values(counts).reduce((all: number, one: number) => all + one, 0)
  return { people: spent.interactive, rest: sum(spent) - spent.interactive, most: Math.round(rate * 3600), waiting: sum(waiting) }
}

function unknownIds({ policy, slack }: Pick<Bot, 'policy' | 'slack'>): string[] {
  return [...idsOf(policy)].filter((id) => slack.unknown.has(id))
}

/** One sentence for each part with a problem; one sentence if there are none. */
function partSentences({ quay, slack, missing, database, readOnly, policyRefused, door }: Status): Sentence[] {
  return [
    quay.problem ?? { message: 'Quay is operational.', values: {} },
    ...(readOnly
      ? [
          {
            message: 'The registry is read-only right now: images can be pulled, but nothing can be changed until its operators end this.',
            values: {},
          },
        ]
      : []),
    ...(database ? [troubleSentence(database)] : []),
    ...(policyRefused
      ? [
          {
            message: 'The policy file has errors, so an earlier policy is in force. An operator must correct it; the log has the errors.',
            values: {},
          },
        ]
      : []),
    ...(door ? [door] : []),
    ...(slack === 'refused' ? [{ message: 'Slack refuses Quaymaster’s token. An operator must renew SLACK_BOT_TOKEN.', values: {} }] : []),
    ...(missing.length > 0
      ? [
          {
            message: 'The Slack app lacks the scopes {scopes}. A workspace admin must reinstall it from its manifest.',
            values: { scopes: missing },
          },
        ]
      : []),
    ...(database || slack === 'refused' ? [] : [{ message: 'Slack and the database are operational.', values: {} }]),
  ]
}

/** The reply to `/quay status`. */
export function statusView(status: Status, t: Translate): Message {
  const {
    registry,
    account,
    fullAccess,
    authentication,
    publicUrl,
    unknown,
    unheard = [],
    sight,
    release,
    background,
    calls,
    drawing,
  } = status
  return message(
    sentences(
      t,
      partSentences(status).map((one) => t(one.message, one.values)),
    ),
    fields(
      [t.plain('Registry'), t('{registry}', { registry })],
      [t.plain('Release'), t(release.message, release.values)],
      [
        t.plain('Quaymaster’s user'),
        account === undefined ? t('Unknown: QUAY_TOKEN can’t read its own user') : t('{account}', { account }),
      ],
      [t.plain('Access'), t(sight.message, sight.values)],
      // Quay lets a build use only robot accounts of which the token's account is an admin (docs/SECURITY.md rule 3).
      [
        t.plain('Pull robots'),
        fullAccess ? t('All robot accounts') : t('Only robot accounts of organizations that Quaymaster’s user is an admin of'),
      ],
      [t.plain('Authentication'), t('{authentication}', { authentication })],
      ...(calls ? [callsField(calls, t)] : []),
      ...(publicUrl === undefined ? [noEvents(t)] : []),
      ...(unheard.length > 0 ? [notHeard(unheard, t)] : []),
      ...(background ? backgroundFields(background, t) : []),
    ),
    ...(unknown.length > 0
      ? [
          note(
            t(
              'The policy names users or user groups that no longer exist in Slack: {ids}. They are ignored. An operator can replace them.',
              { ids: unknown },
            ),
          ),
        ]
      : []),
    ...(drawing ? [note(drawingSentence(drawing, t))] : []),
    note(t('Quaymaster {version} · Your permissions: {command}', { version, command: code(slash('whoami')) })),
  )
}

function drawingSentence(drawing: NonNullable<Status['drawing']>, t: Translate) {
  return t(
    'In this workspace: tables {tables, select, drawn {enabled} off {disabled} other {not supported by Slack}}, charts {charts, select, drawn {enabled} off {disabled} other {not supported by Slack}}, plans {plans, select, drawn {enabled} off {disabled} other {not supported by Slack}}.',
    drawing,
  )
}

function callsField(calls: NonNullable<Status['calls']>, t: Translate): [string, string] {
  return [
    t.plain('Calls to Quay in the last hour'),
    t(
      '{people, number} for users and {rest, number} for background work, of at most {most, number}{waiting, plural, =0 {} other {; # waiting}}',
      calls,
    ),
  ]
}

function noEvents(t: Translate): [string, string] {
  return [t.plain('Events'), t('Builds and quotas only: an operator must set PUBLIC_URL to a URL where Quay can reach Quaymaster')]
}

/** What the bot does not hear of without an optional scope. */
export function unheardSentence(unheard: string[]): Sentence {
  const values = { scopes: unheard }
  if (unheard.length > 1) return { message: 'Direct messages and mentions are not answered: the Slack app lacks {scopes}.', values }
  return unheard.includes('im:history')
    ? { message: 'Direct messages are not answered: the Slack app lacks {scopes}.', values }
    : { message: 'Mentions are not answered: the Slack app lacks {scopes}.', values }
}

function notHeard(unheard: string[], t: Translate): [string, string] {
  const { message: text, values } = unheardSentence(unheard)
  return [t.plain('Messages'), t(text, values)]
}
