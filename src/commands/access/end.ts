import { z } from 'zod'
import { endNow } from '../../approvals/access/end-now.ts'
import { command } from '../../command/command.ts'
import { code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'End temporary access early',
  help: 'For your own temporary access, or for objects that you are an admin of. The earlier permission is restored.',
  input: z.strictObject({
    id: z.string().trim().toLowerCase().min(1).max(20).meta({ title: 'Access ID' }).describe('ID shown by `access list`'),
  }),
  examples: ['access end k7f3m2qxa'],
  permissions: 'linked',
  private: true,
  changes: {
    effects: { ownBusiness: 'It ends sooner what was decided to end, and gives nothing.' },
    facts: { none: 'What comes back was written down when it was given.' },
    retry: 'idempotent',
  },
  run: (run) => endNow(run, run.input.id),
  view: ({ object, grantee, outcome }, t) =>
    outcome
      ? message(t(outcome.message, outcome.values))
      : message(
          t('The temporary access of {grantee} to {object} ends now.', { grantee: code(grantee), object: code(object) }),
          note(t('You’ll get a message when Quay confirms it.')),
        ),
})
