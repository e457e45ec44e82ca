import { z } from 'zod'
import { command } from '../../command/command.ts'
import { namespaceField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { exactSize } from '../../core/sizes.ts'
import { findQuotaOf } from '../../quay/own-quota.ts'
import { deleteQuota } from '../../quay/quotas.ts'
import type { Quay } from '../../quay/registry.ts'
import { bold, message } from '../../slack/blocks.ts'

export default command({
  summary: 'Delete a storage quota',
  help: 'Its warning and reject thresholds are deleted too. If the registry has a default quota, that applies again.',
  input: z.strictObject({ namespace: namespaceField }),
  examples: ['quota delete acme'],
  aliases: ['unset', 'clear', 'remove'],
  permissions: 'superuser',
  calls: ['DELETE /organization/{orgname}/quota/{quota_id}'],
  changes: {
    effects: ['changes-limits'],
    facts: 'preview',
    retry: async ({ quay, input }) => {
      const { quota } = await findQuotaOf(quay, input.namespace)
      return quota && !quota.byDefault ? undefined : { result: input }
    },
  },
  preview: {
    read: async ({ quay, input: { namespace } }) => {
      const { quota } = await own(quay, namespace)
      return { bytes: quota.bytes, limits: quota.limits.length, namespace }
    },
    view: ({ namespace, bytes, limits }, t) =>
      message(
        t('Delete the quota of {namespace} ({size}){limits, plural, =0 {} one { and its threshold} other { and its # thresholds}}?', {
          size: exactSize(bytes),
          namespace: bold(namespace),
          limits,
        }),
      ),
  },
  run: async ({ quay, input }) => {
    const { owner, quota } = await own(quay, input.namespace)
    await deleteQuota(quay, owner, quota.id)
    return input
  },
  view: ({ namespace }, t) => message(t('Deleted the quota of {namespace}.', { namespace: bold(namespace) })),
})

/** One of its own: the registry's, that holds for all, cannot be taken away here. */
async function own(quay: Quay, namespace: string) {
  const { owner, quota } = await findQuotaOf(quay, namespace)
  if (!quota || quota.byDefault) throw new Failure('not_found', '{namespace} has no quota of its own.', { namespace })
  return { owner, quota }
}
