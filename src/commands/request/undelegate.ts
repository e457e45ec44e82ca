import { z } from 'zod'
import { endDelegation } from '../../approvals/delegation/end.ts'
import { command } from '../../command/command.ts'
import { bold, message } from '../../slack/blocks.ts'

export default command({
  summary: 'End your delegation of request approvals',
  input: z.strictObject({}),
  examples: ['request undelegate'],
  aliases: [
    'stop delegating',
    'undelegate',
    'delegation end',
    'delegation delete',
    'stop delegation',
    'end delegation',
    'back',
    'take back approvals',
  ],
  permissions: 'linked',
  private: true,
  changes: {
    effects: { ownBusiness: 'Whoever delegated their approvals can take them back, whatever the policy says.' },
    facts: { none: 'Nothing changes in Quay: it is the approver’s own business.' },
    retry: 'idempotent',
  },
  run: async ({ bot, person, quay }) => {
    const { delegateName: name } = await endDelegation(bot, person, { dry: quay.dryRunCalls !== undefined })
    return { name }
  },
  view: ({ name }, t) => message(t('Ended your delegation to {person}.', { person: bold(name) })),
})
