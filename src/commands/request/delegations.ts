import { z } from 'zod'
import { delegationsOf } from '../../approvals/delegation/delegations.ts'
import { command } from '../../command/command.ts'
import { bold, lines, message, moment } from '../../slack/blocks.ts'

export default command({
  summary: 'List delegations of request approvals',
  input: z.strictObject({}),
  examples: ['request delegations'],
  aliases: ['delegations', 'delegation list', 'list delegations', 'delegation'],
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
  view: (found, t) => {
    if (found.length === 0) return message(t('No delegations.'))
    const rows = found.map(({ direction, name, until }) =>
      t('• {direction, select, from {Your approvals, to {person}} other {Approvals of {person}, to you}} until {until}', {
        direction,
        person: bold(name),
        until: moment(until),
      }),
    )
    return message(t('Delegations (next to end first)'), ...lines(rows))
  },
})
