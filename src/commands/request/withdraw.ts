import { z } from 'zod'
import { findRequestBegun, withdraw } from '../../approvals/request.ts'
import { command } from '../../command/command.ts'
import { newReference } from '../../core/reference.ts'
import { code, message } from '../../slack/blocks.ts'

export default command({
  summary: 'Withdraw your request',
  input: z.strictObject({
    request: z
      .string()
      .trim()
      .toLowerCase()
      .min(1)
      .max(20)
      .meta({ title: 'Request ID', identifies: 'request' })
      .describe('Request ID shown on the card'),
  }),
  examples: ['request withdraw k7f3m2qxa'],
  aliases: ['cancel', 'take back', 'revoke', 'abort', 'retract', 'delete', 'remove', 'undo'],
  permissions: 'anyone',
  private: true,
  // Withdrawing again changes nothing.
  changes: {
    effects: { ownBusiness: 'Whoever asked may take it back, whatever the policy says.' },
    facts: { none: 'It is the requester’s own business: nothing changes in Quay.' },
    retry: 'idempotent',
  },
  run: async ({ bot, person, input, quay }) => {
    const found = await findRequestBegun(bot.db, input.request, person)
    const { id } = quay.dryRunCalls ? found : await withdraw(bot, found.id, person, newReference())
    return { id }
  },
  view: ({ id }, t) => message(t('Withdrew request {id}.', { id: code(id) })),
})
