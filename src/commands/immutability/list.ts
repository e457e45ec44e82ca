import { z } from 'zod'
import { command } from '../../command/command.ts'
import { targetField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { slash } from '../../core/slash-command.ts'
import { listImmutabilityPolicies } from '../../quay/immutability.ts'
import { namespaceOf } from '../../quay/names.ts'
import { bold, code, lines, message, note, rawMarkup } from '../../slack/blocks.ts'
import { immutabilitySentence } from '../../slack/views/immutability.ts'

export default command({
  summary: 'List tag immutability policies',
  input: z.strictObject({ target: targetField }),
  examples: ['immutability list acme/api', 'immutability list acme'],
  aliases: ['show', 'policies'],
  permissions: [{ permission: 'admin', on: 'target' }],
  calls: ['GET /repository/{repository}/immutabilitypolicy/'],
  run: async ({ quay, input: { target }, page }) => {
    const fetch = async () => ({ entries: await listImmutabilityPolicies(quay, target), next: undefined })
    return { target, ...(await slice({ page, size: 20, fetch })) }
  },
  view: ({ target, entries }, t) =>
    message(
      t(
        '{count, plural, =0 {{target} has no immutability policies of its own.} one {# immutability policy of {target}} other {# immutability policies of {target}}}',
        { count: entries.length, target: bold(target) },
      ),
      ...lines(entries.map((policy) => t('• {rule} {id}', { rule: rawMarkup(immutabilitySentence(policy, t)), id: code(policy.id) }))),
      note(
        t('{kind, select, repository {Policies of {namespace} apply as well: see {above}. }other {}}Set a policy with {command}.', {
          kind: target.includes('/') ? 'repository' : 'namespace',
          namespace: namespaceOf(target),
          above: code(slash(`immutability list ${namespaceOf(target)}`)),
          command: code(slash(`immutability set ${target} ^v`)),
        }),
      ),
    ),
})
