import type { Translate } from '../core/i18n.ts'
import type { Subscription } from '../db/event-tables.ts'
import { bold, code, rawMarkup } from '../slack/blocks.ts'
import { isMuted } from './mute.ts'

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
export function subscriptionLine({ target, channel, groups, only, digest, severity, tags, owner, state }: ShownSubscription, t: Translate) {
  const events = groups.map((group) => (group === 'vulnerabilities' ? `${group} (${severity})` : group)).join(', ')
  return [
    t('• {target} in {channel}: {events}', { target: code(target), channel: rawMarkup(`<#${channel}>`), events: bold(events) }),
    t(
      '   {only, select, changes {changes only, } other {}}{digest, select, daily {daily digest, } weekly {weekly digest, } other {}}by {owner}, {state, select, active {active} muted {muted} paused {paused} other {ended}}',
      {
        only,
        digest,
        owner: rawMarkup(`<@${owner}>`),
        state,
      },
    ),
    ...(tags.length > 0 ? [t('   only the tags {tags}', { tags: code(tags.join(', ')) })] : []),
  ].join('\n')
}
