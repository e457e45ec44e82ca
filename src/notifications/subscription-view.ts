import { commas } from '../core/commas.ts'
import { entryOf } from '../core/foreign-text.ts'
import type { Translate } from '../core/i18n.ts'
import type { Subscription } from '../db/event-tables.ts'
import { bold, code, rawMarkup } from '../slack/blocks.ts'
import type { Column } from '../slack/lists/list.ts'
import { asBold, asCode, asPerson, asText } from '../slack/lists/values.ts'
import { codes } from '../slack/views/codes.ts'
import { isMuted } from './mute.ts'

/** The groups of events as they are read; they are typed by their English names. */
export const groupWords: Record<string, string> = {
  builds: 'builds',
  pushes: 'pushes',
  vulnerabilities: 'vulnerabilities',
  mirrors: 'mirror syncs',
  expiry: 'expiring tags',
  quota: 'storage quota',
}

const severityWords: Record<string, string> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  negligible: 'negligible',
  unknown: 'unknown',
}

function groupText(group: string, t: Translate) {
  return t.plain(entryOf(groupWords, group) ?? group)
}

/** `builds`, `vulnerabilities`, as a list. */
export function groupsText(groups: readonly string[], t: Translate) {
  return commas(
    t,
    groups.map((group) => groupText(group, t)),
  )
}

export type ShownSubscription = ReturnType<typeof shownSubscription>

/** A subscription as it may be stored and rendered; a mute in effect is marked. */
export function shownSubscription(
  { target, channel, groups, only, digest, severity, tags, owner, state, mutedUntil }: Subscription,
  now: number,
) {
  return {
    target,
    channel,
    groups,
    only,
    digest,
    severity,
    tags,
    owner,
    state: state === 'active' && isMuted({ mutedUntil }, now) ? ('muted' as const) : state,
  }
}

/** A few lines for a list. */
export function subscriptionLine(subscription: ShownSubscription, t: Translate) {
  const { target, channel } = subscription
  return [
    t('• {target} in {channel}: {events}', {
      target: code(target),
      channel: rawMarkup(`<#${channel}>`),
      events: bold(eventsText(subscription, t)),
    }),
    ...howLines(subscription, t).map((line) => `   ${line}`),
  ].join('\n')
}

/** The same in one line, without what and where. */
export function subscriptionNote(subscription: ShownSubscription, t: Translate) {
  return [bold(eventsText(subscription, t)).markup, ...howLines(subscription, t)].join(' · ')
}

function howLines({ only, digest, owner, state, tags }: ShownSubscription, t: Translate) {
  return [
    t(
      '{only, select, changes {changes only, } other {}}{digest, select, daily {daily digest, } weekly {weekly digest, } other {}}by {owner}, {state, select, active {active} muted {muted} paused {paused} other {ended}}',
      { only, digest, owner: rawMarkup(`<@${owner}>`), state },
    ),
    ...(tags.length > 0 ? [t('only the tags {tags}', { tags: codes(tags, t) })] : []),
  ]
}

/** The columns of a list of subscriptions. */
export function subscriptionColumns(t: Translate): Column<ShownSubscription>[] {
  return [
    {
      name: 'subscription',
      title: t.plain('Subscription'),
      value: ({ target }) => asCode(target),
      said: (target, { channel }) => t('{target} in {channel}', { target, channel: rawMarkup(`<#${channel}>`) }),
    },
    { name: 'channel', title: t.plain('Channel'), value: ({ channel }) => ({ is: 'channel', id: channel }), said: () => '' },
    {
      name: 'events',
      title: t.plain('Events'),
      value: (subscription) => asBold(eventsText(subscription, t)),
    },
    {
      name: 'how',
      title: t.plain('How'),
      none: t.plain('everything'),
      value: ({ only, digest }) =>
        asText(
          t.plain('{digest, select, daily {daily digest} weekly {weekly digest} other {{only, select, changes {changes only} other {}}}}', {
            only,
            digest,
          }),
        ),
    },
    { name: 'owner', title: t.plain('Owner'), value: ({ owner }) => asPerson(owner), said: (owner) => t('by {owner}', { owner }) },
    {
      name: 'state',
      title: t.plain('State'),
      value: ({ state }) => asText(t.plain('{state, select, active {active} muted {muted} paused {paused} other {ended}}', { state })),
    },
    {
      name: 'tags',
      title: t.plain('Only the tags'),
      none: t.plain('all'),
      value: ({ tags }) => asCode(commas(t, tags)),
      said: (tags) => t('only the tags {tags}', { tags }),
    },
  ]
}

/** The groups of events: `builds, vulnerabilities (high)`. */
function eventsText({ groups, severity }: Pick<ShownSubscription, 'groups' | 'severity'>, t: Translate) {
  return commas(
    t,
    groups.map((group) => {
      if (group !== 'vulnerabilities') return groupText(group, t)
      return t.plain('vulnerabilities ({severity})', { severity: t.plain(entryOf(severityWords, severity) ?? severity) })
    }),
  )
}
