import { z } from 'zod'
import { command } from '../../command/command.ts'
import { namespaceField } from '../../command/common-fields.ts'
import { exactSize } from '../../core/sizes.ts'
import { slash } from '../../core/slash-command.ts'
import { findQuotaOf } from '../../quay/own-quota.ts'
import { bold, code, lines, message, note } from '../../slack/blocks.ts'
import { limitLine } from '../../slack/views/quota.ts'

export default command({
  summary: 'Show storage quota and usage',
  input: z.strictObject({ namespace: namespaceField }),
  examples: ['quota show acme'],
  aliases: [
    'list',
    'usage',
    'status',
    'how much',
    'how much space',
    'how big is',
    'how large is',
    'how full',
    'size of',
    'storage of',
    'left',
    'how much place',
    'how many place',
    'how many space',
    'free space',
    'space left',
    'place',
    'room',
  ],
  // Superusers set it too, without full access.
  permissions: [{ permission: 'member', on: 'namespace', orSuperuser: true }],
  calls: ['GET /organization/{orgname}/quota'],
  run: async ({ quay, input: { namespace } }) => ({ namespace, quota: (await findQuotaOf(quay, namespace)).quota }),
  view: ({ namespace, quota }, t) =>
    message(
      t(
        '{state, select, none {{namespace} has no storage quota.} default {Quota of {namespace}: {size}, the registry default.} other {Quota of {namespace}: {size}.}}',
        {
          state: quota ? (quota.byDefault ? 'default' : 'own') : 'none',
          namespace: bold(namespace),
          size: quota ? exactSize(quota.bytes) : '',
        },
      ),
      ...lines((quota?.limits ?? []).map((limit) => limitLine(limit, t))),
      note(t('Superusers can change it with {command}.', { command: code(slash(`quota set ${namespace} "10 GiB"`)) })),
    ),
})
