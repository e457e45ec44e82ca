import { z } from 'zod'
import { endOf, lengthFields } from '../../approvals/access/length.ts'
import { giveDelegation } from '../../approvals/delegation/give.ts'
import { command } from '../../command/command.ts'
import { accountField } from '../../command/common-fields.ts'
import { slash } from '../../core/slash-command.ts'
import { bold, code, message, moment } from '../../slack/blocks.ts'

export default command({
  summary: 'Delegate approval of requests to another user',
  help: 'For up to 14 days, where the policy allows delegation. The other user also needs the permission, and both of you count as one approval.',
  input: z.strictObject({
    to: accountField.describe('Quay user, or @someone, who can approve and deny for you'),
    ...lengthFields,
  }),
  examples: ['request delegate bea until=friday', 'request delegate bea for=5d'],
  aliases: ['delegate', 'hand over', 'delegation create', 'delegate to', 'away', 'out of office', 'vacation', 'holiday'],
  permissions: 'linked',
  private: true,
  changes: {
    effects: { ownBusiness: 'Whether approvers may hand over their approvals is decided by the policy, rule by rule.' },
    facts: { none: 'Nothing changes in Quay, and each decision checks the permissions of both people.' },
    retry: 'idempotent',
  },
  run: async ({ bot, person, input, quay }) => {
    const endsAt = endOf(input, bot.clock())
    const given = await giveDelegation(bot, person, { to: input.to, endsAt, dry: quay.dryRunCalls !== undefined })
    return { name: given.delegateName, until: given.endsAt.getTime() }
  },
  view: ({ name, until }, t) =>
    message(
      t('Delegated your approvals to {person} until {until}. End it with {command}.', {
        person: bold(name),
        until: moment(until),
        command: code(slash('request undelegate')),
      }),
    ),
})
