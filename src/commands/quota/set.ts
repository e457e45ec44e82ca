import { z } from 'zod'
import { command, type Step } from '../../command/command.ts'
import { namespaceField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { bytesOf, exactSize, size as sizePattern, typedSize } from '../../core/sizes.ts'
import { findQuotaOf, setQuotaLimit } from '../../quay/own-quota.ts'
import { createQuota, type QuotaLimit, type QuotaOwner, updateQuota } from '../../quay/quotas.ts'
import { readBack } from '../../quay/read-back.ts'
import type { Quay } from '../../quay/registry.ts'
import { bold, message, note } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'

const percent = (hint: string) => z.number().int().min(1).max(100).optional().describe(hint)

export default command({
  summary: 'Set a storage quota',
  input: z.strictObject({
    namespace: namespaceField,
    size: z
      .string()
      .trim()
      .regex(sizePattern, 'Enter a size like 10 GiB or 500 MB')
      .meta({ title: 'Storage quota' })
      .describe('10 GiB, 500 MB'),
    warn: percent('Warn at this usage; organizations only').meta({ title: 'Warning threshold (%)' }),
    reject: percent('Reject pushes at this usage; organizations only').meta({ title: 'Reject threshold (%)' }),
  }),
  examples: ['quota set acme 10GiB', 'quota set acme "10 GiB" warn=80 reject=100'],
  aliases: ['limit', 'create', 'add', 'change', 'update', 'increase', 'raise', 'edit'],
  permissions: 'superuser',
  calls: ['POST /organization/{orgname}/quota'],
  check: ({ size }) => {
    if (bytesOf(size) === 0) throw fieldProblem('size', 'The quota must be more than 0. To remove it use {slash} quota delete.')
  },
  changes: {
    effects: ['changes-limits'],
    facts: async ({ quay, input: { namespace } }) => ({ quota: (await findQuotaOf(quay, namespace)).quota?.bytes ?? null }),
    retry: 'idempotent',
  },
  current: async ({ quay, input: { namespace } }) => {
    const { quota } = await findQuotaOf(quay, namespace)
    const at = (type: QuotaLimit['type']) => quota?.limits.find((limit) => limit.type === type)?.percent
    return { warn: at('warning'), reject: at('reject') }
  },
  run: async ({ quay, input: { namespace, size, warn, reject } }) => {
    const { owner, quota } = await findQuotaOf(quay, namespace)
    checkLimits(quay, owner.kind, { warn, reject })
    const bytes = bytesOf(size)
    if (quota && !quota.byDefault) await updateQuota(quay, owner, quota.id, bytes)
    else await createQuota(quay, owner, bytes)
    const stored = await readBack(quay, bytes, async () => (await findQuotaOf(quay, namespace)).quota?.bytes)
    if (stored === undefined) throw new Failure('conflict', 'Quay reported success, but {namespace} has no quota.', { namespace })
    const asAsked = stored === bytes
    return { namespace, bytes: stored, typed: asAsked ? typedSize(size) : undefined, asAsked, before: quota?.bytes }
  },
  after: {
    steps: ({ namespace, warn, reject }) => [...limit(namespace, 'warning', warn), ...limit(namespace, 'reject', reject)],
    checkObject: async ({ quay }, { namespace, bytes }) => {
      const { quota } = await findQuotaOf(quay, namespace)
      if (quota?.bytes !== bytes)
        throw new Failure('conflict', 'The quota of {namespace} was changed in the meantime. The remaining steps were not run.', {
          namespace,
        })
    },
  },
  view: ({ namespace, bytes, typed, asAsked, before }, t) =>
    message(
      t('Quota of {namespace} set to {size}.', { namespace: bold(namespace), size: typed ?? exactSize(bytes) }),
      ...storedNote(asAsked, t),
      note(
        t('{known, select, true {It was {before} before.} other {No quota was set before.}}', {
          known: String(before !== undefined),
          before: before === undefined ? '' : exactSize(before),
        }),
      ),
    ),
})

interface Percents {
  warn?: number | undefined
  reject?: number | undefined
}

/** Limits have no address of the superusers’ own: since 3.16, which is the first to list the tokens of apps, they take full access. */
function checkLimits({ capabilities }: Quay, kind: QuotaOwner['kind'], { warn, reject }: Percents) {
  if ((warn ?? reject) === undefined) return
  const field = warn === undefined ? 'reject' : 'warn'
  if (kind === 'user') throw fieldProblem(field, 'Quay supports thresholds only for organizations.')
  if (!capabilities.superusersFullAccess && capabilities.offers('/superuser/apptokens', 'GET'))
    throw fieldProblem(field, 'Quay can set quota thresholds only if FEATURE_SUPERUSERS_FULL_ACCESS is on. Leave {field} out.', {
      field: [{ say: field === 'warn' ? 'Warning threshold (%)' : 'Reject threshold (%)' }],
    })
}

function limit(namespace: string, type: QuotaLimit['type'], percent: number | undefined): Step[] {
  if (percent === undefined) return []
  return [
    {
      name: {
        message: '{type, select, reject {Reject pushes at {percent} % of the quota} other {Warn at {percent} % of the quota}}',
        values: { type, percent },
      },
      asked: true,
      permissions: 'superuser',
      run: ({ quay }) => setQuotaLimit(quay, namespace, { type, percent }),
    },
  ]
}
