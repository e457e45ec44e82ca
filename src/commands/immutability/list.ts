import { z } from 'zod'
import { command } from '../../command/command.ts'
import { targetField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { slash } from '../../core/slash-command.ts'
import { listImmutabilityPolicies } from '../../quay/immutability.ts'
import { namespaceOf } from '../../quay/names.ts'
import { bold, code, note } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asCode, asId, asText } from '../../slack/lists/values.ts'
import { immutabilitySentence } from '../../slack/views/immutability.ts'

export default command({
  summary: 'List tag immutability policies',
  input: z.strictObject({ target: targetField }),
  examples: ['immutability list acme/api', 'immutability list acme'],
  aliases: ['show', 'policies'],
  permissions: [{ permission: 'admin', on: 'target' }],
  calls: ['GET /repository/{repository}/immutabilitypolicy/'],
  run: async ({ quay, input: { target }, page, rows }) => {
    const fetch = async () => ({ entries: await listImmutabilityPolicies(quay, target), next: undefined })
    return { target, ...(await slice({ page, size: rows, fetch })) }
  },
  view: ({ target, entries }, t) =>
    listMessage(
      {
        headline: t(
          '{count, plural, =0 {{target} has no immutability policies of its own.} one {# immutability policy of {target}} other {# immutability policies of {target}}}',
          { count: entries.length, target: bold(target) },
        ),
        rows: entries,
        columns: [
          {
            name: 'pattern',
            title: t.plain('Pattern'),
            value: ({ pattern }) => asCode(pattern),
            said: (_, policy) => immutabilitySentence(policy, t),
          },
          {
            name: 'immutable',
            title: t.plain('Immutable'),
            value: ({ matching }) => asText(matching ? t.plain('tags that match') : t.plain('all other tags')),
            said: () => '',
          },
          { name: 'policy', title: t.plain('Policy'), value: ({ id }) => asId(id) },
        ],
        after: [
          note(
            t('{kind, select, repository {Any policies of {namespace} apply as well: see {above}. }other {}}Set a policy with {command}.', {
              kind: target.includes('/') ? 'repository' : 'namespace',
              namespace: namespaceOf(target),
              above: code(slash(`immutability list ${namespaceOf(target)}`)),
              command: code(slash(`immutability set ${target} ^v`)),
            }),
          ),
        ],
      },
      t,
    ),
})
