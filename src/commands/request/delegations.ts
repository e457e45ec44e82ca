import { z } from 'zod'
import { delegationsOf } from '../../approvals/delegation/delegations.ts'
import { command } from '../../command/command.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asBold, asMoment, asText } from '../../slack/lists/values.ts'

export default command({
  summary: 'List delegations of request approvals',
  input: z.strictObject({}),
  examples: ['request delegations'],
  aliases: ['who stands in', 'my deputy', 'delegations', 'delegation list', 'list delegations', 'delegation'],
  permissions: 'linked',
  private: true,
  run: async ({ bot, person }) => {
    const found = await delegationsOf(bot, person)
    const mine = new Set([person.id, person.one])
    return found.map(({ delegator, delegatorName, delegateName, endsAt }) =>
      mine.has(delegator)
        ? { direction: 'from' as const, name: delegateName, until: endsAt.getTime() }
        : { direction: 'to' as const, name: delegatorName, until: endsAt.getTime() },
    )
  },
  view: (found, t) =>
    listMessage(
      {
        headline: t('{count, plural, =0 {No delegations.} other {Delegations (next to end first)}}', { count: found.length }),
        rows: found,
        columns: [
          {
            name: 'person',
            title: t.plain('Other person'),
            value: ({ name }) => asBold(name),
            said: (person, { direction }) =>
              t('{direction, select, from {Your approvals, to {person}} other {Approvals of {person}, to you}}', { direction, person }),
          },
          {
            name: 'direction',
            title: t.plain('Direction'),
            value: ({ direction }) => asText(t.plain('{direction, select, from {your approvals} other {to you}}', { direction })),
            said: () => '',
          },
          {
            name: 'until',
            title: t.plain('Until (UTC)'),
            value: ({ until }) => asMoment(until),
            said: (until) => t('until {until}', { until }),
          },
        ],
      },
      t,
    ),
})
