import { z } from 'zod'
import { command } from '../../command/command.ts'
import { targetField } from '../../command/common-fields.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import { namespaceOf } from '../../quay/names.ts'
import { listPrunePolicies } from '../../quay/pruning.ts'
import { bold, code, lines, message, note, rawMarkup } from '../../slack/blocks.ts'
import { pruneSentence } from '../../slack/views/prune.ts'

const changeNote = '{kind, select, repository {Any policies of {namespace} apply as well: see {above}. }other {}}Change it with {command}.'
const setNote = '{kind, select, repository {Any policies of {namespace} apply as well: see {above}. }other {}}Set a policy with {command}.'

export default command({
  summary: 'Show auto-prune policies',
  input: z.strictObject({
    target: targetField,
  }),
  examples: ['prune show acme/api', 'prune show acme'],
  aliases: ['list', 'policies', 'status'],
  permissions: [{ permission: 'admin', on: 'target' }],
  calls: ['GET /organization/{orgname}/autoprunepolicy/'],
  run: async ({ quay, input: { target } }) => ({ target, policies: await listPrunePolicies(quay, target) }),
  view: ({ target, policies }, t) =>
    message(
      t(
        '{count, plural, =0 {{target} has no auto-prune policies of its own.} one {# auto-prune policy of {target}} other {# auto-prune policies of {target}}}',
        {
          count: policies.length,
          target: bold(target),
        },
      ),
      ...lines(policies.map((policy) => t('• {rule} {id}', { rule: rawMarkup(pruneSentence(policy, t)), id: code(shortId(policy.id)) }))),
      note(
        t(policies.length > 0 ? changeNote : setNote, {
          kind: target.includes('/') ? 'repository' : 'namespace',
          namespace: namespaceOf(target),
          above: code(slash(`prune show ${namespaceOf(target)}`)),
          command: code(slash(`prune set ${target} keep=20`)),
        }),
      ),
    ),
})
