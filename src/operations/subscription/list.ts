import { z } from 'zod'
import { listSubscriptions, type Subscription } from '../../events/subscriptions.ts'
import type { Translate } from '../../language.ts'
import { operation } from '../../operation.ts'
import { bold, code, drawn, lines, message } from '../../slack/blocks.ts'

export default operation({
  summary: 'The subscriptions of this channel, or your own in all channels',
  input: z.strictObject({ mine: z.boolean().default(false).describe('Your own, in every channel') }),
  examples: ['subscription list', 'subscription list mine=yes'],
  needs: 'linked',
  private: true,
  run: async ({ bot, input, person, channel }) => {
    const found =
      input.mine || channel === undefined ? await listSubscriptions(bot, { owner: person.id }) : await listSubscriptions(bot, { channel })
    return { mine: input.mine, subscriptions: found.map((one) => shownOf(one, bot.clock())) }
  },
  view: ({ mine, subscriptions }, t) => {
    const first = mine
      ? t('{count, plural, =0 {You have no subscriptions.} one {You have # subscription:} other {You have # subscriptions:}}', {
          count: subscriptions.length,
        })
      : t(
          '{count, plural, =0 {This channel has no subscriptions.} one {This channel has # subscription:} other {This channel has # subscriptions:}}',
          { count: subscriptions.length },
        )
    return message(first, ...lines(subscriptions.map((one) => lineOf(one, t))))
  },
})

function shownOf({ target, channel, groups, only, digest, severity, tags, owner, state, mutedUntil }: Subscription, now: number) {
  return {
    target,
    channel,
    groups,
    only,
    digest,
    severity,
    tags,
    owner,
    state: mutedUntil && mutedUntil.getTime() > now ? ('muted' as const) : state,
  }
}

function lineOf({ target, channel, groups, only, digest, severity, tags, owner, state }: ReturnType<typeof shownOf>, t: Translate) {
  const events = groups.map((group) => (group === 'vulnerabilities' ? `${group} (${severity})` : group)).join(', ')
  return [
    t('• {target} in {channel}: {events}', { target: code(target), channel: drawn(`<#${channel}>`), events: bold(events) }),
    t(
      '   {only, select, changes {changes only, } other {}}{digest, select, daily {daily digest, } weekly {weekly digest, } other {}}by {owner}, {state, select, active {active} muted {muted} paused {paused} other {ended}}',
      {
        only,
        digest,
        owner: drawn(`<@${owner}>`),
        state,
      },
    ),
    ...(tags.length > 0 ? [t('   only the tags {tags}', { tags: code(tags.join(', ')) })] : []),
  ].join('\n')
}
