import { z } from 'zod'
import { exactSize } from '../../core/sizes.ts'
import { withPriority } from '../../quay/http.ts'
import { code, message } from '../../slack/blocks.ts'
import { sizeText } from '../../slack/views/size.ts'
import { kind } from '../event-kind.ts'
import { readQuota } from '../quota.ts'

const body = z.object({ usage_bytes: z.number().nullish().catch(null), limit_bytes: z.number().nullish().catch(null) })

// Quay's two example events (recorded: webhook-quota_warning, webhook-quota_error).
const examples = ['858993459 1073741824', '1127428915 1073741824']

/** A namespace that has passed a threshold of its quota. The usage is read from Quay. */
export const quota = kind({
  group: 'quota',
  events: ['quota_warning', 'quota_error'],
  word: 'quota',
  schema: body,
  isExample: ({ usage_bytes: usage, limit_bytes: limit }) => examples.includes(`${usage} ${limit}`),
  subjects: async ({ quay }, { id, object, kind, receivedAt }) => {
    const now = await readQuota(withPriority(quay, { class: 'job', work: 'event' }), object)
    if (!now) return []
    const { used, limit } = now
    return [{ subject: `quota ${object} ${id}`, at: receivedAt.getTime(), tags: [], data: { event: kind, used, limit } }]
  },
  render: async (_, { object, data }, t) => {
    const { event, used, limit } = data as { event: string; used: number; limit: number } // subjects() wrote it
    // A limit that was not typed in round units is a long number of bytes.
    const exact = exactSize(limit)
    const values = {
      namespace: code(object ?? ''),
      percent: Math.round((used / limit) * 100),
      used: sizeText(used, t),
      limit: exact.endsWith(' B') ? sizeText(limit, t) : exact,
    }
    return message(
      event === 'quota_error'
        ? t(':no_entry: {namespace}: storage quota used up: {used} of {limit} ({percent, number} %). Quay may reject pushes.', values)
        : t(':warning: {namespace}: {percent, number} % of the storage quota used: {used} of {limit}.', values),
    )
  },
})
