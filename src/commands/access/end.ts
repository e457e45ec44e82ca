import { z } from 'zod'
import { endNow } from '../../approvals/access/end-now.ts'
import { command } from '../../command/command.ts'
import { code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'End what somebody has for a while before its time',
  help: 'What you have yourself, or what somebody has on something that you are an admin of. What was there before comes back.',
  input: z.strictObject({
    id: z.string().trim().toLowerCase().min(1).max(20).describe('The word behind it in `access list`'),
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
          t('What {grantee} has on {object} for a while ends now.', { grantee: code(grantee), object: code(object) }),
          note(t('You are told as soon as Quay confirms it.')),
        ),
})
