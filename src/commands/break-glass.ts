import { z } from 'zod'
import { breakGlass } from '../approvals/access/break-glass.ts'
import { command } from '../command/command.ts'
import { repositoryField, roleField } from '../command/common-fields.ts'
import { repositoryFacts } from '../command/facts.ts'
import { code, message, note } from '../slack/blocks.ts'
import { temporaryNote } from '../slack/views/temporary.ts'

export default command({
  summary: 'Take emergency access (break-glass)',
  help: 'Only for users that the policy names, with a reason and for a short time. It is announced before it is granted, and someone else must review it afterward.',
  aliases: ['emergency', 'emergency access', 'urgent access', 'break the glass', 'breakglass', 'sudo'],
  input: z.strictObject({ repository: repositoryField, role: roleField.describe('Permission to take') }),
  examples: ['break-glass acme/web write reason="The registry is on fire"'],
  // Nobody needs a right for it in Quay: the rule of the policy is the exception from that (docs/SECURITY.md rule 40).
  permissions: 'linked',
  runBy: 'Only users that the policy names can run it.',
  changes: {
    effects: { ownBusiness: 'A rule of the policy for nothing else names who may, and on what.' },
    facts: async ({ quay, input: { repository } }) => repositoryFacts(quay, repository),
    retry: 'idempotent',
  },
  run: async (run) => ({ ...(await breakGlass(run)), repository: run.input.repository, asked: run.input.role }),
  view: ({ repository, asked, until, before }, t) =>
    message(
      t('You now have *{role}* on {object}.', { role: asked, object: code(repository) }),
      temporaryNote({ until, back: before }, t),
      note(t('It was announced, and someone else will review it.')),
    ),
})
